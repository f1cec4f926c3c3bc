import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant, parseInstant, parseLocalDate, plusDays } from '../../kernel/time.ts'
import { freshUntil, refreshesEarly, staleUntil, type FreshnessFacts } from './freshness.ts'
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

function factsFor(days: number, change: Partial<FreshnessFacts> = {}): FreshnessFacts {
  return {
    now,
    checkedAt: now,
    today,
    departureDate: plusDays(today, days),
    sources: [source('answered')],
    offers: 10,
    random: 0.5,
    ...change,
  }
}

/** Milliseconds of freshness, without jitter unless asked for. */
const freshFor = (days: number, change: Partial<FreshnessFacts> = {}): number => freshUntil(factsFor(days, change)) - now

/** Milliseconds after that. */
const staleFor = (days: number, change: Partial<FreshnessFacts> = {}): number =>
  staleUntil(factsFor(days, change)) - freshUntil(factsFor(days, change))

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

describe('prices that are old are shown while they are refreshed', () => {
  const patient = source('answered', { retentionMs: 120 * MINUTE })

  test('as long again as they were fresh, five minutes at most', () => {
    expect(staleFor(1)).toBe(MINUTE)
    expect(staleFor(30)).toBe(5 * MINUTE)
    expect(staleFor(90, { sources: [patient] })).toBe(5 * MINUTE)
    expect(staleFor(30, { checkedAt: instant(now - 2 * MINUTE) })).toBe(5 * MINUTE)
  })

  test('no longer than what is partial or empty may be shown, and not at all when nobody answered', () => {
    expect(staleFor(30, { sources: [source('answered'), source('failed')], checkedAt: instant(now - 30_000) })).toBe(20_000)
    expect(staleFor(30, { offers: 0 })).toBe(30_000)
    expect(staleFor(30, { offers: 0, sources: [source('failed')] })).toBe(0)
  })

  test('never before they are old, never beyond half of any retention, whatever the facts', () => {
    const states = fc.constantFrom<SourceState>('answered', 'timed_out', 'failed', 'throttled', 'asked')
    const sources = fc.array(
      fc.record({ state: states, ageMs: fc.integer({ min: 0, max: 10 * MINUTE }), retentionMs: fc.integer({ min: 0, max: 120 * MINUTE }) }),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(
        sources,
        fc.integer({ min: 0, max: 360 }),
        fc.integer({ min: 0, max: 3 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (drawn, days, offers, random) => {
          const facts = drawn.map(({ state, ageMs, retentionMs }) =>
            source(state, { retentionMs, answeredAt: state === 'answered' ? instant(now - ageMs) : null }),
          )
          const answered = facts.flatMap((fact) => (fact.answeredAt === null ? [] : [fact.answeredAt]))
          const input = factsFor(days, { sources: facts, offers, random, checkedAt: instant(Math.min(now, ...answered)) })
          const [fresh, stale] = [freshUntil(input), staleUntil(input)]
          expect(stale).toBeGreaterThanOrEqual(fresh)
          expect(stale - fresh).toBeLessThanOrEqual(5 * MINUTE)
          for (const fact of facts) if (fact.answeredAt !== null) expect(stale).toBeLessThanOrEqual(fact.answeredAt + fact.retentionMs / 2)
        },
      ),
    )
  })
})

describe('a superset is refreshed early', () => {
  const buildMs = 2_000
  const early = (leftMs: number, random: number) =>
    refreshesEarly({ now: instant(now + MINUTE - leftMs), freshUntil: instant(now + MINUTE), checkedAt: now, buildMs, random })
  /** Of a thousand readers spread evenly over the draw. */
  const share = (leftMs: number) => Array.from({ length: 1_000 }, (_, i) => early(leftMs, i / 1_000)).filter(Boolean).length / 1_000

  test('by few readers long before the end and ever more towards it, by the time it takes to make', () => {
    expect(share(20_000)).toBeLessThan(0.001)
    expect(share(4 * buildMs)).toBeCloseTo(Math.exp(-4), 2)
    expect(share(buildMs)).toBeCloseTo(Math.exp(-1), 2)
    expect(share(0)).toBe(1)
  })

  test('never in the first half of its freshness, however long it took to make', () => {
    for (const random of [0, 0.5, 0.999_999])
      expect(
        refreshesEarly({ now: instant(now + 9_999), freshUntil: instant(now + 20_000), checkedAt: now, buildMs: 60_000, random }),
      ).toBe(false)
  })
})
