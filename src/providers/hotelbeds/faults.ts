import { PartnerError, type PartnerReply } from '../../platform/partner.ts'
import type { RejectionReason, UnknownCause, WriteOutcome } from '../contract.ts'
import { ProviderError, type ProviderFault } from '../errors.ts'
import { wireErrorReply, type WireError } from './wire.ts'

export const HOTELBEDS = 'hotelbeds'

/** What a write may come back with when it is not the thing itself. */
export type WriteFailure = Exclude<WriteOutcome<never>, { outcome: 'ok' }>

/**
 * An error as it came. Its code is what it is and which call it was, "INVALID_REQUEST-0DE456A558FA420B8BC1CAC9D5B28652"; `kind`
 * is the first half, null for an error that is plain text. `text` decides what it means; `message` may be stored and logged.
 */
export type Refusal = { readonly kind: string | null; readonly code: string; readonly text: string; readonly message: string }

/**
 * The allow-list for a `PRODUCT_ERROR`, by what it says: "in all cases, the end result is that the booking cannot be
 * confirmed". It comes as HTTP 500. An error that names a booking ("Booking confirmation error 1-123456") is not on it.
 * https://developer.hotelbeds.com/documentation/hotels/booking-api/api-reference/
 */
const PRODUCT_ERRORS: readonly (readonly [RegExp, RejectionReason])[] = [
  [/price has (?:changed|increased)/i, 'price_changed'],
  [/insufficient allotment|allotment exceeded/i, 'sold_out'],
  [/stop sales?|contract is closed|release violated/i, 'sold_out'],
  [/cannot find channel quotation|office or branch not active/i, 'not_allowed'],
]

/** What the gateway before the API says at the door, before a request is read. Always plain text. */
const AT_THE_DOOR =
  /signature verification failed|authori[sz]ation field|access to this api has been disallowed|developer (?:inactive|over)|not authori[sz]ed|too many requests|rate limit/i

/** The error of a reply, or undefined when it is not one of theirs. */
export function findRefusal(body: unknown): Refusal | undefined {
  return wireErrorReply.Check(body) ? toRefusal(body.error) : undefined
}

function toRefusal(error: WireError): Refusal {
  if (typeof error === 'string') return { kind: null, code: 'refused', text: error, message: sayWhat(error) }
  const code = (error.code ?? 'unnamed').slice(0, 80)
  const text = error.message ?? 'no message'
  return { kind: /^[A-Z_]+/.exec(code)?.[0] ?? code, code, text, message: sayWhat(text) }
}

/** What stands in quotes may be what a guest typed. */
function sayWhat(message: string): string {
  return message.replace(/'[^']*'|"[^"]*"/g, '…').slice(0, 200)
}

/** Reads an error reply to a write. `rejected` only for what is proof that nothing happened. */
export function toWriteFailure(refusal: Refusal, status: number | null): WriteFailure {
  const reason = rejectionOf(refusal, status)
  const { code, message } = refusal
  if (reason) return { outcome: 'rejected', reason, code, message }
  const isTheirs = (status !== null && status >= 500) || /^(?:SYSTEM_ERROR|SERVICE_OVERLOAD)$/.test(refusal.kind ?? '')
  return { outcome: 'unknown', cause: isTheirs ? 'server_error' : 'unrecognised', message: `${code}: ${message}` }
}

function rejectionOf({ kind, text }: Refusal, status: number | null): RejectionReason | undefined {
  // At the door nothing has been read yet; a status alone is no proof, because a proxy has it too.
  if (kind === null)
    return (status === null || status === 401 || status === 403 || status === 429) && AT_THE_DOOR.test(text) ? 'not_allowed' : undefined
  switch (kind) {
    case 'PRODUCT_ERROR':
      return productRejection(text)
    case 'INVALID_REQUEST':
      if (status !== null && status !== 400) return undefined
      return /pax|holder|surname/i.test(text) ? 'invalid_passenger' : 'not_allowed'
    case 'INVALID_DATA':
      return dataRejection(text, status)
    default:
      return undefined
  }
}

function productRejection(text: string): RejectionReason | undefined {
  if (/confirmation error/i.test(text)) return undefined
  return PRODUCT_ERRORS.find(([pattern]) => pattern.test(text))?.[1]
}

