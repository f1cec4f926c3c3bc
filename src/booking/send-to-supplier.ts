import { plusMs, toDate, toIso } from '../kernel/time.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { Cancellation, WriteOutcome } from '../providers/contract.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import type { Passenger } from '../travel/passenger.ts'
import type { Reservation, Ticket } from '../travel/reservation.ts'
import type { Guest } from '../travel/stay.ts'
import type { AttemptAnswer } from './attempt-store.ts'
import { probeDelayMs, type Attempt } from './attempt.ts'
import { itemOf, ticketsNeeded, type Booking, type ItemFacts } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { announce } from './events.ts'
import type { BookingEvent } from './machine/index.ts'
import { providerOf } from './note-attempt.ts'
import { foundAfter, liveTickets, refusalOf } from './reservation-state.ts'
import type { Travellers } from './seller.ts'
import { withBooking } from './with-booking.ts'

/**
 * Sends the noted write, once, and stores what became of it. Whatever goes wrong on the way back — even a bug in an
 * adapter — leaves it unknown: it will be looked up by our reference and never sent again. The booking as it then is.
 */
export async function sendToSupplier(deps: BookingDeps, booking: Booking, attempt: Attempt): Promise<Booking> {
  failpoint('supplier-not-asked')
  let answer: Answer
  try {
    answer = await send(deps, booking, attempt)
  } catch (error) {
    answer = { outcome: 'unknown', cause: 'unrecognised', message: error instanceof Error ? error.message : String(error) }
  }
  failpoint('supplier-answered')
  return storeAnswer(deps, attempt, answer)
}

/** The supplier's word on an attempt, with the reservation as it then stands. */
export type Answer = WriteOutcome<Reservation>

async function send(deps: BookingDeps, booking: Booking, attempt: Attempt): Promise<Answer> {
  const { seller, limits } = providerOf(deps, itemOf(booking, attempt.itemId))
  const call = { signal: deps.waits.deadline(limits.writeTimeoutMs) }
  if (attempt.operation === 'book') {
    return seller.book(
      {
        reference: attempt.reference,
        offer: attempt.offer,
        travellers: openTravellers(deps, booking, attempt.offer),
        contact: booking.contact,
      },
      call,
    )
  }
  const reservation = attempt.reservation
  if (!reservation) throw new Error(`${attempt.id} has no reservation to ${attempt.operation}`)
  if (attempt.operation === 'cancel')
    return withReservation(await seller.cancel(reservation, call), () => ({ ...reservation, status: 'cancelled' }))
  if (!seller.ticket)
    return {
      outcome: 'rejected',
      reason: 'not_allowed',
      code: 'no-ticketing',
      message: `${attempt.provider} issues tickets only when it books`,
    }
  const ticketed = await seller.ticket({ reference: attempt.reference, reservation, total: attempt.offer.total }, call)
  return withReservation<readonly Ticket[]>(ticketed, (tickets) => ({ ...reservation, tickets }))
}

function withReservation<T extends Cancellation | readonly Ticket[]>(
  outcome: WriteOutcome<T>,
  toReservation: (value: T) => Reservation,
): Answer {
  return outcome.outcome === 'ok' ? { outcome: 'ok', value: toReservation(outcome.value) } : outcome
}

/** Who travels, with birth dates and documents where there are any, for the supplier's eyes only. */
export function openTravellers(deps: Pick<BookingDeps, 'sealer'>, booking: Booking, offer: Offer): Travellers {
  if (!booking.sealed.key) throw new Error(`the travellers of ${booking.id} have been forgotten`)
  const opened = JSON.parse(deps.sealer.open({ key: booking.sealed.key, data: booking.sealed.data }, booking.id)) as SealedTravellers
  // Bookings placed before there were several items in one sealed the one list there was.
  return 'passengers' in opened ? (isStay(offer) ? opened.guests : opened.passengers) : opened
}

/** What is sealed of those who travel: who flies and who stays, either of which may be nobody. */
type SealedTravellers = Travellers | { readonly passengers: readonly Passenger[]; readonly guests: readonly Guest[] }

/** The kind of work item of a write that nobody could say the outcome of. */
export const UNKNOWN_OUTCOME = 'unknown_outcome'

/** Stores the answer in one transaction, unless the attempt has been decided in the meantime by a probe. The booking as it then is. */
export async function storeAnswer(deps: BookingDeps, attempt: Attempt, answer: Answer): Promise<Booking> {
  const now = deps.clock.now()
  const { itemId, operation } = attempt
  return withBooking(deps, attempt.bookingId, async (tx, booking, write) => {
    const stored = await deps.store.answerAttempt(tx, attempt.id, toAttemptAnswer(attempt, answer, now))
    if (!stored) return booking
    const { event, item } = toEvent(booking, attempt, answer)
    const answered = await write.happen(event, { item })
    if (answer.outcome === 'ok' && operation === 'book')
      await announce(deps, tx, 'booking.reserved', booking.id, { itemId, attemptId: attempt.id, pnr: answer.value.pnr })
    if (answer.outcome === 'unknown') {
      const answerBy = booking.answerPromisedBy && toIso(booking.answerPromisedBy)
      const body = { itemId, attemptId: attempt.id, operation, cause: answer.cause, answerBy }
      await announce(deps, tx, 'booking.in_doubt', booking.id, body)
    } else if (stored.probes > 0 || now >= stored.horizonAt) {
      // Before that nobody has put it before a person.
      await deps.records.closeWorkItem(tx, UNKNOWN_OUTCOME, booking.id, toDate(now))
    }
    return answered
  })
}

/** The answer in the state machine's words, and what the item has got by it. */
function toEvent(booking: Booking, attempt: Attempt, answer: Answer): { readonly event: BookingEvent; readonly item: ItemFacts } {
  const { itemId, operation } = attempt
  if (answer.outcome === 'unknown') return { event: { type: 'write_in_doubt', itemId, operation }, item: {} }
  if (answer.outcome === 'rejected') {
    return { event: { type: 'write_refused', itemId, operation, reason: refusalOf(answer.reason) }, item: {} }
  }
  const found = foundAfter(operation, answer.value, ticketsNeeded(booking, attempt.offer))
  const event = { type: 'write_succeeded', itemId, operation, found } as const
  if (operation === 'cancel') return { event, item: { pnr: null, tickets: [] } }
  return { event, item: found === 'ticketed' ? { pnr: answer.value.pnr, tickets: liveTickets(answer.value) } : {} }
}

function toAttemptAnswer(attempt: Attempt, answer: Answer, now: Booking['createdAt']): AttemptAnswer {
  switch (answer.outcome) {
    case 'ok':
      return { state: 'ok', answeredAt: now, reservation: answer.value }
    case 'rejected':
      return { state: 'rejected', answeredAt: now, reason: answer.reason }
    case 'unknown':
      return { state: 'unknown', answeredAt: now, reason: answer.cause, nextProbeAt: plusMs(now, probeDelayMs(attempt.probes)) }
  }
}
