import type { Money } from '../../kernel/money.ts'

/** How far a sale has come as a whole. It follows from its items; the eight words are those that people and reports use. */
export const BOOKING_STATUSES = [
  'INIT',
  'PENDING_PAYMENT',
  'PAID',
  'PENDING_TICKET',
  'TICKETED',
  'REFUND_PENDING',
  'REFUNDED',
  'CANCELLED',
] as const

export type BookingStatus = (typeof BOOKING_STATUSES)[number]

/** Why the traveller gets the money back instead of a ticket. */
export type FailureReason = 'sold_out' | 'price_changed' | 'rejected' | 'no_answer' | 'late_payment' | 'schedule_change'

/** The writes that suppliers are sent. */
export type Operation = 'book' | 'ticket' | 'cancel'

/**
 * What is certain about an item at its supplier. `waiting`: nothing has been tried. `repriced`: refused once because it had
 * become dearer. `booked`: held, and still to be ticketed. `unusable`: something is there that cannot be used and has to be
 * given back. `returning`: ticketed, and to be given back because it was agreed so. `refused`, `released`: provably nothing
 * is there. `left_over`: something may be there, and a person looks.
 */
export const POSITIONS = ['waiting', 'repriced', 'booked', 'ticketed', 'unusable', 'returning', 'refused', 'released', 'left_over'] as const
export type Position = (typeof POSITIONS)[number]

/** A write under way. `unreached`: it provably never arrived, and is to be sent again. */
export type Write = { readonly operation: Operation; readonly state: 'sent' | 'unknown' | 'unreached'; readonly resends: number }

/** One thing sold: a flight, a stay. Its three sub-statuses are `payment`, `ticketing` (position and write) and `refund`. */
export type ItemState = {
  readonly id: string
  /** Its share of what the traveller pays us. Never shown: the price is that of the whole. */
  readonly price: Money
  /** The property takes the guest's money; nothing is paid to us. */
  readonly isPaidAtProperty: boolean
  readonly payment: 'due' | 'paid' | 'at_property'
  readonly position: Position
  readonly write: Write | null
  /** How many reservations have been tried. */
  readonly bookings: number
  /** A ticket that its supplier was asked to take back and did not: the traveller keeps it, and it is not asked for again. */
  readonly isKept: boolean
  /** The supplier's reason for the last "no", or why it is given back; null while there is none. */
  readonly reason: FailureReason | null
  readonly refund: 'none' | 'requested' | 'completed' | 'failed'
}

/** All that decides what may happen to a booking. Items stand in the order in which they are booked. */
export type BookingState = {
  readonly status: BookingStatus
  readonly total: Money
  /** The payment that made it PAID; money of any other payment is given back. */
  readonly paymentId: string | null
  /** Money that came for a booking cancelled for want of it, while it is being found out what it is still good for. */
  readonly latePaymentId: string | null
  /** Money that was given back because the booking was not, or no longer, waiting for it. */
  readonly returnedPaymentIds: readonly string[]
  readonly failureReason: FailureReason | null
  readonly items: readonly ItemState[]
}

/** True when nothing more happens by itself. */
export function isFinal(status: BookingStatus): boolean {
  return status === 'TICKETED' || status === 'REFUNDED' || status === 'CANCELLED'
}

/** True of what the traveller holds: a ticket, also one that is being given back and is not yet. */
export function isHeldByTraveller(item: Pick<ItemState, 'position'>): boolean {
  return item.position === 'ticketed' || item.position === 'returning'
}

/** True where nothing is paid to us, for no item. */
export function isPaidAtProperty(state: Pick<BookingState, 'items'>): boolean {
  return state.items.every((item) => item.isPaidAtProperty)
}

/** True when one of the items cannot be had any more: what was got for the others is given back. */
export function isFailing(state: Pick<BookingState, 'items'>): boolean {
  return state.items.some((item) => ['unusable', 'refused', 'released', 'left_over'].includes(item.position))
}
