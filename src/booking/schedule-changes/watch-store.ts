import { plusMs, toDate, type Instant } from '../../kernel/time.ts'
import type { Db, Tx } from '../../platform/postgres.ts'

/** Looks after an item's flights from `firstLookAt` on; does nothing where they are looked after already. */
export async function startWatch(db: Db | Tx, itemId: string, firstLookAt: Instant): Promise<void> {
  await db
    .insertInto('booking.item_watches')
    .values({ item_id: itemId, next_look_at: toDate(firstLookAt) })
    .onConflict((conflict) => conflict.column('item_id').doNothing())
    .execute()
}

/** Takes up to `limit` items that are due for a look, and puts each off by `leaseMs`: whoever dies over one only delays it. */
export async function claimDueWatches(
  db: Db,
  options: { now: Instant; leaseMs: number; limit: number },
): Promise<{ itemId: string; bookingId: string; looks: number }[]> {
  const rows = await db
    .updateTable('booking.item_watches as watches')
    .from('booking.items as items')
    .set((eb) => ({ next_look_at: toDate(plusMs(options.now, options.leaseMs)), looks: eb('watches.looks', '+', 1) }))
    .whereRef('items.id', '=', 'watches.item_id')
    .where('watches.item_id', 'in', (due) =>
      due
        .selectFrom('booking.item_watches')
        .select('item_id')
        .where('next_look_at', '<=', toDate(options.now))
        .orderBy('next_look_at')
        .limit(options.limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['watches.item_id', 'items.booking_id', 'watches.looks'])
    .execute()
  return rows.map((row) => ({ itemId: row.item_id, bookingId: row.booking_id, looks: row.looks }))
}

/** Says when an item is looked at next; null is never again. */
export async function setNextLook(db: Db | Tx, itemId: string, nextLookAt: Instant | null): Promise<void> {
  await db
    .updateTable('booking.item_watches')
    .set({ next_look_at: nextLookAt === null ? null : toDate(nextLookAt) })
    .where('item_id', '=', itemId)
    .execute()
}

/** Ids of bookings of which something is being given back, and that nobody has touched since `untouchedSince`. */
export async function listReturning(db: Db, filter: { untouchedSince: Instant; limit: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('booking.items as items')
    .innerJoin('booking.bookings as bookings', 'bookings.id', 'items.booking_id')
    .select('bookings.id')
    .distinct()
    .where('items.ticketing_status', '=', 'returning')
    .where('bookings.updated_at', '<', toDate(filter.untouchedSince))
    .limit(filter.limit)
    .execute()
  return rows.map((row) => row.id)
}
