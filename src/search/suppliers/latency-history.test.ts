import { describe, expect, test } from 'vitest'
import { createLatencyHistory } from './latency-history.ts'
import { createRecentValues } from './recent-values.ts'

describe('recent values', () => {
  test('give the nearest rank, and nothing while there are none', () => {
    const values = createRecentValues(200)
    expect(values.percentile(50)).toBeNull()
    for (let value = 100; value >= 1; value -= 1) values.add(value)
    expect([1, 50, 95, 100].map(values.percentile)).toEqual([1, 50, 95, 100])
  })

  test('forget the oldest for each new one', () => {
    const values = createRecentValues(3)
    for (const value of [900, 1, 2, 3]) values.add(value)
    expect(values.count()).toBe(3)
    expect(values.percentile(100)).toBe(3)
  })
})

describe('the deadline of a supplier', () => {
  const after = (times: number[]) => {
    const history = createLatencyHistory()
    times.forEach(history.note)
    return history
  }
  const times = (count: number, ms: number) => Array.from({ length: count }, () => ms)

  test('is all the time there is until twenty calls are known', () => {
    expect(after(times(19, 400)).deadlineMs(6_000)).toBe(6_000)
    expect(after(times(20, 1_000)).deadlineMs(6_000)).toBe(1_750)
  })

  test('is half again the slow end of its times and a little, never less than a second nor more than there is', () => {
    expect(after([...times(95, 200), ...times(5, 5_000)]).deadlineMs(6_000)).toBe(1_000)
    expect(after([...times(94, 200), ...times(6, 2_000)]).deadlineMs(6_000)).toBe(3_250)
    expect(after(times(100, 5_000)).deadlineMs(6_000)).toBe(6_000)
    expect(after(times(100, 10)).deadlineMs(60)).toBe(60)
  })
})
