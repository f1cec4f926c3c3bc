import type { Id } from '../kernel/ids.ts'
import { isSameMoney, type Money } from '../kernel/money.ts'
import type { Instant } from '../kernel/time.ts'
import type { GatewayRefund, RefundRequest } from './gateways/contract.ts'
import { toPaymentRef, type Payment } from './payment.ts'

export type RefundStatus = 'requested' | 'pending' | 'completed' | 'failed'

/** Money on its way back. `reason` is a code; with the payment it names the refund, so that asking twice is asking once. */
export type Refund = {
  readonly id: Id<'rfd'>
  /** Our reference in the gateway's form. */
  readonly clientRef: string
  readonly paymentId: Id<'pay'>
  readonly bookingId: string
  readonly provider: string
  readonly reason: string
  readonly status: RefundStatus
  readonly amount: Money
  readonly providerRef: string | null
  readonly failureCode: string | null
  /** How often it was sent. Above zero it may have had an effect, whatever we heard. */
  readonly sendings: number
  readonly checks: number
  readonly version: number
  readonly createdAt: Instant
  /** When it was last written: no sending is later. */
  readonly updatedAt: Instant
  readonly completedAt: Instant | null
}

/** The refund as the gateway is asked for it. Throws when the payment has no reference that one could be made against. */
export function toRefundRequest(refund: Refund, payment: Payment): RefundRequest {
  const { providerPaymentRef } = payment
  if (providerPaymentRef === null) throw new Error(`${payment.id} was captured without a reference to refund against`)
  const { id, clientRef, createdAt, amount } = refund
  return { refundId: id, clientRef, createdAt, amount, payment: { ...toPaymentRef(payment), providerPaymentRef } }
}

/** What the gateway's truth means for a refund of ours. */
export type RefundDecision =
  | { readonly kind: 'complete' }
  /** It failed because of a refusal, and yet the gateway has made it. */
  | { readonly kind: 'complete_after_failure' }
  | { readonly kind: 'fail'; readonly afterCompletion: boolean; readonly code: string }
  | { readonly kind: 'wait' }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'nothing' }

/**
 * Decides what follows from what the gateway says. A completed refund can still fail: banks return money to closed
 * accounts days later. A failed one stays failed; another attempt is another refund. Only where it failed by a refusal
 * alone, and the gateway never had it, is its being there news: a sending that nobody heard of has got there after all.
 */
export function decideRefund(
  refund: Pick<Refund, 'status' | 'amount' | 'providerRef' | 'completedAt'>,
  found: GatewayRefund,
): RefundDecision {
  if (refund.status === 'failed') {
    const isNews = refund.providerRef === null && refund.completedAt === null && found.state === 'succeeded'
    return { kind: isNews && isSameMoney(found.amount, refund.amount) ? 'complete_after_failure' : 'nothing' }
  }
  if (!isSameMoney(found.amount, refund.amount)) return { kind: 'mismatch' }
  if (found.state === 'failed')
    return { kind: 'fail', afterCompletion: refund.status === 'completed', code: found.failureCode ?? 'unspecified' }
  if (refund.status === 'completed') return { kind: 'nothing' }
  return found.state === 'succeeded' ? { kind: 'complete' } : { kind: 'wait' }
}
