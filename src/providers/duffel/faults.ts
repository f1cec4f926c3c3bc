import { PartnerError } from '../../platform/partner.ts'
import type { RejectionReason, UnknownCause, WriteOutcome } from '../contract.ts'
import { ProviderError, type ProviderFault } from '../errors.ts'
import { wireErrors, type WireError } from './wire.ts'

export const DUFFEL = 'duffel'

/** What a write may come back with when it is not the thing itself. */
export type WriteFailure = Exclude<WriteOutcome<never>, { outcome: 'ok' }>

/** Codes that prove that a write had no effect, and as what each is told. */
export type Rejections = Readonly<Record<string, RejectionReason>>

/**
 * The allow-list: codes that prove that this request had no effect. Whatever is not on it is unknown — above all
 * `duplicate_booking` and `offer_request_already_booked` (an earlier call of ours may be the other one),
 * `airline_internal`, `airline_unknown` and `internal_server_error` ("the order may still have been created").
 * Source: https://duffel.com/docs/api/overview/errors
 */
const REJECTIONS: Rejections = {
  offer_no_longer_available: 'sold_out',
  ancillary_service_not_available: 'sold_out',
  price_changed: 'price_changed',
  payment_amount_does_not_match_order_amount: 'price_changed',
  offer_expired: 'offer_expired',
  insufficient_balance: 'declined',
  duplicate_passenger_name: 'invalid_passenger',
  invalid_phone_number: 'invalid_passenger',
  not_found: 'not_found',
  unavailable_feature: 'not_allowed',
  unsupported_action: 'not_allowed',
  // Refused at the door, before the request was read.
  rate_limit_exceeded: 'not_allowed',
  access_token_not_found: 'not_allowed',
  expired_access_token: 'not_allowed',
  insufficient_permissions: 'not_allowed',
  invalid_authorization_header: 'not_allowed',
  missing_authorization_header: 'not_allowed',
  invalid_version_header: 'not_allowed',
  missing_version_header: 'not_allowed',
  unsupported_version: 'not_allowed',
  unsupported_format: 'not_allowed',
  invalid_content_type_header: 'not_allowed',
  missing_content_type_header: 'not_allowed',
  invalid_data_param: 'not_allowed',
  malformed_data_param: 'not_allowed',
  missing_data_param: 'not_allowed',
}

/**
 * The one code that proves something although it comes with a 502: "we can guarantee that no negative side effects have
 * occurred". https://changelog.duffel.com/announcements/we-ve-added-a-new-error-code-for-when-an-order-is-not-created
 */
const ORDER_NOT_CREATED = 'order_not_created'

/**
 * As the answer to `POST /air/payments`: the order is another one than was agreed on, or cannot be paid any more. Not
 * `already_paid` and `order_type_not_eligible_for_payment`: it may be an earlier call of ours that paid.
 * Source: https://duffel.com/docs/api/payments/create-payment
 */
export const PAYMENT_REJECTIONS: Rejections = {
  payment_currency_does_not_match_order_currency: 'price_changed',
  past_payment_required_by_date: 'offer_expired',
  schedule_changed: 'not_allowed',
  already_cancelled: 'not_allowed',
}

/**
 * As the answer to confirming a cancellation that was quoted before: only the latest quote can be confirmed, so this one
 * was not. Source: https://duffel.com/docs/guides/cancelling-an-order
 */
export const CANCELLATION_REJECTIONS: Rejections = { order_cancellation_stale: 'offer_expired' }

/** Codes with which a read of an offer says that it is not sold any more. */
const GONE = new Set(['offer_no_longer_available', 'offer_expired', 'not_found'])

/** The errors of a reply, or undefined when it is not one of Duffel's error replies. */
export function findErrors(body: unknown): readonly WireError[] | undefined {
  return wireErrors.Check(body) ? body.errors : undefined
}

