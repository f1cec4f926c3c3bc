import { sql, type Insertable } from 'kysely'
import { newId } from '../kernel/ids.ts'
import { money } from '../kernel/money.ts'
import { fromDate } from '../kernel/time.ts'
import type { JsonValue } from '../platform/events.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import { statement, type Given } from '../platform/statement.ts'
import type { DB } from '../platform/tables.gen.ts'
import type { Account, AccountBalance, LedgerEntry, LedgerEvent, Posting } from './ledger.ts'

/** Whose posting it is, and what it rests on: the gateway's own reference, and facts worth keeping with it. */
export type PostingContext = {
  readonly bookingId: string
  readonly paymentId: string
  readonly provider: string
  readonly externalRef: string | null
  readonly payload?: { readonly [key: string]: JsonValue }
}

/** Enters the posting into the ledger; false, having done nothing, when it has been entered before. */
export async function enterPosting(tx: Tx, posting: Posting, context: PostingContext): Promise<boolean> {
  const entries = posting.entries.map((entry) => ({
    id: newId('txn'),
    posting_id: posting.id,
    booking_id: context.bookingId,
    payment_id: context.paymentId,
    account: entry.account,
    event_type: posting.eventType,
    amount: entry.amount.amount,
    currency: entry.amount.currency,
    payment_provider: context.provider,
    external_ref_id: context.externalRef,
    payload: JSON.stringify(context.payload ?? {}),
  }))
  const { rows } = await insertEntries(tx, entries)
  return rows.length > 0
}

const insertEntries = statement<Insertable<DB['payments.transactions']>[], { id: string }>((tx, entries) =>
  tx
    .insertInto('payments.transactions')
    .values(entries)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id'),
)

/** Every entry of a booking in the order they were made. */
export async function listEntries(db: Db | Tx, bookingId: string): Promise<LedgerEntry[]> {
  const { rows } = await selectOfBooking(db, { bookingId })
  return rows.map((row) => ({
    id: row.id,
    postingId: row.posting_id,
    paymentId: row.payment_id,
    account: row.account as Account,
    eventType: row.event_type as LedgerEvent,
    amount: money(row.amount, row.currency),
    provider: row.payment_provider,
    externalRef: row.external_ref_id,
    at: fromDate(row.created_at),
  }))
}

const selectOfBooking = statement((db, { bookingId }: Given<{ bookingId: string }>) =>
  db.selectFrom('payments.transactions').selectAll().where('booking_id', '=', bookingId).orderBy('position'),
)

/** What each account of a booking holds, one line per account and currency that was ever posted to. */
export async function listBalances(db: Db | Tx, bookingId: string): Promise<AccountBalance[]> {
  const rows = await db
    .selectFrom('payments.transactions')
    .select(['account', 'currency', sql<number>`sum(amount)::bigint`.as('total')])
    .where('booking_id', '=', bookingId)
    .groupBy(['account', 'currency'])
    .orderBy('account')
    .orderBy('currency')
    .execute()
  return rows.map((row) => ({ account: row.account as Account, amount: money(row.total, row.currency) }))
}
