import Stripe from 'stripe'
import { PartnerError } from '../../../platform/partner.ts'
import { rejected, toFailure as toAnyFailure, unknown, type Failure } from '../outcomes.ts'

/**
 * What a failed call to Stripe means. Refused are only requests that Stripe validated and turned down, which it says
 * with an `invalid_request_error` or `card_error` of status 400, 402 or 404. A key that does not fit its parameters (an
 * `idempotency_error`) proves that something was done before; a wrong API key is our own trouble and will pass.
 * Anything else that was thrown is a bug of ours and is thrown on.
 */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof Stripe.errors.StripeError)) return toAnyFailure(error)
  if (error instanceof Stripe.errors.StripeConnectionError) return lostConnection(error)
  const message = error.message.slice(0, 300)
  const status = error.statusCode
  if (status === undefined) return unknown('malformed', message)
  if (status === 409) return unknown('in_flight', message)
  if (status === 429) return unknown('throttled', message)
  if (status === 401 || status === 403) return unknown('unauthorised', message)
  if (status >= 500) return unknown('server_error', message)
  const isRefusal =
    (status === 400 || status === 402 || status === 404) && (error.rawType === 'invalid_request_error' || error.rawType === 'card_error')
  if (isRefusal) return rejected(error.code ?? error.rawType ?? 'invalid_request', message)
  return unknown('unrecognised', message)
}

function lostConnection(error: InstanceType<typeof Stripe.errors.StripeConnectionError>): Failure {
  const cause: unknown = error.detail
  if (cause instanceof PartnerError) return toAnyFailure(cause)
  return unknown('timeout', error.message)
}
