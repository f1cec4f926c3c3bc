import type { Guest, StayQuery } from '../../travel/stay.ts'
import type { StayOrder } from '../contract.ts'
import type { BillingAddress } from './config.ts'
import { toOccupancy } from './occupancy.ts'
import { splitPhone } from './split-phone.ts'
import { parseToken } from './token.ts'

/** How many rates of a property are asked for, the best first: enough for each board and both kinds of cancelling. */
const RATES_PER_PROPERTY = 12

export const LANGUAGE = 'en-US'

type Assigned = Readonly<Record<string, string>>

/** The search for rooms: one `occupancy` for each room, one `property_id` for each property. */
export function toAvailabilityPath(query: StayQuery, assigned: Assigned): string {
  const parameters = new URLSearchParams({
    checkin: query.checkIn,
    checkout: query.checkOut,
    currency: query.currency,
    country_code: query.guestCountry,
    language: LANGUAGE,
    rate_plan_count: String(RATES_PER_PROPERTY),
    sales_channel: 'website',
    // Rates for packages are only sold together with a flight, which is another environment.
    sales_environment: 'hotel_only',
    ...assigned,
  })
  for (const room of query.rooms) parameters.append('occupancy', toOccupancy(room))
  for (const property of query.properties) parameters.append('property_id', property)
  return `/v3/properties/availability?${parameters.toString()}`
}

/** Static content of one country, from its first page. */
export function toContentPath(country: string, assigned: Assigned): string {
  const parameters = new URLSearchParams({ language: LANGUAGE, supply_source: 'expedia', country_code: country, ...assigned })
  for (const field of CONTENT_FIELDS) parameters.append('include', field)
  return `/v3/properties/content?${parameters.toString()}`
}

const CONTENT_FIELDS = [
  'name', 'address', 'location', 'ratings', 'category', 'checkin', 'checkout', 'attributes', 'amenities', 'images', 'descriptions',
] as const // prettier-ignore

/** Reading an itinerary without a link. */
export function toItineraryPath(itinerary: string, email: string): string {
  return `/v3/itineraries/${encodeURIComponent(itinerary)}?${new URLSearchParams({ email }).toString()}`
}

export function toItinerarySearchPath({ reference, contact }: StayOrder): string {
  return `/v3/itineraries?${new URLSearchParams({ affiliate_reference_id: reference, email: contact.email }).toString()}`
}

/** An order that Rapid would not take; found before anything is sent. */
export type Unsendable = { readonly problem: string; readonly reason: 'invalid_passenger' | 'not_allowed' }

export function isUnsendable(body: object): body is Unsendable {
  return 'problem' in body
}

/** A reference of theirs: 3 to 28 characters. It is never cut, because two cut ones could be the same. */
export function isReference(reference: string): boolean {
  return /^[^<>()&\s]{3,28}$/.test(reference)
}

/**
 * The body of a booking: one guest for each room, in the order in which the rooms were asked for. Expedia collects from
 * us (`affiliate_collect`); where the property takes the money itself, no payment is stated.
 */
export function toBooking(order: StayOrder, billing: BillingAddress): object | Unsendable {
  const { offer, guests, contact, reference } = order
  if (!isReference(reference)) return { problem: 'the reference is not 3 to 28 plain characters', reason: 'not_allowed' }
  const lead = guests.find((guest) => guest.isLead) ?? guests[0]
  const phone = splitPhone(contact.phone)
  const problem = !lead
    ? 'there is no guest'
    : guests.some((guest) => !isName(guest.givenName) || !isName(guest.familyName))
      ? 'a name is empty or longer than 60 characters'
      : phone
        ? undefined
        : 'the telephone number does not begin with a country code'
  if (problem || !lead) return { problem: problem ?? 'there is no guest', reason: 'invalid_passenger' }
  return {
    affiliate_reference_id: reference,
    hold: false,
    email: contact.email,
    phone,
    rooms: offer.rooms.map((_, room) => toRoom(guests, lead, room)),
    ...(offer.payAt !== 'property' && { payments: [toPayment(lead, billing, parseToken(offer).country)] }),
  }
}

/** The room's own lead: an adult before a child; the lead of the stay for a room of which nobody is named. */
function toRoom(guests: readonly Guest[], lead: Guest, room: number): object {
  const own = guests.filter((guest) => guest.room === room)
  const guest = own.find(({ isLead }) => isLead) ?? own.find(({ age }) => age === null) ?? own[0] ?? lead
  return { given_name: guest.givenName, family_name: guest.familyName, smoking: false }
}

function toPayment(lead: Guest, billing: BillingAddress, guestCountry: string): object {
  const address = {
    line_1: billing.line,
    city: billing.city,
    state_province_code: billing.state,
    postal_code: billing.postalCode,
    country_code: billing.country ?? guestCountry,
  }
  return {
    type: 'affiliate_collect',
    billing_contact: {
      given_name: lead.givenName,
      family_name: lead.familyName,
      address: Object.fromEntries(Object.entries(address).filter(([, value]) => value !== null)),
    },
  }
}

function isName(name: string): boolean {
  return name.trim() !== '' && name.length <= 60
}
