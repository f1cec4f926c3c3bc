import { listedChoices } from './choices.ts'
import type { World } from './scene.ts'
import { runWorld } from './world.ts'

const RUNS_MAX = 3_000

/**
 * Takes choices away, and makes what is left plainer, as long as the same promise is broken. Greedy: the shortest list
 * that was found, not the shortest there is.
 */
export async function shrink(world: World, choices: readonly number[], invariant: string): Promise<readonly number[]> {
  let best = [...choices]
  let runs = 0
  const breaks = async (list: readonly number[]): Promise<boolean> => {
    runs += 1
    return (await runWorld(world, listedChoices(list))).violation?.invariant === invariant
  }
  for (let size = best.length >> 1; size >= 1 && runs < RUNS_MAX;) {
    const before = best.length
    for (let at = 0; at < best.length && runs < RUNS_MAX;) {
      const shorter = [...best.slice(0, at), ...best.slice(at + size)]
      if (await breaks(shorter)) best = shorter
      else at += size
    }
    if (size > 1 || best.length === before) size >>= 1
  }
  for (let at = 0; at < best.length && runs < RUNS_MAX; at += 1) {
    if (best[at] === 0) continue
    const plainer = best.with(at, 0)
    if (await breaks(plainer)) best = plainer
  }
  return best
}
