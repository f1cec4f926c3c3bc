import { children, type XmlElement } from '../../platform/xml.ts'
import type { Reservation, Ticket } from '../../travel/reservation.ts'
import type { Call, Cancellation, UnknownCause, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { createBudget, type Deps } from './deps.ts'
import { describeFailure, exchange, outcomeOfSilence, type Exchange } from './exchange.ts'
import { describeRefusal, outcomeOfRefusals, readRefusal } from './faults.ts'
import { readPnr, readPnrErrors, toLocator } from './read-pnr.ts'
import { retrievePnr, withStoredFares } from './read-operations.ts'
import { textAt } from './read-values.ts'
import { inSession, type Session } from './session.ts'
import { writeCancel, writeVoid } from './write-servicing.ts'

/**
 * Shows the record, voids what was issued, then cancels the flights. What comes back is the whole price: a voided ticket costs nothing,
 * and a reservation without tickets was never paid for. A reservation that is cancelled already is a success. Tickets outside their
 * void window are not touched: that is `rejected not_allowed`, and the reservation stays as it is.
 */
export async function cancel(deps: Deps, reservation: Reservation, call: Call): Promise<WriteOutcome<Cancellation>> {
  const budget = createBudget(deps, deps.config.limits.writeTimeoutMs)
  const locator = toLocator(reservation.supplierRef)
  return inSession(deps, call, budget, async (session): Promise<WriteOutcome<Cancellation>> => {
    let held: Reservation
    try {
      held = (await withStoredFares(session, await retrievePnr(session, locator))).reservation
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      return {
        outcome: 'unknown',
        cause: causeOf(error),
        message: `the reservation could not be shown before cancelling: ${error.message}`,
      }
    }
    const done: WriteOutcome<Cancellation> = { outcome: 'ok', value: { refund: held.total ?? reservation.total } }
    const voided = await voidAll(deps, session, held.tickets.filter(isLive))
    if (voided.outcome !== 'ok') return voided
    if (held.status === 'cancelled') return done
    const result = await session.ask('PNR_Cancel', writeCancel())
    // After a void, even a cancellation that was never sent leaves something changed.
    if (result.kind === 'never_sent') return { outcome: 'unknown', cause: 'unreachable', message: result.message }
    const said = outcomeOfCancel(result)
    return said.outcome === 'ok' ? done : said
  })
}

/** Voids one ticket. Documents are not part of a conversation, so this needs none. */
export async function voidTicket(deps: Deps, ticketNumber: string, call: Call): Promise<WriteOutcome<null>> {
  const request = {
    message: 'Ticket_CancelDocument',
    body: writeVoid(deps.config, ticketNumber),
    conversation: { place: 'stateless' },
    timeoutMs: deps.config.limits.writeTimeoutMs,
  } as const
  return outcomeOfVoid(await exchange(deps, request, call.signal))
}

/** What came of PNR_Cancel, without a refund: the message does not speak of money. Only a record without live flights is cancelled. */
export function outcomeOfCancel(result: Exchange): WriteOutcome<Cancellation> {
  if (result.kind === 'fault') return outcomeOfRefusals('cancel', [result.fault])
  if (result.kind !== 'reply') return outcomeOfSilence(result)
  const errors = readPnrErrors(result.body)
  const view = readPnr(result.body)
  if (view?.reservation.status === 'cancelled' && errors.length === 0) return { outcome: 'ok', value: { refund: null } }
  const message = errors.map(describeRefusal).join('; ')
  return {
    outcome: 'unknown',
    cause: 'unrecognised',
    message: message === '' ? 'the reply does not show that every flight is cancelled' : message,
  }
}

/** What came of Ticket_CancelDocument. */
export function outcomeOfVoid(result: Exchange): WriteOutcome<null> {
  if (result.kind === 'fault') return { outcome: 'unknown', cause: 'unrecognised', message: describeFailure(result) }
  if (result.kind !== 'reply') return outcomeOfSilence(result)
  return outcomeOfVoidReply(result.body)
}

/** What Ticket_CancelDocumentReply proves: voided only when every document in it has status O and none an error. */
export function outcomeOfVoidReply(reply: XmlElement): WriteOutcome<null> {
  const results = children(reply, 'transactionResults')
  const refusals = [reply, ...results].flatMap((one) => children(one, 'errorGroup').flatMap(readRefusal))
  const statuses = results.map((one) => textAt(one, 'responseDetails', 'statusCode'))
  if (refusals.length === 0 && statuses.length > 0 && statuses.every((status) => status === 'O')) return { outcome: 'ok', value: null }
  // One document voided and another refused is neither.
  if (statuses.includes('O')) return { outcome: 'unknown', cause: 'unrecognised', message: refusals.map(describeRefusal).join('; ') }
  return outcomeOfRefusals('void', refusals)
}

/** A ticket of which it is not known that it is void or refunded. */
export function isLive(ticket: Ticket): boolean {
  return ticket.coupons.length === 0 || ticket.coupons.some((coupon) => coupon.status !== 'void' && coupon.status !== 'refunded')
}

async function voidAll(deps: Deps, session: Session, tickets: readonly Ticket[]): Promise<WriteOutcome<null>> {
  let voided = 0
  for (const ticket of tickets) {
    const outcome = outcomeOfVoid(await session.ask('Ticket_CancelDocument', writeVoid(deps.config, ticket.number)))
    // With one gone and another kept, a rejection would say that nothing had happened.
    if (outcome.outcome === 'rejected' && voided > 0)
      return { outcome: 'unknown', cause: 'unrecognised', message: `${voided} of ${tickets.length} tickets are void: ${outcome.message}` }
    if (outcome.outcome !== 'ok') return outcome
    voided += 1
  }
  return { outcome: 'ok', value: null }
}

function causeOf(error: ProviderError): UnknownCause {
  return error.fault === 'timeout' || error.fault === 'unreachable' || error.fault === 'malformed' ? error.fault : 'unrecognised'
}
