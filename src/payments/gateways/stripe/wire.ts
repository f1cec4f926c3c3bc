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
  /** Whether a bank has contested its charge; false too where the reply was not asked to include the charge. */
  readonly isDisputed: boolean
}

export type WireDispute = {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly status: string
  readonly reason: string
  readonly dueBy: number | null
  /** What was taken for it (negative) and given back, in whichever currency the account is kept. */
  readonly moves: readonly number[]
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

/** A page of disputes; throws {@link MalformedReply}. */
export function readDisputeList(value: unknown): WireDispute[] {
  const data = fields(value, 'list')['data']
  if (!Array.isArray(data)) throw new MalformedReply('data')
  return data.map(readDispute)
}

function readDispute(value: unknown): WireDispute {
  const dispute = fields(value, 'dispute')
  const details = dispute['evidence_details']
  const moves = Array.isArray(dispute['balance_transactions']) ? (dispute['balance_transactions'] as unknown[]) : []
  const dueBy = typeof details === 'object' && details !== null ? (details as Fields)['due_by'] : null
  return {
    id: text(dispute, 'id'),
    amount: count(dispute, 'amount'),
    currency: text(dispute, 'currency'),
    status: text(dispute, 'status'),
    reason: textOrNull(dispute, 'reason') ?? 'general',
    dueBy: Number.isSafeInteger(dueBy) ? (dueBy as number) : null,
    moves: moves.flatMap((move) => {
      const amount = typeof move === 'object' && move !== null ? (move as Fields)['amount'] : null
      return Number.isSafeInteger(amount) ? [amount as number] : []
    }),
  }
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
  const charge = intent['latest_charge']
  return {
    id: text(intent, 'id'),
    status: text(intent, 'status'),
    amountReceived: count(intent, 'amount_received'),
    currency: text(intent, 'currency'),
    failureCode: typeof lastError === 'object' && lastError !== null ? textOrNull(lastError as Fields, 'code') : null,
    isDisputed: typeof charge === 'object' && charge !== null && (charge as Fields)['disputed'] === true,
  }
}

function metadata(from: Fields, name: string): string | null {
  const values = from['metadata']
  return typeof values === 'object' && values !== null ? textOrNull(values as Fields, name) : null
}
