import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  createStoppedClock,
  daysBetween,
  instantOf,
  isLocalDate,
  minuteOfDay,
  parseInstant,
  parseLocalDate,
  parseZonedTime,
  plusDays,
  toIso,
  type LocalDate,
} from './time.ts'

test("a supplier's time keeps the offset the message states", () => {
  expect(parseZonedTime('2016-11-10T18:35:00.000+02:00')).toEqual({ local: '2016-11-10T18:35', offset: '+02:00' })
  expect(parseZonedTime('2022-04-16T20:00:00')).toEqual({ local: '2022-04-16T20:00', offset: null })
  expect(parseZonedTime('2022-04-16T20:00:00Z').offset).toBe('+00:00')
  expect(() => parseZonedTime('16 April 2022')).toThrow(RangeError)
})

test('a date that does not exist is no date', () => {
  expect(isLocalDate('2028-02-29')).toBe(true)
  expect(['2026-02-29', '2026-13-01', '2026-1-1', '', '20260101'].filter(isLocalDate)).toEqual([])
  expect(() => parseLocalDate('2026-02-30')).toThrow('2026-02-30')
})

test('going days forward and back leads to the same date', () => {
  const date = fc
    .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((d) => d.toISOString().slice(0, 10) as LocalDate)
  fc.assert(
    fc.property(date, fc.integer({ min: -400, max: 400 }), (start, days) => {
      expect(plusDays(plusDays(start, days), -days)).toBe(start)
      expect(daysBetween(start, plusDays(start, days))).toBe(days)
    }),
  )
})

test('an instant is only read from a time that states its offset', () => {
  expect(toIso(parseInstant('2026-12-01T18:35:00+07:00'))).toBe('2026-12-01T11:35:00.000Z')
  expect(() => parseInstant('2026-12-01T18:35:00')).toThrow('offset')
  const time = parseZonedTime('2026-12-01T18:35:00+07:00')
  expect(toIso(instantOf({ local: time.local, offset: '+07:00' }))).toBe('2026-12-01T11:35:00.000Z')
  expect(minuteOfDay(time.local)).toBe(18 * 60 + 35)
})

test('a stopped clock moves only when it is moved', () => {
  const clock = createStoppedClock('2026-11-21T08:00:00Z')
  const before = clock.now()
  clock.advance(1_000)
  expect(clock.now() - before).toBe(1_000)
})
