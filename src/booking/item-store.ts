import { sql, type Insertable, type InsertResult, type Selectable, type Updateable } from 'kysely'
import { money } from '../kernel/money.ts'
import type { Tx } from '../platform/postgres.ts'
import { statement, type Given } from '../platform/statement.ts'
import type { DB } from '../platform/tables.gen.ts'
import type { Offer } from '../travel/offer.ts'
import type { Ticket } from '../travel/reservation.ts'
import type { Booking, BookingItem } from './booking.ts'
import type { FailureReason, ItemState } from './machine/index.ts'

export type ItemRow = Selectable<DB['booking.items']>

/** The items of the booking that is selected beside it, as one column, in the order in which they are booked. */
export function itemsColumn() {
  return sql<
    ItemRow[]
  >`(select json_agg(to_jsonb(sold) order by sold.position) from booking.items sold where sold.booking_id = bookings.id)`
}

export function toItem(row: ItemRow): BookingItem {
  return {
    id: row.id,
    provider: row.provider,
    offer: row.offer as unknown as Offer,
    price: money(row.price_amount, row.currency),
    isPaidAtProperty: row.is_paid_at_property,
    payment: row.payment_status as ItemState['payment'],
    position: row.ticketing_status as ItemState['position'],
    write:
      row.write_operation === null
        ? null
        : ({ operation: row.write_operation, state: row.write_state, resends: row.resends } as ItemState['write']),
    bookings: row.bookings,
    isKept: row.is_kept,
    reason: row.reason as FailureReason | null,
    refund: row.refund_status as ItemState['refund'],
    pnr: row.pnr,
    tickets: row.tickets as unknown as Ticket[],
    documentKey: row.document_key,
  }
}

/** The columns that change all the time; what was sold, and for how much, is written once. */
function progressOf(item: BookingItem) {
  return {
    payment_status: item.payment,
    ticketing_status: item.position,
    write_operation: item.write?.operation ?? null,
    write_state: item.write?.state ?? null,
    resends: item.write?.resends ?? 0,
    bookings: item.bookings,
    is_kept: item.isKept,
    reason: item.reason,
    refund_status: item.refund,
    pnr: item.pnr,
    tickets: JSON.stringify(item.tickets),
    document_key: item.documentKey,
  }
}

export async function insertItems(tx: Tx, booking: Booking): Promise<void> {
  const rows = booking.items.map((item, position) => ({
    id: item.id,
    booking_id: booking.id,
    position,
    provider: item.provider,
    price_amount: item.price.amount,
    currency: item.price.currency,
    is_paid_at_property: item.isPaidAtProperty,
    offer: JSON.stringify(item.offer),
    ...progressOf(item),
  }))
  await insertRows(tx, rows)
}

type ItemTable = DB['booking.items']

const insertRows = statement<Insertable<ItemTable>[], InsertResult>((tx, rows) => tx.insertInto('booking.items').values(rows))

/** Writes the items that are not as they were. The booking's version, written before, says that nobody else has. */
export async function updateItems(tx: Tx, before: Booking, after: Booking): Promise<void> {
  for (const [index, item] of after.items.entries()) {
    const was = before.items[index]!
    if (item === was) continue
    const offer = item.offer === was.offer ? {} : { offer: JSON.stringify(item.offer) }
    await updateRow(tx, { id: item.id, ...offer, ...progressOf(item) })
  }
}

const updateRow = statement((tx, { id, ...row }: Given<Updateable<ItemTable> & { id: string }>) =>
  tx.updateTable('booking.items').set(row).where('id', '=', id),
)
