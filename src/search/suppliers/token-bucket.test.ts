import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTokenBucket } from './token-bucket.ts'

test('no minute, wherever it begins, gets more than its number', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.record({ waitMs: fc.integer({ min: 0, max: 20_000 }), tries: fc.integer({ min: 1, max: 40 }) }), { maxLength: 60 }),
      (perMinuteMax, steps) => {
        let now = 0
        const bucket = createTokenBucket(perMinuteMax, () => now)
        const taken: number[] = []
        for (const { waitMs, tries } of steps) {
          now += waitMs
          for (let i = 0; i < tries; i += 1) if (bucket.take()) taken.push(now)
        }
        for (const start of taken) expect(taken.filter((at) => at >= start && at < start + 60_000).length).toBeLessThanOrEqual(perMinuteMax)
      },
    ),
  )
})

test('gives out its whole number in the long run', () => {
  let now = 0
  const bucket = createTokenBucket(60, () => now)
  let taken = 0
  for (; now < 10 * 60_000; now += 100) if (bucket.take()) taken += 1
  expect(taken).toBeGreaterThan(450)
  expect(taken).toBeLessThanOrEqual(600)
})

test('what others took is not there, and their overdraft is worked off within a minute', () => {
  let now = 0
  const bucket = createTokenBucket(60, () => now)
  bucket.spend(10_000)
  expect(bucket.left()).toBe(0)
  now = 60_000
  expect(bucket.left()).toBeGreaterThan(0)
})
