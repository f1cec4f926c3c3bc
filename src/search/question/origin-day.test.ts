import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { createStoppedClock, instant } from '../../kernel/time.ts'
import { listPlaces } from '../../travel/places.ts'
import { dayIn, todayIn } from './origin-day.ts'

const at = (epochMs: number) => ({ now: () => instant(epochMs) })
const asked = (zone: string, epochMs: number) =>
  Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone).toPlainDate().toString()

test('the date changes at the midnight there, to the millisecond, and back with the clock', () => {
  const clock = createStoppedClock('2026-11-30T16:59:59.999Z')
  expect(todayIn('Asia/Jakarta', clock)).toBe('2026-11-30')
  clock.advance(1)
  expect(todayIn('Asia/Jakarta', clock)).toBe('2026-12-01')
  expect(todayIn('Asia/Tokyo', clock)).toBe('2026-12-01')
  expect(todayIn('America/New_York', clock)).toBe('2026-11-30')
  clock.advance(-1)
  expect(todayIn('Asia/Jakarta', clock)).toBe('2026-11-30')
})

test('a day is as long as it is where the clock changes', () => {
  const hours = (zone: string, instantText: string) => {
    const { from, until } = dayIn(zone, createStoppedClock(instantText))
    return (until - from) / 3_600_000
  }
  expect(hours('Europe/Berlin', '2026-03-29T12:00:00Z')).toBe(23)
  expect(hours('Europe/Berlin', '2026-10-25T12:00:00Z')).toBe(25)
  // There the clock jumps over midnight: the day begins at one.
  expect(hours('Africa/Cairo', '2026-04-24T12:00:00Z')).toBe(23)
  expect(hours('America/Havana', '2026-11-01T12:00:00Z')).toBe(25)
})

test('every place has the date its zone has, at both ends of its day', () => {
  for (const zone of new Set(listPlaces().map((place) => place.timeZone))) {
    for (const noon of ['2026-03-08T12:00:00Z', '2026-07-15T12:00:00Z', '2026-11-01T12:00:00Z']) {
      const { date, from, until } = dayIn(zone, createStoppedClock(noon))
      expect([zone, asked(zone, from - 1) < date, asked(zone, from), asked(zone, until - 1), asked(zone, until) > date]).toEqual([
        ...[zone, true, date, date, true],
      ])
      expect(todayIn(zone, at(until))).toBe(asked(zone, until))
    }
  }
})

test('a zone that does not exist is refused', () => {
  expect(() => todayIn('Mars/Olympus', createStoppedClock('2026-11-30T12:00:00Z'))).toThrow(RangeError)
})
