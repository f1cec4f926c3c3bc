import type { Id } from '../kernel/ids.ts'
import type { Instant } from '../kernel/time.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import type { Contact, Passenger } from '../travel/passenger.ts'
import type { Ticket } from '../travel/reservation.ts'
import type { BookingState, ItemState } from './machine/index.ts'

/** The part of a passenger that may be shown and logged by name: no birth date, no document. */
export type PassengerName = Pick<Passenger, 'type' | 'title' | 'givenName' | 'familyName'>

/** One thing sold: where it stands, what it is, and what its supplier has given for it. `offer.total` is net. */
export type BookingItem = ItemState & {
  readonly provider: string
  readonly offer: Offer
  readonly pnr: string | null
  readonly tickets: readonly Ticket[]
  readonly documentKey: string | null
}

/** A sale to one party: one or more items, what they cost together, and how far they have come. */
export type Booking = Omit<BookingState, 'items'> & {
  readonly id: Id<'bkg'>
  readonly reference: string
  readonly userId: string | null
  readonly items: readonly BookingItem[]
  readonly passengers: readonly PassengerName[]
  readonly contact: Contact
  readonly sealed: { readonly key: string | null; readonly data: string }
  readonly paymentRequiredBy: Instant
  /** Until then the traveller has a ticket or the refund has begun; null before payment. */
  readonly answerPromisedBy: Instant | null
  readonly version: number
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** Facts about an item that decide nothing. */
export type ItemFacts = Partial<Pick<BookingItem, 'offer' | 'pnr' | 'tickets' | 'documentKey'>>

/** Somebody else changed the booking since it was read; the reader starts again from what is there now. */
export class StaleBooking extends Error {}

/** Whether there are tickets to be issued, and for how many: a stay's confirmation is its voucher. */
export function ticketsNeeded(booking: Pick<Booking, 'passengers'>, offer: Offer): number {
  return isStay(offer) ? 0 : booking.passengers.length
}

/** The item of that id; throws when the booking has none. */
export function itemOf(booking: Pick<Booking, 'id' | 'items'>, itemId: string): BookingItem {
  const item = booking.items.find((one) => one.id === itemId)
  if (!item) throw new Error(`${booking.id} has no item ${itemId}`)
  return item
}

/** The item booked first, which stands for the whole where only one can be named. */
export function firstItem(booking: Pick<Booking, 'items'>): BookingItem {
  return booking.items[0]!
}
