import type { Reservation } from '../../travel/reservation.ts'
import type { Call, Cancellation, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { createBudget, isFailure, write, type Deps, type Reply } from './exchange.ts'
import { errorsOf, isWarning, notSent, toUnreadableWrite, toWriteFailure, unknown, type WriteFailure } from './faults.ts'
import { readBooking } from './from-wire-booking.ts'
import { isLive, readTicketNumbers } from './from-wire-tickets.ts'
import { isObject, toTexts, type JsonObject } from './json.ts'
import { retrieveView } from './read-operations.ts'
import { isAnswer } from './read-reply.ts'
import { toCancelBooking, toVoidTickets } from './to-wire-booking.ts'
import { PATHS } from './wire.ts'

/**
 * Reads the reservation, then has Sabre void what tickets are live and cancel everything, in one call that stops at the
 * first error. What comes back is the whole price: a voided ticket costs nothing, and an unticketed reservation was never
 * paid for. One that is cancelled already is a success. Tickets outside the void window stop it: `rejected not_allowed`,
 * and the reservation stays as it is.
 */
export async function cancel(deps: Deps, reservation: Reservation, call: Call): Promise<WriteOutcome<Cancellation>> {
  const budget = createBudget(deps, deps.settings.limits.writeTimeoutMs)
  let current: Reservation
  try {
    current = (await retrieveView(deps, reservation.supplierRef, call, budget)).reservation
  } catch (error) {
    if (error instanceof ProviderError) return notSent(`not cancelled, because the reservation could not be read: ${error.message}`)
    throw error
  }
  const live = current.tickets.filter(isLive).map((ticket) => ticket.number)
  const done: WriteOutcome<Cancellation> = { outcome: 'ok', value: { refund: current.total ?? reservation.total } }
  if (current.status === 'cancelled' && live.length === 0) return done
  const body = toCancelBooking(reservation.supplierRef, live.length > 0 ? 'VOID' : 'KEEP')
  const reply = await write(deps, { path: PATHS.cancel, body, budget }, call)
  if (isFailure(reply)) return reply
  return isCancelled(reply, live) ? done : toCancelFailure(reply)
}

/** What cancelBooking proves, for whoever only reads the message: it does not speak of money except where it refunds. */
export function outcomeOfCancellation(reply: Reply): WriteOutcome<Cancellation> {
  return isCancelled(reply, []) ? { outcome: 'ok', value: { refund: null } } : toCancelFailure(reply)
}

/**
 * True when cancelBooking answers without an error, shows no flight that is still held, and says of every one of these
 * tickets that it is voided.
 */
export function isCancelled(reply: Reply, tickets: readonly string[]): boolean {
  if (!isAnswer(reply) || !isSuccess(reply.status) || !isOfCancellation(reply.body)) return false
  if (errorsOf(reply.body).some((error) => !isWarning(error))) return false
  const voided = new Set(toTexts(reply.body['voidedTickets']).flatMap(readTicketNumbers))
  return tickets.every((number) => voided.has(number)) && !showsFlights(reply.body)
}

function isSuccess(status: number | null): boolean {
  return status === null || (status >= 200 && status < 300)
}

/** Every reply of the API's states its time or repeats the request; half a page of something else does not. */
function isOfCancellation(body: JsonObject): boolean {
  return ['timestamp', 'request', 'booking', 'voidedTickets', 'refundedTickets'].some((member) => member in body)
}

function showsFlights(body: JsonObject): boolean {
  const booking = body['booking']
  if (!isObject(booking)) return false
  try {
    return readBooking(booking, '?').reservation.segments.some((segment) => segment.status !== 'cancelled')
  } catch (error) {
    if (error instanceof RangeError) return true
    throw error
  }
}

function toCancelFailure(reply: Reply): WriteFailure {
  if (!isAnswer(reply)) return toUnreadableWrite(reply.body, reply.status)
  const errors = errorsOf(reply.body)
  const changed = [...toTexts(reply.body['voidedTickets']), ...toTexts(reply.body['refundedTickets'])]
  if (changed.length > 0) return unknown('unrecognised', 'some tickets were given back, and not everything is cancelled')
  if (errors.length > 0) return toWriteFailure('cancel', errors, reply.status)
  if (isOfCancellation(reply.body)) return unknown('unrecognised', 'the reply does not say that everything is cancelled')
  return toUnreadableWrite(reply.body, reply.status)
}

/** Voids one ticket. Full amount, no fee; the flights stay. */
export async function voidTicket(deps: Deps, ticketNumber: string, call: Call): Promise<WriteOutcome<null>> {
  const budget = createBudget(deps, deps.settings.limits.writeTimeoutMs)
  const reply = await write(deps, { path: PATHS.void, body: toVoidTickets([ticketNumber]), budget }, call)
  return isFailure(reply) ? reply : outcomeOfVoid(reply, [ticketNumber])
}

/** What voidFlightTickets proves about these tickets; of whichever it names when none are given. */
export function outcomeOfVoid(reply: Reply, tickets: readonly string[]): WriteOutcome<null> {
  if (!isAnswer(reply)) return toUnreadableWrite(reply.body, reply.status)
  const voided = new Set(toTexts(reply.body['voidedTickets']).flatMap(readTicketNumbers))
  const errors = errorsOf(reply.body)
  const isAll = voided.size > 0 && tickets.every((number) => voided.has(number))
  if (isAll && isSuccess(reply.status) && !errors.some((error) => !isWarning(error))) return { outcome: 'ok', value: null }
  if (errors.length > 0 && voided.size === 0) return toWriteFailure('void', errors, reply.status)
  if (isOfCancellation(reply.body)) return unknown('unrecognised', 'the reply does not say that every ticket is voided')
  return toUnreadableWrite(reply.body, reply.status)
}
