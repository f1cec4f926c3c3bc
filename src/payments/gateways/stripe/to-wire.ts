import type { Stripe } from 'stripe'
import { minorDigits, type Currency } from '../../../kernel/currency.ts'
import type { Money } from '../../../kernel/money.ts'
import { UnrepresentableAmount } from '../amounts.ts'
import type { PaymentRequest, RefundRequest } from '../contract.ts'

/**
 * How many decimals Stripe's integers have, where that differs from ISO 4217. The króna and the Ugandan shilling have
 * none any more but are still written with two; the ariary has never had any at Stripe.
 * https://docs.stripe.com/currencies#special-cases
 */
const OTHER_DIGITS: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 }

/** By how many powers of ten Stripe's integer for a currency is longer than our minor units. */
export function digitShift(currency: Currency): number {
  return (OTHER_DIGITS[currency] ?? minorDigits(currency)) - minorDigits(currency)
}

/** The amount as Stripe's integer; throws {@link UnrepresentableAmount}. */
export function toStripeAmount(value: Money): number {
  const shift = digitShift(value.currency)
  const amount = shift >= 0 ? value.amount * 10 ** shift : value.amount / 10 ** -shift
  if (!Number.isSafeInteger(amount)) throw new UnrepresentableAmount(value, 'Stripe takes whole units only')
  // Card networks do not carry the third decimal: Stripe wants it to be 0. https://docs.stripe.com/currencies#three-decimal
  if (minorDigits(value.currency) === 3 && amount % 10 !== 0) throw new UnrepresentableAmount(value, 'the third decimal must be 0')
  if (amount <= 0) throw new UnrepresentableAmount(value, 'it is not above zero')
  return amount
}

/** Our request as a hosted Checkout session. Pure: the same request is the same session, as the idempotency key demands. */
export function toSessionParams(request: PaymentRequest): Stripe.Checkout.SessionCreateParams {
  const ours = { payment_id: request.paymentId }
  return {
    mode: 'payment',
    client_reference_id: request.paymentId,
    customer_email: request.customerEmail,
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: request.amount.currency.toLowerCase(),
          unit_amount: toStripeAmount(request.amount),
          product_data: { name: request.description },
        },
      },
    ],
    metadata: ours,
    payment_intent_data: { metadata: ours, description: request.description },
    expires_at: Math.floor(request.expiresAt / 1_000),
    success_url: request.returnUrl,
    cancel_url: request.cancelUrl,
  }
}

/** Our refund. It carries our ids, by which it is found when the reply is lost. */
export function toRefundParams(request: RefundRequest): Stripe.RefundCreateParams {
  return {
    payment_intent: request.payment.providerPaymentRef,
    amount: toStripeAmount(request.amount),
    reason: 'requested_by_customer',
    metadata: { payment_id: request.payment.paymentId, refund_id: request.refundId },
  }
}
