import { Refused, Unanswered } from '../json-call.ts'
import type { WireReply } from './wire.ts'

/** Codes of `refund` that prove that nothing was given back: wrongly written, no such payment, never paid. */
const REFUSALS: Readonly<Record<string, string>> = { '03': 'invalid_request', '91': 'payment_not_found', '95': 'payment_not_paid' }

/**
 * Throws what a reply other than 00 means: {@link Refused} for the few codes that prove that nothing happened,
 * {@link Unanswered} for all others. 94 says that the same request came before: whether it had an effect is to be asked.
 */
export function assertAccepted(reply: WireReply, command: 'querydr' | 'refund'): void {
  if (reply.code === '00') return
  const message = `VNPay answered ${reply.code}: ${reply.message}`
  const refusal = command === 'refund' ? REFUSALS[reply.code] : undefined
  if (refusal !== undefined) throw new Refused(refusal, message)
  if (reply.code === '94') throw new Unanswered(command === 'refund' ? 'in_flight' : 'throttled', message)
  if (reply.code === '02' || reply.code === '97') throw new Unanswered('unauthorised', message)
  throw new Unanswered('unrecognised', message)
}
