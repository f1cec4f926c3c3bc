import { keepDelivery } from './inbox-store.ts'
import { enterPosting, listBalances, listEntries } from './ledger-store.ts'
import {
  claimDuePayments,
  findPayment,
  findPaymentByRef,
  insertPayment,
  listPayments,
  lockPayment,
  updatePayment,
} from './payment-store.ts'
import {
  claimDueRefunds,
  findRefund,
  findRefundByReason,
  insertRefund,
  listRefunds,
  listRefundsOfPayment,
  lockRefund,
  updateRefund,
} from './refund-store.ts'

/** Everything that payments keeps, in Postgres. */
export const paymentsStore = {
  claimDuePayments,
  findPayment,
  findPaymentByRef,
  insertPayment,
  listPayments,
  lockPayment,
  updatePayment,

  claimDueRefunds,
  findRefund,
  findRefundByReason,
  insertRefund,
  listRefunds,
  listRefundsOfPayment,
  lockRefund,
  updateRefund,

  enterPosting,
  listBalances,
  listEntries,

  keepDelivery,
}

/** What payments asks of whatever keeps its records. */
export type PaymentsStore = Readonly<typeof paymentsStore>
