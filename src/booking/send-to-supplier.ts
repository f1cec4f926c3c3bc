import { plusMs, toDate, toIso } from '../kernel/time.ts'
import { failpoint } from '../platform/failpoint.ts'
import { closeWorkItem } from '../platform/work-items.ts'
import type { Cancellation, WriteOutcome } from '../providers/contract.ts'
import type { Reservation, Ticket } from '../travel/reservation.ts'
import { answerAttempt, type AttemptAnswer } from './attempt-store.ts'
import { probeDelayMs, type Attempt } from './attempt.ts'
import type { Booking } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { announce } from './events.ts'
import { providerOf } from './note-attempt.ts'
import type { Travellers } from './seller.ts'
import { withBooking } from './store.ts'

/**
 * Sends the noted write, once, and stores what became of it. Whatever goes wrong on the way back — even a bug in an
 * adapter — leaves it unknown: it will be looked up by our reference and never sent again.
 */
export async function sendToSupplier(deps: BookingDeps, booking: Booking, attempt: Attempt): Promise<void> {
  failpoint('supplier-not-asked')
  let answer: Answer
  try {
    answer = await send(deps, booking, attempt)
  } catch (error) {
    answer = { outcome: 'unknown', cause: 'unrecognised', message: error instanceof Error ? error.message : String(error) }
  }
  failpoint('supplier-answered')
  await storeAnswer(deps, attempt, answer)
}

/** The supplier's word on an attempt, with the reservation as it then stands. */
export type Answer = WriteOutcome<Reservation>

async function send(deps: BookingDeps, booking: Booking, attempt: Attempt): Promise<Answer> {
  const { seller, limits } = providerOf(deps, booking)
  const call = { signal: AbortSignal.timeout(limits.writeTimeoutMs) }
  if (attempt.operation === 'book') {
    return seller.book(
      { reference: attempt.reference, offer: attempt.offer, travellers: openTravellers(deps, booking), contact: booking.contact },
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
      message: `${booking.provider} issues tickets only when it books`,
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
export function openTravellers(deps: Pick<BookingDeps, 'sealer'>, booking: Booking): Travellers {
  if (!booking.sealed.key) throw new Error(`the travellers of ${booking.id} have been forgotten`)
  return JSON.parse(deps.sealer.open({ key: booking.sealed.key, data: booking.sealed.data }, booking.id)) as Travellers
}

/** The kind of work item of a write that nobody could say the outcome of. */
export const UNKNOWN_OUTCOME = 'unknown_outcome'

/** Stores the answer in one transaction, unless the attempt has been decided in the meantime by a probe. */
export async function storeAnswer(deps: BookingDeps, attempt: Attempt, answer: Answer): Promise<void> {
  const now = deps.clock.now()
  await withBooking(deps, attempt.bookingId, async (tx, booking, change) => {
    const stored = await answerAttempt(tx, attempt.id, toAttemptAnswer(attempt, answer, now))
    if (!stored) return
    await change({})
    if (answer.outcome === 'ok' && attempt.operation === 'book')
      await announce(tx, 'booking.reserved', booking.id, { attemptId: attempt.id, pnr: answer.value.pnr })
    if (answer.outcome === 'unknown') {
      const answerBy = booking.answerPromisedBy && toIso(booking.answerPromisedBy)
      await announce(tx, 'booking.in_doubt', booking.id, {
        attemptId: attempt.id,
        operation: attempt.operation,
        cause: answer.cause,
        answerBy,
      })
    }
    if (answer.outcome !== 'unknown') await closeWorkItem(tx, UNKNOWN_OUTCOME, booking.id, toDate(now))
  })
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
