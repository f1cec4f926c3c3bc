import { newId } from '../kernel/ids.ts'
import { money } from '../kernel/money.ts'
import type { JsonValue } from '../platform/events.ts'
import type { Tx } from '../platform/postgres.ts'
import type { Account, Entry, Posting } from './ledger.ts'

/** Whose write-off it is: a difference of the books, and a booking and a payment where it is about one. */
export type WriteOffContext = {
  readonly breakId: string
  readonly bookingId: string | null
  readonly paymentId: string | null
  readonly provider: string
  readonly externalRef: string | null
  readonly payload: { readonly [key: string]: JsonValue }
}

/** An entry of a write-off as it stands in the ledger. */
export type WriteOffEntry = Entry & Omit<WriteOffContext, 'breakId' | 'payload'> & { readonly postingId: string }

/** Enters the posting of a write-off into the ledger; does nothing when it has been entered before. */
export async function enterWriteOff(tx: Tx, posting: Posting, context: WriteOffContext): Promise<void> {
  await tx
    .insertInto('payments.transactions')
    .values(
      posting.entries.map((entry) => ({
        id: newId('txn'),
        posting_id: posting.id,
        booking_id: context.bookingId,
        payment_id: context.paymentId,
        break_id: context.breakId,
        account: entry.account,
        event_type: posting.eventType,
        amount: entry.amount.amount,
        currency: entry.amount.currency,
        payment_provider: context.provider,
        external_ref_id: context.externalRef,
        payload: JSON.stringify(context.payload),
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Every entry that a difference in the books has made, in the order they were made. */
export async function listWriteOffEntries(tx: Tx, breakId: string): Promise<WriteOffEntry[]> {
  const rows = await tx.selectFrom('payments.transactions').selectAll().where('break_id', '=', breakId).orderBy('position').execute()
  return rows.map((row) => ({
    postingId: row.posting_id,
    bookingId: row.booking_id,
    paymentId: row.payment_id,
    account: row.account as Account,
    amount: money(row.amount, row.currency),
    provider: row.payment_provider,
    externalRef: row.external_ref_id,
  }))
}
