import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyFlightOffer } from '../../../test/support/any-offers.ts'
import { createStoppedClock, instant, parseLocalDate } from '../../kernel/time.ts'
import type { FlightOffer, FlightQuery } from '../../travel/flight.ts'
import { cleanOffers } from './clean-offers.ts'

const slice = { origin: 'CGK', destination: 'SIN', departureDate: parseLocalDate('2026-12-01') }
const query: FlightQuery = { slices: [slice], passengers: { adults: 1, children: 0, infants: 0 }, cabin: 'economy' }

/** The rule as it is written: the first of each content, whatever its id, solution, token and expiry. */
function expected(offers: readonly FlightOffer[]): readonly FlightOffer[] {
  const first = new Map<string, FlightOffer>()
  for (const offer of offers) {
    const content = JSON.stringify({ ...offer, id: '', solution: 0, supplierToken: '', expiresAt: null })
    if (!first.has(content)) first.set(content, offer)
  }
  return [...first.values()]
}

const CHANGES: readonly Partial<FlightOffer>[] = [
  { id: 'other' },
  { solution: 99 },
  { supplierToken: 'other' },
  { expiresAt: instant(1) },
  { refundable: true },
  { refundable: false },
  { emissionsKg: 1 },
  { validatingCarrier: 'ZZ' },
]

test('offers that look alike are duplicates only when all of them is the same', () => {
  const anyOffers = fc.array(anyFlightOffer(1, createStoppedClock('2026-11-01T00:00:00Z').now()), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(anyOffers, fc.array(fc.constantFrom(...CHANGES), { maxLength: 8 }), (originals, changes) => {
      const offers = [{}, ...changes].flatMap((change) => originals.map((offer) => ({ ...offer, ...change })))
      const clean = cleanOffers(query, offers)
      expect(clean.offers).toEqual(expected(offers))
      expect(clean.duplicates).toBe(offers.length - clean.offers.length)
    }),
  )
})
