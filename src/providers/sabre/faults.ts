import { PartnerError } from '../../platform/partner.ts'
import type { RejectionReason, UnknownCause, WriteOutcome } from '../contract.ts'
import { ProviderError, type ProviderFault } from '../errors.ts'
import { isObject, toObject, toObjects, toText, type JsonObject } from './json.ts'

export const SABRE = 'sabre'

/** What a write may come back with when it is not the thing itself. */
export type WriteFailure = Exclude<WriteOutcome<never>, { outcome: 'ok' }>

/** The writes, each with a list of its own of what proves that nothing happened. */
export type Write = 'book' | 'ticket' | 'cancel' | 'void' | 'refund'

/** One entry of the `errors` (or `warnings`) with which booking management answers, mostly with status 200. */
export type SabreError = {
  readonly category: string
  readonly type: string
  readonly description: string
  readonly field: string | null
}

/** The errors of a booking management reply, or of the gateway before it. Empty when it states none. */
export function errorsOf(body: unknown): readonly SabreError[] {
  const reply = toObject(body)
  return toObjects(reply['errors']).map(toError)
}

/** The warnings beside a reply that succeeded. */
export function warningsOf(body: unknown): readonly SabreError[] {
  return toObjects(toObject(body)['warnings']).map(toError)
}

function toError(error: JsonObject): SabreError {
  return {
    category: toText(error['category']) ?? 'UNNAMED',
    type: toText(error['type']) ?? toText(error['code']) ?? 'UNNAMED',
    description: toText(error['description']) ?? '',
    field: toText(error['fieldPath']) ?? toText(error['fieldName']),
  }
}

/** An entry that only remarks on something: "this detail could not be shown". */
export function isWarning(error: SabreError): boolean {
  return error.category === 'WARNING' || error.category === 'PROCESSING_WARNING'
}

/** What the gateway says when it lets nothing through: {"status":"NotProcessed","errorCode":"ERR.2SG.SEC.INVALID_CREDENTIALS"}. */
export function gatewayCodeOf(body: unknown): string | null {
  const reply = toObject(body)
  return toText(reply['errorCode']) ?? (isObject(body) ? toText(reply['error']) : null)
}

type Rule = { readonly reason: RejectionReason; readonly says?: RegExp }

/**
 * The allow-list: types that prove that this request changed nothing, with what their description has to say where the
 * type alone does not prove it. Everything else is unknown — above all UNABLE_TO_BOOK_FLIGHTS and the other "general
 * problems", TIMEOUT, BOOKING_FULFILLED (an earlier call of ours may have done it) and UNABLE_TO_RETRIEVE_TICKETS.
 *
 * A booking that halts (HALT_ON_ERROR, as we ask) is never committed: the commit is its last step. The two types are the
 * ones with which it halts on an unconfirmed flight and on the price threshold that we send.
 * https://developer.sabre.com/create-booking, https://developer.sabre.com/create-booking-error-list
 */
const REJECTIONS: Readonly<Record<Write, Readonly<Record<string, Rule>>>> = {
  book: {
    UNABLE_TO_BOOK_FLIGHTS_WRONG_STATUS_CODE: { reason: 'sold_out' },
    UNABLE_TO_BOOK_FLIGHTS_CHECK_DATES: { reason: 'offer_expired' },
    UNABLE_TO_PRICE_FLIGHTS_COMPARISON_ISSUE: { reason: 'price_changed' },
  },
  // https://developer.sabre.com/fulfill-flight-tickets-error-list
  ticket: {
    PRICE_MISMATCH: { reason: 'price_changed', says: /^no new tickets have been issued/i },
    PAYMENT_CARD_DECLINED: { reason: 'declined', says: /^no new tickets have been issued/i },
    PAYMENT_CARD_CVV_INVALID: { reason: 'declined', says: /^no new tickets have been issued/i },
    PAYMENT_CARD_CVV_MISSING: { reason: 'declined', says: /^no new tickets have been issued/i },
    PAYMENT_CARD_EXPIRATION_DATE_INVALID: { reason: 'declined', says: /^no new tickets have been issued/i },
    FAILED_PAYMENT: { reason: 'declined', says: /^no new tickets have been issued/i },
    PRINTER_NOT_ASSIGNED: { reason: 'not_allowed', says: /^no new tickets have been issued/i },
  },
  // https://developer.sabre.com/cancel-booking-error-list
  cancel: {
    BOOKING_NOT_FOUND: { reason: 'not_found' },
    SECURITY_TOKEN_CONTEXT_ERROR: { reason: 'not_allowed', says: /nothing was cancel/i },
    CANCEL_DATA_MISSING: { reason: 'not_allowed', says: /nothing was cancel/i },
    UNABLE_TO_VOID_TICKET: { reason: 'not_allowed', says: /outside of the void period/i },
  },
  // https://developer.sabre.com/void-flight-tickets-error-list
  void: {
    UNABLE_TO_VOID_TICKET: { reason: 'not_allowed', says: /outside of the void period|current status of the selected ticket prevents/i },
    TICKET_NOT_FOUND: { reason: 'not_found' },
  },
  // https://developer.sabre.com/refund-flight-tickets-error-list
  refund: {
    AUTOMATED_REFUNDS_INACTIVE: { reason: 'not_allowed' },
    TICKET_NOT_FOUND: { reason: 'not_found' },
  },
}

