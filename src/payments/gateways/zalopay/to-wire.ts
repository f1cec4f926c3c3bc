import type { Instant } from '../../../kernel/time.ts'
import type { PaymentRef, PaymentRequest, RefundRequest } from '../contract.ts'
import { hmacHex } from '../signing.ts'
import { toDong, toShortDate } from '../vietnam.ts'
import type { ZalopayConfig } from './config.ts'

/** ZaloPay's limits of an order's life. */
export const EXPIRY_SECONDS_MIN = 300
export const EXPIRY_SECONDS_MAX = 2_592_000
const TRANS_ID_LENGTH_MAX = 40
const REFUND_ID_LENGTH_MAX = 45
const DESCRIPTION_LENGTH_MAX = 256

/** `app_trans_id`: the date at GMT+7, by which ZaloPay keeps its books, and what names the payment; at most 40 characters. */
export function toTransId(payment: { readonly paymentId: string; readonly createdAt: Instant }): string {
  const date = toShortDate(payment.createdAt)
  return `${date}_${toWord(payment.paymentId, TRANS_ID_LENGTH_MAX - date.length - 1)}`
}

/** `m_refund_id`: date, application and what names the refund; at most 45 characters. */
export function toRefundId(appId: number, refund: { readonly refundId: string; readonly createdAt: Instant }): string {
  const head = `${toShortDate(refund.createdAt)}_${appId}_`
  return head + toWord(refund.refundId, REFUND_ID_LENGTH_MAX - head.length)
}

/** What ZaloPay signs of an order: `app_id|app_trans_id|app_user|amount|app_time|embed_data|item`. */
export function orderMac(key: string, order: Readonly<Record<string, string | number>>): string {
  const { app_id, app_trans_id, app_user, amount, app_time, embed_data, item } = order
  return hmacHex('sha256', key, [app_id, app_trans_id, app_user, amount, app_time, embed_data, item].join('|'))
}

/**
 * Our payment as an order. `app_time` is now, because ZaloPay refuses a time of more than 15 minutes ago; what makes a
 * repeated order the same one is its `app_trans_id`.
 */
export function toOrder(config: ZalopayConfig, request: PaymentRequest, now: Instant): Record<string, string | number> {
  const seconds = Math.floor((request.expiresAt - now) / 1_000)
  const order = {
    app_id: config.appId,
    app_trans_id: request.clientRef,
    // Told again in the callback. Ours is the payment's, not the customer's, of whom ZaloPay learns nothing from us.
    app_user: request.paymentId,
    app_time: now,
    amount: toDong(request.amount),
    item: '[]',
    embed_data: JSON.stringify({ redirecturl: request.returnUrl }),
    description: request.description.slice(0, DESCRIPTION_LENGTH_MAX),
    bank_code: '',
    ...(config.callbackUrl !== null && { callback_url: config.callbackUrl }),
    expire_duration_seconds: Math.min(Math.max(seconds, EXPIRY_SECONDS_MIN), EXPIRY_SECONDS_MAX),
  }
  return { ...order, mac: orderMac(config.requestKey, order) }
}

/** The question what has become of an order. */
export function toQuery(config: ZalopayConfig, ref: PaymentRef): Record<string, string | number> {
  const mac = hmacHex('sha256', config.requestKey, `${config.appId}|${ref.clientRef}|${config.requestKey}`)
  return { app_id: config.appId, app_trans_id: ref.clientRef, mac }
}

/** What ZaloPay signs of a refund: `app_id|zp_trans_id|amount|description|timestamp`. */
export function refundMac(key: string, refund: Readonly<Record<string, string | number>>): string {
  const { app_id, zp_trans_id, amount, description, timestamp } = refund
  return hmacHex('sha256', key, [app_id, zp_trans_id, amount, description, timestamp].join('|'))
}

/** Our refund. */
export function toRefund(config: ZalopayConfig, refund: RefundRequest, now: Instant): Record<string, string | number> {
  const body = {
    app_id: config.appId,
    m_refund_id: refund.clientRef,
    zp_trans_id: refund.payment.providerPaymentRef,
    amount: toDong(refund.amount),
    timestamp: now,
    description: `Refund ${refund.clientRef}`,
  }
  return { ...body, mac: refundMac(config.requestKey, body) }
}

/** The question what has become of a refund. */
export function toRefundQuery(config: ZalopayConfig, clientRef: string, now: Instant): Record<string, string | number> {
  const mac = hmacHex('sha256', config.requestKey, `${config.appId}|${clientRef}|${now}`)
  return { app_id: config.appId, m_refund_id: clientRef, timestamp: now, mac }
}

/** The end of an id, which is what tells it from others, in characters that need no care. */
function toWord(id: string, lengthMax: number): string {
  return id.replace(/[^A-Za-z0-9]/g, '').slice(-lengthMax)
}
