/** PayOS's words, v2. https://payos.vn/docs/api/ and, on signatures, https://payos.vn/docs/tich-hop-webhook/kiem-tra-du-lieu-voi-signature/ */
import { fields, MalformedReply, text, textOrNull, count, type Fields } from '../wire-fields.ts'
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
 * objects with sorted keys. Throws {@link MalformedReply} where that leaves open what was meant: a value that looks like
 * the next field, and an object, of which the rule signs nothing.
 */
export function signedData(data: Fields): string {
  return Object.keys(data)
    .sort()
    .filter((name) => data[name] !== undefined)
    .map((name) => {
      if (!NAME.test(name)) throw new MalformedReply('data')
      return `${name}=${valueOf(data[name], name)}`
    })
    .join('&')
}

function valueOf(value: unknown, name: string): string {
  if (EMPTY.includes(value)) return ''
  if (Array.isArray(value)) return JSON.stringify(value.map((item) => sorted(item, name)))
  if (!isScalar(value)) throw new MalformedReply(name)
  const text = String(value)
  if (NEXT_FIELD.test(text)) throw new MalformedReply(name)
  return text
}

function sorted(item: unknown, name: string): Fields {
  const pairs = Object.entries(fields(item, name)).sort(([a], [b]) => (a < b ? -1 : 1))
  if (!pairs.every(([, value]) => value === null || isScalar(value))) throw new MalformedReply(name)
  return Object.fromEntries(pairs)
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}

/** True when the signature is of this data. */
export function isSigned(key: string, data: Fields, signature: string): boolean {
  return isSameText(hmacHex('sha256', key, signedData(data)), signature.toLowerCase())
}

/** A reply before anything of it is believed; throws {@link MalformedReply}. */
export function readReply(value: unknown): WireReply {
  const reply = fields(value, 'reply')
  return {
    code: text(reply, 'code'),
    message: textOrNull(reply, 'desc') ?? '',
    data: reply['data'] ?? null,
    signature: textOrNull(reply, 'signature'),
  }
}

/** The data of a reply whose signature is PayOS's; throws {@link MalformedReply} also where there is none. */
export function readSignedData(key: string, reply: WireReply): Fields {
  const data = fields(reply.data, 'data')
  if (reply.signature === null || !isSigned(key, data, reply.signature)) throw new MalformedReply('signature')
  return data
}

/** A payment link just made; throws {@link MalformedReply}. */
export function readNewLink(data: Fields): WireNewLink {
  return {
    id: text(data, 'paymentLinkId'),
    orderCode: count(data, 'orderCode'),
    amount: count(data, 'amount'),
    checkoutUrl: text(data, 'checkoutUrl'),
  }
}

/** A payment link as it stands; throws {@link MalformedReply}, also when its transfers do not add up. */
export function readLink(data: Fields): WireLink {
  const transfers = data['transactions']
  if (!Array.isArray(transfers)) throw new MalformedReply('transactions')
  const amountPaid = count(data, 'amountPaid')
  const sum = transfers.reduce((total: number, transfer) => total + count(fields(transfer, 'transactions'), 'amount'), 0)
  if (sum !== amountPaid || amountPaid < 0) throw new MalformedReply('amountPaid')
  return {
    id: text(data, 'id'),
    orderCode: count(data, 'orderCode'),
    amount: count(data, 'amount'),
    amountPaid,
    status: text(data, 'status'),
  }
}

/** The data of an announced transfer; throws {@link MalformedReply}. */
export function readTransfer(data: Fields): WireTransfer {
  return {
    orderCode: count(data, 'orderCode'),
    linkId: text(data, 'paymentLinkId'),
    reference: text(data, 'reference'),
    at: textOrNull(data, 'transactionDateTime') ?? '',
    code: textOrNull(data, 'code') ?? '',
  }
}
