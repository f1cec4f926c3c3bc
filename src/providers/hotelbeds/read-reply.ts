import { isSameMoney } from '../../kernel/money.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { StayOffer } from '../../travel/stay.ts'
import type { ContentPage, StayPriceReply, StayShopReply, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { HOTELBEDS, findGone, findRefusal, toReadError, toWriteFailure, unknown, type WriteFailure } from './faults.ts'
import { isOurs, toReservation } from './from-wire-booking.ts'
import { ratesOf, toOffer, toOffers, type AskedStay } from './from-wire-offer.ts'
import { isOtherDate, type RoomRate } from './from-wire-rate.ts'
import { toProperty } from './from-wire-property.ts'
import { readToken, type TokenRate } from './offer-token.ts'
import { findAmount } from './read-amount.ts'
import { PROPERTIES_PER_PAGE } from './to-wire.ts'
import {
  wireAvailability,
  wireBooking,
  wireBookingPage,
  wireBookingReply,
  wireCheckedRates,
  wireContentPage,
  wireHotel,
  wireProperty,
  type WireBooking,
  type WireHotel,
} from './wire.ts'

/** A whole reply: its status, null for a message that came without one, and its body, undefined when it was not JSON. */
export type Reply = { readonly status: number | null; readonly body: unknown }

/** The reply's text as a {@link Reply}. JSON.parse keeps to the byte cap of the transport and recurses nowhere. */
export function toReply(status: number | null, text: string): Reply {
  try {
    return { status, body: JSON.parse(text) as unknown }
  } catch {
    return { status, body: undefined }
  }
}

/** The properties of an availability reply that can be read. Throws ProviderError. */
export function readHotels(reply: Reply): { readonly hotels: readonly WireHotel[]; readonly total: number; readonly dates: Dates } {
  if (!isSuccess(reply) || !wireAvailability.Check(reply.body)) throw toReadError(findRefusal(reply.body), reply.status)
  const { hotels = [], checkIn = null, checkOut = null } = reply.body.hotels
  return { hotels: (hotels ?? []).filter((hotel) => wireHotel.Check(hotel)), total: hotels?.length ?? 0, dates: { checkIn, checkOut } }
}

type Dates = { readonly checkIn: string | null; readonly checkOut: string | null }

/** Reads an availability. Throws ProviderError. */
export function readShop(reply: Reply, stay: AskedStay): StayShopReply {
  const { hotels, total, dates } = readHotels(reply)
  if (isOtherDate(dates.checkIn, stay.checkIn) || isOtherDate(dates.checkOut, stay.checkOut))
    throw new ProviderError(HOTELBEDS, 'malformed', 'the availability is of other dates than were asked for')
  const read = hotels.map((hotel) => toOffers(hotel, stay))
  const offers = read.flatMap((one) => one.offers)
  const unread = total - hotels.length + read.reduce((sum, one) => sum + one.unread, 0)
  if (offers.length === 0 && unread > 0) throw new ProviderError(HOTELBEDS, 'malformed', `none of the ${total} properties could be read`)
  return { solutions: total, offers }
}

/**
 * Reads the check of an offer's rates: sold at today's price under today's keys, or gone. What a check does not tell (taxes,
 * which rates had at the search) stays as it was. Throws ProviderError.
 */
export function readPrice(reply: Reply, offer: StayOffer, now: Instant): StayPriceReply {
  const refusal = findRefusal(reply.body)
  const gone = refusal && findGone(refusal, reply.status)
  if (gone) return { outcome: 'gone', ...gone }
  if (!isSuccess(reply) || !wireCheckedRates.Check(reply.body)) throw toReadError(refusal, reply.status)
  const { hotel } = reply.body
  if (isOtherDate(hotel.checkIn, offer.checkIn) || isOtherDate(hotel.checkOut, offer.checkOut))
    return { outcome: 'gone', code: 'other_dates', message: 'the check answers for other dates' }
  if (hotel.paymentDataRequired)
    return { outcome: 'gone', code: 'payment_data_required', message: 'the rate is booked with a card number only' }

  const stay = { checkIn: offer.checkIn, checkOut: offer.checkOut, rooms: offer.rooms.map(({ occupancy }) => occupancy), now }
  const { rates, unread } = ratesOf(hotel, stay)
  const asked = readToken(offer.supplierToken).rates
  const combination = matchRates(asked, rates, offer)
  if (!combination) {
    if (unread > 0) throw new ProviderError(HOTELBEDS, 'malformed', 'the checked rates could not be read')
    return { outcome: 'gone', code: 'other_rates', message: 'the check does not bring the rates that were asked for' }
  }
  const groups = asked.map(({ rooms }) => ({ occupancy: offer.rooms[rooms[0]!]!.occupancy, rooms }))
  const priced = toOffer(hotel, stay, { groups, combination })
  const stated = findAmount(hotel.totalNet, hotel.currency)
  if (stated && !isSameMoney(stated, priced.total))
    throw new ProviderError(HOTELBEDS, 'malformed', 'the checked rates do not add up to the total of the check')
  const tellsTaxes = combination.some(({ charges }) => charges !== null)
  return {
    outcome: 'priced',
    offer: {
      ...priced,
      charges: tellsTaxes ? priced.charges : offer.charges,
      cancellation: priced.cancellation ?? offer.cancellation,
      refundable: priced.refundable ?? offer.refundable,
      remarks: [...new Set([...priced.remarks, ...offer.remarks])],
    },
  }
}

/** Finds each asked rate again: by its key or, where checking has given it another one, by room, board and occupancy. */
function matchRates(asked: readonly TokenRate[], rates: readonly RoomRate[], offer: StayOffer): RoomRate[] | undefined {
  const left = [...rates]
  const take = (test: (rate: RoomRate) => boolean): RoomRate | undefined => {
    const at = left.findIndex(test)
    return at < 0 ? undefined : left.splice(at, 1)[0]
  }
  const byKey = asked.map(({ key }) => take((rate) => rate.key === key))
  const matched = asked.map((one, index) => {
    const { occupancy } = offer.rooms[one.rooms[0]!]!
    return (
      byKey[index] ??
      take(
        ({ room, boardCode, count, adults, children }) =>
          room.code === one.room &&
          boardCode === one.board &&
          (count === null || count === one.rooms.length) &&
          (adults === null || adults === occupancy.adults) &&
          (children === null || children === occupancy.childAges.length),
      )
    )
  })
  return matched.every((rate) => rate !== undefined) ? matched : undefined
}

/** Reads a booking that was asked for. Throws ProviderError. */
export function readBooking(reply: Reply): { readonly reservation: Reservation; readonly wire: WireBooking } {
  if (!isSuccess(reply) || !wireBookingReply.Check(reply.body)) throw toReadError(findRefusal(reply.body), reply.status)
  const wire = reply.body.booking
  return { reservation: toReservation(wire), wire }
}

/** Reads what became of a booking. Only "CONFIRMED" is one: every confirmation is instant. */
export function readBooked(reply: Reply): WriteOutcome<Reservation> {
  if (!isSuccess(reply) || !wireBookingReply.Check(reply.body)) return readWriteFailure(reply)
  const reservation = toReservation(reply.body.booking)
  if (reservation.status === 'active') return { outcome: 'ok', value: reservation }
  return unknown('pending', `the booking is ${reply.body.booking.status.slice(0, 40)}`)
}

/** Reads what became of a cancellation. */
export function readCancelled(reply: Reply): WriteOutcome<WireBooking> {
  if (!isSuccess(reply) || !wireBookingReply.Check(reply.body)) return readWriteFailure(reply)
  const wire = reply.body.booking
  if (toReservation(wire).status === 'cancelled') return { outcome: 'ok', value: wire }
  return unknown('pending', `the booking is ${wire.status.slice(0, 40)}`)
}

/** Our bookings on a page of the list, and how many there were of anybody's. Throws ProviderError. */
export function readBookingPage(reply: Reply, reference: string): { readonly ours: readonly Reservation[]; readonly count: number } {
  if (!isSuccess(reply) || !wireBookingPage.Check(reply.body)) throw toReadError(findRefusal(reply.body), reply.status)
  const list = reply.body.bookings.bookings ?? []
  const ours = list.filter((one): one is WireBooking => wireBooking.Check(one) && isOurs(one, reference))
  return { ours: ours.map((wire) => toReservation(wire)), count: list.length }
}

/** All bookings on a page of a list; one that cannot be read fails the page, because a statement leaves nothing out. Throws ProviderError. */
export function readBookings(reply: Reply): { readonly bookings: readonly WireBooking[]; readonly count: number } {
  if (!isSuccess(reply) || !wireBookingPage.Check(reply.body)) throw toReadError(findRefusal(reply.body), reply.status)
  const list = reply.body.bookings.bookings ?? []
  const bookings = list.filter((one): one is WireBooking => wireBooking.Check(one))
  if (bookings.length < list.length) throw new ProviderError(HOTELBEDS, 'malformed', 'a booking of the list cannot be read')
  return { bookings, count: list.length }
}

/** Reads the page of content that begins with property number `from`; the cursor is where the next one begins. Throws ProviderError. */
export function readContent(reply: Reply, from: number): ContentPage {
  if (!isSuccess(reply) || !wireContentPage.Check(reply.body)) throw toReadError(findRefusal(reply.body), reply.status)
  const { hotels, total = null } = reply.body
  const list = hotels ?? []
  const properties = list.flatMap((hotel) => (wireProperty.Check(hotel) ? (toProperty(hotel) ?? []) : []))
  const next = from + PROPERTIES_PER_PAGE
  // Numbers count the whole portfolio, and what is not on sale is skipped: a short page is not the last one.
  const hasMore = total === null ? list.length > 0 : next <= total
  return { properties, total, next: hasMore ? String(next) : null }
}

function readWriteFailure(reply: Reply): WriteFailure {
  const refusal = findRefusal(reply.body)
  if (refusal) return toWriteFailure(refusal, reply.status)
  if (reply.status !== null && reply.status >= 500) return unknown('server_error', `Hotelbeds answered with status ${reply.status}`)
  return unknown(
    'malformed',
    `Hotelbeds answered${reply.status === null ? '' : ` with status ${reply.status} and`} something that is not its API's`,
  )
}

/** An error may also come with status 200. */
function isSuccess({ status, body }: Reply): boolean {
  return (status === null || (status >= 200 && status < 300)) && !findRefusal(body)
}
