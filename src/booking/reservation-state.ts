import type { RejectionReason } from '../providers/contract.ts'
import type { Reservation, Ticket } from '../travel/reservation.ts'
import type { Found, Operation, RefusalReason } from './machine/index.ts'

const DEAD = new Set(['void', 'refunded', 'exchanged'])

/** Tickets that have at least one coupon which is not void, refunded or exchanged. */
export function liveTickets(reservation: Reservation): readonly Ticket[] {
  return reservation.tickets.filter((ticket) => ticket.coupons.length === 0 || ticket.coupons.some((coupon) => !DEAD.has(coupon.status)))
}

/** True when the reservation stands, every segment is confirmed and there are as many live tickets as it takes. */
export function isTicketed(reservation: Reservation, tickets: number): boolean {
  return isHeld(reservation) && liveTickets(reservation).length >= tickets
}

/** True when the supplier holds every segment; a waitlisted one is not held. */
function isHeld(reservation: Reservation): boolean {
  return reservation.status === 'active' && reservation.segments.every((segment) => segment.status === 'confirmed')
}

/** What is at the supplier after a write that it did, in the state machine's words. */
export function foundAfter(operation: Operation, reservation: Reservation, tickets: number): Found {
  if (isTicketed(reservation, tickets)) return 'ticketed'
  if (operation === 'book' && reservation.status === 'cancelled') return 'gone'
  return isHeld(reservation) ? 'held' : 'otherwise'
}

/** A supplier's "no", in the state machine's words. */
export function refusalOf(reason: RejectionReason): RefusalReason {
  return reason === 'not_sent' || reason === 'sold_out' || reason === 'price_changed' ? reason : 'other'
}
