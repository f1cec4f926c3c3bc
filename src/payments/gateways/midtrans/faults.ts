import type { PartnerReply } from '../../../platform/partner.ts'
import { rejected, statusFailure, unknown, type Failure } from '../outcomes.ts'
import { readErrorMessages, readStatus } from './wire.ts'

/**
 * Statuses in the body with which Midtrans says that it did nothing. 406, a key or order that has been used, is not one
 * of them: something was done. https://docs.midtrans.com/reference/code-4xx
 */
const REFUSALS: ReadonlySet<string> = new Set(['400', '402', '404', '408', '412', '413', '414'])

/** What a reply of the core API that is not a success means; `body` is undefined where it is not JSON. */
export function toReplyFailure(reply: PartnerReply, body: unknown): Failure {
  const status = readStatus(body)
  if (status?.code === '202' || reply.status === 202) return unknown('in_flight', status?.message ?? 'the same request is under way')
  if (status && reply.status < 500 && REFUSALS.has(status.code)) return rejected(status.code, status.message)
  if (status?.code === '401') return unknown('unauthorised', status.message)
  const byStatus = statusFailure(reply)
  if (byStatus) return byStatus
  return status
    ? unknown('unrecognised', `${status.code}: ${status.message}`)
    : unknown('malformed', `status ${reply.status} without a status code`)
}

/**
 * What a reply of Snap's that is not a success means. It says what is wrong in sentences: one about the order's number
 * may be that it was used before, by ourselves, so it proves nothing.
 */
export function toSnapFailure(reply: PartnerReply, body: unknown): Failure {
  if (reply.status === 202) return unknown('in_flight', 'the same request is under way')
  const messages = readErrorMessages(body)
  if (reply.status === 400 && messages.length > 0 && !messages.some((message) => /order_id/i.test(message)))
    return rejected('validation_error', messages.join('; '))
  const byStatus = statusFailure(reply)
  if (byStatus) return byStatus
  return unknown(messages.length > 0 ? 'unrecognised' : 'malformed', messages.join('; ') || `status ${reply.status}`)
}
