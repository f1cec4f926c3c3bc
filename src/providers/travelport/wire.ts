/** The words of Travelport's Universal API that we use: services, namespaces, codes. Element names stand where they are read. */
import type { CabinClass } from '../../travel/flight.ts'
import type { PassengerType } from '../../travel/passenger.ts'
import type { CouponStatus, SegmentHold } from '../../travel/reservation.ts'

/** The services we call; each is a path below the base URL. */
export type Service = 'AirService' | 'UniversalRecordService' | 'HotelService'

export const NAMESPACES = {
  soap: 'http://schemas.xmlsoap.org/soap/envelope/',
  air: 'http://www.travelport.com/schema/air_v52_0',
  common: 'http://www.travelport.com/schema/common_v52_0',
  universal: 'http://www.travelport.com/schema/universal_v52_0',
  hotel: 'http://www.travelport.com/schema/hotel_v52_0',
} as const

/**
 * What an offer's token holds beside the offer itself: the fare basis of each segment in order, null where passenger
 * types differ, so that asking for one of them would ask the wrong thing for the others.
 */
export type OfferToken = { readonly v: 1; readonly fareBasis: readonly (string | null)[] }

/** The locators a reservation is found again by: universal record, air reservation, and the host's PNR. */
export type Locators = { readonly record: string; readonly air: string; readonly pnr: string }

/** "OK:Ticket issued" is the only proof of a ticket; a ticket number in the reply is not. */
export const TICKET_ISSUED = 'OK:Ticket issued'

/** The message by which AirCancelRsp says that it has happened. */
export const ITINERARY_CANCELLED = 'Itinerary Cancelled'

/** How our reference stands in a remark of the reservation. */
export const REFERENCE_REMARK = 'FAREWIRE REF'

const CABINS: Readonly<Record<string, CabinClass>> = {
  Economy: 'economy',
  PremiumEconomy: 'premium_economy',
  Business: 'business',
  First: 'first',
  PremiumFirst: 'first',
}

/** Their cabin as ours; null for one we do not know. */
export function toCabin(text: string | undefined): CabinClass | null {
  return text === undefined ? null : (CABINS[text] ?? null)
}

const CABIN_NAMES: Readonly<Record<CabinClass, string>> = {
  economy: 'Economy',
  premium_economy: 'PremiumEconomy',
  business: 'Business',
  first: 'First',
}

/** Our cabin as theirs. */
export function cabinName(cabin: CabinClass): string {
  return CABIN_NAMES[cabin]
}

/**
 * A passenger type code as ours. A child comes back as CNN, as CHD, with its age (C07), or as INS, an infant who has a
 * seat and so pays and counts like a child. INF alone sits on a lap. For other codes a stated age decides, else adult.
 */
export function toPassengerType(code: string, age: number | null): PassengerType {
  if (code === 'INF') return 'infant'
  if (code === 'CNN' || code === 'CHD' || code === 'INS' || code === 'UNN' || /^C(0[2-9]|1[01])$/.test(code)) return 'child'
  return code !== 'ADT' && age !== null && age < 12 ? 'child' : 'adult'
}

/** The code we ask for each type with. */
export const PASSENGER_CODES: Readonly<Record<PassengerType, string>> = { adult: 'ADT', child: 'CNN', infant: 'INF' }

const CONFIRMED = new Set(['HK', 'KK', 'KL', 'TK', 'TL', 'RR', 'HS', 'SS', 'AK', 'BK', 'GK'])
const WAITLISTED = new Set(['HL', 'LL', 'US', 'UU', 'WL', 'PA', 'PB'])
const CANCELLED = new Set(['HX', 'XX', 'UC', 'UN', 'NO', 'XL', 'XK', 'XR', 'UT', 'WN'])

/** A segment's status at the host. HL and LL are waitlisted, which is not confirmed. */
export function toHold(status: string | undefined): SegmentHold['status'] {
  if (status === undefined) return 'unknown'
  if (CONFIRMED.has(status)) return 'confirmed'
  if (WAITLISTED.has(status)) return 'waitlisted'
  return CANCELLED.has(status) ? 'cancelled' : 'unknown'
}

const COUPONS: Readonly<Record<string, CouponStatus>> = {
  O: 'open',
  C: 'checked_in',
  L: 'checked_in',
  F: 'flown',
  E: 'exchanged',
  X: 'exchanged',
  R: 'refunded',
  V: 'void',
  S: 'suspended',
}

/** A coupon's status; `other` for a letter we do not know. */
export function toCoupon(status: string | undefined): CouponStatus {
  return (status === undefined ? undefined : COUPONS[status]) ?? 'other'
}
