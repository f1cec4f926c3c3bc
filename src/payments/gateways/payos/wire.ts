/** PayOS's words, v2. https://payos.vn/docs/api/ and, on signatures, https://payos.vn/docs/tich-hop-webhook/kiem-tra-du-lieu-voi-signature/ */
import { fieldsOf, MalformedMessage, textOf, textOrNull, wholeOf, type Fields } from '../json-fields.ts'
import { hmacHex, isSameText } from '../signing.ts'

export type WireReply = { readonly code: string; readonly message: string; readonly data: unknown; readonly signature: string | null }

export type WireNewLink = { readonly id: string; readonly orderCode: number; readonly amount: number; readonly checkoutUrl: string }

export type WireLink = {
  readonly id: string
  readonly orderCode: number
  readonly amount: number
  /** All that has come, in however many transfers. */
  readonly amountPaid: number
  readonly status: string
}

export type WireTransfer = {
  readonly orderCode: number
  readonly linkId: string
  readonly reference: string
  readonly at: string
  readonly code: string
}

const EMPTY: readonly unknown[] = [null, undefined, '', 'null', 'undefined']
const NAME = /^[A-Za-z0-9_]+$/
/** Looks like the beginning of the next field. */
const NEXT_FIELD = /&[A-Za-z0-9_]+=/

/**
 * What is signed of `data`: its fields sorted by name as `name=value` joined by "&", nothing encoded; lists as JSON of
 * objects with sorted keys. Throws {@link MalformedMessage} where that leaves open what was meant: a value that looks like
 * the next field, and an object, of which the rule signs nothing.
 */
export function signedData(data: Fields): string {
  return Object.keys(data)
    .sort()
    .filter((name) => data[name] !== undefined)
    .map((name) => {
      if (!NAME.test(name)) throw new MalformedMessage('data')
      return `${name}=${valueOf(data[name], name)}`
    })
    .join('&')
}

function valueOf(value: unknown, name: string): string {
  if (EMPTY.includes(value)) return ''
  if (Array.isArray(value)) return JSON.stringify(value.map((item) => sorted(item, name)))
  if (!isScalar(value)) throw new MalformedMessage(name)
  const text = String(value)
  if (NEXT_FIELD.test(text)) throw new MalformedMessage(name)
  return text
}

function sorted(item: unknown, name: string): Fields {
  const fields = fieldsOf(item, name)
  const pairs = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
  if (!pairs.every(([, value]) => value === null || isScalar(value))) throw new MalformedMessage(name)
  return Object.fromEntries(pairs)
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}

/** True when the signature is of this data. */
export function isSigned(key: string, data: Fields, signature: string): boolean {
  return isSameText(hmacHex('sha256', key, signedData(data)), signature.toLowerCase())
}

/** A reply before anything of it is believed; throws {@link MalformedMessage}. */
export function readReply(value: unknown): WireReply {
  const reply = fieldsOf(value, 'reply')
  return {
    code: textOf(reply, 'code'),
    message: textOrNull(reply, 'desc') ?? '',
    data: reply['data'] ?? null,
    signature: textOrNull(reply, 'signature'),
  }
}

/** The data of a reply whose signature is PayOS's; throws {@link MalformedMessage} also where there is none. */
export function readSignedData(key: string, reply: WireReply): Fields {
  const data = fieldsOf(reply.data, 'data')
  if (reply.signature === null || !isSigned(key, data, reply.signature)) throw new MalformedMessage('signature')
  return data
}

/** A payment link just made; throws {@link MalformedMessage}. */
export function readNewLink(data: Fields): WireNewLink {
  return {
    id: textOf(data, 'paymentLinkId'),
    orderCode: wholeOf(data, 'orderCode'),
    amount: wholeOf(data, 'amount'),
    checkoutUrl: textOf(data, 'checkoutUrl'),
  }
}

/** A payment link as it stands; throws {@link MalformedMessage}, also when its transfers do not add up. */
export function readLink(data: Fields): WireLink {
  const transfers = data['transactions']
  if (!Array.isArray(transfers)) throw new MalformedMessage('transactions')
  const amountPaid = wholeOf(data, 'amountPaid')
  const sum = transfers.reduce((total: number, transfer) => total + wholeOf(fieldsOf(transfer, 'transactions'), 'amount'), 0)
  if (sum !== amountPaid || amountPaid < 0) throw new MalformedMessage('amountPaid')
  return {
    id: textOf(data, 'id'),
    orderCode: wholeOf(data, 'orderCode'),
    amount: wholeOf(data, 'amount'),
    amountPaid,
    status: textOf(data, 'status'),
  }
}

/** The data of an announced transfer; throws {@link MalformedMessage}. */
export function readTransfer(data: Fields): WireTransfer {
  return {
    orderCode: wholeOf(data, 'orderCode'),
    linkId: textOf(data, 'paymentLinkId'),
    reference: textOf(data, 'reference'),
    at: textOrNull(data, 'transactionDateTime') ?? '',
    code: textOrNull(data, 'code') ?? '',
  }
}
