import { expect, test } from 'vitest'
import { createStoppedClock } from '../../kernel/time.ts'
import { createOutcomeCounts } from './outcome-counts.ts'

test('what is counted leaves the window minute by minute, and an hour later is gone', () => {
  const clock = createStoppedClock('2026-11-01T00:00:30Z')
  const counts = createOutcomeCounts(clock)
  counts.add('answered')
  clock.advance(60_000)
  counts.add('answered')
  counts.add('failed')
  expect(counts.lastMinutes(1)).toMatchObject({ answered: 1, failed: 1, timed_out: 0 })
  expect(counts.lastMinutes(5)).toMatchObject({ answered: 2 })
  clock.advance(4 * 60_000)
  expect(counts.lastMinutes(5)).toMatchObject({ answered: 1, failed: 1 })
  expect(counts.lastMinutes(60)).toMatchObject({ answered: 2 })
  clock.advance(59 * 60_000)
  counts.add('calls')
  expect(counts.lastMinutes(60)).toEqual({ calls: 1, hedged: 0, answered: 0, late: 0, timed_out: 0, failed: 0, throttled: 0 })
})
