import { expect, test } from 'vitest'
import { sampleSegment, sampleSlice } from '../test/samples.ts'
import { addDays, agoWords, clockAtPlace, dayShift, dayShiftWords, dayWords, durationWords, layoverMinutes } from './time-words.ts'

test('shows the clock of the place, never of the reader', () => {
  expect(clockAtPlace({ local: '2027-01-20T23:25', offset: '-11:00' })).toBe('23:25')
})

test('says in words when a flight arrives on another day, also the day before', () => {
  const at = (local: string) => ({ local, offset: null })
  expect(dayShiftWords(dayShift(at('2027-01-20T23:25'), at('2027-01-21T08:50')))).toBe('arrives next day')
  expect(dayShiftWords(dayShift(at('2026-12-31T22:00'), at('2027-01-02T06:00')))).toBe('arrives 2 days later')
  expect(dayShiftWords(dayShift(at('2027-01-21T00:10'), at('2027-01-20T16:00')))).toBe('arrives the day before')
  expect(dayShiftWords(0)).toBe('')
})

test('measures a wait between flights by local clocks, and by offsets where they change in between', () => {
  const wait = (departure: { local: string; offset: string | null }, arrival: { local: string; offset: string | null }) =>
    layoverMinutes(sampleSlice([sampleSegment({ arrival }), sampleSegment({ departure })]), 0)
  expect(wait({ local: '2027-01-21T01:30', offset: null }, { local: '2027-01-20T23:50', offset: null })).toBe(100)
  expect(wait({ local: '2026-10-25T03:00', offset: '+01:00' }, { local: '2026-10-25T01:30', offset: '+02:00' })).toBe(150)
  expect(wait({ local: '2027-01-20T08:00', offset: null }, { local: '2027-01-20T09:00', offset: null })).toBeNull()
})

test('says so when a duration is not stated', () => {
  expect(durationWords(null)).toBe('duration not stated')
  expect(durationWords(725)).toBe('12 h 5 min')
  expect(durationWords(120)).toBe('2 h')
})

test('counts days over months, years and leap days', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(dayWords('2026-11-10')).toBe('Tue 10 Nov 2026')
  expect(dayWords('soon')).toBe('soon')
})

test('tells the age of prices in the unit people use', () => {
  expect([2, 40, 300, 7200].map(agoWords)).toEqual(['just now', '40 s ago', '5 min ago', '2 h ago'])
})
