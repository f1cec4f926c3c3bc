import { expect, test } from 'vitest'
import { isMet, toRow } from './report.ts'
import { latencies, median, percentile, spread } from './statistics.ts'

test('a percentile is a value that was measured, the one so many do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect([0.5, 0.95, 0.99, 0.999, 1].map((share) => percentile(hundred, share))).toEqual([50, 95, 99, 100, 100])
  expect(percentile([7], 0.5)).toBe(7)
  expect(() => percentile([], 0.5)).toThrow(RangeError)
})

test('one slow answer in a thousand shows in the last percentile only', () => {
  const values = Float64Array.from({ length: 1_001 }, (_, i) => (i === 500 ? 900 : 1))
  expect(latencies(values)).toEqual({ p50: 1, p95: 1, p99: 1, p999: 1, max: 900 })
})

test('the median of an even number is between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([9, 1, 5])).toBe(5)
  expect(spread([10, 11, 12])).toBeCloseTo(0.18, 2)
})

test('goals are judged as they are written', () => {
  expect([isMet(2, '<= 2'), isMet(2, '< 2'), isMet(1, '= 1'), isMet(79, '>= 80'), isMet(1, null), isMet(null, '> 1')]).toEqual([
    true,
    false,
    true,
    false,
    null,
    null,
  ])
  expect(() => isMet(1, 'about 2')).toThrow(/no goal/)
  expect(toRow({ name: 'a', figure: 1.234567, goal: '> 1', unit: 'x', detail: {} })).toMatchObject({ figure: 1.235, met: true })
})
