import type { Reservation, Ticket } from '../travel/reservation.ts'
import type { Attempt } from './attempt.ts'
import { ticketsNeeded, type Booking, type FailureReason } from './booking.ts'

/** What has to happen next for a paid booking. */
export type Step =
  /** Send the reservation to the supplier as its n-th attempt. */
  | { readonly do: 'book'; readonly number: number }
  /** The supplier's price moved between verify and book: check once more, live (semantics S2). */
  | { readonly do: 'requote' }
  /** The supplier never got the write: the same one again, after a while. */
  | { readonly do: 'resend'; readonly attempt: Attempt }
  | { readonly do: 'ticket'; readonly reservation: Reservation; readonly reference: string }
  /** Give a reservation back that will not be ticketed. */
  | { readonly do: 'cancel'; readonly reservation: Reservation; readonly reference: string }
  | { readonly do: 'complete'; readonly reservation: Reservation }
  | { readonly do: 'refund'; readonly reason: FailureReason }
  /** Wait for the answer, or the probe, of an undecided attempt. */
  | { readonly do: 'wait' }
  | { readonly do: 'nothing' }

/** After so many times without reaching the supplier, the traveller gets the money back. */
const RESENDS_MAX = 5

/** Tickets that have at least one coupon which is not void, refunded or exchanged. */
export function liveTickets(reservation: Reservation): readonly Ticket[] {
  const dead = new Set(['void', 'refunded', 'exchanged'])
  return reservation.tickets.filter((ticket) => ticket.coupons.length === 0 || ticket.coupons.some((coupon) => !dead.has(coupon.status)))
}

/** True when the reservation stands, every segment is confirmed and there are as many live tickets as it takes. */
export function isTicketed(reservation: Reservation, tickets: number): boolean {
  return isHeld(reservation) && liveTickets(reservation).length >= tickets
}

/** True when the airline holds every segment; a waitlisted one is not held. */
export function isHeld(reservation: Reservation): boolean {
  return reservation.status === 'active' && reservation.segments.every((segment) => segment.status === 'confirmed')
}

/**
 * Decides from what is stored, and only from that, what has to happen next, so that whoever comes by — the reaction to
 * a payment, a probe, the sweeper after a crash — continues in the same place. Pure.
 */
export function nextStep(booking: Pick<Booking, 'status' | 'passengers' | 'offer'>, attempts: readonly Attempt[]): Step {
  if (booking.status === 'PAID') return { do: 'book', number: 1 }
  if (booking.status !== 'PENDING_TICKET') return { do: 'nothing' }
  if (attempts.some((attempt) => attempt.state === 'sent' || attempt.state === 'unknown')) return { do: 'wait' }
  const last = attempts.at(-1)
  if (!last) return { do: 'book', number: 1 }
  if (last.state === 'rejected' && last.reason === 'not_sent' && last.probes < RESENDS_MAX) return { do: 'resend', attempt: last }
  switch (last.operation) {
    case 'book':
      return afterBook(booking, attempts, last)
    case 'ticket':
      return afterTicket(booking, last)
    case 'cancel':
      return { do: 'refund', reason: reasonOf(attempts) }
  }
}

function afterBook(booking: Pick<Booking, 'passengers' | 'offer'>, attempts: readonly Attempt[], last: Attempt): Step {
  if (last.state === 'ok' && last.reservation) {
    if (isTicketed(last.reservation, ticketsNeeded(booking))) return { do: 'complete', reservation: last.reservation }
    if (last.reservation.status === 'cancelled') return { do: 'refund', reason: 'rejected' }
    if (!isHeld(last.reservation)) return { do: 'cancel', reservation: last.reservation, reference: last.reference }
    return { do: 'ticket', reservation: last.reservation, reference: last.reference }
  }
  const isFirst = attempts.filter((attempt) => attempt.operation === 'book').length === 1
  if (last.state === 'rejected' && last.reason === 'price_changed' && isFirst) return { do: 'requote' }
  return { do: 'refund', reason: reasonOf(attempts) }
}

function afterTicket(booking: Pick<Booking, 'passengers' | 'offer'>, last: Attempt): Step {
  if (!last.reservation) return { do: 'refund', reason: 'rejected' }
  if (last.state === 'ok' && isTicketed(last.reservation, ticketsNeeded(booking))) return { do: 'complete', reservation: last.reservation }
  return { do: 'cancel', reservation: last.reservation, reference: last.reference }
}

/** The reason the traveller is told, from the attempt that decided it. */
function reasonOf(attempts: readonly Attempt[]): FailureReason {
  const decisive = attempts.findLast((attempt) => attempt.operation !== 'cancel')
  if (decisive?.state === 'abandoned') return 'no_answer'
  return decisive?.reason === 'sold_out' || decisive?.reason === 'price_changed' ? decisive.reason : 'rejected'
}
