import type { Sealer } from '../platform/seal.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import type { Travelling } from './place-booking.ts'

/**
 * What two bookings of the same people on the same flights, or in the same house on the same nights, have in common,
 * whoever sells them and at whatever fare. A keyed hash: nobody can be read out of it, nor be tried against it without the key.
 */
export function duplicateKeyOf(deps: { readonly sealer: Sealer }, offers: readonly Offer[], travellers: Travelling): string {
  const people = [...travellers.passengers, ...travellers.guests].map((person) =>
    [lettersOf(person.givenName), lettersOf(person.familyName), 'bornOn' in person ? person.bornOn : person.age].join('|'),
  )
  return deps.sealer.fingerprint(JSON.stringify([people.sort(), offers.flatMap(stagesOf).sort()]), 'duplicate bookings')
}

function stagesOf(offer: Offer): string[] {
  if (isStay(offer)) return [[offer.provider, offer.property, offer.checkIn, offer.checkOut].join('|')]
  return offer.slices.flatMap(({ segments }) =>
    segments.map(({ carrier, flightNumber, origin, destination, departure }) =>
      [carrier, flightNumber.replace(/^0+/, ''), origin, destination, departure.local.slice(0, 10)].join('|'),
    ),
  )
}

/** As names are written on tickets: "Müller-Lüdenscheidt" and "MULLER LUDENSCHEIDT" are one. */
function lettersOf(name: string): string {
  return name.normalize('NFD').replace(/\P{L}/gu, '').toUpperCase()
}
