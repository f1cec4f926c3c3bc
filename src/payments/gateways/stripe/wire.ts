/**
 * Stripe's words, as far as we read them; everything else in a reply is ignored. The types of the package promise more
 * than a reply holds, so each reply is read as unknown and checked here. https://docs.stripe.com/api
 */

import { count, fields, MalformedReply, text, textOrNull, type Fields } from '../wire-fields.ts'

export type WireRefund = {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly status: string
  readonly failureReason: string | null
  readonly ourId: string | null
}

export type WireIntent = {
  readonly id: string
  readonly status: string
  readonly amountReceived: number
  readonly currency: string
  readonly failureCode: string | null
}

export type WireSession = {
  readonly id: string
  readonly url: string | null
  readonly status: string
  readonly paymentStatus: string
  readonly clientReferenceId: string | null
  /** Present when the reply was asked to include it and somebody has begun to pay. */
  readonly intent: WireIntent | null
}

export type WireEvent = {
  readonly id: string
  readonly type: string
  readonly clientReferenceId: string | null
  readonly ourPaymentId: string | null
  readonly sessionId: string | null
  readonly intentId: string | null
}

/** A Checkout session; throws {@link MalformedReply}. */
export function readSession(value: unknown): WireSession {
  const session = fields(value, 'session')
  const intent = session['payment_intent']
  return {
    id: text(session, 'id'),
    url: textOrNull(session, 'url'),
    status: text(session, 'status'),
    paymentStatus: text(session, 'payment_status'),
    clientReferenceId: textOrNull(session, 'client_reference_id'),
    intent: typeof intent === 'object' && intent !== null ? readIntent(intent) : null,
  }
}

/** A refund; throws {@link MalformedReply}. */
export function readRefund(value: unknown): WireRefund {
  const refund = fields(value, 'refund')
  return {
    id: text(refund, 'id'),
    amount: count(refund, 'amount'),
    currency: text(refund, 'currency'),
    status: text(refund, 'status'),
    failureReason: textOrNull(refund, 'failure_reason'),
    ourId: metadata(refund, 'refund_id'),
  }
}

/** A page of refunds; throws {@link MalformedReply}. */
export function readRefundList(value: unknown): WireRefund[] {
  const data = fields(value, 'list')['data']
  if (!Array.isArray(data)) throw new MalformedReply('data')
  return data.map(readRefund)
}

/** An event and what it is about; throws {@link MalformedReply}. */
export function readEvent(value: unknown): WireEvent {
  const event = fields(value, 'event')
  const object = fields(fields(event['data'], 'data')['object'], 'data.object')
  const objectType = text(object, 'object')
  const intent = object['payment_intent']
  return {
    id: text(event, 'id'),
    type: text(event, 'type'),
    clientReferenceId: textOrNull(object, 'client_reference_id'),
    ourPaymentId: metadata(object, 'payment_id'),
    sessionId: objectType === 'checkout.session' ? text(object, 'id') : null,
    intentId: objectType === 'payment_intent' ? text(object, 'id') : typeof intent === 'string' ? intent : null,
  }
}

function readIntent(value: object): WireIntent {
  const intent = fields(value, 'payment_intent')
  const lastError = intent['last_payment_error']
  return {
    id: text(intent, 'id'),
    status: text(intent, 'status'),
    amountReceived: count(intent, 'amount_received'),
    currency: text(intent, 'currency'),
    failureCode: typeof lastError === 'object' && lastError !== null ? textOrNull(lastError as Fields, 'code') : null,
  }
}

function metadata(from: Fields, name: string): string | null {
  const values = from['metadata']
  return typeof values === 'object' && values !== null ? textOrNull(values as Fields, name) : null
}
