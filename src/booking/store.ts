import { sql, type Insertable, type Selectable, type Updateable } from 'kysely'
import { isId } from '../kernel/ids.ts'
import { money } from '../kernel/money.ts'
import { fromDate, toDate, type Instant } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import { statement, type Given } from '../platform/statement.ts'
import type { DB } from '../platform/tables.gen.ts'
import type { Contact } from '../travel/passenger.ts'
import { StaleBooking, type Booking, type PassengerName } from './booking.ts'
import { insertItems, itemsColumn, toItem, updateItems } from './item-store.ts'
import type { BookingStatus, FailureReason } from './machine/index.ts'

type BookingRow = Selectable<DB['booking.bookings']>

function toBooking(row: BookingRow, items: Booking['items']): Booking {
  return {
    id: row.id as Booking['id'],
    reference: row.reference,
    userId: row.user_id,
    status: row.status as BookingStatus,
    total: money(row.total_amount, row.currency),
    items,
    passengers: row.passengers as unknown as PassengerName[],
    contact: row.contact_details as unknown as Contact,
    sealed: { key: row.sealing_key, data: row.sealed_passengers },
    paymentRequiredBy: fromDate(row.payment_required_by),
    answerPromisedBy: row.answer_promised_by && fromDate(row.answer_promised_by),
    failureReason: row.failure_reason as FailureReason | null,
    paymentId: row.payment_id,
    latePaymentId: row.late_payment_id,
    returnedPaymentIds: row.returned_payment_ids as unknown as string[],
    version: row.version,
    createdAt: fromDate(row.created_at),
    updatedAt: fromDate(row.updated_at),
  }
}

/**
 * Writes a new booking; `placedBy` names the request that placed it and is unique, so that a repeat cannot place a second.
 * `duplicateKey` is what it is found by when the same is ordered again.
 */
export async function insertBooking(tx: Tx, booking: Booking, placedBy: string, duplicateKey?: string): Promise<void> {
  await insertRow(tx, {
    id: booking.id,
    reference: booking.reference,
    user_id: booking.userId,
    status: booking.status,
    total_amount: booking.total.amount,
    currency: booking.total.currency,
    passengers: JSON.stringify(booking.passengers),
    contact_details: JSON.stringify(booking.contact),
    sealed_passengers: booking.sealed.data,
    sealing_key: booking.sealed.key,
    placed_by: placedBy,
    duplicate_key: duplicateKey ?? null,
    payment_required_by: toDate(booking.paymentRequiredBy),
    version: booking.version,
    created_at: toDate(booking.createdAt),
    updated_at: toDate(booking.updatedAt),
  })
  await insertItems(tx, booking)
}

const insertRow = statement((tx, row: Given<Insertable<DB['booking.bookings']>>) => tx.insertInto('booking.bookings').values(row))

/** The booking, or undefined; what has not the form of an id names none. */
export function findBooking(db: Db | Tx, id: string): Promise<Booking | undefined> {
  return isId('bkg', id) ? findBy(db, selectById, id) : Promise.resolve(undefined)
}

/** The booking that the request `placedBy` made, or undefined. */
export function findBookingPlacedBy(db: Db | Tx, placedBy: string): Promise<Booking | undefined> {
  return findBy(db, selectPlacedBy, placedBy)
}

async function findBy(db: Db | Tx, select: typeof selectById, value: string): Promise<Booking | undefined> {
  const [row] = (await select(db, { value })).rows
  return row && toBooking(row, row.item_rows.map(toItem))
}

const selectById = selectBookingBy('id')
const selectPlacedBy = selectBookingBy('placed_by')

function selectBookingBy(column: 'id' | 'placed_by') {
  return statement((db, { value }: Given<{ value: string }>) =>
    db
      .selectFrom('booking.bookings as bookings')
      .selectAll('bookings')
      .select(itemsColumn().as('item_rows'))
      .where(`bookings.${column}`, '=', value),
  )
}

/** Whether the supplier's reference belongs to another booking of the same supplier. */
export async function isSupplierRefTaken(
  db: Db,
  booking: { readonly id: string; readonly provider: string },
  supplierRef: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('booking.attempts')
    .select('id')
    .where('provider', '=', booking.provider)
    .where('booking_id', '<>', booking.id)
    .where(sql<boolean>`reservation ->> 'supplierRef' = ${supplierRef}`)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
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

/** Ids of bookings with late money that nobody has judged since `untouchedSince`. */
export async function listLatePaymentBookingIds(db: Db, filter: { untouchedSince: Instant; limit: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('booking.bookings')
    .select('id')
    .where('late_payment_id', 'is not', null)
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

/**
 * Writes the booking as it is to be if it is still as it was read; throws {@link StaleBooking} otherwise, which rolls the
 * transaction back. Each write adds one to its version.
 */
export async function updateBooking(tx: Tx, before: Booking, after: Booking, now: Instant): Promise<Booking> {
  const { numAffectedRows } = await updateRow(tx, {
    id: before.id,
    read_version: before.version,
    status: after.status,
    answer_promised_by: after.answerPromisedBy === null ? null : toDate(after.answerPromisedBy),
    failure_reason: after.failureReason,
    payment_id: after.paymentId,
    late_payment_id: after.latePaymentId,
    returned_payment_ids: JSON.stringify(after.returnedPaymentIds),
    version: before.version + 1,
    updated_at: toDate(now),
  })
  if (numAffectedRows !== 1n) throw new StaleBooking(`${before.id} is no longer at version ${before.version}`)
  await updateItems(tx, before, after)
  return { ...after, version: before.version + 1, updatedAt: now }
}

type Change = Updateable<DB['booking.bookings']> & { id: string; read_version: number }

const updateRow = statement((tx, { id, read_version, ...row }: Given<Change>) =>
  tx.updateTable('booking.bookings').set(row).where('id', '=', id).where('version', '=', read_version),
)
