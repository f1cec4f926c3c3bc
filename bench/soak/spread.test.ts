import { expect, test } from 'vitest'
import { CABIN_CLASSES, type FlightQuery } from '../../src/travel/flight.ts'
import { benchOffsetMs, createBenchClock } from '../search/clock.ts'
import { listRoutes } from '../search/data-set.ts'
import { openWire } from '../search/ours.ts'
import { queryOf } from '../search/seed.ts'
import { LARGE_MAX, largeQueryAt, QUERIES_MAX, queryAt, textOf } from './spread.ts'

const KEYS = 50_000
const wire = openWire(createBenchClock(benchOffsetMs()))
const keyOf = (query: FlightQuery) => wire.parse(textOf(query)).search.key

test('the queries of a soak are valid, written in their one spelling, and no two are one key, hot ones and large ones included', () => {
  const hot = listRoutes(200).map(queryOf)
  const cold = Array.from({ length: KEYS }, (_, n) => queryAt(n))
  const large = Array.from({ length: LARGE_MAX }, (_, n) => largeQueryAt(n))
  const all = [...hot, ...cold, ...large]
  expect(new Set(all.map(keyOf)).size).toBe(all.length)
  for (const query of all.filter((_, i) => i % 97 === 0)) {
    const { search, canonicalQuery } = wire.parse(textOf(query))
    expect(search.query).toEqual(query)
    expect(canonicalQuery).toBe(textOf(query))
  }
})

test('the last query there is can be asked, and one more is refused', () => {
  expect(() => wire.parse(textOf(queryAt(QUERIES_MAX - 1)))).not.toThrow()
  expect(() => queryAt(QUERIES_MAX)).toThrow(RangeError)
  expect(() => wire.parse(textOf(largeQueryAt(LARGE_MAX - 1)))).not.toThrow()
  expect(() => largeQueryAt(LARGE_MAX)).toThrow(RangeError)
})

test.each([
  ['route', 208, ({ slices }: FlightQuery) => `${slices[0]!.origin}-${slices[0]!.destination}`],
  ['date', 320, ({ slices }: FlightQuery) => slices[0]!.departureDate],
  ['travellers', 5, ({ passengers }: FlightQuery) => JSON.stringify(passengers)],
  ['cabin', CABIN_CLASSES.length, ({ cabin }: FlightQuery) => cabin],
] as const)('any run of them is spread evenly: each %s as often as the others, give or take a tenth', (_, kinds, kindOf) => {
  for (const [from, count] of [
    [0, KEYS],
    [0, 5_000],
    [31_000, 5_000],
  ] as const) {
    const times = new Map<string, number>()
    for (let n = from; n < from + count; n += 1) {
      const kind = kindOf(queryAt(n))
      times.set(kind, (times.get(kind) ?? 0) + 1)
    }
    const even = count / kinds
    expect(times.size).toBe(kinds)
    expect(Math.max(...times.values())).toBeLessThanOrEqual(even * 1.1 + 2)
    expect(Math.min(...times.values())).toBeGreaterThanOrEqual(even * 0.9 - 2)
  }
})
