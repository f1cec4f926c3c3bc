import type { Money } from '../kernel/money.ts'
import type { Id } from '../kernel/ids.ts'
import type { Instant } from '../kernel/time.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import type { Contact, Passenger } from '../travel/passenger.ts'
import type { Ticket } from '../travel/reservation.ts'

export type BookingStatus =
  | 'INIT'
  | 'PENDING_PAYMENT'
  | 'PAID'
  | 'PENDING_TICKET'
  | 'TICKETED'
  | 'REFUND_PENDING'
  | 'REFUNDED'
  | 'CANCELLED'

export const BOOKING_STATUSES = [
  'INIT',
  'PENDING_PAYMENT',
  'PAID',
  'PENDING_TICKET',
  'TICKETED',
  'REFUND_PENDING',
  'REFUNDED',
  'CANCELLED',
] as const satisfies readonly BookingStatus[]

/**
 * What may follow what. Money that arrives for a CANCELLED booking is refunded without moving it (semantics S7), and
 * nothing leaves TICKETED or REFUNDED by itself. PENDING_TICKET goes to CANCELLED only where nothing was paid.
 */
const followers: Record<BookingStatus, readonly BookingStatus[]> = {
  INIT: ['PENDING_PAYMENT', 'CANCELLED'],
  PENDING_PAYMENT: ['PAID', 'CANCELLED'],
  PAID: ['PENDING_TICKET', 'REFUND_PENDING'],
  PENDING_TICKET: ['TICKETED', 'REFUND_PENDING', 'CANCELLED'],
  TICKETED: [],
  REFUND_PENDING: ['REFUNDED'],
  REFUNDED: [],
  CANCELLED: [],
}

/** Why the traveller gets the money back instead of a ticket. */
export type FailureReason = 'sold_out' | 'price_changed' | 'rejected' | 'no_answer' | 'late_payment'

/** The part of a passenger that may be shown and logged by name: no birth date, no document. */
export type PassengerName = Pick<Passenger, 'type' | 'title' | 'givenName' | 'familyName'>

/** Whether there are tickets to be issued, and for how many: a stay's confirmation is its voucher. */
export function ticketsNeeded(booking: Pick<Booking, 'passengers' | 'offer'>): number {
  return isStay(booking.offer) ? 0 : booking.passengers.length
}

/** True where nothing is paid to us: the property takes the guest's money. */
export function isPaidAtProperty({ offer }: Pick<Booking, 'offer'>): boolean {
  return isStay(offer) && offer.payAt === 'property'
}

/** A sale to one party: what was shown, what it costs, and how far it has come. `offer.total` is net, `total` is what is paid. */
export type Booking = {
  readonly id: Id<'bkg'>
  readonly reference: string
  readonly userId: string | null
  readonly status: BookingStatus
  readonly total: Money
  readonly provider: string
  readonly offer: Offer
  readonly passengers: readonly PassengerName[]
  readonly contact: Contact
  readonly sealed: { readonly key: string | null; readonly data: string }
  readonly paymentRequiredBy: Instant
  /** Until then the traveller has a ticket or the refund has begun; null before payment. */
  readonly answerPromisedBy: Instant | null
  readonly pnr: string | null
  readonly tickets: readonly Ticket[]
  readonly documentKey: string | null
  readonly failureReason: FailureReason | null
  /** The payment that made it PAID. */
  readonly paymentId: string | null
  readonly version: number
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** What a move to another status may change along with it. */
export type BookingChange = Partial<
  Pick<Booking, 'status' | 'answerPromisedBy' | 'pnr' | 'tickets' | 'documentKey' | 'failureReason' | 'paymentId'>
>

/** Somebody else changed the booking since it was read; the reader starts again from what is there now. */
export class StaleBooking extends Error {}

/** An attempt to move a booking where its status does not lead: a bug of the caller's, never a client's doing. */
export class IllegalMove extends Error {
  constructor(from: BookingStatus, to: BookingStatus) {
    super(`a booking does not go from ${from} to ${to}`)
    this.name = 'IllegalMove'
  }
}

/** True when a booking of status `from` may become `to`. */
export function mayMove(from: BookingStatus, to: BookingStatus): boolean {
  return followers[from].includes(to)
}

/** The change that moves the booking; throws {@link IllegalMove} where the state machine has no such way. */
export function moveTo(booking: Pick<Booking, 'status'>, to: BookingStatus, change: Omit<BookingChange, 'status'> = {}): BookingChange {
  if (!mayMove(booking.status, to)) throw new IllegalMove(booking.status, to)
  return { ...change, status: to }
}

/** True when nothing more happens by itself. */
export function isFinal(status: BookingStatus): boolean {
  return status === 'TICKETED' || status === 'REFUNDED' || status === 'CANCELLED'
}
