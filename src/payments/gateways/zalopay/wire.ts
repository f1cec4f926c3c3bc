/**
 * ZaloPay's words, v2. https://docs.zalopay.vn/docs/specs/order-create and its neighbours. Its replies carry no signature:
 * that they are ZaloPay's is what TLS says.
 */
import { parseJson } from '../json-call.ts'
import { fieldsOf, MalformedMessage, textOf, textOrNull, wholeOf, type Fields } from '../json-fields.ts'

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
export function parseKeepingNumber(text: string): unknown {
  return parseJson(text.replace(/("zp_trans_id"\s*:\s*)(\d{1,19})(?=\s*[,}])/g, '$1"$2"'))
}

/** Whether a call succeeded; throws {@link MalformedMessage}. */
export function readStatus(value: unknown): WireStatus {
  const reply = fieldsOf(value, 'reply')
  const returnCode = wholeOf(reply, 'return_code')
  const sub = Object.hasOwn(reply, 'sub_return_code') ? wholeOf(reply, 'sub_return_code') : returnCode
  const message = textOrNull(reply, 'sub_return_message') ?? textOrNull(reply, 'return_message') ?? ''
  return { returnCode, code: returnCode === 2 ? sub : returnCode, message }
}

/** A created order; throws {@link MalformedMessage}. */
export function readOrder(value: unknown): WireOrder {
  const reply = fieldsOf(value, 'reply')
  return { orderUrl: textOf(reply, 'order_url'), token: textOf(reply, 'zp_trans_token') }
}

/** What a query tells of an order; throws {@link MalformedMessage}. */
export function readPayment(value: unknown): WirePayment {
  const reply = fieldsOf(value, 'reply')
  return {
    isProcessing: reply['is_processing'] === true,
    amount: Object.hasOwn(reply, 'amount') ? wholeOf(reply, 'amount') : 0,
    transactionId: transactionIdOf(reply),
  }
}

/** The data of a callback, which has been verified as text; throws {@link MalformedMessage}. */
export function readCallback(text: string): WireCallback {
  const data = fieldsOf(parseKeepingNumber(text), 'data')
  return {
    appId: wholeOf(data, 'app_id'),
    appTransId: textOf(data, 'app_trans_id'),
    appUser: textOf(data, 'app_user'),
    transactionId: transactionIdOf(data) ?? missing('zp_trans_id'),
    serverTime: wholeOf(data, 'server_time'),
  }
}

function transactionIdOf(from: Fields): string | null {
  const value = Object.hasOwn(from, 'zp_trans_id') ? from['zp_trans_id'] : undefined
  if (value === undefined || value === null || value === '' || value === '0') return null
  if (typeof value !== 'string' || !/^\d{1,19}$/.test(value)) throw new MalformedMessage('zp_trans_id')
  return value
}

function missing(field: string): never {
  throw new MalformedMessage(field)
}
