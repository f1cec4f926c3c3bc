import { PartnerError, type PartnerReply } from '../../platform/partner.ts'
import type { RejectionReason, UnknownCause, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { wireError } from './wire.ts'

export const TESTWIRE = 'testwire'

/** A whole reply: its status, null for a message that came without one, and its body, undefined when it was not JSON. */
export type Reply = { readonly status: number | null; readonly body: unknown }

/** What a write may come back with when it is not the thing itself. */
export type WriteFailure = Exclude<WriteOutcome<never>, { outcome: 'ok' }>

/**
 * The allow-list: codes that prove that nothing happened. `duplicate_reference` is not on it: an earlier call of ours may be
 * the other one. What is not on it is unknown, and so is every status of 500 or more.
 */
const REJECTIONS: Readonly<Record<string, RejectionReason>> = {
  sold_out: 'sold_out',
  seats_lost: 'sold_out',
  price_changed: 'price_changed',
  invalid_passenger: 'invalid_passenger',
  invalid_request: 'not_allowed',
  not_allowed: 'not_allowed',
  not_confirmed: 'not_allowed',
  not_verified: 'not_allowed',
  stale_quote: 'not_allowed',
  stale_change: 'not_allowed',
  not_found: 'not_found',
  declined: 'declined',
  unauthorised: 'not_allowed',
  throttled: 'not_allowed',
}
const GONE = new Set(['sold_out', 'not_found'])

/** The text of a reply as a {@link Reply}. */
export function toReply(status: number | null, text: string): Reply {
  try {
    return { status, body: JSON.parse(text) as unknown }
  } catch {
    return { status, body: undefined }
  }
}

export function isSuccess({ status, body }: Reply): boolean {
  return status === null ? !wireError.Check(body) : status >= 200 && status < 300
}

/** A refusal in Testwire's own words, of whatever status, is no outage: it came from somebody who is well. */
export function isOutage(reply: PartnerReply): boolean {
  return reply.status >= 500 && !wireError.Check(toReply(null, reply.body).body)
}

/** What says that the offer is not sold any more, or undefined. */
export function findGone({ status, body }: Reply): { code: string; message: string } | undefined {
  return wireError.Check(body) && GONE.has(body.error.code) && (status === null || status < 500) ? said(body.error) : undefined
}

/** A read that was answered with something else than the thing read. */
export function toReadError({ status, body }: Reply): ProviderError {
  const error = wireError.Check(body) ? said(body.error) : null
  const message = error
    ? `${error.code}: ${error.message}`
    : `Testwire answered${status === null ? '' : ` with status ${status} and`} something that is not its API's`
  const fault =
    status === 429 || error?.code === 'throttled'
      ? 'throttled'
      : status === 401 || status === 403 || error?.code === 'unauthorised'
        ? 'unauthorised'
        : (status ?? 0) >= 500
          ? 'unreachable'
          : error
            ? 'refused'
            : 'malformed'
  return new ProviderError(TESTWIRE, fault, message, { code: error?.code ?? null })
}

/** A write that was answered with something else than what was asked for. */
export function toWriteFailure({ status, body }: Reply): WriteFailure {
  if (status === 202) return unknown('pending', 'Testwire has accepted it and not yet carried it out')
  if (status !== null && status >= 500) return unknown('server_error', `Testwire answered with status ${status}`)
  if (!wireError.Check(body)) return unknown('malformed', 'Testwire answered something that is not its API’s')
  const { code, message } = said(body.error)
  // Only what is on the list: an object also answers to "constructor".
  const reason = Object.hasOwn(REJECTIONS, code) ? REJECTIONS[code] : undefined
  return reason ? { outcome: 'rejected', reason, code, message } : unknown('unrecognised', `${code}: ${message}`)
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
  return new ProviderError(TESTWIRE, faults[error.fault], error.message, { cause: error })
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

export function unknown(cause: UnknownCause, message: string): WriteFailure {
  return { outcome: 'unknown', cause, message }
}

function said({ code, message }: { code: string; message: string }): { code: string; message: string } {
  return { code: code.slice(0, 80), message: message.slice(0, 200) }
}
