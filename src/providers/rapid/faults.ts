import { PartnerError } from '../../platform/partner.ts'
import type { RejectionReason, UnknownCause, WriteOutcome } from '../contract.ts'
import { ProviderError, type ProviderFault } from '../errors.ts'
import { wireError, type WireSingleError } from './wire.ts'

export const RAPID = 'rapid'

/** What a write may come back with when it is not the thing itself. */
export type WriteFailure = Exclude<WriteOutcome<never>, { outcome: 'ok' }>

/**
 * The allow-list: types that prove that this request had no effect. Whatever is not on it is unknown — above all
 * `duplicate_itinerary` (an earlier call of ours may be the other one), `unknown_internal_error` and
 * `service_unavailable` (the property may have been told).
 * https://developers.expediagroup.com/docs/products/rapid/resources/reference/rapid-error-responses
 */
const REJECTIONS: Readonly<Record<string, RejectionReason>> = {
  price_mismatch: 'price_changed',
  rooms_unavailable: 'sold_out',
  'link.invalid': 'offer_expired',
  'link.expired': 'offer_expired',
  resource_not_found: 'not_found',
  // Refused at the door, before the request was read.
  request_unauthenticated: 'not_allowed',
  request_unauthorized: 'not_allowed',
  upgrade_required: 'not_allowed',
  too_many_requests: 'not_allowed',
}

/** The validator's own: "address.country_code.invalid". They name the field of ours that it refused. */
const VALIDATION = /^[a-z\d_.[\]]+\.(required|missing|too_long|too_short|not_supported|invalid(_[a-z\d_]+)?)$/

const THEIRS = new Set(['unknown_internal_error', 'internal_server_error', 'service_unavailable', 'gateway_timeout', 'gateway_time_out'])

/** Types with which a price check says that the rate is not sold any more: its link lives a while only. */
const GONE = new Set(['link.invalid', 'link.expired'])

/** The errors of a reply, the nested ones where there are some; undefined when it is not one of Rapid's error replies. */
export function findErrors(body: unknown): readonly WireSingleError[] | undefined {
  if (!wireError.Check(body)) return undefined
  return body.errors && body.errors.length > 0 ? body.errors : [body]
}

/** Reads an error reply to a write. `rejected` only when every one of its errors is proof that nothing happened. */
export function toWriteFailure(errors: readonly WireSingleError[], status: number | null): WriteFailure {
  const first = errors[0]!
  const reasons = errors.map((error) => rejectionOf(error, status))
  const reason = reasons[0]
  if (reason && reasons.every((one) => one !== undefined))
    return { outcome: 'rejected', reason, code: codeOf(first), message: sayWhat(first) }
  const isTheirs = THEIRS.has(first.type) || (status !== null && status >= 500)
  return unknown(isTheirs ? 'server_error' : 'unrecognised', `${codeOf(first)}: ${sayWhat(first)}`)
}

function rejectionOf({ type, fields }: WireSingleError, status: number | null): RejectionReason | undefined {
  if (status !== null && (status >= 500 || status < 400)) return undefined
  // Only what is on the list: an object also answers to "constructor".
  if (Object.hasOwn(REJECTIONS, type)) return REJECTIONS[type]
  const names = (fields ?? []).flatMap(({ name }) => name ?? [])
  if (!VALIDATION.test(type) || names.length === 0) return undefined
  return names.some((name) => /given_name|family_name|email|phone/.test(name)) ? 'invalid_passenger' : 'not_allowed'
}

/** The type with which an error reply says that the rate is not sold any more, or undefined. */
export function findGone(errors: readonly WireSingleError[]): { code: string; message: string } | undefined {
  const error = errors.find(({ type }) => GONE.has(type))
  return error && { code: codeOf(error), message: sayWhat(error) }
}

/** A read that was answered with something else than the thing read. */
export function toReadError(errors: readonly WireSingleError[] | undefined, status: number | null): ProviderError {
  const first = errors?.[0]
  const fault = faultOf(first, status)
  if (first) return new ProviderError(RAPID, fault, `${codeOf(first)}: ${sayWhat(first)}`, { code: codeOf(first) })
  const said = status === null ? '' : ` with status ${status}`
  return fault === 'malformed'
    ? new ProviderError(RAPID, fault, `Expedia Rapid answered${said && `${said} and`} something that is not its API's`)
    : new ProviderError(RAPID, fault, `Expedia Rapid answered${said}`)
}

function faultOf(error: WireSingleError | undefined, status: number | null): ProviderFault {
  const type = error?.type ?? ''
  if (type === 'too_many_requests' || status === 429) return 'throttled'
  if (type === 'request_unauthenticated' || type === 'request_unauthorized' || status === 401 || status === 403) return 'unauthorised'
  if (type.startsWith('gateway_time') || status === 504) return 'timeout'
  if (THEIRS.has(type) || (status !== null && status >= 500)) return 'unreachable'
  return error ? 'refused' : 'malformed'
}

const FAULTS = {
  timeout: 'timeout',
  aborted: 'timeout',
  unreachable: 'unreachable',
  cut_off: 'unreachable',
  overloaded: 'throttled',
  too_large: 'malformed',
} as const satisfies Readonly<Record<PartnerError['fault'], ProviderFault>>

/** A call that brought no whole reply, for someone who reads. Anything that is not the transport's fault flies on. */
export function toTransportError(error: unknown): ProviderError {
  if (!(error instanceof PartnerError)) throw error
  return new ProviderError(RAPID, FAULTS[error.fault], error.message, { cause: error })
}

/** A call that brought no whole reply, for someone who writes: unless no byte of it left us, nobody knows what it did. */
export function toLostWrite(error: unknown): WriteFailure {
  if (!(error instanceof PartnerError)) throw error
  if (error.neverSent) return notSent(error.message)
  return unknown(error.fault === 'overloaded' ? 'unreachable' : (FAULTS[error.fault] as UnknownCause), error.message)
}

/** A write whose reply proves nothing. */
export function unknown(cause: UnknownCause, message: string): WriteFailure {
  return { outcome: 'unknown', cause, message }
}

/** A write that was never made, because what had to be known for it could not be read. */
export function notSent(message: string): WriteFailure {
  return { outcome: 'rejected', reason: 'not_sent', code: 'not_sent', message }
}

function codeOf({ type }: WireSingleError): string {
  return type.slice(0, 80)
}

/** The type and the fields' names only: their values quote what a guest typed, and this text is stored and logged. */
function sayWhat({ message, fields }: WireSingleError): string {
  const names = (fields ?? []).flatMap(({ name }) => name ?? []).join(', ')
  return `${message ?? 'no message'}${names ? ` (${names})` : ''}`.slice(0, 200)
}
