import { describe, expect, test } from 'vitest'
import { createStoppedClock } from '../../kernel/time.ts'
import { createBroadReader } from './read-broad-search.ts'

const QUERY = 'origin=CGK&destination=NRT&departure_date=2026-11-30'

describe('a search that is remembered', () => {
  test('is the same object for a minute, and read anew after it', () => {
    const clock = createStoppedClock('2026-11-30T06:00:00Z')
    const read = createBroadReader(clock)
    const first = read(QUERY).broad
    clock.advance(59_999)
    expect(read(QUERY).broad).toBe(first)
    clock.advance(1)
    expect(read(QUERY).broad).not.toBe(first)
    expect(read(QUERY).broad).toEqual(first)
  })

  test('is not remembered across midnight where the journey begins', () => {
    // 23:59:50 in Jakarta.
    const clock = createStoppedClock('2026-11-30T16:59:50Z')
    const read = createBroadReader(clock)
    expect(read(QUERY).faults).toEqual([])
    clock.advance(9_999)
    expect(read(QUERY).faults).toEqual([])
    clock.advance(1)
    expect(read(QUERY).faults).toEqual([expect.objectContaining({ pointer: 'departure_date', code: 'past-date' })])
    // A clock that is set back has the day back.
    clock.advance(-1)
    expect(read(QUERY).faults).toEqual([])
  })

  test('by slices neither', () => {
    const clock = createStoppedClock('2026-11-30T16:59:59.999Z')
    const read = createBroadReader(clock)
    const query = 'slice=CGK.NRT.2026-11-30&slice=KIX.CGK.2026-12-04'
    expect(read(query).faults).toEqual([])
    clock.advance(1)
    expect(read(query).faults).toEqual([expect.objectContaining({ pointer: 'slice', code: 'past-date' })])
  })

  test('is one that had no fault: what was refused yesterday may be asked today', () => {
    const clock = createStoppedClock('2026-11-30T16:59:59.999Z')
    const read = createBroadReader(clock)
    const query = 'origin=CGK&destination=NRT&departure_date=2027-11-27'
    expect(read(query).faults).toHaveLength(1)
    clock.advance(1)
    expect(read(query).faults).toEqual([])
    // Nor does a clock that is set back find what is only remembered from later on.
    clock.advance(-1)
    expect(read(query).faults).toHaveLength(1)
  })
})
