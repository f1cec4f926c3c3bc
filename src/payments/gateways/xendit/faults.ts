import type { PartnerReply } from '../../../platform/partner.ts'
import { rejected, statusFailure, unknown, type Failure } from '../outcomes.ts'
import { readErrorCode } from './wire.ts'

/**
 * Codes with which Xendit says that it did nothing and never will. https://docs.xendit.co/apidocs/create-a-refund and
 * https://docs.xendit.co/apidocs/create-invoice; whatever is not here is unknown.
 */
const REFUSALS: ReadonlySet<string> = new Set([
  'API_VALIDATION_ERROR',
  'INVALID_JSON_FORMAT',
  'UNSUPPORTED_CURRENCY',
  'MINIMAL_TRANSFER_AMOUNT_ERROR',
  'MAXIMUM_TRANSFER_AMOUNT_ERROR',
  'NO_COLLECTION_METHODS_ERROR',
  'UNAVAILABLE_PAYMENT_METHOD_ERROR',
  'INVOICE_NOT_FOUND_ERROR',
  'DATA_NOT_FOUND',
  'REFUND_AMOUNT_EXCEEDED',
  'INELIGIBLE_TRANSACTION_STATUS',
  'INSUFFICIENT_BALANCE',
  'PARTIAL_REFUND_COUNTS_EXCEEDED',
  'REFUND_NOT_SUPPORTED',
  'PARTIAL_REFUND_NOT_SUPPORTED',
])

/** What a reply that is not a success means; `body` is undefined where it is not JSON. */
export function toReplyFailure(reply: PartnerReply, body: unknown): Failure {
  const error = readErrorCode(body)
  // One refund of a payment at a time; it may be this very one.
  if (error?.code === 'REFUND_IN_PROGRESS' || error?.code === 'CONFLICT') return unknown('in_flight', error.message)
  if (error && reply.status < 500 && REFUSALS.has(error.code)) return rejected(error.code, error.message)
  const byStatus = statusFailure(reply)
  if (byStatus) return byStatus
  if (!error) return unknown('malformed', `status ${reply.status} without a code`)
  return unknown(reply.status === 403 ? 'unauthorised' : 'unrecognised', `${error.code}: ${error.message}`)
}
