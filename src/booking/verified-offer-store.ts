import { money, type Money } from '../kernel/money.ts'
import { fromDate, toDate, type Instant } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import { statement, type Given } from '../platform/statement.ts'
import type { Offer } from '../travel/offer.ts'

/** An offer as its supplier confirmed it live, with the price the traveller was told. A private one can be booked once. */
export type VerifiedOffer = {
  readonly offer: Offer
  readonly total: Money
  readonly verifiedAt: Instant
  readonly bookableUntil: Instant
  readonly isPrivate: boolean
}

/** Remembers a live confirmation; a later one of the same offer takes its place. */
export async function saveVerifiedOffer(db: Db, verified: VerifiedOffer): Promise<void> {
  const values = {
    provider: verified.offer.provider,
    offer: JSON.stringify(verified.offer),
    total_amount: verified.total.amount,
    currency: verified.total.currency,
    verified_at: toDate(verified.verifiedAt),
    is_private: verified.isPrivate,
    bookable_until: toDate(verified.bookableUntil),
  }
  await db
    .insertInto('booking.verified_offers')
    .values({ offer_id: verified.offer.id, ...values })
    .onConflict((conflict) => conflict.column('offer_id').doUpdateSet(values))
    .execute()
}

/** The confirmation of an offer, bookable or not any more; undefined when it was never confirmed. */
export async function findVerifiedOffer(db: Db, offerId: string): Promise<VerifiedOffer | undefined> {
  if (!/^[\w-]+$/.test(offerId)) return undefined // no offer has such an id, and Postgres would not even take it
  const [row] = (await selectOffer(db, { offerId })).rows
  return (
    row && {
      offer: row.offer as unknown as Offer,
      total: money(row.total_amount, row.currency),
      verifiedAt: fromDate(row.verified_at),
      isPrivate: row.is_private,
      bookableUntil: fromDate(row.bookable_until),
    }
  )
}

const selectOffer = statement((db, { offerId }: Given<{ offerId: string }>) =>
  db.selectFrom('booking.verified_offers').selectAll().where('offer_id', '=', offerId),
)

/** Takes a private offer for a booking; false when another booking has it. */
export async function takePrivateOffer(tx: Tx, offerId: string, bookingId: string): Promise<boolean> {
  const taken = await tx
    .updateTable('booking.verified_offers')
    .set({ booking_id: bookingId })
    .where('offer_id', '=', offerId)
    .where('booking_id', 'is', null)
    .executeTakeFirst()
  return taken.numUpdatedRows === 1n
}

/** Forgets confirmations that ended before `before`; returns how many. */
export async function forgetVerifiedOffers(db: Db, before: Instant): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('booking.verified_offers').where('bookable_until', '<', toDate(before)).executeTakeFirst()
  return Number(numDeletedRows)
}
