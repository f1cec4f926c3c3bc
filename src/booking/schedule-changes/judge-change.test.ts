import { describe, expect, test } from 'vitest'
import { segment } from '../../../test/support/offers.ts'
import { parseInstant, parseLocalDate, parseZonedTime, toIso } from '../../kernel/time.ts'
import type { AirlineChange } from '../../providers/contract.ts'
import type { Segment, Slice } from '../../travel/flight.ts'
import { fingerprintOf, foundInChanges, foundInReservation, judgeChange, type ScheduleRules } from './judge-change.ts'
import { nextLookAt } from './watch-schedules.ts'

const rules: ScheduleRules = {
  validFrom: parseLocalDate('2026-01-01'),
  departureMovedMinutes: 60,
  arrivalMovedMinutes: 60,
  asksAboutOtherAirport: true,
  asksAboutMoreStops: true,
  asksAboutOtherCarrier: true,
  answerWithinHours: 168,
  answerBeforeDepartureHours: 24,
}
const slice = (...segments: Segment[]): Slice => ({
  origin: segments[0]!.origin,
  destination: segments.at(-1)!.destination,
  durationMinutes: null,
  segments,
})
const sold = slice(segment())
const now = parseInstant('2026-11-25T00:00:00Z')
const at = (departure: string, arrival: string) => ({ departure: parseZonedTime(departure), arrival: parseZonedTime(arrival) })
const change = (part: Partial<AirlineChange>): AirlineChange => ({
  id: 'aic_1',
  removed: [sold],
  added: [],
  mayAccept: true,
  mayRefund: true,
  answerBy: null,
  ...part,
})
const judged = (added: readonly Slice[], changes: Partial<ScheduleRules> = {}) =>
  judgeChange({ ...rules, ...changes }, foundInChanges([change({ added })])!, { slices: [sold], now })

describe('S11: what the traveller is asked about is data', () => {
  test.each([
    ['59 minutes later', [slice(segment(at('2027-03-02T00:29:00+07:00', '2027-03-02T09:49:00+09:00')))], false],
    ['60 minutes later', [slice(segment(at('2027-03-02T00:30:00+07:00', '2027-03-02T09:50:00+09:00')))], true],
    ['60 minutes earlier', [slice(segment(at('2027-03-01T22:30:00+07:00', '2027-03-02T08:00:00+09:00')))], true],
    ['an arrival two hours later', [slice(segment(at('2027-03-01T23:30:00+07:00', '2027-03-02T10:50:00+09:00')))], true],
    ['a flight number only', [slice(segment({ flightNumber: '876' }))], false],
    ['another airport of the city', [slice(segment({ destination: 'HND' }))], true],
    ['another carrier', [slice(segment({ carrier: 'NH' }))], true],
    ['a stop more', [slice(segment({ destination: 'DPS' }), segment({ origin: 'DPS' }))], true],
    ['times without an offset', [slice(segment(at('2027-03-01T23:40', '2027-03-02T09:00')))], false],
    ['nothing instead', [], true],
  ])('%s', (_, added, isMaterial) => {
    expect(judged(added).isMaterial).toBe(isMaterial)
  })

  test('by another rule of another day it is another answer', () => {
    const moved = [slice(segment(at('2027-03-02T00:30:00+07:00', '2027-03-02T09:50:00+09:00')))]
    expect(judged(moved, { departureMovedMinutes: 180, arrivalMovedMinutes: 180 })).toMatchObject({
      isMaterial: false,
      defaultAction: 'accept',
    })
    expect(judged(moved)).toMatchObject({ isMaterial: true, defaultAction: 'ask_person' })
  })

  test('time to answer ends a day before departure, or after a week, or when the airline says', () => {
    const by = (when: string, stated: string | null = null) =>
      judgeChange(rules, foundInChanges([change({ answerBy: stated === null ? null : parseInstant(stated) })])!, {
        slices: [sold],
        now: parseInstant(when),
      }).respondBy!
    expect(toIso(by('2026-11-25T00:00:00Z'))).toBe('2026-12-02T00:00:00.000Z')
    expect(toIso(by('2027-02-27T00:00:00Z'))).toBe('2027-02-28T16:30:00.000Z')
    expect(toIso(by('2027-03-01T10:00:00Z'))).toBe('2027-03-01T12:00:00.000Z')
    expect(toIso(by('2026-11-25T00:00:00Z', '2026-11-26T00:00:00Z'))).toBe('2026-11-26T00:00:00.000Z')
  })

  test('flights that are all gone without a successor are a cancellation; one direction of two is a change', () => {
    expect(judged([])).toMatchObject({ kind: 'cancelled', defaultAction: 'ask_person', actions: ['accept', 'refund'] })
    expect(judgeChange(rules, foundInChanges([change({})])!, { slices: [sold, sold], now }).kind).toBe('changed')
  })
})

test('several open changes are one set: accepted only where each may be, and the same in any order', () => {
  const [one, other] = [change({ id: 'a' }), change({ id: 'b', mayAccept: false, mayRefund: false })]
  expect(foundInChanges([])).toBeNull()
  expect(foundInChanges([one, other])).toMatchObject({ actions: ['refund'], parts: [{ supplierChangeId: 'a' }, { supplierChangeId: 'b' }] })
  expect(fingerprintOf(foundInChanges([one, other])!)).toBe(fingerprintOf(foundInChanges([other, one])!))
  expect(fingerprintOf(foundInChanges([one])!)).not.toBe(fingerprintOf(foundInChanges([other])!))
})

test('a reservation shows flights that are no longer held, and refunds only where none is left', () => {
  const held = { pnr: 'A', supplierRef: 'r', total: null, tickets: [], ticketBy: null, status: 'active' as const }
  const of = (status: 'confirmed' | 'cancelled' | 'waitlisted') => [{ carrier: 'GA', flightNumber: '874', status }]
  expect(foundInReservation({ ...held, segments: of('confirmed') }, [sold])).toBeNull()
  expect(foundInReservation({ ...held, segments: [] }, [sold])).toBeNull()
  expect(foundInReservation({ ...held, segments: of('waitlisted') }, [sold])).toMatchObject({ actions: [], parts: [{ removed: [sold] }] })
  expect(foundInReservation({ ...held, segments: of('cancelled') }, [sold])).toMatchObject({ actions: ['refund'] })
  expect(foundInReservation({ ...held, segments: of('confirmed'), status: 'cancelled' }, [sold])).toMatchObject({ actions: ['refund'] })
})

test.each([
  ['2026-11-25T00:00:00Z', 24],
  ['2027-02-10T00:00:00Z', 12],
  ['2027-02-25T00:00:00Z', 4],
  ['2027-02-27T16:30:00Z', 1],
  ['2027-03-01T10:00:00Z', 0.25],
])('is looked at more often the nearer the departure: at %s every %d hours', (when, hours) => {
  const at = parseInstant(when)
  expect(nextLookAt([sold], at)! - at).toBe(hours * 3_600_000)
})

test('is not looked at any more when the last flight has left', () => {
  expect(nextLookAt([sold], parseInstant('2027-03-01T16:30:00Z'))).toBeNull()
})
