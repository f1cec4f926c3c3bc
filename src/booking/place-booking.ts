import { randomInt } from 'node:crypto'
import { newId } from '../kernel/ids.ts'
import { isSameMoney, toMoneyText, type Money } from '../kernel/money.ts'
import type { FieldFault } from '../kernel/problems.ts'
import { plusMs, toIso, utcDate, type LocalDate } from '../kernel/time.ts'
import { inTransaction, isUniqueViolation } from '../platform/postgres.ts'
import type { Contact, Passenger } from '../travel/passenger.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import type { Guest } from '../travel/stay.ts'
import type { Booking, PassengerName } from './booking.ts'
import { checkGuests } from './check-guests.ts'
import { checkPassengers } from './check-passengers.ts'
import type { BookingDeps } from './deps.ts'
import { duplicateKeyOf, findDuplicate } from './duplicate-bookings.ts'
import { announce } from './events.ts'
import {
  duplicateBooking,
  invalidPassengers,
  offerAlreadyBooked,
  offerExpired,
  offerIsTwoTickets,
  offerNotVerified,
  offerUnknown,
  priceChanged,
} from './problems.ts'
import { findBookingPlacedBy, insertBooking } from './store.ts'
import { findVerifiedOffer, takePrivateOffer, type VerifiedOffer } from './verified-offer-store.ts'

/** Who travels: of a flight, or of a stay. */
export type Travelling =
  | { readonly passengers: readonly Passenger[]; readonly guests?: undefined }
  | { readonly guests: readonly Guest[]; readonly passengers?: undefined }

/** What a traveller orders. `placedBy` names the request: the same name never places a second booking. */
export type Order = {
  readonly offerId: string
  readonly expectedTotal: Money
  /** Passengers of a flight or guests of a stay, whichever the offer is. */
  readonly travellers: Travelling
  readonly contact: Contact
  readonly userId: string | null
  readonly placedBy: string
  /** Whether the order is refused when the same people are booked on the same flights; a traveller may ask for a second one. */
  readonly refusesDuplicate?: boolean
}

/**
 * Places a booking of a verified offer at exactly the price the client expects. Nothing is sent to the supplier and
 * nothing is charged. A repeat of the same request returns the booking of the first. Throws offer-unknown, offer-expired,
 * offer-not-verified, price-changed, invalid-passengers or duplicate-booking, and has then changed nothing.
 */
export async function placeBooking(deps: BookingDeps, order: Order): Promise<Booking> {
  const placed = await findBookingPlacedBy(deps.db, order.placedBy)
  if (placed) return placed
  const verified = await bookableOffer(deps, order.offerId)
  if (!isSameMoney(verified.total, order.expectedTotal))
    throw priceChanged({ moneyMoved: 'none', more: { offer_id: order.offerId, total: toMoneyText(verified.total) } })
  const errors = checkTravellers(verified.offer, order.travellers, utcDate(deps.clock.now()))
  if (errors.length > 0) throw invalidPassengers({ moneyMoved: 'none', errors })
  return insertOnce(deps, order, verified)
}

function checkTravellers(offer: Offer, travellers: Travelling, today: LocalDate): FieldFault[] {
  const missing = (name: string, other: string): FieldFault[] => [
    { pointer: `/${name}`, code: 'missing', message: `This offer is sold to ${name}: send them, and no ${other}.` },
  ]
  if (isStay(offer)) return travellers.guests ? checkGuests(offer, travellers.guests) : missing('guests', 'passengers')
  return travellers.passengers ? checkPassengers(offer, travellers.passengers, today) : missing('passengers', 'guests')
}

function toNames({ passengers, guests }: Travelling): PassengerName[] {
  const named = passengers ?? guests.map((guest) => ({ ...guest, type: guest.age === null ? ('adult' as const) : ('child' as const) }))
  return named.map(({ type, title, givenName, familyName }) => ({ type, title, givenName, familyName }))
}

async function bookableOffer(deps: BookingDeps, offerId: string): Promise<VerifiedOffer> {
  const more = { offer_id: offerId }
  const verified = await findVerifiedOffer(deps.db, offerId)
  if (verified && verified.bookableUntil > deps.clock.now()) return verified
  if (verified)
    throw offerExpired({
      moneyMoved: 'none',
      detail: `The price was confirmed until ${toIso(verified.bookableUntil)}. Nothing has been booked or charged. Check the offer again.`,
      more,
    })
  const found = await deps.search.findOffer(offerId)
  if (found.outcome === 'found') throw offerNotVerified({ moneyMoved: 'none', more })
  if (found.outcome === 'combined') throw offerIsTwoTickets({ moneyMoved: 'none', more: { ...more, offer_ids: found.offerIds } })
  throw found.outcome === 'expired' ? offerExpired({ moneyMoved: 'none', more }) : offerUnknown({ moneyMoved: 'none', more })
}

async function insertOnce(deps: BookingDeps, order: Order, verified: VerifiedOffer): Promise<Booking> {
  for (;;) {
    const booking = newBooking(deps, order, verified)
    const duplicateKey = duplicateKeyOf(deps, [verified.offer], order.travellers)
    try {
      return await inTransaction(deps.db, async (tx) => {
        const duplicate = order.refusesDuplicate ? await findDuplicate(tx, duplicateKey) : undefined
        if (duplicate !== undefined || (verified.isPrivate && !(await takePrivateOffer(tx, order.offerId, booking.id)))) {
          // The other booking may be this request's own, of an answer that was lost.
          const placed = await findBookingPlacedBy(tx, order.placedBy)
          if (placed) return placed
          if (duplicate !== undefined) throw duplicateBooking({ moneyMoved: 'none', more: { booking_reference: duplicate } })
          throw offerAlreadyBooked({ moneyMoved: 'none', more: { offer_id: order.offerId } })
        }
        await insertBooking(tx, booking, { placedBy: order.placedBy, duplicateKey })
        const { amount, currency } = booking.total
        const body = { provider: booking.provider, offerId: order.offerId, amount, currency }
        await announce(tx, 'booking.placed', booking.id, body, order.userId ?? 'traveller')
        return booking
      })
    } catch (error) {
      if (isUniqueViolation(error, 'bookings_placed_by_key')) return (await findBookingPlacedBy(deps.db, order.placedBy))!
      if (!isUniqueViolation(error, 'bookings_reference_key')) throw error
    }
  }
}

function newBooking(deps: BookingDeps, order: Order, verified: VerifiedOffer): Booking {
  const id = newId('bkg', deps.clock)
  const now = deps.clock.now()
  return {
    id,
    reference: newReference(),
    userId: order.userId,
    status: 'INIT',
    total: verified.total,
    provider: verified.offer.provider,
    offer: verified.offer,
    passengers: toNames(order.travellers),
    contact: order.contact,
    sealed: deps.sealer.seal(JSON.stringify(order.travellers.passengers ?? order.travellers.guests), id),
    paymentRequiredBy: plusMs(now, deps.policy.paymentMinutes * 60_000),
    answerPromisedBy: null,
    pnr: null,
    tickets: [],
    documentKey: null,
    failureReason: null,
    paymentId: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
}

/** Letters and digits that are not mistaken for each other when read out. */
const REFERENCE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

function newReference(): string {
  const body = Array.from({ length: 6 }, () => REFERENCE_ALPHABET[randomInt(REFERENCE_ALPHABET.length)]!)
  return `FW-${body.join('')}`
}
