import type { Db, Tx } from '../platform/postgres.ts'
import { attachReference } from './attach-reference.ts'
import { acceptWebhook, type AcceptedWebhook } from './accept-webhook.ts'
import { createGatewayHealth } from './choose-gateway.ts'
import { getGateway, type PaymentsDeps } from './deps.ts'
import { expirePayment, type Expired } from './expire-payment.ts'
import type { WebhookAnswer, WebhookDelivery, WebhookVerdict } from './gateways/contract.ts'
import type { AccountBalance, LedgerEntry } from './ledger.ts'
import type { Payment } from './payment.ts'
import { noteManualRefund, type ManualRefundNote } from './note-manual-refund.ts'
import { pollRefunds, type PolledRefunds } from './poll-refunds.ts'
import type { Refund } from './refund.ts'
import { getFailedRefund, refundAgain } from './refund-again.ts'
import { requestRefund, type RefundOrder } from './request-refund.ts'
import { sendRefund, type SentRefund } from './send-refund.ts'
import { startPayment, type PaymentOrder, type StartedPayment } from './start-payment.ts'
import { syncOpenPayments, type PolledPayments } from './sync-open-payments.ts'
import { syncPayment, type Synced } from './sync-payment.ts'

export type Payments = {
  /** Opens a place for the customer to pay; while one is open for the booking, that is the answer. */
  readonly start: (order: PaymentOrder) => Promise<StartedPayment>
  /** Takes in a gateway's announcement. It is a hint: `sync` finds out what it is worth. */
  readonly acceptWebhook: (provider: string, delivery: WebhookDelivery) => Promise<AcceptedWebhook>
  /** What the gateway wants to hear about a delivery of its. */
  readonly answerWebhook: (provider: string, verdict: WebhookVerdict) => WebhookAnswer
  /** Asks the gateway what has become of a payment and its refunds, and makes that so here. */
  readonly sync: (paymentId: string) => Promise<Synced>
  /** Asks about payments that are due: for webhooks that never came. */
  readonly syncOpen: () => Promise<PolledPayments>
  /** Closes the place where the customer could pay. */
  readonly expire: (paymentId: string) => Promise<Expired>
  /** Decides in the caller's transaction that money is given back. */
  readonly requestRefund: (tx: Tx, order: RefundOrder) => Promise<Refund>
  /** Has the gateway give the money back, once. */
  readonly sendRefund: (refundId: string) => Promise<SentRefund>
  /** Sends refunds that were not, and asks about those under way. */
  readonly pollRefunds: () => Promise<PolledRefunds>
  /** A refund that has failed; throws for any other. */
  readonly getFailedRefund: (refundId: string) => Promise<Refund>
  /** Asks, in the caller's transaction, for a failed refund once more, as another refund. */
  readonly refundAgain: (tx: Tx, failed: Refund) => Promise<{ refund: Refund; isNew: boolean }>
  /** Takes a gateway's reference found by hand, once the gateway says that it is this payment. */
  readonly attachReference: (input: { paymentId: string; providerRef: string }) => Promise<Synced>
  /** Notes a refund that a person transferred, where the provider cannot. */
  readonly noteManualRefund: (refundId: string, note: ManualRefundNote) => Promise<Refund>
  readonly find: (paymentId: string) => Promise<Payment | undefined>
  readonly findRefund: (refundId: string) => Promise<Refund | undefined>
  /** Every payment of a booking, oldest first. Pass a transaction to read inside it. */
  readonly paymentsOf: (bookingId: string, tx?: Tx) => Promise<Payment[]>
  readonly refundsOf: (bookingId: string, tx?: Tx) => Promise<Refund[]>
  /** Every ledger entry of a booking, oldest first. */
  readonly ledgerOf: (bookingId: string, tx?: Tx) => Promise<LedgerEntry[]>
  /** What each account of a booking holds. All of them are zero when nobody owes anybody anything. */
  readonly balanceOf: (bookingId: string, tx?: Tx) => Promise<AccountBalance[]>
}

/** Builds the payments context. It knows a booking by its id only. */
export function createPayments(given: PaymentsDeps): Payments {
  const deps = { ...given, health: given.health ?? createGatewayHealth(given.clock) }
  const reader = (tx: Tx | undefined): Db | Tx => tx ?? deps.db
  return {
    start: (order) => startPayment(deps, order),
    acceptWebhook: (provider, delivery) => acceptWebhook(deps, provider, delivery),
    answerWebhook: (provider, verdict) => getGateway(deps, provider).answer(verdict),
    sync: (paymentId) => syncPayment(deps, paymentId),
    syncOpen: () => syncOpenPayments(deps),
    expire: (paymentId) => expirePayment(deps, paymentId),
    requestRefund: (tx, order) => requestRefund(deps, tx, order),
    sendRefund: (refundId) => sendRefund(deps, refundId),
    pollRefunds: () => pollRefunds(deps),
    noteManualRefund: (refundId, note) => noteManualRefund(deps, refundId, note),
    getFailedRefund: (refundId) => getFailedRefund(deps, refundId),
    refundAgain: (tx, failed) => refundAgain(deps, tx, failed),
    attachReference: (input) => attachReference(deps, input),
    find: (paymentId) => deps.store.findPayment(deps.db, paymentId),
    findRefund: (refundId) => deps.store.findRefund(deps.db, refundId),
    paymentsOf: (bookingId, tx) => deps.store.listPayments(reader(tx), bookingId),
    refundsOf: (bookingId, tx) => deps.store.listRefunds(reader(tx), bookingId),
    ledgerOf: (bookingId, tx) => deps.store.listEntries(reader(tx), bookingId),
    balanceOf: (bookingId, tx) => deps.store.listBalances(reader(tx), bookingId),
  }
}

export { paymentsRoutes, type PaymentsRoutesOptions } from './routes.ts'
export { createGateways, gatewayFaults, readGatewayOrder, readGateways, type GatewaysConfig } from './registry.ts'
export { paymentsStore, type PaymentsStore } from './payments-store.ts'
export type { PaymentsDeps } from './deps.ts'
export type { PaymentEvents } from './events.ts'
export type { PaymentGateway } from './gateways/contract.ts'
export type { Account, AccountBalance, LedgerEntry, LedgerEvent } from './ledger.ts'
export type { Payment, PaymentStatus } from './payment.ts'
export type { Refund, RefundStatus } from './refund.ts'
export type { PaymentOrder, StartedPayment } from './start-payment.ts'
export type { RefundOrder } from './request-refund.ts'
export type { Synced } from './sync-payment.ts'
export type { Expired } from './expire-payment.ts'
export type { SentRefund } from './send-refund.ts'
export { createStatements } from './statements/index.ts'
export { writeOffLedger } from './write-off.ts'