/** "Some of the fields contain incorrect data" — except where it tells of an earlier call, which may be ours. */
function dataRejection(text: string, status: number | null): RejectionReason | undefined {
  if (/duplicat|already/i.test(text)) return undefined
  if (/booking does not exist/i.test(text)) return status === null || status === 400 || status === 404 ? 'not_found' : undefined
  // 410: the same request failed within the last 15 minutes, and is answered again with why.
  if (status === 410) return productRejection(text)
  if (status !== null && status !== 400) return undefined
  if (/allotment exceeded/i.test(text)) return 'sold_out'
  if (/rate ?key/i.test(text)) return 'offer_expired'
  return /pax|holder|surname|age of/i.test(text) ? 'invalid_passenger' : 'not_allowed'
}

/** The code with which an error reply says that a rate is not sold any more, or undefined. */
export function findGone(refusal: Refusal, status: number | null): { code: string; message: string } | undefined {
  const reason = rejectionOf(refusal, status)
  const isGone = reason === 'sold_out' || reason === 'offer_expired' || (refusal.kind === 'PRODUCT_ERROR' && reason !== undefined)
  return isGone ? { code: refusal.code, message: refusal.message } : undefined
}

/** Whether a write was refused because what it wants is so already. */
export function isAlreadyCancelled(refusal: Refusal | undefined): boolean {
  return refusal !== undefined && /already (?:been )?cancell?ed/i.test(refusal.text)
}

/** A read that was answered with something else than the thing read. */
export function toReadError(refusal: Refusal | undefined, status: number | null): ProviderError {
  const fault = faultOf(refusal, status)
  if (!refusal) {
    const what = status !== null && status >= 400 ? `status ${status}` : "something that is not its API's"
    return new ProviderError(HOTELBEDS, fault, `Hotelbeds answered with ${what}`)
  }
  return new ProviderError(HOTELBEDS, fault, `${refusal.code}: ${refusal.message}`, { code: refusal.code })
}

function faultOf(refusal: Refusal | undefined, status: number | null): ProviderFault {
  if (status === 429 || (refusal?.kind === null && /developer over|too many requests|rate limit/i.test(refusal.text))) return 'throttled'
  if (status === 401 || status === 403) return 'unauthorised'
  if (status === 504) return 'timeout'
  if (refusal?.kind === 'PRODUCT_ERROR') return 'refused'
  if ((status !== null && status >= 500) || refusal?.kind === 'SYSTEM_ERROR' || refusal?.kind === 'SERVICE_OVERLOAD') return 'unreachable'
  if (!refusal) return 'malformed'
  return refusal.kind === null && AT_THE_DOOR.test(refusal.text) ? 'unauthorised' : 'refused'
}

/**
 * Whether a reply shows the supplier itself to be failing. A refusal of the product ("price has changed") travels as
 * HTTP 500 and is an answer: ten of them in a row must not open the breaker.
 */
export function isOutage(reply: PartnerReply): boolean {
  return reply.status >= 500 && !/"code"\s*:\s*"PRODUCT_ERROR/.test(reply.bytes.toString('latin1', 0, 8_000))
}

/** A call that brought no whole reply, for someone who reads. Anything that is not the transport's fault flies on. */
export function toTransportError(error: unknown): ProviderError {
  if (!(error instanceof PartnerError)) throw error
  const faults = {
    timeout: 'timeout',
    aborted: 'timeout',
    unreachable: 'unreachable',
    cut_off: 'unreachable',
    overloaded: 'throttled',
    too_large: 'malformed',
  } as const
  return new ProviderError(HOTELBEDS, faults[error.fault], error.message, { cause: error })
}

/** A call that brought no whole reply, for someone who writes: unless no byte of it left us, nobody knows what it did. */
export function toLostWrite(error: unknown): WriteFailure {
  if (!(error instanceof PartnerError)) throw error
  if (error.neverSent) return { outcome: 'rejected', reason: 'not_sent', code: 'not_sent', message: error.message }
  const causes = {
    timeout: 'timeout',
    aborted: 'timeout',
    unreachable: 'unreachable',
    cut_off: 'unreachable',
    overloaded: 'unreachable',
    too_large: 'malformed',
  } as const
  return unknown(causes[error.fault], error.message)
}

/** A write whose reply proves nothing. */
export function unknown(cause: UnknownCause, message: string): WriteFailure {
  return { outcome: 'unknown', cause, message }
}
