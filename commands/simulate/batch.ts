import { seededChoices, seedOfWorld } from './choices.ts'
import { createCoverage } from './coverage.ts'
import type { Violation } from './invariants.ts'
import { mutationOf, MUTANTS } from './mutants.ts'
import { createSystem } from './system.ts'
import type { World } from './scene.ts'
import { createWorld, runWorld } from './world.ts'

/** Worlds `from` to below `to` of a seed, with the product as it is or a twin that keeps its promises too. */
export type BatchOrder = {
  readonly kind: 'worlds'
  readonly twin: '' | 'reconciler off'
  readonly seed: number
  readonly from: number
  readonly to: number
}

/** A mutant, world by world until it is found. */
export type HuntOrder = { readonly kind: 'hunt'; readonly mutant: string; readonly seed: number }

export type BatchResult = {
  readonly worlds: number
  readonly turns: number
  readonly violations: readonly { readonly world: number; readonly violation: Violation }[]
  readonly counts: Uint32Array
}

/** `runs`: in which world it was found, counted from 1, or how many were run in vain. */
export type HuntResult = { readonly isFound: boolean; readonly runs: number }

/** More are not kept: one is bad enough. */
const VIOLATIONS_MAX = 20

const worlds = new Map<string, World>()

/** The machinery of the product, or of a twin of it, is built once in a thread and used for world after world. */
function worldOf(name: string): World {
  const known = worlds.get(name)
  if (known) return known
  const world = createWorld(createSystem(mutationOf(name)), createCoverage())
  worlds.set(name, world)
  return world
}

export async function runBatch({ twin, seed, from, to }: Omit<BatchOrder, 'kind'>): Promise<BatchResult> {
  const world = worldOf(twin)
  world.coverage.counts.fill(0)
  const violations: { world: number; violation: Violation }[] = []
  let turns = 0
  for (let number = from; number < to; number += 1) {
    const end = await runWorld(world, seededChoices(seedOfWorld(seed, number)))
    turns += end.turns
    if (end.violation && violations.length < VIOLATIONS_MAX) violations.push({ world: number, violation: end.violation })
  }
  return { worlds: to - from, turns, violations, counts: world.coverage.counts.slice() }
}

export async function hunt({ mutant, seed }: Omit<HuntOrder, 'kind'>): Promise<HuntResult> {
  const { worldsMax } = MUTANTS.find(({ name }) => name === mutant)!
  const world = worldOf(mutant)
  for (let number = 0; number < worldsMax; number += 1) {
    const { violation } = await runWorld(world, seededChoices(seedOfWorld(seed, number)))
    if (violation) return { isFound: true, runs: number + 1 }
  }
  return { isFound: false, runs: worldsMax }
}
