import { Refused, Unanswered } from '../json-call.ts'
import type { WireStatus } from './wire.ts'

export type Operation = 'create' | 'query' | 'refund' | 'query_refund'

const NOT_THERE = -101

/**
 * Codes that prove that nothing happened, by operation. https://docs.zalopay.vn/docs/developer-tools/knowledge-base/status-codes
 * Everything else, also a code of tomorrow, is unknown.
 */
const REFUSALS: Readonly<Record<Operation, Readonly<Record<number, string>>>> = {
  create: { [-401]: 'invalid_request' },
  query: { [NOT_THERE]: 'payment_not_found' },
  refund: {
    [-2]: 'refund_not_allowed',
    [-13]: 'refund_window_over',
    [-14]: 'refund_amount_invalid',
    [-24]: 'refund_id_invalid',
    [-25]: 'refund_id_of_another_day',
    [-26]: 'refund_id_invalid',
    [-32]: 'refund_not_supported',
    [NOT_THERE]: 'payment_not_found',
    [-401]: 'invalid_request',
  },
  query_refund: {},
}

/** Of a create and of a refund: the same came before. Whether it had an effect is to be asked. */
const DUPLICATES: readonly number[] = [-68, -23]

/** What a reply that is no success means; throws {@link Refused} or {@link Unanswered}. */
export function throwFault(operation: Operation, status: WireStatus): never {
  const message = `ZaloPay answered ${status.returnCode}/${status.code}: ${status.message}`
  const refusal = REFUSALS[operation][status.code]
  if (refusal !== undefined) throw new Refused(refusal, message)
  if (DUPLICATES.includes(status.code)) throw new Unanswered('in_flight', message)
  if (status.code === -402 || status.code === -403) throw new Unanswered('unauthorised', message)
  if (status.code === -429) throw new Unanswered('throttled', message)
  if (status.code === -500 || status.code === -999) throw new Unanswered('server_error', message)
  throw new Unanswered('unrecognised', message)
}

/** True for a repeated order. */
export function isDuplicate(status: WireStatus): boolean {
  return status.code === -68
}

/** True where ZaloPay knows no such thing. */
export function isNotThere(status: WireStatus): boolean {
  return status.code === NOT_THERE
}
