import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyFlightOffer } from '../../../test/support/any-offers.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import type { FlightOffer, Segment } from '../../travel/flight.ts'
import { toOfferView } from '../../travel/offer-view.ts'
import { findCarrier } from '../../travel/places.ts'
import { toFlightRows } from './flight-part.ts'

const now = createStoppedClock('2026-11-01T00:00:00Z').now()

/** Each another flight or purchase, though its times and its baggage are the very same objects. */
const CHANGES: readonly Partial<Segment>[] = [
  { carrier: 'ZZ' },
  { flightNumber: '9999' },
  { operatingCarrier: 'ZZ' },
  { origin: 'ZZA' },
  { originTerminal: '"Ω"' },
  { destination: 'ZZB' },
  { destinationTerminal: 'x' },
  { arrival: { local: '2027-01-01T00:00' as never, offset: null } },
  { departure: { local: '2027-01-01T00:00' as never, offset: null } },
  { durationMinutes: 1 },
  { equipment: '000' },
  { technicalStops: [] },
  { technicalStops: ['ZZC'] },
  { technicalStops: ['ZZC', 'ZZD'] },
  { cabin: 'first' },
  { bookingClass: '0' },
  { fareBasis: 'OTHER' },
  { brand: 'Other' },
  { baggage: [{ kind: 'personal', pieces: 9, weightKg: 1 }] },
  {},
]

/** What an offer's text has to be: its view without what depends on the price and on where it stands. */
function expected(offer: FlightOffer): string {
  const view = toOfferView(offer, { carrierName: (code) => findCarrier(code)?.name })
  const priced = ['id', 'provider', 'solution', 'total', 'base', 'taxes', 'passengers']
  return JSON.stringify(Object.fromEntries(Object.entries(view).filter(([name]) => !priced.includes(name)))).slice(1)
}

test('offers that share flights and fares are written as each would be by itself', () => {
  fc.assert(
    fc.property(
      fc.array(anyFlightOffer(2, now), { minLength: 1, maxLength: 3 }),
      fc.shuffledSubarray([...CHANGES]),
      (originals, changes) => {
        const offers = changes.flatMap((change) =>
          originals.map((offer) => ({
            ...offer,
            slices: offer.slices.map((slice) => ({ ...slice, segments: slice.segments.map((one) => ({ ...one, ...change })) })),
          })),
        )
        expect(toFlightRows([...offers, ...offers]).map((row) => row.full)).toEqual([...offers, ...offers].map(expected))
      },
    ),
  )
})
