import type { Reservation, Ticket } from '../../travel/reservation.ts'
import type { Call, Cancellation, RefundQuote, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { isOpen } from './cancel.ts'
import { ask, createBudget, type Deps } from './deps.ts'
import { outcomeOfSilence, PROVIDER_ID, refused, replyOf } from './exchange.ts'
import { outcomeOfFault } from './faults.ts'
import { retrieveRecord, withDocuments } from './read-operations.ts'
import { outcomeOfRefund, readRefundQuote, readRefundToken, type RefundToken } from './read-refund.ts'
import { readLocators } from './read-reservation.ts'
import { writeRefund, writeRefundQuote } from './write-after-sales.ts'

/** What the open tickets of a reservation would pay back today. Throws ProviderError, also when there are none. */
export async function quoteRefund(deps: Deps, reservation: Reservation, call: Call): Promise<RefundQuote> {
  const budget = createBudget(deps, deps.config.limits.readTimeoutMs)
  const locators = readLocators(reservation.supplierRef)
  const held = await withDocuments(deps, await retrieveRecord(deps, locators.record, call, budget), locators.air, call, budget)
  const open = held.reservation.tickets.filter(isOpen).map((ticket: Ticket) => ticket.number)
  if (open.length === 0) throw new ProviderError(PROVIDER_ID, 'refused', 'there is no ticket to refund', { code: 'no_open_ticket' })
  const envelope = writeRefundQuote(deps.config, locators, open)
  const reply = replyOf(await ask(deps, call, budget, { service: 'AirService', envelope, expects: 'AirRefundQuoteRsp' }))
  if ('fault' in reply) throw refused(reply.fault)
  return readRefundQuote(reply.body, open)
}

/**
 * Refunds the tickets as quoted. The flights stay booked; `cancel` gives them back, and voids nothing that is refunded.
 * Nothing that the host says proves a refusal, so everything but its confirmation is unknown and shows on retrieval.
 */
export async function refund(deps: Deps, quote: RefundQuote, call: Call): Promise<WriteOutcome<Cancellation>> {
  const token: RefundToken = readRefundToken(quote.supplierToken)
  const envelope = writeRefund(deps.config, token.content)
  const budget = createBudget(deps, deps.config.limits.writeTimeoutMs)
  const result = await ask(deps, call, budget, { service: 'AirService', envelope, expects: 'AirRefundRsp' })
  if (result.kind === 'fault') return outcomeOfFault('refund', result.fault)
  return result.kind === 'reply' ? outcomeOfRefund(result.body, token.tickets, quote.refund) : outcomeOfSilence(result)
}
