import type { Selectable } from 'kysely'
import { fromDate, plusMs, toDate, type Instant } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import type { DB } from '../platform/tables.gen.ts'

/** `quiet`: looked for long enough without finding it; a person may still. */
export type OrphanState = 'looking' | 'cancelling' | 'cancelled' | 'quiet'

/** What a booking that ended without a ticket may have left with its supplier, under the attempt's reference. */
export type Orphan = {
  readonly bookingId: string
  readonly reference: string
  readonly provider: string
  readonly supplierRef: string | null
  readonly state: OrphanState
  readonly looks: number
  readonly version: number
  readonly createdAt: Instant
}

function toOrphan(row: Selectable<DB['booking.orphans']>): Orphan {
  return {
    bookingId: row.booking_id,
    reference: row.reference,
    provider: row.provider,
    supplierRef: row.supplier_ref,
    state: row.state as OrphanState,
    looks: row.looks,
    version: row.version,
    createdAt: fromDate(row.created_at),
  }
}

/** Has the sweep look for what the attempt may have left; at once where it had given up. */
export async function noteOrphan(
  tx: Tx,
  orphan: Pick<Orphan, 'bookingId' | 'reference' | 'provider' | 'supplierRef'> & { nextLookAt: Instant },
): Promise<void> {
  const next_look_at = toDate(orphan.nextLookAt)
  await tx
    .insertInto('booking.orphans')
    .values({
      booking_id: orphan.bookingId,
      reference: orphan.reference,
      provider: orphan.provider,
      supplier_ref: orphan.supplierRef,
      next_look_at,
    })
    .onConflict((conflict) =>
      conflict.columns(['booking_id', 'reference']).doUpdateSet((eb) => ({
        state: 'looking',
        next_look_at,
        supplier_ref: eb.fn.coalesce('excluded.supplier_ref', 'booking.orphans.supplier_ref'),
        ended_at: null,
        version: eb('booking.orphans.version', '+', 1),
      })),
    )
    .execute()
}

/** The orphans of a booking, in the order they were noted. */
export async function listOrphans(db: Db | Tx, bookingId: string): Promise<Orphan[]> {
  const rows = await db.selectFrom('booking.orphans').selectAll().where('booking_id', '=', bookingId).orderBy('created_at').execute()
  return rows.map(toOrphan)
}

/** Takes up to `limit` orphans that are due, and puts them off by `leaseMs`, so that nobody else looks at the same time. */
export async function claimDueOrphans(db: Db, options: { now: Instant; leaseMs: number; limit: number }): Promise<Orphan[]> {
  const rows = await db
    .updateTable('booking.orphans')
    .set({ next_look_at: toDate(plusMs(options.now, options.leaseMs)) })
    .where((eb) =>
      eb(
        eb.refTuple('booking_id', 'reference'),
        'in',
        eb
          .selectFrom('booking.orphans')
          .select(['booking_id', 'reference'])
          .where('next_look_at', '<=', toDate(options.now))
          .orderBy('next_look_at')
          .limit(options.limit)
          .forUpdate()
          .skipLocked()
          .$asTuple('booking_id', 'reference'),
      ),
    )
    .returningAll()
    .execute()
  return rows.map(toOrphan)
}

/** What a look, or a cancellation, made of an orphan. `nextLookAt` null: nobody looks again. */
export type OrphanChange = {
  readonly state: OrphanState
  readonly looks: number
  readonly nextLookAt: Instant | null
  readonly supplierRef?: string
  readonly endedAt?: Instant
}

/** Writes the change unless somebody else has changed it since it was read; undefined then. */
export async function updateOrphan(tx: Db | Tx, orphan: Orphan, change: OrphanChange): Promise<Orphan | undefined> {
  const row = await tx
    .updateTable('booking.orphans')
    .set({
      state: change.state,
      looks: change.looks,
      next_look_at: change.nextLookAt === null ? null : toDate(change.nextLookAt),
      ...(change.supplierRef !== undefined && { supplier_ref: change.supplierRef }),
      ...(change.endedAt !== undefined && { ended_at: toDate(change.endedAt) }),
      version: orphan.version + 1,
    })
    .where('booking_id', '=', orphan.bookingId)
    .where('reference', '=', orphan.reference)
    .where('version', '=', orphan.version)
    .returningAll()
    .executeTakeFirst()
  return row && toOrphan(row)
}
