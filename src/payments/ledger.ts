import { negateMoney, type Money } from '../kernel/money.ts'
import type { Instant } from '../kernel/time.ts'

/**
 * `customer_due`: what the customer has been asked for and has not paid. `gateway`: what the gateway holds for us.
 * `sale`: what we have sold, as a credit. `refund_due`: what we owe back, as a credit. `written_off`: what people have accepted as
 * lost, as a credit where it was gained. `suspense`: money of nobody we know. `supplier_due`: what suppliers claim beyond what our
 * bookings say, as a credit.
 */
export type Account = 'customer_due' | 'gateway' | 'sale' | 'refund_due' | 'written_off' | 'suspense' | 'supplier_due'

/** The accounts of a booking that nothing was written off of. */
export const ACCOUNTS = ['customer_due', 'gateway', 'sale', 'refund_due'] as const satisfies readonly Account[]

export type LedgerEvent =
  | 'PAYMENT_INITIATED'
  | 'PAYMENT_SUCCESS'
  | 'PAYMENT_FAILED'
  | 'REFUND_REQUESTED'
  | 'REFUND_COMPLETED'
  | 'REFUND_FAILED'
  | 'CHARGEBACK'
  | 'WRITE_OFF'
  | 'WRITE_OFF_REVERSED'

export type Entry = { readonly account: Account; readonly amount: Money }

/** One fact in money. Its entries sum to zero; `id` names the fact, so that it is posted once however often it is told. */
export type Posting = { readonly id: string; readonly eventType: LedgerEvent; readonly entries: readonly Entry[] }

/** An entry as it stands in the ledger. */
export type LedgerEntry = Entry & {
  readonly id: string
  readonly postingId: string
  /** Null of a write-off that is about no payment of ours. */
  readonly paymentId: string | null
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

/** We owed the amount back all along: what was taken for a refusal was none. */
export const refundReinstated = (refundId: string, amount: Money): Posting =>
  post(`${refundId}:reinstated`, 'REFUND_REQUESTED', amount, 'sale', 'refund_due')

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

/** Which acceptance of a difference: its id, and how often it had been written off with this time. */
export type WriteOffTurn = { readonly breakId: string; readonly turn: number }

/** By how much an account that others keep books of is to change, so that ours agree with theirs; below zero, it shrinks. */
export type WriteOffChange = { readonly account: 'gateway' | 'supplier_due'; readonly amount: Money }

/** The account changes by what people have accepted, and `against` bears it. */
export function writtenOff({ breakId, turn }: WriteOffTurn, change: WriteOffChange, against: 'written_off' | 'suspense'): Posting {
  const { account, amount } = change
  const id = `${breakId}:written-off:${turn}:${amount.currency}`
  return amount.amount < 0 ? post(id, 'WRITE_OFF', negateMoney(amount), against, account) : post(id, 'WRITE_OFF', amount, account, against)
}

/** What {@link writtenOff} said is taken back: the difference that was accepted is gone, or has become another. */
export function writeOffReversed({ breakId, turn }: WriteOffTurn, entries: readonly Entry[]): Posting {
  const [first] = entries
  if (!first) throw new RangeError('there is nothing to reverse')
  return {
    id: `${breakId}:reversed:${turn}:${first.amount.currency}`,
    eventType: 'WRITE_OFF_REVERSED',
    entries: entries.map(({ account, amount }) => ({ account, amount: negateMoney(amount) })),
  }
}
