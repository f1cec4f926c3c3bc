import type { StayOrder } from '../contract.ts'
import type { Guest, StayQuery } from '../../travel/stay.ts'
import { readToken, type OfferToken } from './offer-token.ts'
import { groupRooms } from './room-groups.ts'

/** The language of every text that we ask for. */
const LANGUAGE = 'ENG'

/** The body of an availability request. Properties whose code is no number are not theirs and are left out. */
export function toAvailability(query: StayQuery): { readonly hotels: { readonly hotel: readonly number[] } } {
  const body = {
    stay: { checkIn: query.checkIn, checkOut: query.checkOut },
    occupancies: groupRooms(query.rooms).map(({ occupancy, rooms }) => ({
      rooms: rooms.length,
      adults: occupancy.adults,
      children: occupancy.childAges.length,
      ...(occupancy.childAges.length > 0 && { paxes: occupancy.childAges.map((age) => ({ type: 'CH', age })) }),
    })),
    hotels: { hotel: query.properties.filter((code) => /^\d{1,9}$/.test(code)).map(Number) },
    sourceMarket: query.guestCountry,
    language: LANGUAGE,
  }
  return body
}

/** The body of a check of rates: the keys as they came. */
export function toRateCheck(token: OfferToken): object {
  return { rooms: token.rates.map(({ key }) => ({ rateKey: key })), language: LANGUAGE }
}

/** What keeps an order from being sent at all: something in it that Hotelbeds has no word for. */
export type Unsendable = { readonly problem: string; readonly reason: 'invalid_passenger' | 'not_allowed' }

const REFERENCE_MAX = 20
const NAME_MAX = 50

/**
 * The body of a booking. Our reference is its `clientReference`; a tolerance of nothing lets Hotelbeds itself refuse a
 * dearer rate. A rate of several rooms numbers them from 1; the guests that are named are sent, one of each room at least.
 */
export function toBooking(order: StayOrder): object | Unsendable {
  const { rates } = readToken(order.offer.supplierToken)
  if (order.reference.length > REFERENCE_MAX)
    return { problem: `a reference of at most ${REFERENCE_MAX} characters is needed`, reason: 'not_allowed' }
  if (rates.some(({ needsCheck }) => needsCheck))
    return { problem: 'the rate has to be checked before it is booked', reason: 'not_allowed' }
  const holder = order.guests.find(({ isLead }) => isLead) ?? order.guests[0]
  const guestsOf = (room: number): readonly Guest[] => order.guests.filter((guest) => guest.room === room)
  if (!holder || order.offer.rooms.some((_, room) => guestsOf(room).length === 0))
    return { problem: 'one guest of each room is needed', reason: 'invalid_passenger' }
  if (order.guests.some((guest) => !isName(guest.givenName) || !isName(guest.familyName)))
    return { problem: `names of 1 to ${NAME_MAX} characters are needed`, reason: 'invalid_passenger' }
  return {
    holder: { name: holder.givenName, surname: holder.familyName },
    rooms: rates.map(({ key, rooms }) => ({
      rateKey: key,
      paxes: rooms.flatMap((room, index) => guestsOf(room).map((guest) => toPax(guest, index + 1))),
    })),
    clientReference: order.reference,
    tolerance: '0.00',
    language: LANGUAGE,
  }
}

/** True for what {@link toBooking} gives when there is nothing to send. */
export function isUnsendable(booking: object): booking is Unsendable {
  return 'problem' in booking
}

function isName(name: string): boolean {
  return name.trim() !== '' && name.length <= NAME_MAX
}

function toPax({ age, givenName, familyName }: Guest, roomId: number): object {
  return { roomId, type: age === null ? 'AD' : 'CH', ...(age !== null && { age }), name: givenName, surname: familyName }
}

/** The most bookings of one page. */
export const BOOKINGS_PER_PAGE = 25

/** The query for bookings under our reference: only a span of dates is required, and the check-in is the one we know for sure. */
export function toBookingSearch({ reference, offer }: Pick<StayOrder, 'reference' | 'offer'>, from: number): string {
  return new URLSearchParams({
    clientReference: reference,
    filterType: 'CHECKIN',
    status: 'ALL',
    start: offer.checkIn,
    end: offer.checkIn,
    from: String(from),
    to: String(from + BOOKINGS_PER_PAGE - 1),
  }).toString()
}

/** The most properties of one page of content. Hotelbeds allows 1,000; with all their pictures they are large. */
export const PROPERTIES_PER_PAGE = 200

const CONTENT_FIELDS = [
  'code',
  'name',
  'description',
  'countryCode',
  'coordinates',
  'categoryCode',
  'categoryGroupCode',
  'accommodationTypeCode',
  'address',
  'city',
  'facilities',
  'images',
]

/** The query for one page of properties; counting begins with 1. */
export function toContentSearch(from: number): string {
  return new URLSearchParams({
    fields: CONTENT_FIELDS.join(','),
    language: LANGUAGE,
    from: String(from),
    to: String(from + PROPERTIES_PER_PAGE - 1),
    useSecondaryLanguage: 'true',
  }).toString()
}
