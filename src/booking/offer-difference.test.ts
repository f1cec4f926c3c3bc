import { expect, test } from 'vitest'
import { flightOffer, segment } from '../../test/support/offers.ts'
import { parseZonedTime } from '../kernel/time.ts'
import { money } from '../kernel/money.ts'
import type { Baggage, FlightOffer, Penalty, Segment } from '../travel/flight.ts'
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

test('a stop on the way that was not there before is another schedule', () => {
  expect(differenceOf(withSegment({ technicalStops: [] }), withSegment({ technicalStops: ['DPS'] }))).toBe('schedule')
  expect(differenceOf(withSegment({ technicalStops: ['DPS'] }), withSegment({ technicalStops: ['DPS'] }))).toBeNull()
  expect(differenceOf(withSegment({ technicalStops: null }), withSegment({ technicalStops: ['DPS'] }))).toBeNull()
})

test('a child that loses its bag is told, though the adults keep theirs', () => {
  const bag = (pieces: number): Baggage[] => [{ kind: 'checked', pieces, weightKg: 23 }]
  const family = (child: readonly (readonly Baggage[])[] | null): FlightOffer =>
    flightOffer({
      passengers: [
        { type: 'adult', count: 2, total: null, base: null, taxes: null },
        { type: 'child', count: 1, total: null, base: null, taxes: null, baggage: child },
      ],
    })
  expect(differenceOf(family(null), family([bag(0)]))).toBe('baggage')
  expect(differenceOf(family(null), family([bag(1)]))).toBeNull()
  expect(differenceOf(family([bag(0)]), family([[]]))).toBeNull()
})

test('another fee, share or last day of a penalty is another rule, where both state it and it is clear which', () => {
  const rule = (changes: Partial<Penalty>): Penalty => ({ kind: 'refund', allowed: true, amount: null, ...changes })
  const between = (one: Penalty[], other: Penalty[]) => differenceOf(flightOffer({ penalties: one }), flightOffer({ penalties: other }))
  expect(between([rule({ amount: money(4_000, 'USD') })], [rule({ amount: money(8_000, 'USD') })])).toBe('rules')
  expect(between([rule({ percent: 2_500 })], [rule({ percent: 5_000 })])).toBe('rules')
  expect(between([rule({ until: '2026-11-20' })], [rule({ until: '2026-11-10' })])).toBe('rules')
  expect(between([rule({ when: 'no_show' })], [rule({ when: 'no_show', allowed: false })])).toBe('rules')
  expect(between([rule({ amount: money(4_000, 'USD') })], [rule({ amount: money(4_000, 'EUR') })])).toBeNull()
  expect(between([rule({ when: 'no_show', allowed: false })], [rule({ when: 'before_departure' })])).toBeNull()
  expect(between([rule({ amount: money(1, 'USD') })], [rule({ amount: money(2, 'USD') }), rule({ until: '2026-11-10' })])).toBeNull()
})

test('S10: what one of the two does not state is not a difference', () => {
  expect(differenceOf(flightOffer(), withSegment({ baggage: [] }))).toBeNull()
  expect(differenceOf(flightOffer({ refundable: null }), flightOffer({ refundable: true }))).toBeNull()
})
