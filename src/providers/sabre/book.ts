import { compareMoney, formatMoney } from '../../kernel/money.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { Call, FlightOrder, RejectionReason, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { isCancelled } from './cancel.ts'
import { createBudget, isFailure, write, type Budget, type Deps, type Reply } from './exchange.ts'
import { errorsOf, isWarning, toUnreadableWrite, toWriteFailure, unknown } from './faults.ts'
import { readBooking, type BookingView } from './from-wire-booking.ts'
import { isObject, toText } from './json.ts'
import { readToken, retrieveView } from './read-operations.ts'
import { isAnswer } from './read-reply.ts'
import { isUnsendable, toCancelBooking, toCreateBooking } from './to-wire-booking.ts'
import { PATHS } from './wire.ts'

/** What is left for giving an incomplete reservation back is never less than this. */
const GIVE_BACK_MS = 15_000

/**
 * Creates the reservation, once. Sabre halts by itself on an unconfirmed flight and on a price above the agreed one. What
 * is created all the same and is not what was agreed is cancelled at once: confirmed, that is a rejection; otherwise
 * unknown, and `find` shows it.
 */
export async function book(deps: Deps, order: FlightOrder, call: Call): Promise<WriteOutcome<Reservation>> {
  const body = toCreateBooking(order, readToken(order.offer))
  if (isUnsendable(body)) return { outcome: 'rejected', reason: 'not_allowed', code: 'unsendable', message: body.problem }
  const budget = createBudget(deps, deps.settings.limits.writeTimeoutMs)
  const reply = await write(deps, { path: PATHS.create, body, budget }, call)
  if (isFailure(reply)) return reply
  const created = readCreation(reply, order.offer)
  if ('outcome' in created) return created
  const view = created.view ?? (await look(deps, created.locator, call, budget))
  if (!view) return unknown('pending', `${created.locator} was created and cannot be read yet`)
  const flaw = flawOf(view, order.offer)
  return flaw ? giveBack(deps, created.locator, flaw, call) : { outcome: 'ok', value: view.reservation }
}

/** What createBooking says, judged by itself: for whoever only reads the message. */
export function outcomeOfCreation(reply: Reply, offer: FlightOffer | null): WriteOutcome<Reservation> {
  const created = readCreation(reply, offer)
  if ('outcome' in created) return created
  if (!created.view) return unknown('pending', `${created.locator} was created and is not shown`)
  const flaw = flawOf(created.view, offer)
  return flaw
    ? unknown('unrecognised', `${created.locator} is held but is not what was agreed: ${flaw.message}`)
    : { outcome: 'ok', value: created.view.reservation }
}

/** A locator that was given, with the booking where the reply shows it. */
type Created = { readonly locator: string; readonly view: BookingView | null }

function readCreation(reply: Reply, offer: FlightOffer | null): WriteOutcome<never> | Created {
  if (!isAnswer(reply)) return toUnreadableWrite(reply.body, reply.status)
  const errors = errorsOf(reply.body)
  const booking = isObject(reply.body['booking']) ? reply.body['booking'] : null
  const locator = toText(reply.body['confirmationId']) ?? toText(booking?.['bookingId'])
  if (locator === null) {
    if (errors.length > 0) return toWriteFailure('book', errors, reply.status)
    // The message of a reservation that is shown by itself, as getBooking does.
    return toText(reply.body['bookingId']) !== null && offer === null
      ? created(toText(reply.body['bookingId'])!, () => readBooking(reply.body))
      : toUnreadableWrite(reply.body, reply.status)
  }
  if (errors.some((error) => !isWarning(error)))
    return unknown(
      'unrecognised',
      `${locator} was created with errors: ${errors
        .map((error) => error.type)
        .join(', ')
        .slice(0, 200)}`,
    )
  return booking === null ? { locator, view: null } : created(locator, () => readBooking(booking, locator))
}

function created(locator: string, read: () => BookingView): WriteOutcome<never> | Created {
  try {
    return { locator, view: read() }
  } catch (error) {
    if (error instanceof RangeError) return unknown('malformed', `${locator}: ${error.message}`)
    throw error
  }
}

type Flaw = { readonly reason: RejectionReason; readonly message: string }

/** Why the reservation is not what was agreed: flights missing or not confirmed, or a stored price above the agreed one. */
function flawOf({ reservation }: BookingView, offer: FlightOffer | null): Flaw | undefined {
  const wanted = offer?.slices.reduce((count, slice) => count + slice.segments.length, 0) ?? reservation.segments.length
  const held = reservation.segments.filter((segment) => segment.status === 'confirmed').length
  if (held === 0 || held < wanted || held < reservation.segments.length)
    return { reason: 'sold_out', message: `${held} of ${Math.max(wanted, reservation.segments.length)} flights are confirmed` }
  const stored = reservation.total
  if (!offer || !stored || (stored.currency === offer.total.currency && compareMoney(stored, offer.total) <= 0)) return undefined
  return { reason: 'price_changed', message: `the stored price is ${formatMoney(stored)}, agreed were ${formatMoney(offer.total)}` }
}

async function look(deps: Deps, locator: string, call: Call, budget: Budget): Promise<BookingView | undefined> {
  try {
    return await retrieveView(deps, locator, call, budget)
  } catch (error) {
    if (error instanceof ProviderError) return undefined
    throw error
  }
}

async function giveBack(deps: Deps, locator: string, flaw: Flaw, call: Call): Promise<WriteOutcome<Reservation>> {
  const budget = createBudget(deps, Math.min(GIVE_BACK_MS, deps.settings.limits.writeTimeoutMs))
  const reply = await write(deps, { path: PATHS.cancel, body: toCancelBooking(locator, 'KEEP'), budget }, call)
  if (!isFailure(reply) && isCancelled(reply, []))
    return {
      outcome: 'rejected',
      reason: flaw.reason,
      code: 'incomplete_cancelled',
      message: `${flaw.message}; ${locator} was cancelled again`,
    }
  return unknown('unrecognised', `${locator} is held but not whole (${flaw.message}), and cancelling it is not confirmed`)
}
