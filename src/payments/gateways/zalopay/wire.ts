/**
 * ZaloPay's words, v2. https://docs.zalopay.vn/docs/specs/order-create and its neighbours. Its replies carry no signature:
 * that they are ZaloPay's is what TLS says.
 */
import { fields, MalformedReply, text, textOrNull, count, type Fields } from '../wire-fields.ts'

/** The common part of every reply. `code` is the most exact there is. */
export type WireStatus = { readonly returnCode: number; readonly code: number; readonly message: string }

export type WireOrder = { readonly orderUrl: string; readonly token: string }

export type WirePayment = { readonly isProcessing: boolean; readonly amount: number; readonly transactionId: string | null }

export type WireCallback = {
  readonly appId: number
  readonly appTransId: string
  readonly appUser: string
  readonly transactionId: string
  readonly serverTime: number
}

/**
 * JSON in which the transaction's number, 64 bits at ZaloPay, stays the digits it is written in; one of ours would lose
 * the last ones. Within a text the quotes around the name would be escaped, so that nothing there is taken for it.
 */
export function parseKeepingNumber(json: string): unknown {
  const kept = json.replace(/("zp_trans_id"\s*:\s*)(\d{1,19})(?=\s*[,}])/g, '$1"$2"')
  try {
    return JSON.parse(kept)
  } catch {
    throw new MalformedReply('JSON')
  }
}

/** Whether a call succeeded; throws {@link MalformedReply}. */
export function readStatus(value: unknown): WireStatus {
  const reply = fields(value, 'reply')
  const returnCode = codeOf(reply, 'return_code')
  const sub = Object.hasOwn(reply, 'sub_return_code') ? codeOf(reply, 'sub_return_code') : returnCode
  const message = textOrNull(reply, 'sub_return_message') || (textOrNull(reply, 'return_message') ?? '')
  return { returnCode, code: returnCode === 2 ? sub : returnCode, message }
}

/** A created order; throws {@link MalformedReply}. */
export function readOrder(value: unknown): WireOrder {
  const reply = fields(value, 'reply')
  return { orderUrl: text(reply, 'order_url'), token: text(reply, 'zp_trans_token') }
}

/** What a query tells of an order; throws {@link MalformedReply}. */
export function readPayment(value: unknown): WirePayment {
  const reply = fields(value, 'reply')
  return {
    isProcessing: reply['is_processing'] === true,
    amount: Object.hasOwn(reply, 'amount') ? count(reply, 'amount') : 0,
    transactionId: transactionIdOf(reply),
  }
}

/** The data of a callback, which has been verified as text; throws {@link MalformedReply}. */
export function readCallback(signed: string): WireCallback {
  const data = fields(parseKeepingNumber(signed), 'data')
  return {
    appId: count(data, 'app_id'),
    appTransId: text(data, 'app_trans_id'),
    appUser: text(data, 'app_user'),
    transactionId: transactionIdOf(data) ?? missing('zp_trans_id'),
    serverTime: count(data, 'server_time'),
  }
}

/** A code of ZaloPay's. Most are below zero. */
function codeOf(from: Fields, name: string): number {
  const value = from[name]
  if (!Number.isSafeInteger(value)) throw new MalformedReply(name)
  return value as number
}

function transactionIdOf(from: Fields): string | null {
  const value = Object.hasOwn(from, 'zp_trans_id') ? from['zp_trans_id'] : undefined
  if (value === undefined || value === null || value === '' || value === '0') return null
  if (typeof value !== 'string' || !/^\d{1,19}$/.test(value)) throw new MalformedReply('zp_trans_id')
  return value
}

function missing(field: string): never {
  throw new MalformedReply(field)
}
