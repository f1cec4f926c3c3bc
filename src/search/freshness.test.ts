import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant, parseInstant, parseLocalDate, plusDays } from '../kernel/time.ts'
import { freshUntil, type FreshnessFacts } from './freshness.ts'
import type { SourceFact, SourceState } from './superset.ts'

const now = parseInstant('2026-11-01T12:00:00Z')
const today = parseLocalDate('2026-11-01')
const MINUTE = 60_000

function source(state: SourceState, change: Partial<SourceFact> = {}): SourceFact {
  const answeredAt = state === 'answered' ? now : null
  return {
    provider: 'a',
    name: 'A',
    state,
    offers: 1,
    solutions: 1,
    ms: 1,
    fault: null,
    answeredAt,
    retentionMs: 30 * MINUTE,
    duplicates: 0,
    unusable: 0,
    ...change,
  }
}

/** Milliseconds of freshness, without jitter unless asked for. */
function freshFor(days: number, change: Partial<FreshnessFacts> = {}): number {
  const facts = {
    now,
    checkedAt: now,
    today,
    departureDate: plusDays(today, days),
    sources: [source('answered')],
    offers: 10,
    random: 0.5,
    ...change,
  }
  return freshUntil(facts) - now
}

describe('prices are fresh', () => {
  test('for one minute when the departure is near, five as a rule, fifteen when it is far', () => {
    expect([0, 1, 2].map((days) => freshFor(days))).toEqual([MINUTE, MINUTE, MINUTE])
    expect([3, 60].map((days) => freshFor(days))).toEqual([5 * MINUTE, 5 * MINUTE])
    expect([61, 300].map((days) => freshFor(days))).toEqual([15 * MINUTE, 15 * MINUTE])
  })

  test('for twenty seconds when a supplier is missing, so that a bad minute is not shown for five', () => {
    for (const state of ['timed_out', 'failed', 'throttled', 'asked'] as const)
      expect(freshFor(30, { sources: [source('answered'), source(state)] })).toBe(20_000)
  })

  test('for thirty seconds when nothing was found, for five when nobody answered', () => {
    expect(freshFor(30, { offers: 0 })).toBe(30_000)
    expect(freshFor(30, { offers: 0, sources: [source('failed')] })).toBe(5_000)
  })

  test('for half of the time in which the supplier lets us verify, at most', () => {
    expect(freshFor(90, { sources: [source('answered'), source('answered', { retentionMs: 12 * MINUTE })] })).toBe(6 * MINUTE)
  })

  test('from the oldest price on', () => {
    expect(freshFor(30, { checkedAt: instant(now - MINUTE) })).toBe(4 * MINUTE)
  })

  test('within ten percent of the rule, never beyond half of a retention', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 0, max: 360 }),
        fc.integer({ min: 1, max: 60 }),
        (random, days, retentionMinutes) => {
          const rule = freshFor(days)
          const jittered = freshFor(days, { random })
          expect(Math.abs(jittered - rule)).toBeLessThanOrEqual(rule * 0.1 + 1)
          expect(freshFor(days, { random, sources: [source('answered', { retentionMs: retentionMinutes * MINUTE })] })).toBeLessThanOrEqual(
            (retentionMinutes * MINUTE) / 2,
          )
        },
      ),
    )
  })
})
