import { fromDate, type Instant } from '../kernel/time.ts'
import type { Db } from '../platform/postgres.ts'

/** How many wait in one place, and since when the oldest does. */
export type QueueAge = { readonly queue: string; readonly waiting: number; readonly oldest: Instant | null }

/** Everything that waits in the database: for a relay, a reaction, an answer, a gateway, a person. */
export async function readQueueAges(db: Db): Promise<QueueAge[]> {
  const rows = await db.selectFrom('reporting.queue_ages').selectAll().execute()
  return rows.map((row) => ({ queue: row.queue ?? '', waiting: row.waiting ?? 0, oldest: row.oldest && fromDate(row.oldest) }))
}
