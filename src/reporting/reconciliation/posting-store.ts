import { money, type Money } from '../../kernel/money.ts'
import { fromDate, type Instant } from '../../kernel/time.ts'
import type { Db } from '../../platform/postgres.ts'

/** An entry that a difference has made in the ledger. */
export type BreakEntry = {
  readonly breakId: string
  readonly postingId: string
  readonly eventType: string
  readonly account: string
  readonly amount: Money
  readonly at: Instant
}

/** What these differences have made in the ledger, in the order it was made. */
export async function listBreakEntries(db: Db, breakIds: readonly string[]): Promise<BreakEntry[]> {
  if (breakIds.length === 0) return []
  const rows = await db
    .selectFrom('payments.transactions')
    .select(['break_id', 'posting_id', 'event_type', 'account', 'amount', 'currency', 'created_at'])
    .where('break_id', 'in', [...breakIds])
    .orderBy('position')
    .execute()
  return rows.map((row) => ({
    breakId: row.break_id!,
    postingId: row.posting_id,
    eventType: row.event_type,
    account: row.account,
    amount: money(row.amount, row.currency),
    at: fromDate(row.created_at),
  }))
}
