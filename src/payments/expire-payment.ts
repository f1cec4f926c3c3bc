import { getGateway, type PaymentsDeps } from './deps.ts'
import { toPaymentRef, type Payment } from './payment.ts'
import { paymentUnknown } from './problems.ts'
import { syncPayment } from './sync-payment.ts'

/**
 * `expired`: it can no longer be paid, and was not. `already_paid`: the customer was faster; the money is recorded.
 * `unknown`: the gateway gave no answer that settles it; the poller keeps at it.
 */
export type Expired = { readonly outcome: 'expired' | 'already_paid' | 'unknown'; readonly payment: Payment }

/**
 * Closes the place where the customer could pay. Only the gateway's word ends a payment, so that none is given up here
 * that could still be paid there. Safe to repeat. Throws the problem payment-unknown for an unknown id.
 */
export async function expirePayment(deps: PaymentsDeps, paymentId: string): Promise<Expired> {
  let payment = await deps.store.findPayment(deps.db, paymentId)
  if (!payment) throw paymentUnknown()
  // A creation that was never answered may have made a place to pay, which can only be closed once it is known.
  if (payment.status === 'open' && payment.providerRef === null) payment = (await syncPayment(deps, paymentId)).payment
  if (payment.status === 'open' && payment.providerRef !== null && payment.mismatchedAt === null) {
    // Whatever it answers, what counts is what the payment is afterwards.
    await getGateway(deps, payment.provider).expire(toPaymentRef(payment))
    payment = (await syncPayment(deps, paymentId)).payment
  }
  if (payment.status === 'captured' || payment.mismatchedAt !== null) return { outcome: 'already_paid', payment }
  return { outcome: payment.status === 'open' ? 'unknown' : 'expired', payment }
}
