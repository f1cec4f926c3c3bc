import { negateMoney, type Money } from '../kernel/money.ts'
import type { Instant } from '../kernel/time.ts'

/**
 * `customer_due`: what the customer has been asked for and has not paid. `gateway`: what the gateway holds for us.
 * `sale`: what we have sold, as a credit. `refund_due`: what we owe back, as a credit.
 */
export type Account = 'customer_due' | 'gateway' | 'sale' | 'refund_due'

export const ACCOUNTS = ['customer_due', 'gateway', 'sale', 'refund_due'] as const satisfies readonly Account[]

export type LedgerEvent =
  | 'PAYMENT_INITIATED'
  | 'PAYMENT_SUCCESS'
  | 'PAYMENT_FAILED'
  | 'REFUND_REQUESTED'
  | 'REFUND_COMPLETED'
  | 'REFUND_FAILED'
  | 'CHARGEBACK'

export type Entry = { readonly account: Account; readonly amount: Money }

/** One fact in money. Its entries sum to zero; `id` names the fact, so that it is posted once however often it is told. */
export type Posting = { readonly id: string; readonly eventType: LedgerEvent; readonly entries: readonly Entry[] }

/** An entry as it stands in the ledger. */
export type LedgerEntry = Entry & {
  readonly id: string
  readonly postingId: string
  readonly paymentId: string
  readonly eventType: LedgerEvent
  readonly provider: string
  readonly externalRef: string | null
  readonly at: Instant
}

export type AccountBalance = Entry

/** A move of money for a case of the bank's: its id at the gateway, and how many moves there were before. */
type DisputeTurn = { readonly id: string; readonly turn: number }

function post(id: string, eventType: LedgerEvent, amount: Money, debit: Account, credit: Account): Posting {
  if (amount.amount <= 0) throw new RangeError(`a posting moves an amount above zero, not ${amount.amount}`)
  return {
    id,
    eventType,
    entries: [
      { account: debit, amount },
      { account: credit, amount: negateMoney(amount) },
    ],
  }
}

/** The customer has been asked for the amount. */
export const paymentInitiated = (paymentId: string, amount: Money): Posting =>
  post(`${paymentId}:initiated`, 'PAYMENT_INITIATED', amount, 'customer_due', 'sale')

/** The amount will not come. Takes back what {@link paymentInitiated} said. */
export const paymentFailed = (paymentId: string, amount: Money): Posting =>
  post(`${paymentId}:failed`, 'PAYMENT_FAILED', amount, 'sale', 'customer_due')

/** The amount comes after all, to a payment that had ended: it is due once more, and paid by what follows. */
export const paymentRevived = (paymentId: string, amount: Money): Posting =>
  post(`${paymentId}:revived`, 'PAYMENT_INITIATED', amount, 'customer_due', 'sale')

/** The gateway holds the amount. */
export const paymentSucceeded = (paymentId: string, amount: Money): Posting =>
  post(`${paymentId}:succeeded`, 'PAYMENT_SUCCESS', amount, 'gateway', 'customer_due')

/** We owe the amount back. */
export const refundRequested = (refundId: string, amount: Money): Posting =>
  post(`${refundId}:requested`, 'REFUND_REQUESTED', amount, 'sale', 'refund_due')

/** The gateway has given the amount back. */
export const refundCompleted = (refundId: string, amount: Money): Posting =>
  post(`${refundId}:completed`, 'REFUND_COMPLETED', amount, 'refund_due', 'gateway')

/** The customer's bank has taken the amount back: what was sold is not paid any more. `turn` counts the moves of one case. */
export const chargedBack = (paymentId: string, dispute: DisputeTurn, amount: Money): Posting =>
  post(`${paymentId}:dispute:${dispute.id}:${dispute.turn}`, 'CHARGEBACK', amount, 'sale', 'gateway')

/** The case was won: the amount is with the gateway again. */
export const chargebackReversed = (paymentId: string, dispute: DisputeTurn, amount: Money): Posting =>
  post(`${paymentId}:dispute:${dispute.id}:${dispute.turn}`, 'CHARGEBACK', amount, 'gateway', 'sale')

/** The amount could not be given back; it is ours again until somebody decides otherwise. */
export const refundFailed = (refundId: string, amount: Money): Posting =>
  post(`${refundId}:failed`, 'REFUND_FAILED', amount, 'refund_due', 'sale')

/** The amount had been given back and has returned to the gateway. */
export const refundReturned = (refundId: string, amount: Money): Posting =>
  post(`${refundId}:returned`, 'REFUND_FAILED', amount, 'gateway', 'sale')
