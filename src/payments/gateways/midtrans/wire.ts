/** Midtrans's words, as far as we read them; everything else in a reply is ignored. https://docs.midtrans.com/reference */
import { decimal, fields, MalformedReply, text, textOrNull, type Fields } from '../wire-fields.ts'

export type WirePage = { readonly token: string; readonly redirectUrl: string }

export type WireRefund = {
  readonly id: string
  readonly key: string | null
  readonly amount: string
  /** Set once the bank has confirmed it. */
  readonly confirmedAt: string | null
}

export type WireTransaction = {
  readonly statusCode: string
  readonly transactionId: string
  readonly orderId: string
  readonly status: string
  readonly fraudStatus: string | null
  readonly grossAmount: string
  readonly currency: string
  readonly paymentType: string
  readonly refunds: readonly WireRefund[]
}

/** What a notification is signed over, as written, and what it names. */
export type WireNotification = {
  readonly orderId: string
  readonly statusCode: string
  readonly grossAmount: string
  readonly signature: string
}

/** A page that was opened; throws {@link MalformedReply}. */
export function readPage(value: unknown): WirePage {
  const page = fields(value, 'transaction')
  return { token: text(page, 'token'), redirectUrl: text(page, 'redirect_url') }
}

/** A transaction; throws {@link MalformedReply}. */
export function readTransaction(value: unknown): WireTransaction {
  const transaction = fields(value, 'transaction')
  const refunds = transaction['refunds']
  if (refunds !== undefined && !Array.isArray(refunds)) throw new MalformedReply('refunds')
  return {
    statusCode: text(transaction, 'status_code'),
    transactionId: text(transaction, 'transaction_id'),
    orderId: text(transaction, 'order_id'),
    status: text(transaction, 'transaction_status'),
    fraudStatus: textOrNull(transaction, 'fraud_status'),
    grossAmount: decimal(transaction, 'gross_amount'),
    currency: textOrNull(transaction, 'currency') ?? 'IDR',
    paymentType: text(transaction, 'payment_type'),
    refunds: (refunds ?? []).map(readRefund),
  }
}

function readRefund(value: unknown): WireRefund {
  const refund = fields(value, 'refund')
  return {
    id: String(refund['refund_chargeback_id'] ?? refund['refund_key'] ?? ''),
    key: textOrNull(refund, 'refund_key'),
    amount: decimal(refund, 'refund_amount'),
    confirmedAt: textOrNull(refund, 'bank_confirmed_at'),
  }
}

/** The status of a reply, which is in the body, and not always that of HTTP; null where there is none. */
export function readStatus(value: unknown): { readonly code: string; readonly message: string } | null {
  if (typeof value !== 'object' || value === null) return null
  const body = value as Fields
  const code = body['status_code']
  if (typeof code !== 'string') return null
  return { code, message: typeof body['status_message'] === 'string' ? body['status_message'] : code }
}

/** What Snap says that is wrong with a request; empty where it says nothing. */
export function readErrorMessages(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const messages = (value as Fields)['error_messages']
  return Array.isArray(messages) ? messages.filter((one): one is string => typeof one === 'string') : []
}

/** A notification; throws {@link MalformedReply}. */
export function readNotification(value: unknown): WireNotification {
  const body = fields(value, 'notification')
  return {
    orderId: text(body, 'order_id'),
    statusCode: text(body, 'status_code'),
    grossAmount: text(body, 'gross_amount'),
    signature: text(body, 'signature_key'),
  }
}
