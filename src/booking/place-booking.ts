import { isSameMoney, toMoneyText, type Money } from '../kernel/money.ts'
import type { FieldFault, Problem } from '../kernel/problems.ts'
import { plusMs, utcDate, type LocalDate } from '../kernel/time.ts'
import { isUniqueViolation, type Tx } from '../platform/postgres.ts'
import type { Contact, Passenger } from '../travel/passenger.ts'
import type { FlightOffer } from '../travel/flight.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import type { Guest } from '../travel/stay.ts'
import { bookableOffers, isForProperty, totalOf } from './bookable-offers.ts'
import type { Booking, BookingItem, PassengerName } from './booking.ts'
import { checkGuests } from './check-guests.ts'
import { checkPassengers } from './check-passengers.ts'
import type { BookingDeps } from './deps.ts'
import { duplicateKeyOf } from './duplicate-bookings.ts'
import { announce } from './events.ts'
import { duplicateBooking, invalidPassengers, offerAlreadyBooked, priceChanged } from './problems.ts'
import type { VerifiedOffer } from './verified-offer-store.ts'

/** Who travels: passengers of the flights and guests of the stays that are ordered. */
export type Travelling = { readonly passengers: readonly Passenger[]; readonly guests: readonly Guest[] }

/** What a traveller orders. `placedBy` names the request: the same name never places a second booking. */
export type Order = {
  /** One offer, or several that are paid together and had all or not at all. */
  readonly offerIds: readonly string[]
  readonly expectedTotal: Money
  readonly travellers: Travelling
  readonly contact: Contact
  readonly userId: string | null
  readonly placedBy: string
  /** Whether the order is refused when the same people are booked on the same flights; a traveller may ask for a second one. */
  readonly refusesDuplicate?: boolean
}

/**
 * Places a booking of verified offers at exactly the price the client expects. Nothing is sent to a supplier and nothing is
 * charged. A repeat of the same request returns the booking of the first. Throws offer-unknown, offer-expired,
 * offer-not-verified, offers-not-combinable, price-changed, invalid-passengers or duplicate-booking, and has then changed nothing.
 */
export async function placeBooking(deps: BookingDeps, order: Order): Promise<Booking> {
  const placed = await deps.store.findBookingPlacedBy(deps.db, order.placedBy)
  if (placed) return placed
  const offers = await bookableOffers(deps, order.offerIds)
  const total = totalOf(offers)
  if (!isSameMoney(total, order.expectedTotal))
    throw priceChanged({ moneyMoved: 'none', more: { offer_ids: order.offerIds, total: toMoneyText(total) } })
  const today = utcDate(deps.clock.now())
  const errors = checkTravellers(
    offers.map(({ offer }) => offer),
    order.travellers,
    today,
  )
  if (errors.length > 0) throw invalidPassengers({ moneyMoved: 'none', errors })
  return insertOnce(deps, order, offers)
}

function checkTravellers(offers: readonly Offer[], { passengers, guests }: Travelling, today: LocalDate): FieldFault[] {
  const stays = offers.filter(isStay)
  const flights = offers.filter((offer): offer is FlightOffer => !isStay(offer))
  const fault = (name: string, code: 'missing' | 'unexpected', message: string): FieldFault => ({ pointer: `/${name}`, code, message })
  const missing = [
    ...(flights.length > 0 && passengers.length === 0
      ? [fault('passengers', 'missing', 'A flight is sold to passengers: send them.')]
      : []),
    ...(stays.length > 0 && guests.length === 0 ? [fault('guests', 'missing', 'A stay is sold to guests: send them.')] : []),
  ]
  if (missing.length > 0) return missing
  if (flights.length === 0 && passengers.length > 0) return [fault('passengers', 'unexpected', 'Nobody flies here: send guests only.')]
  if (stays.length === 0 && guests.length > 0) return [fault('guests', 'unexpected', 'Nobody stays here: send passengers only.')]
  return [...flights.flatMap((offer) => checkPassengers(offer, passengers, today)), ...stays.flatMap((offer) => checkGuests(offer, guests))]
}

