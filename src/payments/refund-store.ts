import { type Selectable } from 'kysely'
import { money } from '../kernel/money.ts'
import { fromDate, plusMs, toDate, type Clock, type Instant } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import { statement, type Given } from '../platform/statement.ts'
import type { DB } from '../platform/tables.gen.ts'
import type { Refund, RefundStatus } from './refund.ts'

function toRefund(row: Selectable<DB['payments.refunds']>): Refund {
  return {
    id: row.id as Refund['id'],
    clientRef: row.client_ref,
    paymentId: row.payment_id as Refund['paymentId'],
    bookingId: row.booking_id,
    provider: row.provider,
    reason: row.reason,
    status: row.status as RefundStatus,
    amount: money(row.amount, row.currency),
    providerRef: row.provider_ref,
    failureCode: row.failure_code,
    sendings: row.sendings,
    checks: row.checks,
    version: row.version,
    createdAt: fromDate(row.created_at),
    updatedAt: fromDate(row.updated_at),
    completedAt: row.completed_at && fromDate(row.completed_at),
  }
}

/** A refund as it is first written down: requested, and unknown to the gateway. */
export type NewRefund = Pick<Refund, 'id' | 'paymentId' | 'bookingId' | 'provider' | 'reason' | 'amount' | 'createdAt'> & {
  readonly nextCheckAt: Instant
  /** Makes our reference in the gateway's form of the number that the refund is given. */
  readonly clientRefOf: (number: number) => string
}

/** Writes the refund. */
export async function insertRefund(tx: Tx, refund: NewRefund): Promise<Refund> {
  const row = await tx
    .insertInto('payments.refunds')
    .values({
      id: refund.id,
      client_ref: refund.id,
      payment_id: refund.paymentId,
      booking_id: refund.bookingId,
      provider: refund.provider,
      reason: refund.reason,
      amount: refund.amount.amount,
      currency: refund.amount.currency,
      next_check_at: toDate(refund.nextCheckAt),
      created_at: toDate(refund.createdAt),
      updated_at: toDate(refund.createdAt),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  const clientRef = refund.clientRefOf(row.number)
  if (clientRef !== row.client_ref)
    await tx.updateTable('payments.refunds').set({ client_ref: clientRef }).where('id', '=', row.id).execute()
  return toRefund({ ...row, client_ref: clientRef })
}

/** The refund, or undefined. */
export async function findRefund(db: Db | Tx, id: string): Promise<Refund | undefined> {
  const row = await db.selectFrom('payments.refunds').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toRefund(row)
}

/** The refund, locked until the transaction ends, or undefined. */
export async function lockRefund(tx: Tx, id: string): Promise<Refund | undefined> {
  const row = await tx.selectFrom('payments.refunds').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toRefund(row)
}

/** The refund of the payment for this reason, or undefined. */
export async function findRefundByReason(db: Db | Tx, paymentId: string, reason: string): Promise<Refund | undefined> {
  const row = await db
    .selectFrom('payments.refunds')
    .selectAll()
    .where('payment_id', '=', paymentId)
    .where('reason', '=', reason)
    .executeTakeFirst()
  return row && toRefund(row)
}

/** All refunds of a booking, oldest first. */
export async function listRefunds(db: Db | Tx, bookingId: string): Promise<Refund[]> {
  const { rows } = await selectOfBooking(db, { bookingId })
  return rows.map(toRefund)
}

const selectOfBooking = statement((db, { bookingId }: Given<{ bookingId: string }>) =>
  db.selectFrom('payments.refunds').selectAll().where('booking_id', '=', bookingId).orderBy('number'),
)

/** All refunds of a payment, oldest first. */
export async function listRefundsOfPayment(db: Db | Tx, paymentId: string): Promise<Refund[]> {
  const { rows } = await selectOfPayment(db, { paymentId })
  return rows.map(toRefund)
}

const selectOfPayment = statement((db, { paymentId }: Given<{ paymentId: string }>) =>
  db.selectFrom('payments.refunds').selectAll().where('payment_id', '=', paymentId).orderBy('number'),
)

/** What a refund may become. `checkAt`: when to ask the gateway again, null for never. */
export type RefundChange = Partial<Pick<Refund, 'status' | 'providerRef' | 'failureCode' | 'completedAt' | 'sendings' | 'checks'>> & {
  readonly firstSentAt?: Instant
  readonly checkAt?: Instant | null
}

/** Writes the change if the refund is still as it was read; throws otherwise, which rolls the transaction back. */
export async function updateRefund(tx: Tx, refund: Refund, change: RefundChange, now: Instant): Promise<Refund> {
  const row = await tx
    .updateTable('payments.refunds')
    .set({
      ...(change.status && { status: change.status }),
      ...(change.providerRef !== undefined && { provider_ref: change.providerRef }),
      ...(change.failureCode !== undefined && { failure_code: change.failureCode }),
      ...(change.completedAt != null && { completed_at: toDate(change.completedAt) }),
      ...(change.sendings !== undefined && { sendings: change.sendings }),
      ...(change.checks !== undefined && { checks: change.checks }),
      ...(change.firstSentAt !== undefined && { first_sent_at: toDate(change.firstSentAt) }),
      ...(change.checkAt !== undefined && { next_check_at: change.checkAt === null ? null : toDate(change.checkAt) }),
      version: refund.version + 1,
      updated_at: toDate(now),
    })
    .where('id', '=', refund.id)
    .where('version', '=', refund.version)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new Error(`${refund.id} is no longer at version ${refund.version}`)
  return toRefund(row)
}

/** Takes at most `limit` refunds that are due to be sent or checked off the list for `leaseMs`, and returns their ids. */
export async function claimDueRefunds(deps: { db: Db; clock: Clock }, limit: number, leaseMs: number): Promise<string[]> {
  const now = deps.clock.now()
  const rows = await deps.db
    .updateTable('payments.refunds')
    .set({ next_check_at: toDate(plusMs(now, leaseMs)) })
    .where('id', 'in', (due) =>
      due
        .selectFrom('payments.refunds')
        .select('id')
        .where('status', 'in', ['requested', 'pending'])
        .where('next_check_at', '<=', toDate(now))
        .orderBy('next_check_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/** All refunds of these payments, oldest first. */
export async function listRefundsOfPayments(db: Db | Tx, paymentIds: readonly string[]): Promise<Refund[]> {
  if (paymentIds.length === 0) return []
  const rows = await db
    .selectFrom('payments.refunds')
    .selectAll()
    .where('payment_id', 'in', [...paymentIds])
    .orderBy('number')
    .execute()
  return rows.map(toRefund)
}
