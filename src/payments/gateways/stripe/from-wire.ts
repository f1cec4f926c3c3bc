import { parseCurrency } from '../../../kernel/currency.ts'
import { money, type Money } from '../../../kernel/money.ts'
import { instant } from '../../../kernel/time.ts'
import type { GatewayDispute, GatewayPayment, GatewayRefund, HostedPayment, PaymentRef, WebhookHint } from '../contract.ts'
import { digitShift } from './to-wire.ts'
import { MalformedReply } from '../wire-fields.ts'
import type { WireDispute, WireEvent, WireRefund, WireSession } from './wire.ts'

/** Stripe's integer as money; throws a RangeError for an unknown currency or a fraction of our minor unit. */
export function fromStripeAmount(amount: number, currency: string): Money {
  const code = parseCurrency(currency.toUpperCase())
  const shift = digitShift(code)
  return money(shift >= 0 ? amount / 10 ** shift : amount * 10 ** -shift, code)
}

/** Where the customer pays. */
export function toHostedPayment(session: WireSession): HostedPayment {
  return { providerRef: session.id, redirectUrl: session.url }
}

/**
 * What a session and its intent say about our payment. Throws {@link MalformedReply} when it is not ours, or when they
 * say something that nobody has thought of, so that it is looked into and never taken for a success or a failure.
 */
export function toGatewayPayment(ref: PaymentRef, session: WireSession): GatewayPayment {
  if (session.clientReferenceId !== ref.paymentId) throw new MalformedReply('client_reference_id')
  const { intent } = session
  const nothing = { captured: null, providerPaymentRef: intent?.id ?? null, failureCode: intent?.failureCode ?? null }
  if (session.status === 'open') return { ...nothing, state: 'open' }
  if (session.status === 'expired') return { ...nothing, state: 'expired' }
  if (session.status !== 'complete') throw new MalformedReply('status')
  if (!intent) throw new MalformedReply('payment_intent')
  if (session.paymentStatus === 'paid' && intent.status === 'succeeded') {
    return { ...nothing, state: 'paid', captured: fromStripeAmount(intent.amountReceived, intent.currency) }
  }
  if (session.paymentStatus !== 'unpaid') throw new MalformedReply('payment_status')
  // The customer chose a bank's way of paying, which answers later, and perhaps with no.
  if (intent.status === 'processing') return { ...nothing, state: 'processing' }
  if (intent.status === 'canceled' || intent.status === 'requires_payment_method') return { ...nothing, state: 'failed' }
  throw new MalformedReply('payment_intent.status')
}

const DISPUTE_STATES: Readonly<Record<string, GatewayDispute['state']>> = {
  warning_needs_response: 'open',
  warning_under_review: 'open',
  warning_closed: 'won',
  needs_response: 'open',
  under_review: 'open',
  prevented: 'won',
  won: 'won',
  lost: 'lost',
}

/**
 * What Stripe says about a dispute; throws {@link MalformedReply} for a status nobody has thought of. An inquiry ("warning")
 * takes no money. Where the account's books are in the reply they decide whether the money is gone, else the status does.
 */
export function toGatewayDispute(dispute: WireDispute): GatewayDispute {
  const state = DISPUTE_STATES[dispute.status]
  if (!state) throw new MalformedReply('status')
  const net = dispute.moves.reduce((sum, move) => sum + Math.sign(move), 0)
  const isInquiry = dispute.status.startsWith('warning_') || dispute.status === 'prevented'
  return {
    id: dispute.id,
    amount: fromStripeAmount(dispute.amount, dispute.currency),
    isWithdrawn: dispute.moves.length > 0 ? net < 0 : state !== 'won' && !isInquiry,
    state,
    reason: dispute.reason,
    respondBy: state !== 'open' || dispute.dueBy === null ? null : instant(dispute.dueBy * 1_000),
  }
}

const REFUND_STATES: Readonly<Record<string, GatewayRefund['state']>> = {
  pending: 'pending',
  requires_action: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'failed',
}

/** What Stripe says about a refund; throws {@link MalformedReply} for a status nobody has thought of. */
export function toGatewayRefund(refund: WireRefund): GatewayRefund {
  const state = REFUND_STATES[refund.status]
  if (!state) throw new MalformedReply('status')
  const failureCode = state === 'failed' ? (refund.failureReason ?? refund.status) : null
  return { state, amount: fromStripeAmount(refund.amount, refund.currency), providerRefundRef: refund.id, failureCode }
}

/** Which payment of ours an event is about, as far as it says. */
export function toWebhookHint(event: WireEvent): WebhookHint {
  return {
    dedupeKey: event.id,
    eventType: event.type,
    paymentId: event.clientReferenceId ?? event.ourPaymentId,
    clientRef: null,
    providerRef: event.sessionId,
    providerPaymentRef: event.intentId,
  }
}
