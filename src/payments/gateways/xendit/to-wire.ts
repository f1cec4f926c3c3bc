import type { PaymentRequest, RefundRequest } from '../contract.ts'
import { toXenditAmount } from './amounts.ts'

/** Our request as an invoice. Its time runs from when it is made, so it is counted from `now`. Pure. */
export function toInvoice(request: PaymentRequest, now: number): object {
  return {
    external_id: request.clientRef,
    amount: toXenditAmount(request.amount),
    currency: request.amount.currency,
    description: request.description,
    payer_email: request.customerEmail,
    should_send_email: false,
    invoice_duration: Math.max(1, Math.floor((request.expiresAt - now) / 1_000)),
    success_redirect_url: request.returnUrl,
    failure_redirect_url: request.cancelUrl,
  }
}

/** Our refund. Pure. */
export function toRefund(request: RefundRequest): object {
  return {
    invoice_id: request.payment.providerPaymentRef,
    reference_id: request.clientRef,
    amount: toXenditAmount(request.amount),
    currency: request.amount.currency,
    reason: 'REQUESTED_BY_CUSTOMER',
    metadata: { payment_id: request.payment.paymentId, refund_id: request.refundId },
  }
}
