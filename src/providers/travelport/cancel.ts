import type { CouponStatus, Reservation, Ticket } from '../../travel/reservation.ts'
import type { XmlElement } from '../../platform/xml.ts'
import type { Call, Cancellation, UnknownCause, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { isRecordCancelled } from './book.ts'
import { ask, createBudget, type Budget, type Deps } from './deps.ts'
import { outcomeOfSilence } from './exchange.ts'
import { outcomeOfFault } from './faults.ts'
import { retrieveRecord, withDocuments } from './read-operations.ts'
import { readLocators, readMessages, type RecordView } from './read-reservation.ts'
import { readVoids } from './read-tickets.ts'
import { writeCancel, writeVoid } from './to-wire.ts'
import { ITINERARY_CANCELLED, type Locators } from './wire.ts'

/**
 * Reads the record (a cancellation must cite its current version), voids what is open, then cancels the flights. What
 * comes back is the whole price: a voided ticket costs nothing, and an unticketed reservation was never paid for. A
 * reservation that is cancelled already is a success. Tickets outside the void window are not touched: that is
 * `rejected not_allowed`, and the reservation stays as it is.
 */
export async function cancel(deps: Deps, reservation: Reservation, call: Call): Promise<WriteOutcome<Cancellation>> {
  const budget = createBudget(deps, deps.config.limits.writeTimeoutMs)
  const locators = readLocators(reservation.supplierRef)
  try {
    let view = await withDocuments(deps, await retrieveRecord(deps, locators.record, call, budget), locators.air, call, budget)
    const done: WriteOutcome<Cancellation> = { outcome: 'ok', value: givenBack(view, reservation) }
    const open = view.reservation.tickets.filter(isOpen)
    if (open.length > 0) {
      const voided = await voidTickets(
        deps,
        locators,
        open.map((ticket) => ticket.number),
        call,
        budget,
      )
      if (voided.outcome !== 'ok') return voided
      // Voiding changes the record, and a cancellation must cite the version it has now.
      view = await retrieveRecord(deps, locators.record, call, budget)
    }
    return view.reservation.status === 'cancelled' ? done : await cancelFlights(deps, view, done, call, budget)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { outcome: 'unknown', cause: causeOf(error), message: `the reservation could not be read before cancelling: ${error.message}` }
  }
}

/** Voids one ticket. */
export function voidTicket(deps: Deps, reservation: Reservation, ticketNumber: string, call: Call): Promise<WriteOutcome<null>> {
  return voidTickets(
    deps,
    readLocators(reservation.supplierRef),
    [ticketNumber],
    call,
    createBudget(deps, deps.config.limits.writeTimeoutMs),
  )
}

/** What AirCancelRsp or UniversalRecordCancelRsp proves, without a refund: the message does not speak of money. */
export function outcomeOfCancellation(reply: XmlElement): WriteOutcome<Cancellation> {
  const cancelled = reply.name === 'UniversalRecordCancelRsp' ? isRecordCancelled(reply) : readMessages(reply).includes(ITINERARY_CANCELLED)
  if (cancelled) return { outcome: 'ok', value: { refund: null } }
  const messages = readMessages(reply).join('; ')
  return {
    outcome: 'unknown',
    cause: 'unrecognised',
    message: `the reply does not say that everything is cancelled${messages === '' ? '' : `: ${messages}`}`,
  }
}

/** What AirVoidDocumentRsp proves about these tickets. */
export function outcomeOfVoid(reply: XmlElement, ticketNumbers: readonly string[]): WriteOutcome<null> {
  const results = readVoids(reply)
  const about = ticketNumbers.length === 0 ? results : ticketNumbers.map((number) => results.find((one) => one.number === number))
  if (about.length > 0 && about.every((one) => one?.result === 'voided')) return { outcome: 'ok', value: null }
  const message = about.map((one) => (one ? `${one.number}: ${one.message}` : 'a ticket is not mentioned')).join('; ')
  if (about.length > 0 && about.every((one) => one?.result === 'refused'))
    return { outcome: 'rejected', reason: 'not_allowed', code: 'void_failed', message }
  return { outcome: 'unknown', cause: 'unrecognised', message }
}

const DONE_WITH = new Set<CouponStatus>(['void', 'refunded', 'exchanged'])

/** A ticket with a coupon that can still be used or given back; one whose coupons are not told counts as open. */
export function isOpen(ticket: Ticket): boolean {
  return ticket.coupons.length === 0 || ticket.coupons.some((coupon) => !DONE_WITH.has(coupon.status))
}

/** The whole price comes back unless a ticket was refunded or changed before: then what is left of it, this does not know. */
function givenBack(view: RecordView, reservation: Reservation): Cancellation {
  const coupons = view.reservation.tickets.flatMap((ticket) => ticket.coupons)
  if (coupons.some((coupon) => coupon.status === 'refunded' || coupon.status === 'exchanged')) return { refund: null }
  return { refund: view.reservation.total ?? reservation.total }
}

async function voidTickets(
  deps: Deps,
  locators: Locators,
  numbers: readonly string[],
  call: Call,
  budget: Budget,
): Promise<WriteOutcome<null>> {
  const envelope = writeVoid(deps.config, locators, numbers)
  const result = await ask(deps, call, budget, { service: 'AirService', envelope, expects: 'AirVoidDocumentRsp' })
  if (result.kind === 'fault') return outcomeOfFault('void', result.fault)
  return result.kind === 'reply' ? outcomeOfVoid(result.body, numbers) : outcomeOfSilence(result)
}

async function cancelFlights(
  deps: Deps,
  view: RecordView,
  done: WriteOutcome<Cancellation>,
  call: Call,
  budget: Budget,
): Promise<WriteOutcome<Cancellation>> {
  const envelope = writeCancel(deps.config, view.locators, view.version)
  const result = await ask(deps, call, budget, { service: 'AirService', envelope, expects: 'AirCancelRsp' })
  if (result.kind === 'fault') return outcomeOfFault('cancel', result.fault)
  // After a void, even a cancellation that was never sent leaves something changed.
  if (result.kind === 'never_sent') return { outcome: 'unknown', cause: 'unreachable', message: result.message }
  if (result.kind === 'no_answer') return outcomeOfSilence(result)
  const said = outcomeOfCancellation(result.body)
  return said.outcome === 'ok' ? done : said
}

/** What a read that failed means for the write that it was to prepare. */
export function causeOf(error: ProviderError): UnknownCause {
  return error.fault === 'timeout' || error.fault === 'unreachable' || error.fault === 'malformed' ? error.fault : 'unrecognised'
}
