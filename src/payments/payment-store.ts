import type { Insertable, Selectable, Updateable } from 'kysely'
import { money } from '../kernel/money.ts'
import { fromDate, plusMs, toDate, type Clock, type Instant } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import { statement, type Given } from '../platform/statement.ts'
import type { DB } from '../platform/tables.gen.ts'
import type { Payment, PaymentStatus, StoredRequest } from './payment.ts'

type PaymentTable = DB['payments.payments']

function toPayment(row: Selectable<PaymentTable>): Payment {
  return {
    id: row.id as Payment['id'],
    number: row.number,
    clientRef: row.client_ref,
    bookingId: row.booking_id,
    attemptKey: row.attempt_key,
    attemptTurn: row.attempt_turn,
    provider: row.provider,
    status: row.status as PaymentStatus,
    amount: money(row.amount, row.currency),
    request: row.request as StoredRequest | null,
    providerRef: row.provider_ref,
    providerPaymentRef: row.provider_payment_ref,
    redirectUrl: row.redirect_url,
    expiresAt: fromDate(row.expires_at),
    providerExpiresAt: fromDate(row.provider_expires_at),
    capturedLate: row.captured_late,
    capturedAt: row.captured_at && fromDate(row.captured_at),
    mismatchedAt: row.mismatched_at && fromDate(row.mismatched_at),
    failureCode: row.failure_code,
    checks: row.checks,
    nextCheckAt: row.next_check_at && fromDate(row.next_check_at),
    version: row.version,
    createdAt: fromDate(row.created_at),
  }
}

/** A payment as it is first written down: open, and unknown to the gateway. */
export type NewPayment = Pick<
  Payment,
  'id' | 'bookingId' | 'attemptKey' | 'attemptTurn' | 'provider' | 'amount' | 'expiresAt' | 'providerExpiresAt' | 'createdAt'
> & {
  readonly request: StoredRequest
  readonly nextCheckAt: Instant
  /** Makes our reference in the gateway's form of the number that the payment is given. */
  readonly clientRefOf: (number: number) => string
}

/** Writes the payment, or returns undefined when the booking has an open one or the attempt key has been used. */
export async function insertPayment(tx: Tx, payment: NewPayment): Promise<Payment | undefined> {
  const { rows } = await insertRow(tx, {
    id: payment.id,
    booking_id: payment.bookingId,
    client_ref: payment.id,
    attempt_key: payment.attemptKey,
    attempt_turn: payment.attemptTurn,
    provider: payment.provider,
    amount: payment.amount.amount,
    currency: payment.amount.currency,
    request: JSON.stringify(payment.request),
    expires_at: toDate(payment.expiresAt),
    provider_expires_at: toDate(payment.providerExpiresAt),
    next_check_at: toDate(payment.nextCheckAt),
    created_at: toDate(payment.createdAt),
    updated_at: toDate(payment.createdAt),
  })
  const [row] = rows
  if (!row) return undefined
  const clientRef = payment.clientRefOf(row.number)
  if (clientRef !== row.client_ref)
    await tx.updateTable('payments.payments').set({ client_ref: clientRef }).where('id', '=', row.id).execute()
  return toPayment({ ...row, client_ref: clientRef })
}

const insertRow = statement((tx, row: Given<Insertable<PaymentTable>>) =>
  tx
    .insertInto('payments.payments')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll(),
)

/** The payment, or undefined. */
export async function findPayment(db: Db | Tx, id: string): Promise<Payment | undefined> {
  const [row] = (await selectById(db, { id })).rows
  return row && toPayment(row)
}

const selectById = statement((db, { id }: Given<{ id: string }>) => db.selectFrom('payments.payments').selectAll().where('id', '=', id))

/** The payment, locked until the transaction ends, or undefined. */
export async function lockPayment(tx: Tx, id: string): Promise<Payment | undefined> {
  const [row] = (await selectForUpdate(tx, { id })).rows
  return row && toPayment(row)
}

const selectForUpdate = statement((tx, { id }: Given<{ id: string }>) =>
  tx.selectFrom('payments.payments').selectAll().where('id', '=', id).forUpdate(),
)

