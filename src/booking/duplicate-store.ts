import { sql } from 'kysely'
import type { Tx } from '../platform/postgres.ts'
import { statement, type Given } from '../platform/statement.ts'

/**
 * The reference of a booking with this key that is, or may yet be, on its way to travel; undefined when there is none. Whoever
 * asks for the same key in another transaction waits until this one has ended, so that of two neither is missed.
 */
export async function findDuplicate(tx: Tx, key: string): Promise<string | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx)
  return (await selectReference(tx, { key })).rows[0]?.reference
}

const selectReference = statement((tx, { key }: Given<{ key: string }>) =>
  tx
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
    .limit(1),
)