/** Those who fly, or where nobody does, those who stay. */
function toNames({ passengers, guests }: Travelling): PassengerName[] {
  const staying = guests.map((guest) => ({ ...guest, type: guest.age === null ? ('adult' as const) : ('child' as const) }))
  const named = passengers.length > 0 ? passengers : staying
  return named.map(({ type, title, givenName, familyName }) => ({ type, title, givenName, familyName }))
}

type Ordered = readonly [VerifiedOffer, ...VerifiedOffer[]]

async function insertOnce(deps: BookingDeps, order: Order, offers: Ordered): Promise<Booking> {
  for (;;) {
    const booking = newBooking(deps, order, offers)
    const duplicateKey = duplicateKeyOf(
      deps,
      offers.map(({ offer }) => offer),
      order.travellers,
    )
    try {
      return await deps.records.transact(deps.db, async (tx) => {
        const refusal = (await refuseDuplicate(deps, tx, order, duplicateKey)) ?? (await takePrivateOffers(deps, tx, offers, booking.id))
        if (refusal) {
          // The booking that is in the way may be this request's own, of an answer that was lost.
          const placed = await deps.store.findBookingPlacedBy(tx, order.placedBy)
          if (placed) return placed
          throw refusal
        }
        await deps.store.insertBooking(tx, booking, order.placedBy, duplicateKey)
        const { amount, currency } = booking.total
        const body = { offerIds: order.offerIds, amount, currency }
        await announce(deps, tx, 'booking.placed', booking.id, body, order.userId ?? 'traveller')
        return booking
      })
    } catch (error) {
      if (isUniqueViolation(error, 'bookings_placed_by_key')) return (await deps.store.findBookingPlacedBy(deps.db, order.placedBy))!
      if (!isUniqueViolation(error, 'bookings_reference_key')) throw error
    }
  }
}

async function refuseDuplicate(deps: BookingDeps, tx: Tx, order: Order, key: string): Promise<Problem | undefined> {
  const reference = order.refusesDuplicate ? await deps.store.findDuplicate(tx, key) : undefined
  return reference === undefined ? undefined : duplicateBooking({ moneyMoved: 'none', more: { booking_reference: reference } })
}

async function takePrivateOffers(deps: BookingDeps, tx: Tx, offers: Ordered, bookingId: string): Promise<Problem | undefined> {
  for (const { offer, isPrivate } of offers)
    if (isPrivate && !(await deps.store.takePrivateOffer(tx, offer.id, bookingId)))
      return offerAlreadyBooked({ moneyMoved: 'none', more: { offer_id: offer.id } })
  return undefined
}

function newBooking(deps: BookingDeps, order: Order, offers: Ordered): Booking {
  const id = deps.records.newId('bkg', deps.clock)
  const now = deps.clock.now()
  return {
    id,
    reference: newReference(deps),
    userId: order.userId,
    status: 'INIT',
    total: totalOf(offers),
    items: offers.map((one) => newItem(deps, one)),
    passengers: toNames(order.travellers),
    contact: order.contact,
    sealed: deps.sealer.seal(JSON.stringify(order.travellers), id),
    paymentRequiredBy: plusMs(now, deps.policy.paymentMinutes * 60_000),
    answerPromisedBy: null,
    failureReason: null,
    paymentId: null,
    latePaymentId: null,
    returnedPaymentIds: [],
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
}

function newItem(deps: BookingDeps, { offer, total }: VerifiedOffer): BookingItem {
  return {
    id: deps.records.newId('itm', deps.clock),
    provider: offer.provider,
    offer,
    price: total,
    isPaidAtProperty: isForProperty(offer),
    payment: 'due',
    position: 'waiting',
    write: null,
    bookings: 0,
    isKept: false,
    reason: null,
    refund: 'none',
    pnr: null,
    tickets: [],
    documentKey: null,
  }
}

/** Letters and digits that are not mistaken for each other when read out. */
const REFERENCE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

function newReference(deps: BookingDeps): string {
  const body = Array.from({ length: 6 }, () => REFERENCE_ALPHABET[deps.records.randomInt(REFERENCE_ALPHABET.length)]!)
  return `FW-${body.join('')}`
}