/** By which of its references a gateway names a payment: ours in its form, its own, or its own for refunds. */
export type PaymentName = 'client_ref' | 'provider_ref' | 'provider_payment_ref'

/** The payment that the gateway knows by that reference, or undefined. */
export async function findPaymentByRef(db: Db | Tx, provider: string, name: PaymentName, ref: string): Promise<Payment | undefined> {
  const row = await db.selectFrom('payments.payments').selectAll().where('provider', '=', provider).where(name, '=', ref).executeTakeFirst()
  return row && toPayment(row)
}

/** All payments of a booking, oldest first. */
export async function listPayments(db: Db | Tx, bookingId: string): Promise<Payment[]> {
  const { rows } = await selectOfBooking(db, { bookingId })
  return rows.map(toPayment)
}

const selectOfBooking = statement((db, { bookingId }: Given<{ bookingId: string }>) =>
  db.selectFrom('payments.payments').selectAll().where('booking_id', '=', bookingId).orderBy('number'),
)

/** What a payment may become. `checkAt`: when to ask the gateway again, null for never. */
export type PaymentChange = Partial<
  Pick<
    Payment,
    | 'status'
    | 'providerRef'
    | 'providerPaymentRef'
    | 'redirectUrl'
    | 'capturedLate'
    | 'capturedAt'
    | 'mismatchedAt'
    | 'failureCode'
    | 'checks'
  >
> & { readonly request?: null; readonly checkAt?: Instant | null }

/** Writes the change if the payment is still as it was read; throws otherwise, which rolls the transaction back. */
export async function updatePayment(tx: Tx, payment: Payment, change: PaymentChange, now: Instant): Promise<Payment> {
  const { rows } = await updateRow(tx, {
    id: payment.id,
    read_version: payment.version,
    ...(change.status && { status: change.status }),
    ...(change.request === null && { request: null }),
    ...(change.providerRef !== undefined && { provider_ref: change.providerRef }),
    ...(change.providerPaymentRef !== undefined && { provider_payment_ref: change.providerPaymentRef }),
    ...(change.redirectUrl !== undefined && { redirect_url: change.redirectUrl }),
    ...(change.capturedLate !== undefined && { captured_late: change.capturedLate }),
    ...(change.capturedAt != null && { captured_at: toDate(change.capturedAt) }),
    ...(change.mismatchedAt != null && { mismatched_at: toDate(change.mismatchedAt) }),
    ...(change.failureCode !== undefined && { failure_code: change.failureCode }),
    ...(change.checks !== undefined && { checks: change.checks }),
    ...(change.checkAt !== undefined && { next_check_at: change.checkAt === null ? null : toDate(change.checkAt) }),
    version: payment.version + 1,
    updated_at: toDate(now),
  })
  const [row] = rows
  if (!row) throw new Error(`${payment.id} is no longer at version ${payment.version}`)
  return toPayment(row)
}

type Change = Updateable<PaymentTable> & { id: string; read_version: number }

const updateRow = statement((tx, { id, read_version, ...row }: Given<Change>) =>
  tx.updateTable('payments.payments').set(row).where('id', '=', id).where('version', '=', read_version).returningAll(),
)

/** Takes at most `limit` payments that are due to be checked off the list for `leaseMs`, and returns their ids. */
export async function claimDuePayments(deps: { db: Db; clock: Clock }, limit: number, leaseMs: number): Promise<string[]> {
  const now = deps.clock.now()
  const rows = await deps.db
    .updateTable('payments.payments')
    .set({ next_check_at: toDate(plusMs(now, leaseMs)) })
    .where('id', 'in', (due) =>
      due
        .selectFrom('payments.payments')
        .select('id')
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

/** The payments of these ids that there are, by id. */
export async function listPaymentsById(db: Db | Tx, ids: readonly string[]): Promise<Payment[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('payments.payments')
    .selectAll()
    .where('id', 'in', [...ids])
    .orderBy('id')
    .execute()
  return rows.map(toPayment)
}
