import { compareMoney, formatMoney, type Money } from '../../kernel/money.ts'
import type { Ticket } from '../../travel/reservation.ts'
import type { Call, TicketOrder, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { createBudget, isFailure, write, type Deps, type Reply } from './exchange.ts'
import { errorsOf, isWarning, notSent, toUnreadableWrite, toWriteFailure, unknown, warningsOf } from './faults.ts'
import { readIssued, type BookingView } from './from-wire-booking.ts'
import { isLive } from './from-wire-tickets.ts'
import { retrieveView } from './read-operations.ts'
import { isAnswer } from './read-reply.ts'
import { toFulfill } from './to-wire-booking.ts'
import { PATHS } from './wire.ts'

/**
 * Issues the tickets of the stored prices. The reservation is read first: which prices are stored, that they are not
 * dearer than agreed, and that no tickets are there already (then those are the answer, and nothing is sent).
 */
export async function ticket(deps: Deps, order: TicketOrder, call: Call): Promise<WriteOutcome<readonly Ticket[]>> {
  const budget = createBudget(deps, deps.settings.limits.writeTimeoutMs)
  const { supplierRef } = order.reservation
  let view: BookingView
  try {
    view = await retrieveView(deps, supplierRef, call, budget)
  } catch (error) {
    if (error instanceof ProviderError) return notSent(`not ticketed, because the reservation could not be read: ${error.message}`)
    throw error
  }
  const live = view.reservation.tickets.filter(isLive)
  if (live.length > 0)
    return live.length >= view.travelers
      ? { outcome: 'ok', value: live }
      : unknown('unrecognised', `${live.length} tickets are there already, for ${view.travelers} travellers`)
  const refusal = refuse(view, order.total)
  if (refusal) return refusal
  const body = toFulfill(supplierRef, view.priceQuotes, deps.settings)
  const reply = await write(deps, { path: PATHS.fulfill, body, budget }, call)
  return isFailure(reply) ? reply : outcomeOfTicketing(reply, view.travelers)
}

/** Why nothing is sent: the seats are not held, or what is stored is dearer than what was agreed. */
function refuse({ reservation }: BookingView, agreed: Money): WriteOutcome<never> | undefined {
  if (reservation.status !== 'active')
    return { outcome: 'rejected', reason: 'not_allowed', code: 'not_held', message: `the reservation is ${reservation.status}` }
  const stored = reservation.total
  if (!stored || (stored.currency === agreed.currency && compareMoney(stored, agreed) <= 0)) return undefined
  return {
    outcome: 'rejected',
    reason: 'price_changed',
    code: 'stored_price',
    message: `the stored price is ${formatMoney(stored)}, agreed were ${formatMoney(agreed)}`,
  }
}

/** Warnings with which Sabre answers 200 and does not know itself what was issued, or issued a part. */
const INCOMPLETE = new Set(['UNABLE_TO_RETRIEVE_TICKETS', 'FULFILLMENT_NOT_CONFIRMED', 'PARTIAL_FULFILLMENT'])

/**
 * What fulfillFlightTickets proves. Issued only when it names a ticket for every traveller, says of none that it is not
 * committed to the reservation, and warns of nothing incomplete. `travelers` is 0 for whoever only reads the message.
 */
export function outcomeOfTicketing(reply: Reply, travelers: number): WriteOutcome<readonly Ticket[]> {
  if (!isAnswer(reply)) return toUnreadableWrite(reply.body, reply.status)
  const errors = errorsOf(reply.body).filter((error) => !isWarning(error))
  const warnings = [...warningsOf(reply.body), ...errorsOf(reply.body).filter(isWarning)]
  const { tickets, areCommitted } = readIssued(reply.body)
  if (tickets.length === 0)
    return errors.length > 0
      ? toWriteFailure('ticket', errors, reply.status)
      : nothingIssued(
          reply,
          warnings.map((warning) => warning.type),
        )
  const incomplete = [...errors, ...warnings.filter((warning) => INCOMPLETE.has(warning.type))]
  if (incomplete.length > 0)
    return unknown(
      'unrecognised',
      `some tickets were issued: ${incomplete
        .map((one) => one.type)
        .join(', ')
        .slice(0, 200)}`,
    )
  if (!areCommitted) return unknown('pending', 'tickets were issued that are not in the reservation yet')
  if (reply.status !== null && reply.status >= 300) return unknown('unrecognised', `tickets came with status ${reply.status}`)
  if (tickets.length < travelers) return unknown('unrecognised', `${tickets.length} tickets for ${travelers} travellers`)
  return { outcome: 'ok', value: tickets }
}

function nothingIssued(reply: Reply, warnings: readonly string[]): WriteOutcome<never> {
  if (warnings.length > 0) return unknown('unrecognised', `no ticket is named: ${warnings.join(', ').slice(0, 200)}`)
  return toUnreadableWrite(reply.body, reply.status)
}
