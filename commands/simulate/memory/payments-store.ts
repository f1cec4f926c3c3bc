import { money } from '../../../src/kernel/money.ts'
import { plusMs } from '../../../src/kernel/time.ts'
import type { PaymentsStore } from '../../../src/payments/index.ts'
import type { Payment } from '../../../src/payments/payment.ts'
import type { Refund } from '../../../src/payments/refund.ts'
import type { MemoryDeps } from './memory-deps.ts'
import type { EntryRow, PaymentRow, RefundRow } from './tables.ts'
import {
  changed,
  DatabaseFault,
  findCell,
  insert,
  list,
  lock,
  read,
  take,
  uniqueViolation,
  violatedKey,
  write,
  type UniqueKey,
} from './transactions.ts'

const paymentKeys: readonly UniqueKey<PaymentRow>[] = [
  {
    name: 'payments_booking_id_attempt_key_attempt_turn_key',
    of: ({ payment }) => `${payment.bookingId} ${payment.attemptKey} ${payment.attemptTurn}`,
  },
  { name: 'payments_one_open', of: ({ payment }) => (payment.status === 'open' ? payment.bookingId : null) },
]
const referenceKeys: readonly UniqueKey<PaymentRow>[] = [
  { name: 'payments_provider_ref', of: ({ payment }) => payment.providerRef && `${payment.provider} ${payment.providerRef}` },
]
const refundKeys: readonly UniqueKey<RefundRow>[] = [
  { name: 'refunds_payment_id_reason_key', of: ({ refund }) => `${refund.paymentId} ${refund.reason}` },
]
const refundReferenceKeys: readonly UniqueKey<RefundRow>[] = [
  { name: 'refunds_provider_ref', of: ({ refund }) => refund.providerRef && `${refund.provider} ${refund.providerRef}` },
]
const entryKeys: readonly UniqueKey<EntryRow>[] = [
  { name: 'transactions_posting_id_account_key', of: (entry) => `${entry.postingId} ${entry.account}` },
]

const NAMES = { client_ref: 'clientRef', provider_ref: 'providerRef', provider_payment_ref: 'providerPaymentRef' } as const

const byAge = (a: { createdAt: number; id: string }, b: { createdAt: number; id: string }): number =>
  a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)

