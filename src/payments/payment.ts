import type { Id } from '../kernel/ids.ts'
import { isSameMoney, type Money } from '../kernel/money.ts'
import type { Instant } from '../kernel/time.ts'
import type { GatewayPayment, PaymentRef } from './gateways/contract.ts'

export type PaymentStatus = 'open' | 'captured' | 'failed' | 'expired'

/** What the gateway was asked besides amount and times; kept while it may have to be asked again. */
export type StoredRequest = {
  readonly description: string
  readonly customerEmail: string
  /** Absent in payments of before there was more than one gateway. */
  readonly customerIp?: string | null
  readonly returnUrl: string
  readonly cancelUrl: string
}

/** One attempt to collect the price of a booking. */
export type Payment = {
  readonly id: Id<'pay'>
  /** Unique, for gateways that want our reference as an integer. */
  readonly number: number
  /** Our reference in the gateway's form. */
  readonly clientRef: string
  readonly bookingId: string
  readonly attemptKey: string
  /** 1, and one more for each gateway that could not open a page before this one. */
  readonly attemptTurn: number
  readonly provider: string
  readonly status: PaymentStatus
  readonly amount: Money
  readonly request: StoredRequest | null
  readonly providerRef: string | null
  readonly providerPaymentRef: string | null
  readonly redirectUrl: string | null
  /** Until then the customer may pay. */
  readonly expiresAt: Instant
  /** Until then the gateway would take money, unless it is told to stop. */
  readonly providerExpiresAt: Instant
  /** The money came when the payment had already ended. */
  readonly capturedLate: boolean
  readonly capturedAt: Instant | null
  /** The gateway holds another amount than was asked, or none that is ours to have; a person decides. */
  readonly mismatchedAt: Instant | null
  readonly failureCode: string | null
  readonly checks: number
  /** When the gateway is asked next without being prompted; null when there is nothing to ask. */
  readonly nextCheckAt: Instant | null
  readonly version: number
  readonly createdAt: Instant
}

/** What the gateway's truth means for a payment of ours. */
export type Decision =
  | { readonly kind: 'capture'; readonly late: boolean }
  | { readonly kind: 'mismatch'; readonly why: 'amount' | 'reversed' | 'suspicious'; readonly captured: Money | null }
  | { readonly kind: 'end'; readonly status: 'failed' | 'expired'; readonly code: string }
  | { readonly kind: 'nothing' }

/**
 * Decides what follows from what the gateway says. An ended payment stays ended, with one exception: money that came
 * after the end is money all the same, is recorded as late, and is for the booking to give back (semantics S7).
 */
export function decide(payment: Pick<Payment, 'status' | 'amount' | 'mismatchedAt'>, found: GatewayPayment): Decision {
  if (found.state === 'paid') {
    if (payment.status === 'captured') return { kind: 'nothing' }
    if (found.captured && isSameMoney(found.captured, payment.amount)) return { kind: 'capture', late: payment.status !== 'open' }
    return payment.mismatchedAt === null ? { kind: 'mismatch', why: 'amount', captured: found.captured } : { kind: 'nothing' }
  }
  if (found.state === 'reversed' || found.state === 'suspicious') {
    const isNews = payment.status !== 'captured' && payment.mismatchedAt === null
    return isNews ? { kind: 'mismatch', why: found.state, captured: null } : { kind: 'nothing' }
  }
  if (found.state === 'failed' || found.state === 'expired') {
    const mayEnd = payment.status === 'open' && payment.mismatchedAt === null
    return mayEnd ? { kind: 'end', status: found.state, code: found.failureCode ?? found.state } : { kind: 'nothing' }
  }
  return { kind: 'nothing' }
}

/** The payment as the gateway is asked about it. */
export function toPaymentRef(payment: Payment): PaymentRef {
  const { id, clientRef, createdAt, amount, providerRef } = payment
  return { paymentId: id, clientRef, createdAt, amount, providerRef }
}

const CHECK_SECONDS = [15, 30, 60, 120, 300]
const RARE_CHECK_SECONDS = 3_600

/**
 * How long to wait before the gateway is asked again about something that has been asked about `checks` times: 15 s
 * at first, five minutes later on, and once an hour for what has been open unusually long.
 */
export function checkAgainAfterMs(checks: number): number {
  return (checks >= 40 ? RARE_CHECK_SECONDS : CHECK_SECONDS[Math.min(checks, CHECK_SECONDS.length - 1)]!) * 1_000
}
