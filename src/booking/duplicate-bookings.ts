import { sql } from 'kysely'
import type { Sealer } from '../platform/seal.ts'
import type { Tx } from '../platform/postgres.ts'
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

/**
 * The reference of a booking with this key that is, or may yet be, on its way to travel; undefined when there is none. Whoever
 * asks for the same key in another transaction waits until this one has ended, so that of two neither is missed.
 */
export async function findDuplicate(tx: Tx, key: string): Promise<string | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx)
  const row = await tx
    .selectFrom('booking.bookings')
    .select('reference')
    .where('duplicate_key', '=', key)
    .where((eb) =>
      eb.or([
        eb('status', 'in', ['PAID', 'PENDING_TICKET', 'TICKETED']),
        // Unpaid ones count as long as they can be paid.
        eb.and([eb('status', 'in', ['INIT', 'PENDING_PAYMENT']), eb('payment_required_by', '>', sql<Date>`platform.now()`)]),
      ]),
    )
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst()
  return row?.reference
}
