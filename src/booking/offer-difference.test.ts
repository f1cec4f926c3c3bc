import { expect, test } from 'vitest'
import { flightOffer, segment } from '../../test/support/offers.ts'
import { parseZonedTime } from '../kernel/time.ts'
import type { Segment } from '../travel/flight.ts'
import { differenceOf } from './offer-difference.ts'

const withSegment = (changes: Partial<Segment>) =>
  flightOffer({ slices: [{ origin: 'CGK', destination: 'NRT', durationMinutes: 440, segments: [segment(changes)] }] })

test('the same flights with the same rules are no difference', () => {
  expect(differenceOf(flightOffer(), flightOffer({ supplierToken: 'other' }))).toBeNull()
})

test('other times, other bags and other rules are told apart', () => {
  expect(differenceOf(flightOffer(), withSegment({ departure: parseZonedTime('2027-03-01T23:45:00+07:00') }))).toBe('schedule')
  expect(differenceOf(flightOffer(), withSegment({ baggage: [{ kind: 'checked', pieces: 0, weightKg: null }] }))).toBe('baggage')
  expect(differenceOf(flightOffer(), flightOffer({ refundable: true }))).toBe('rules')
})

test('S10: what one of the two does not state is not a difference', () => {
  expect(differenceOf(flightOffer(), withSegment({ baggage: [] }))).toBeNull()
  expect(differenceOf(flightOffer({ refundable: null }), flightOffer({ refundable: true }))).toBeNull()
})
