import { sql } from 'kysely'
import { plusDays, parseInstant, plusMs, toDate, type LocalDate } from '../../kernel/time.ts'
import type { Db } from '../../platform/postgres.ts'
import { listPaymentsById } from '../payment-store.ts'
import type { Payment } from '../payment.ts'
import { listRefundsOfPayments } from '../refund-store.ts'
import type { Refund } from '../refund.ts'

/** A payment that a day is to be asked about. */
export type Due = {
  readonly payment: Payment
  /** Whether the payment itself is of the day, and not only refunds of it. */
  readonly isOfDay: boolean
  /** Every refund of it, oldest first, and which of them are of the day. */
  readonly refunds: readonly Refund[]
  readonly refundsOfDay: ReadonlySet<string>
}

/** Money comes to pages that have ended, when a transfer is slow: such a payment is asked about so much longer. */
const LATE_MS = 86_400_000

/**
 * A page of what a gateway is to be asked about of a day (UTC), by the payment's id: what the ledger says was paid or given back on it,
 * and what may have been without our knowing: payments that could be paid on it, or until the day before, and are not known to be;
 * refunds last heard of on it. Those that are watched come with all of their refunds.
 */
export async function listDue(
  db: Db,
  of: { provider: string; day: LocalDate; watched: readonly string[]; afterId: string; limit: number },
): Promise<Due[]> {
  const [start, end] = [parseInstant(`${of.day}T00:00:00Z`), parseInstant(`${plusDays(of.day, 1)}T00:00:00Z`)]
  const [from, to] = [toDate(start), toDate(end)]
  const paid = db
    .selectFrom('payments.payments')
    .select('id')
    .where('provider', '=', of.provider)
    .where('captured_at', '>=', from)
    .where('captured_at', '<', to)
  const perhapsPaid = db
    .selectFrom('payments.payments')
    .select('id')
    .where('provider', '=', of.provider)
    .where('status', '<>', 'captured')
    .where('provider_expires_at', '>=', toDate(plusMs(start, -LATE_MS)))
    .where('created_at', '<', to)
  const watched = db
    .selectFrom('payments.payments')
    .select('id')
    .where('provider', '=', of.provider)
    .where('id', '=', sql<string>`any(${[...of.watched]})`)
  const refunds = db
    .selectFrom('payments.refunds')
    .select(['id', 'payment_id'])
    .where('provider', '=', of.provider)
    .where((eb) =>
      eb.or([
        eb.and([eb('completed_at', '>=', from), eb('completed_at', '<', to)]),
        eb.and([eb('payment_id', '=', sql<string>`any(${[...of.watched]})`), eb('sendings', '>', 0)]),
        eb.and([eb('status', '<>', 'completed'), eb('sendings', '>', 0), eb('updated_at', '>=', from), eb('updated_at', '<', to)]),
      ]),
    )
  const rows = await db
    .with('own', () => paid.union(perhapsPaid).union(watched))
    .with('given_back', () => refunds)
    .selectFrom('payments.payments as p')
    .select((eb) => ['p.id', eb('p.id', 'in', eb.selectFrom('own').select('own.id')).as('is_of_day')])
    .where((eb) =>
      eb.or([
        eb('p.id', 'in', eb.selectFrom('own').select('own.id')),
        eb('p.id', 'in', eb.selectFrom('given_back').select('given_back.payment_id')),
      ]),
    )
    .where('p.id', '>', of.afterId)
    .orderBy('p.id')
    .limit(of.limit)
    .execute()
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const ofDay = new Set(rows.filter((row) => row.is_of_day).map((row) => row.id))
  const payments = await listPaymentsById(db, ids)
  const all = await listRefundsOfPayments(db, ids)
  const refundsOfDay = new Set((await refunds.where('payment_id', 'in', ids).execute()).map((row) => row.id))
  return payments.map((payment) => ({
    payment,
    isOfDay: ofDay.has(payment.id),
    refunds: all.filter((refund) => refund.paymentId === payment.id),
    refundsOfDay,
  }))
}
