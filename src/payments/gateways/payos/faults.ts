import { Refused, Unanswered } from '../json-call.ts'
import type { WireReply } from './wire.ts'

/** An order of this code is there already. PayOS says so with status 200. */
export const DUPLICATE = '231'
const NOT_FOUND = '101'

/**
 * Throws what a reply other than 00 means. PayOS signs no refusal and gives "20" to wrong requests and to its own failures
 * alike, so that none proves that nothing happened; only a question can be answered by "there is no such payment".
 */
export function assertAccepted(operation: 'create' | 'query' | 'cancel', reply: WireReply): void {
  if (reply.code === '00') return
  const message = `PayOS answered ${reply.code}: ${reply.message}`
  if (operation === 'query' && reply.code === NOT_FOUND) throw new Refused('payment_not_found', message)
  if (reply.code === DUPLICATE) throw new Unanswered('in_flight', message)
  if (reply.code === '201' || reply.code === '401') throw new Unanswered('unauthorised', message)
  if (reply.code === '429') throw new Unanswered('throttled', message)
  throw new Unanswered('unrecognised', message)
}
