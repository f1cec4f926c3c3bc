import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { parseZonedTime } from '../../kernel/time.ts'
import type { FlightOffer, Segment } from '../../travel/flight.ts'
import { findSameFare } from './find-same-fare.ts'

const SEGMENT: Segment = {
  carrier: 'GA',
  flightNumber: '874',
  operatingCarrier: 'GA',
  origin: 'CGK',
  originTerminal: '3',
  destination: 'HND',
  destinationTerminal: '3',
  departure: parseZonedTime('2027-01-15T23:30:00+07:00'),
  arrival: parseZonedTime('2027-01-16T08:50:00+09:00'),
  durationMinutes: 440,
  equipment: '77W',
  cabin: 'economy',
  bookingClass: null,
  fareBasis: 'QLOWCG1',
  brand: 'Light',
  baggage: [
    { kind: 'carry_on', pieces: 1, weightKg: null },
    { kind: 'checked', pieces: 0, weightKg: null },
  ],
}
const offerOf = (segment: Partial<Segment> = {}, more: Partial<FlightOffer> = {}): FlightOffer => ({
  id: 'off_1',
  provider: 'duffel',
  solution: 0,
  total: money(50_000, 'USD'),
  base: null,
  taxes: null,
  passengers: [],
  validatingCarrier: 'GA',
  refundable: null,
  changeable: null,
  penalties: [],
  lastTicketingAt: null,
  expiresAt: null,
  slices: [{ origin: 'CGK', destination: 'HND', durationMinutes: 440, segments: [{ ...SEGMENT, ...segment }] }],
  emissionsKg: null,
  selfTransfer: null,
  supplierToken: '{}',
  ...more,
})

describe('the same fare of another search', () => {
  test.each<[string, FlightOffer]>([
    ['another flight', offerOf({ flightNumber: '876' })],
    ['another time', offerOf({ departure: parseZonedTime('2027-01-15T22:30:00+07:00') })],
    ['another cabin', offerOf({ cabin: 'business' })],
    ['another brand', offerOf({ brand: 'Flex' })],
    ['another fare basis', offerOf({ fareBasis: 'YFLOWCG1' })],
    ['another allowance', offerOf({ baggage: [{ kind: 'checked', pieces: 1, weightKg: null }] })],
    ['another owner', offerOf({}, { validatingCarrier: 'JL' })],
    ['another currency', offerOf({}, { total: money(50_000, 'EUR') })],
    ['a leg more', offerOf({}, { slices: [...offerOf().slices, ...offerOf().slices] })],
  ])('is not one with %s', (_, other) => {
    expect(findSameFare(offerOf(), [other])).toBeUndefined()
    expect(findSameFare(offerOf(), [other, offerOf()])).toEqual(offerOf())
  })

  test.each<[string, Partial<Segment>]>([
    ['brand', { brand: null }],
    ['fare basis', { fareBasis: null }],
    ['allowance', { baggage: [] }],
    ['allowance in another order', { baggage: SEGMENT.baggage.toReversed() }],
  ])('what one of the two does not say about the %s is no difference', (_, unsaid) => {
    expect(findSameFare(offerOf(), [offerOf(unsaid)])).toBeDefined()
    expect(findSameFare(offerOf(unsaid), [offerOf()])).toBeDefined()
  })

  test('is the cheapest of several, even when dearer than before', () => {
    const offers = [61_000, 60_000, 62_000].map((amount) => offerOf({}, { id: `off_${amount}`, total: money(amount, 'USD') }))
    expect(findSameFare(offerOf(), offers)?.id).toBe('off_60000')
  })
})
