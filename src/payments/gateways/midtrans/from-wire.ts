import type { Instant } from '../../../kernel/time.ts'
import type { GatewayPayment, GatewayRefund, PaymentRef } from '../contract.ts'
import { MalformedReply } from '../wire-fields.ts'
import { fromRupiah } from './amounts.ts'
import type { WireRefund, WireTransaction } from './wire.ts'

/** Refunds of these are confirmed by a bank, days later; of all others at once. */
export const SLOW_TO_REFUND = 'credit_card'

const PAID = new Set(['settlement', 'capture', 'refund', 'partial_refund', 'chargeback', 'partial_chargeback'])
const NOTHING = { captured: null, providerPaymentRef: null, failureCode: null }

/** What refunds are made against: the transaction, and how it was paid, which says how it is given back. */
export function writePaymentRef(transaction: WireTransaction): string {
  return `${transaction.transactionId}:${transaction.paymentType}`
}

/** How the payment was paid. */
export function paymentTypeOf(providerPaymentRef: string): string {
  return providerPaymentRef.split(':')[1] ?? ''
}

/** What is true of a page that nobody has used: it is open until its time is over. */
export function toUnusedPage(endsAt: Instant, now: Instant): GatewayPayment {
  return { ...NOTHING, state: now < endsAt ? 'open' : 'expired' }
}

/**
 * What a transaction says about our payment; `pageEndsAt` is null when we never heard of the page. A card that is denied
 * can be followed by another one while the page is open. Throws {@link MalformedReply} for another's transaction and for a
 * status nobody has thought of.
 */
export function toGatewayPayment(ref: PaymentRef, transaction: WireTransaction, pageEndsAt: Instant | null, now: Instant): GatewayPayment {
  if (transaction.orderId !== ref.clientRef) throw new MalformedReply('order_id')
  const { status, fraudStatus } = transaction
  const isPageOpen = pageEndsAt !== null && now < pageEndsAt
  if (PAID.has(status)) {
    const isRefunded = status.endsWith('refund') || status.endsWith('chargeback')
    if (fraudStatus === 'challenge') return { ...NOTHING, state: 'suspicious' }
    // A settled payment is a 200 that fraud detection has let pass; nothing less is money.
    if (!isRefunded && (transaction.statusCode !== '200' || (fraudStatus !== null && fraudStatus !== 'accept')))
      throw new MalformedReply('fraud_status')
    const captured = fromRupiah(transaction.grossAmount, transaction.currency)
    const list = transaction.refunds.map((refund) => ({ ...toGatewayRefund(refund, transaction.paymentType), clientRef: refund.key }))
    const providerPaymentRef = writePaymentRef(transaction)
    return { state: 'paid', captured, providerPaymentRef, failureCode: null, refunds: { list, isComplete: true } }
  }
  if (status === 'pending') return { ...NOTHING, state: 'open' }
  if (status === 'authorize') return { ...NOTHING, state: 'processing' }
  if (status === 'deny') return { ...NOTHING, state: isPageOpen ? 'open' : 'failed', failureCode: 'deny' }
  if (status === 'cancel' || status === 'failure') return { ...NOTHING, state: 'failed', failureCode: status }
  if (status === 'expire') return { ...NOTHING, state: 'expired' }
  throw new MalformedReply('transaction_status')
}

/** What Midtrans says about a refund: a card's is under way until the bank has confirmed it. */
export function toGatewayRefund(refund: WireRefund, paymentType: string): GatewayRefund {
  const isDone = paymentType !== SLOW_TO_REFUND || refund.confirmedAt !== null
  return {
    state: isDone ? 'succeeded' : 'pending',
    amount: fromRupiah(refund.amount, 'IDR'),
    providerRefundRef: refund.id,
    failureCode: null,
  }
}