/** The status that an error reply repeats in its `meta`; for messages that come without their HTTP status. */
export function statedStatus(body: unknown): number | null {
  const meta = (body as { meta?: { status?: unknown } } | null)?.meta
  return typeof meta?.status === 'number' ? meta.status : null
}

/**
 * Reads an error reply to a write. `rejected` only when every one of its errors is proof that nothing happened;
 * `ofOperation` adds the codes that are proof as the answer to this operation only.
 */
export function toWriteFailure(errors: readonly WireError[], status: number | null, ofOperation: Rejections = {}): WriteFailure {
  const first = errors[0]!
  const reasons = errors.map((error) => rejectionOf(error, status, ofOperation))
  const reason = reasons[0]
  if (reason && reasons.every((one) => one !== undefined))
    return { outcome: 'rejected', reason, code: codeOf(first), message: sayWhat(first) }
  const isTheirs = first.type === 'api_error' || (status !== null && status >= 500)
  return { outcome: 'unknown', cause: isTheirs ? 'server_error' : 'unrecognised', message: `${codeOf(first)}: ${sayWhat(first)}` }
}

function rejectionOf(error: WireError, status: number | null, ofOperation: Rejections): RejectionReason | undefined {
  if (error.type === 'api_error') return undefined
  if (error.code === ORDER_NOT_CREATED) return 'declined'
  if (status !== null && (status >= 500 || status < 400)) return undefined
  // Only what is on the list: an object also answers to "constructor".
  for (const list of [REJECTIONS, ofOperation]) if (error.code && Object.hasOwn(list, error.code)) return list[error.code]
  // The validator's own codes (validation_required, validation_format …) are many, and each names the field it refused.
  if (error.type !== 'validation_error' || !error.code?.startsWith('validation_') || !error.source) return undefined
  return (error.source.pointer ?? error.source.field ?? '').includes('passengers') ? 'invalid_passenger' : 'not_allowed'
}

/** The code with which an error reply says that the offer is not sold any more, or undefined. */
export function findGone(errors: readonly WireError[]): { code: string; message: string } | undefined {
  const error = errors.find((one) => one.type !== 'api_error' && one.code && GONE.has(one.code))
  return error && { code: codeOf(error), message: sayWhat(error) }
}

/** A read that was answered with something else than the thing read. */
export function toReadError(errors: readonly WireError[] | undefined, status: number | null): ProviderError {
  const first = errors?.[0]
  if (!first) {
    if (status !== null && status >= 500) return new ProviderError(DUFFEL, 'unreachable', `Duffel answered with status ${status}`)
    if (status === 429) return new ProviderError(DUFFEL, 'throttled', 'Duffel answered with status 429')
    if (status === 401 || status === 403) return new ProviderError(DUFFEL, 'unauthorised', `Duffel answered with status ${status}`)
    return new ProviderError(
      DUFFEL,
      'malformed',
      `Duffel answered${status === null ? '' : ` with status ${status} and`} something that is not its API's`,
    )
  }
  return new ProviderError(DUFFEL, faultOf(first, status), `${codeOf(first)}: ${sayWhat(first)}`, { code: codeOf(first) })
}

function faultOf(error: WireError, status: number | null): ProviderFault {
  if (error.type === 'rate_limit_error') return 'throttled'
  if (error.type === 'authentication_error') return 'unauthorised'
  if (error.code === 'gateway_timeout_error' || status === 504) return 'timeout'
  if (error.type === 'api_error' || (status !== null && status >= 500)) return 'unreachable'
  return 'refused'
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
  return new ProviderError(DUFFEL, faults[error.fault], error.message, { cause: error })
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

function codeOf(error: WireError): string {
  return (error.code ?? error.type ?? 'unnamed_error').slice(0, 80)
}

/** Title and field only: `message` may quote what a passenger typed, and this text is stored and logged. */
function sayWhat(error: WireError): string {
  const where = error.source?.pointer ?? error.source?.field
  return `${error.title ?? 'no title'}${where ? ` (${where})` : ''}`.slice(0, 200)
}
