import { expect, test } from 'vitest'
import { hunt, runBatch } from './batch.ts'
import { listedChoices, seededChoices, seedOfWorld } from './choices.ts'
import { createCoverage, reportCoverage } from './coverage.ts'
import { MUTANTS } from './mutants.ts'
import { shrink } from './shrink.ts'
import { createSystem } from './system.ts'
import { createWorld, runWorld } from './world.ts'

const SEED = 20_261_125

test('a thousand worlds keep every promise, and in them much goes wrong', async () => {
  const { violations, counts } = await runBatch({ twin: '', seed: SEED, from: 0, to: 1_000 })
  expect(violations).toEqual([])
  const { counts: met } = reportCoverage(counts)
  const total = (event: string, fault: string) => Object.values(met[event] ?? {}).reduce((sum, faults) => sum + (faults[fault] ?? 0), 0)
  expect(total('supplier.book', 'timeout_after')).toBeGreaterThan(0)
  expect(total('gateway.create', 'timeout_after')).toBeGreaterThan(0)
  expect(total('kill', 'process')).toBeGreaterThan(5)
  expect(total('commit', 'lost_after')).toBeGreaterThan(5)
  expect(total('webhook', 'duplicate')).toBeGreaterThan(0)
})

test('two hundred worlds keep every promise where nobody asks the gateway again and webhooks come until they are acknowledged', async () => {
  const { violations } = await runBatch({ twin: 'reconciler off', seed: SEED, from: 0, to: 200 })
  expect(violations).toEqual([])
})

test.each([
  'events are recorded after the commit',
  'bookings are written whatever their version',
  'captures are posted without lock, version or unique posting',
  'webhooks are acknowledged before they are kept (reconciler off)',
])('finds the mutant: %s', async (mutant) => {
  expect(await hunt({ mutant, seed: SEED })).toMatchObject({ isFound: true })
})

test('a world is the same each time, and its choices alone make it again', async () => {
  const tell = async (choices: Parameters<typeof runWorld>[1]): Promise<string[]> => {
    const story: string[] = []
    await runWorld(
      createWorld(createSystem(), createCoverage(), (line) => void story.push(line)),
      choices,
    )
    return story
  }
  const choices = seededChoices(seedOfWorld(SEED, 7))
  const first = await tell(choices)
  expect(first.length).toBeGreaterThan(50)
  expect(await tell(seededChoices(seedOfWorld(SEED, 7)))).toEqual(first)
  expect(await tell(listedChoices([...choices.given()]))).toEqual(first)
})

test('a world after others is what it is alone', async () => {
  const run = (world: ReturnType<typeof createWorld>, number: number) => runWorld(world, seededChoices(seedOfWorld(SEED, number)))
  const used = createWorld(createSystem(), createCoverage())
  for (let number = 0; number < 20; number += 1) await run(used, number)
  expect(await run(used, 20)).toEqual(await run(createWorld(createSystem(), createCoverage()), 20))
})

test('a broken promise is shrunk to fewer choices that break it too', async () => {
  const { mutation } = MUTANTS.find(({ name }) => name === 'bookings are written whatever their version')!
  const world = createWorld(createSystem(mutation), createCoverage())
  for (let number = 0; ; number += 1) {
    const choices = seededChoices(seedOfWorld(SEED, number))
    const { violation } = await runWorld(world, choices)
    if (!violation) continue
    const short = await shrink(world, choices.given(), violation.invariant)
    expect(short.length).toBeLessThan(choices.given().length)
    expect((await runWorld(world, listedChoices(short))).violation?.invariant).toBe(violation.invariant)
    return
  }
})