/** Payments' store in memory, statement for statement what src/payments keeps in Postgres. */
export function createPaymentsStore({ database, tables, newId, now }: MemoryDeps): PaymentsStore {
  const { statement } = database
  const refundsWhere =
    (isWanted: (refund: Refund) => boolean) =>
    (tx: Parameters<Parameters<typeof statement>[2]>[0]): Refund[] =>
      list(tx, tables.refunds, (row) => isWanted(row.refund))
        .map((row) => row.refund)
        .toSorted(byAge)
  const findPaymentWhere =
    (label: string, isWanted: (payment: Payment) => boolean) => (handle: Parameters<PaymentsStore['findPayment']>[0]) =>
      statement(handle, label, (tx) => {
        const cell = findCell(tx, tables.payments, (row) => isWanted(row.payment))
        return cell && read(tx, cell)!.payment
      })
  const findRefundWhere = (label: string, isWanted: (refund: Refund) => boolean) => (handle: Parameters<PaymentsStore['findRefund']>[0]) =>
    statement(handle, label, (tx) => {
      const cell = findCell(tx, tables.refunds, (row) => isWanted(row.refund))
      return cell && read(tx, cell)!.refund
    })
  return {
    insertPayment: (tx, { clientRefOf, ...wanted }) =>
      statement(tx, 'insertPayment', (own) => {
        const number = tables.payments.cells.length + 1
        const payment: Payment = {
          ...wanted,
          number,
          clientRef: clientRefOf(number),
          status: 'open',
          providerRef: null,
          providerPaymentRef: null,
          redirectUrl: null,
          capturedLate: false,
          capturedAt: null,
          mismatchedAt: null,
          failureCode: null,
          checks: 0,
          version: 1,
        }
        const row = { payment, writes: 0 }
        if (violatedKey(own, tables.payments, row, paymentKeys)) return undefined
        insert(own, tables.payments, row)
        return payment
      }),
    findPayment: (handle, id) => findPaymentWhere('findPayment', (payment) => payment.id === id)(handle),
    findPaymentByRef: (handle, provider, name, ref) =>
      findPaymentWhere('findPaymentByRef', (payment) => payment.provider === provider && payment[NAMES[name]] === ref)(handle),
    listPayments: (handle, bookingId) =>
      statement(handle, 'listPayments', (tx) =>
        list(tx, tables.payments, (row) => row.payment.bookingId === bookingId).map((row) => row.payment),
      ),
    lockPayment: (tx, id) =>
      statement(tx, 'lockPayment', (own) => {
        const cell = findCell(own, tables.payments, (row) => row.payment.id === id)
        return cell && lock(own, cell)?.payment
      }),
    updatePayment: (tx, payment, { checkAt, ...change }) =>
      statement(tx, 'updatePayment', (own) => {
        const cell = findCell(own, tables.payments, (row) => row.payment.id === payment.id)
        const row = cell && lock(own, cell)
        if (!row || row.payment.version !== payment.version) throw new Error(`${payment.id} is no longer at version ${payment.version}`)
        const next: Payment = {
          ...changed(row.payment, change),
          ...(checkAt !== undefined && { nextCheckAt: checkAt }),
          version: payment.version + 1,
        }
        const written = { payment: next, writes: row.writes + 1 }
        const violated = violatedKey(own, tables.payments, written, [...paymentKeys, ...referenceKeys], cell)
        if (violated) throw uniqueViolation(violated)
        write(own, cell, written)
        return next
      }),
    claimDuePayments: ({ db, clock }, limit, leaseMs) => {
      const time = clock.now()
      return statement(db, 'claimDuePayments', (tx) =>
        take(tx, tables.payments, {
          isWanted: ({ payment }) => payment.nextCheckAt !== null && payment.nextCheckAt <= time,
          by: ({ payment }) => payment.nextCheckAt!,
          limit,
        }).map((cell) => {
          const row = read(tx, cell)!
          write(tx, cell, { ...row, payment: { ...row.payment, nextCheckAt: plusMs(time, leaseMs) } })
          return row.payment.id
        }),
      )
    },

    insertRefund: (tx, { nextCheckAt, clientRefOf, ...wanted }) =>
      statement(tx, 'insertRefund', (own) => {
        const refund: Refund = {
          ...wanted,
          clientRef: clientRefOf(tables.refunds.cells.length + 1),
          status: 'requested',
          providerRef: null,
          failureCode: null,
          sendings: 0,
          checks: 0,
          version: 1,
          updatedAt: wanted.createdAt,
          completedAt: null,
        }
        insert(own, tables.refunds, { refund, nextCheckAt, writes: 0 }, refundKeys)
        return refund
      }),
    findRefund: (handle, id) => findRefundWhere('findRefund', (refund) => refund.id === id)(handle),
    findRefundByReason: (handle, paymentId, reason) =>
      findRefundWhere('findRefundByReason', (refund) => refund.paymentId === paymentId && refund.reason === reason)(handle),
    listRefunds: (handle, bookingId) =>
      statement(
        handle,
        'listRefunds',
        refundsWhere((refund) => refund.bookingId === bookingId),
      ),
    listRefundsOfPayment: (handle, paymentId) =>
      statement(
        handle,
        'listRefundsOfPayment',
        refundsWhere((refund) => refund.paymentId === paymentId),
      ),
    lockRefund: (tx, id) =>
      statement(tx, 'lockRefund', (own) => {
        const cell = findCell(own, tables.refunds, (row) => row.refund.id === id)
        return cell && lock(own, cell)?.refund
      }),
    updateRefund: (tx, refund, { checkAt, ...change }, at) =>
      statement(tx, 'updateRefund', (own) => {
        const cell = findCell(own, tables.refunds, (row) => row.refund.id === refund.id)
        const row = cell && lock(own, cell)
        if (!row || row.refund.version !== refund.version) throw new Error(`${refund.id} is no longer at version ${refund.version}`)
        const next: Refund = { ...changed(row.refund, change), version: refund.version + 1, updatedAt: at }
        const written = { refund: next, nextCheckAt: checkAt === undefined ? row.nextCheckAt : checkAt, writes: row.writes + 1 }
        const violated = violatedKey(own, tables.refunds, written, refundReferenceKeys, cell)
        if (violated) throw uniqueViolation(violated)
        write(own, cell, written)
        return next
      }),
    claimDueRefunds: ({ db, clock }, limit, leaseMs) => {
      const time = clock.now()
      return statement(db, 'claimDueRefunds', (tx) =>
        take(tx, tables.refunds, {
          isWanted: ({ refund, nextCheckAt }) =>
            (refund.status === 'requested' || refund.status === 'pending') && nextCheckAt !== null && nextCheckAt <= time,
          by: ({ nextCheckAt }) => nextCheckAt!,
          limit,
        }).map((cell) => {
          const row = read(tx, cell)!
          write(tx, cell, { ...row, nextCheckAt: plusMs(time, leaseMs) })
          return row.refund.id
        }),
      )
    },

    enterPosting: (tx, posting, context) =>
      statement(tx, 'enterPosting', (own) => {
        if (posting.entries.reduce((sum, entry) => sum + entry.amount.amount, 0) !== 0)
          throw new DatabaseFault(`posting ${posting.id} does not balance`, { code: '23514', constraint: 'transactions_balance' })
        const rows = posting.entries.map((entry): EntryRow => ({
          account: entry.account,
          amount: entry.amount,
          id: newId('txn'),
          postingId: posting.id,
          bookingId: context.bookingId,
          paymentId: context.paymentId,
          eventType: posting.eventType,
          provider: context.provider,
          externalRef: context.externalRef,
          at: now(),
        }))
        const fresh = rows.filter((row) => !violatedKey(own, tables.entries, row, entryKeys))
        for (const row of fresh) insert(own, tables.entries, row)
        return fresh.length > 0
      }),
    listEntries: (handle, bookingId) =>
      statement(handle, 'listEntries', (tx) => list(tx, tables.entries, (entry) => entry.bookingId === bookingId)),
    listBalances: (handle, bookingId) =>
      statement(handle, 'listBalances', (tx) => {
        const sums = new Map<string, EntryRow>()
        for (const entry of list(tx, tables.entries, (one) => one.bookingId === bookingId)) {
          const key = `${entry.account} ${entry.amount.currency}`
          const before = sums.get(key)
          sums.set(key, before ? { ...entry, amount: money(before.amount.amount + entry.amount.amount, entry.amount.currency) } : entry)
        }
        return [...sums.keys()].toSorted().map((key) => ({ account: sums.get(key)!.account, amount: sums.get(key)!.amount }))
      }),

    keepDelivery: (tx, item) =>
      statement(tx, 'keepDelivery', (own) => {
        const keys = [{ name: 'inbox_provider_dedupe_key_key', of: (one: typeof item) => `${one.provider} ${one.dedupeKey}` }]
        if (violatedKey(own, tables.inbox, item, keys)) return false
        insert(own, tables.inbox, item)
        return true
      }),
  }
}
