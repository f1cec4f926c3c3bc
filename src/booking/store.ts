import { sql, type Selectable } from 'kysely'
import { isId } from '../kernel/ids.ts'
import { money } from '../kernel/money.ts'
import { fromDate, toDate, toIso, type Clock, type Instant } from '../kernel/time.ts'
import { inTransaction, type Db, type Tx } from '../platform/postgres.ts'
import type { DB } from '../platform/tables.gen.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import type { Contact } from '../travel/passenger.ts'
import type { Ticket } from '../travel/reservation.ts'
import { moveTo, type Booking, type BookingChange, type BookingStatus, type FailureReason, type PassengerName } from './booking.ts'

/** Somebody else changed the booking since it was read; the reader starts again from what is there now. */
class StaleBooking extends Error {}

function toBooking(row: Selectable<DB['booking.bookings']>): Booking {
  return {
    id: row.id as Booking['id'],
    reference: row.reference,
    userId: row.user_id,
    status: row.status as BookingStatus,
    total: money(row.total_amount, row.currency),
    provider: row.provider,
    offer: (row.items as unknown as Offer[])[0]!,
    passengers: row.passengers as unknown as PassengerName[],
    contact: row.contact_details as unknown as Contact,
    sealed: { key: row.sealing_key, data: row.sealed_passengers },
    paymentRequiredBy: fromDate(row.payment_required_by),
    answerPromisedBy: row.answer_promised_by && fromDate(row.answer_promised_by),
    pnr: row.pnr,
    tickets: row.tickets as unknown as Ticket[],
    documentKey: row.document_key,
    failureReason: row.failure_reason as FailureReason | null,
    paymentId: row.payment_id,
    version: row.version,
    createdAt: fromDate(row.created_at),
    updatedAt: fromDate(row.updated_at),
  }
}

/** `placedBy` names the request that placed it and is unique, so that a repeat cannot place a second. */
export type Placing = { readonly placedBy: string; readonly duplicateKey: string }

/** Writes a new booking. */
export async function insertBooking(tx: Tx, booking: Booking, { placedBy, duplicateKey }: Placing): Promise<void> {
  await tx
    .insertInto('booking.bookings')
    .values({
      id: booking.id,
      reference: booking.reference,
      user_id: booking.userId,
      status: booking.status,
      total_amount: booking.total.amount,
      currency: booking.total.currency,
      provider: booking.provider,
      offer_id: booking.offer.id,
      passengers: JSON.stringify(booking.passengers),
      flight_segments: JSON.stringify(isStay(booking.offer) ? [] : booking.offer.slices.flatMap((slice) => slice.segments)),
      items: JSON.stringify([booking.offer]),
      contact_details: JSON.stringify(booking.contact),
      sealed_passengers: booking.sealed.data,
      sealing_key: booking.sealed.key,
      placed_by: placedBy,
      duplicate_key: duplicateKey,
      payment_required_by: toDate(booking.paymentRequiredBy),
      tickets: JSON.stringify(booking.tickets),
      version: booking.version,
      created_at: toDate(booking.createdAt),
      updated_at: toDate(booking.updatedAt),
    })
    .execute()
}

/** The booking, or undefined; what has not the form of an id names none. */
export async function findBooking(db: Db | Tx, id: string): Promise<Booking | undefined> {
  if (!isId('bkg', id)) return undefined
  const row = await db.selectFrom('booking.bookings').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toBooking(row)
}

/** The booking that the request `placedBy` made, or undefined. */
export async function findBookingPlacedBy(db: Db | Tx, placedBy: string): Promise<Booking | undefined> {
  const row = await db.selectFrom('booking.bookings').selectAll().where('placed_by', '=', placedBy).executeTakeFirst()
  return row && toBooking(row)
}

/** Ids of bookings of a status that nobody has touched since `untouchedSince`, oldest first. */
export async function listBookingIds(
  db: Db,
  filter: { statuses: readonly BookingStatus[]; untouchedSince: Instant; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('booking.bookings')
    .select('id')
    .where('status', 'in', filter.statuses)
    .where('updated_at', '<', toDate(filter.untouchedSince))
    .orderBy('updated_at')
    .limit(filter.limit)
    .execute()
  return rows.map((row) => row.id)
}

/** Ids of unpaid bookings whose time to pay is over, by the database's clock. */
export async function listUnpaidBookingIds(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('booking.bookings')
    .select('id')
    .where('status', 'in', ['INIT', 'PENDING_PAYMENT'])
    .where('payment_required_by', '<', sql<Date>`platform.now()`)
    .orderBy('payment_required_by')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

/** What a piece of work on one booking is given: the booking as read, and the way to change it. */
export type BookingWork<T> = (tx: Tx, booking: Booking, change: (change: BookingChange) => Promise<Booking>) => Promise<T>

/**
 * Reads a booking, lets `work` decide, and writes its change only if nobody else has written since (`WHERE version =
 * read_version`); otherwise all of `work`'s statements are rolled back and it decides again. Throws when there is no such booking.
 */
export async function withBooking<T>(deps: { db: Db; clock: Clock }, id: string, work: BookingWork<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(deps.db, async (tx) => {
        const booking = await findBooking(tx, id)
        if (!booking) throw new Error(`there is no booking ${id}`)
        let current = booking
        return work(tx, booking, async (change) => {
          current = await updateBooking(tx, current, change, deps.clock.now())
          return current
        })
      })
    } catch (error) {
      if (!(error instanceof StaleBooking) || attempt >= 8) throw error
    }
  }
}

async function updateBooking(tx: Tx, booking: Booking, change: BookingChange, now: Instant): Promise<Booking> {
  if (change.status && change.status !== booking.status) moveTo(booking, change.status)
  const row = await tx
    .updateTable('booking.bookings')
    .set({
      ...(change.status && { status: change.status }),
      ...(change.answerPromisedBy !== undefined && {
        answer_promised_by: change.answerPromisedBy === null ? null : toIso(change.answerPromisedBy),
      }),
      ...(change.pnr !== undefined && { pnr: change.pnr }),
      ...(change.tickets && { tickets: JSON.stringify(change.tickets) }),
      ...(change.documentKey !== undefined && { document_key: change.documentKey }),
      ...(change.failureReason !== undefined && { failure_reason: change.failureReason }),
      ...(change.paymentId !== undefined && { payment_id: change.paymentId }),
      version: booking.version + 1,
      updated_at: toDate(now),
    })
    .where('id', '=', booking.id)
    .where('version', '=', booking.version)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new StaleBooking(`${booking.id} is no longer at version ${booking.version}`)
  return toBooking(row)
}
