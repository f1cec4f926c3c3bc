import type { Money } from '../../kernel/money.ts'
import type { FailureReason, Operation } from './state.ts'

/** What can happen to a booking. Facts only: who told us, and how we know, is for the use cases. */
export type BookingEvent =
  /** The traveller goes to pay. */
  | { readonly type: 'payment_started' }
  /** The traveller confirms where the property takes the money. */
  | { readonly type: 'confirmed_unpaid' }
  /** The gateway holds the money of this payment. */
  | { readonly type: 'money_arrived'; readonly paymentId: string; readonly amount: Money }
  /** What late money is still good for, found out live: the same for the same price, or not. */
  | { readonly type: 'late_money_judged'; readonly paymentId: string; readonly isStillSold: boolean }
  /** The time to pay is over and no money has come. */
  | { readonly type: 'time_to_pay_ended' }
  /** A write is about to be sent to the item's supplier. */
  | { readonly type: 'write_sent'; readonly itemId: string; readonly operation: Operation }
  | { readonly type: 'write_succeeded'; readonly itemId: string; readonly operation: Operation; readonly found: Found }
  /** The supplier provably did nothing. */
  | { readonly type: 'write_refused'; readonly itemId: string; readonly operation: Operation; readonly reason: RefusalReason }
  /** Nobody knows whether the supplier did anything. */
  | { readonly type: 'write_in_doubt'; readonly itemId: string; readonly operation: Operation }
  /** The horizon or the promise has passed without the supplier's word. */
  | { readonly type: 'write_given_up'; readonly itemId: string; readonly operation: Operation; readonly isProvenAbsent: boolean }
  /** The live price after "price changed": what was paid covers it, or not. */
  | { readonly type: 'price_checked'; readonly itemId: string; readonly isCovered: boolean }
  /**
   * The traveller gives a ticket back and its supplier lets go of it free of charge: its whole price is owed back once that is
   * done. `isGone`: the supplier has cancelled it already, and there is nothing left to give back.
   */
  | { readonly type: 'cancellation_agreed'; readonly itemId: string; readonly reason: 'schedule_change'; readonly isGone: boolean }
  /** `ofItem`: the one item whose own refund it is; absent for the refund of all that could not be had together. */
  | { readonly type: 'refund_completed'; readonly paymentId: string; readonly ofItem?: string }
  | { readonly type: 'refund_failed'; readonly paymentId: string; readonly ofItem?: string }
  /** A person has asked the gateway for the failed refund again. */
  | { readonly type: 'refund_requested_again'; readonly paymentId: string; readonly ofItem?: string }

export const BOOKING_EVENT_TYPES = [
  'payment_started',
  'confirmed_unpaid',
  'money_arrived',
  'late_money_judged',
  'time_to_pay_ended',
  'write_sent',
  'write_succeeded',
  'write_refused',
  'write_in_doubt',
  'write_given_up',
  'price_checked',
  'cancellation_agreed',
  'refund_completed',
  'refund_failed',
  'refund_requested_again',
] as const satisfies readonly BookingEvent['type'][]

/** What is at the supplier after a write that it did: held as ordered, ticketed for everybody, gone, or otherwise. */
export type Found = 'held' | 'ticketed' | 'gone' | 'otherwise'

/** `not_sent`: it never arrived and may be sent again. The others are final for this write. */
export type RefusalReason = 'not_sent' | 'sold_out' | 'price_changed' | 'other'

/** A posting that the decision asks of the ledger: the money that is owed back from now on. */
export type LedgerIntent = {
  readonly eventType: 'REFUND_REQUESTED'
  readonly paymentId: string
  readonly amount: Money
  /** With the payment it names the refund, so that asking twice is asking once. */
  readonly reason: FailureReason
  /** The one item it is for, which is then part of the refund's name; null for several together. */
  readonly ofItem: string | null
}

/** What is to be announced, and acted upon, because of a decision. */
export type Announcement =
  | 'payment_started'
  | 'paid'
  | 'ticketed'
  | 'cancellation_agreed'
  | 'cancellation_refused'
  | 'refund_pending'
  | 'refund_completed'
  | 'refund_failed'
  | 'late_payment_arrived'
  | 'late_payment_returned'
  | 'reinstated'
  | 'cancelled'