/** What the validator refuses before anything is called, whichever the operation; only in the category BAD_REQUEST. */
const UNREADABLE = new Set([
  'REQUIRED_FIELD_MISSING',
  'MANDATORY_DATA_MISSING',
  'INVALID_VALUE',
  'INVALID_COMBINATION',
  'INVALID_FLAGS_COMBINATION',
  'INVALID_CHARACTERS_OR_WRONG_FORMAT',
  'TEXT_INPUT_TOO_LONG',
])

/**
 * Reads the errors of a reply to a write. `rejected` only when every one of them, warnings aside, is proof that nothing
 * happened; the caller has made sure that the reply names nothing that did.
 */
export function toWriteFailure(write: Write, errors: readonly SabreError[], status: number | null): WriteFailure {
  const hard = errors.filter((error) => !isWarning(error))
  const first = hard[0] ?? errors[0]!
  const reasons = hard.map((error) => rejectionOf(write, error, status))
  if (reasons[0] && reasons.every((reason) => reason !== undefined))
    return { outcome: 'rejected', reason: reasons[0], code: first.type.slice(0, 80), message: sayWhat(first) }
  return unknown(status !== null && status >= 500 ? 'server_error' : 'unrecognised', sayWhat(first))
}

function rejectionOf(write: Write, error: SabreError, status: number | null): RejectionReason | undefined {
  if (status !== null && status >= 500) return undefined
  const list = REJECTIONS[write]
  // Only what is on the list: an object also answers to "constructor".
  const rule = Object.hasOwn(list, error.type) ? list[error.type] : undefined
  if (rule) return rule.says && !rule.says.test(error.description) ? undefined : rule.reason
  if (error.category === 'UNAUTHORIZED' && error.type === 'UNAUTHORIZED_ACCESS') return 'not_allowed'
  if (error.category !== 'BAD_REQUEST' || !UNREADABLE.has(error.type)) return undefined
  return /traveler|passenger/i.test(error.field ?? '') ? 'invalid_passenger' : 'not_allowed'
}

/** A write that was answered with something that is not the operation's: the gateway's refusal, a page, half a reply. */
export function toUnreadableWrite(body: unknown, status: number | null): WriteFailure {
  const code = gatewayCodeOf(body)
  // The gateway's own refusals come before the request is read by anybody.
  if (code?.startsWith('ERR.2SG.') && (status === 401 || status === 403))
    return { outcome: 'rejected', reason: 'not_allowed', code, message: `Sabre's gateway refused the call: ${code}` }
  if (code?.startsWith('ERR.2SG.') && status === 429)
    return { outcome: 'rejected', reason: 'not_sent', code, message: 'Sabre is being asked too often' }
  if (status !== null && status >= 500) return unknown('server_error', `Sabre answered with status ${status}`)
  if (code !== null) return unknown('unrecognised', `Sabre answered ${code.slice(0, 80)}`)
  return unknown('malformed', `Sabre answered${status === null ? '' : ` with status ${status} and`} something that is not its API's`)
}

/** A read that was answered with something else than the thing read. */
export function toReadError(body: unknown, status: number | null): ProviderError {
  const error = errorsOf(body).find((one) => !isWarning(one))
  const code = error?.type ?? gatewayCodeOf(body)
  const message = error
    ? sayWhat(error)
    : `Sabre answered ${code ?? 'something that is not its API’s'}${status === null ? '' : ` (${status})`}`
  return new ProviderError(SABRE, faultOf(status, error, code), message.slice(0, 300), { code: code?.slice(0, 80) ?? null })
}

function faultOf(status: number | null, error: SabreError | undefined, code: string | null): ProviderFault {
  if (status === 401 || status === 403 || error?.category === 'UNAUTHORIZED') return 'unauthorised'
  if (status === 429) return 'throttled'
  if (status === 504 || error?.type === 'TIMEOUT' || error?.type === 'INTERNAL_SERVER_TIMEOUT') return 'timeout'
  if ((status !== null && status >= 500) || error?.category === 'INTERNAL_SERVER_ERROR') return 'unreachable'
  return code === null ? 'malformed' : 'refused'
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
  return new ProviderError(SABRE, faults[error.fault], error.message, { cause: error })
}

/**
 * A call that brought no whole reply, for someone who writes: unless no byte of it left us, nobody knows what it did.
 * A ProviderError comes from fetching the access token, before anything was sent.
 */
export function toLostWrite(error: unknown): WriteFailure {
  if (error instanceof ProviderError) return notSent(error.message)
  if (!(error instanceof PartnerError)) throw error
  if (error.neverSent) return notSent(error.message)
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

/** Nothing left us: the same attempt may be made again. */
export function notSent(message: string): WriteFailure {
  return { outcome: 'rejected', reason: 'not_sent', code: 'not_sent', message }
}

/** A write whose reply proves nothing. */
export function unknown(cause: UnknownCause, message: string): WriteFailure {
  return { outcome: 'unknown', cause, message }
}

/** Type and field only: a description may quote what a passenger typed, and this text is stored and logged. */
function sayWhat(error: SabreError): string {
  return `${error.category}/${error.type}${error.field ? ` (${error.field})` : ''}`.slice(0, 200)
}
