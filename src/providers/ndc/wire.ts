/** The words of IATA NDC that the versions share: messages, namespaces, codes. Element names stand where they are read. */
import type { CabinClass } from '../../travel/flight.ts'
import type { PassengerType } from '../../travel/passenger.ts'
import type { CouponStatus, SegmentHold } from '../../travel/reservation.ts'

/** Names the folder, the mock and the translator; an airline's provider is called "ndc-af". */
export const MODULE_ID = 'ndc'

/** The provider of an airline by its designator. */
export function providerIdOf(airline: string): string {
  return `${MODULE_ID}-${airline.toLowerCase()}`
}

/** The releases of the standard that we ask in. Replies of others (18.1, 20.1 …) are read as well. */
export const VERSIONS = ['17.2', '19.2', '21.3'] as const
export type Version = (typeof VERSIONS)[number]

/** The messages we send, without "RQ". */
export type Request =
  | 'AirShopping'
  | 'OfferPrice'
  | 'OrderCreate'
  | 'OrderRetrieve'
  | 'OrderList'
  | 'OrderCancel'
  | 'OrderReshop'
  | 'OrderChange'
  | 'AirDocIssue'
  | 'AirDocVoid'
  | 'SeatAvailability'

/** The element that a request begins with, and its namespace: 17.2 has one for all messages, later versions one for each. */
export function rootOf(version: Version, request: Request): { readonly name: string; readonly namespace: string } {
  if (version === '17.2') return { name: `${request}RQ`, namespace: 'http://www.iata.org/IATA/EDIST/2017.2' }
  const name = `IATA_${request}RQ`
  return { name, namespace: `http://www.iata.org/IATA/2015/00/20${version}/${name}` }
}

/** How our reference stands in a remark of the order. */
export const REFERENCE_REMARK = 'FAREWIRE REF'

/**
 * What an offer's token holds: how the airline names the offer, which of its items are bought for whom (passengers by
 * the airline's keys, with their codes), and the segments in the order of the journey, for seat maps.
 */
export type OfferToken = {
  readonly v: 1
  readonly owner: string
  readonly response: string | null
  readonly offer: string
  readonly items: readonly { readonly id: string; readonly pax: readonly string[] }[]
  readonly pax: readonly (readonly [id: string, code: string])[]
  readonly segments: readonly string[]
}

const CABIN_CODES: Readonly<Record<string, CabinClass>> = {
  // PADIS 9873; the letters are those of reservation systems.
  1: 'first',
  2: 'business',
  3: 'economy',
  4: 'premium_economy',
  5: 'economy',
  6: 'economy',
  7: 'business',
  F: 'first',
  P: 'first',
  R: 'first',
  C: 'business',
  J: 'business',
  W: 'premium_economy',
  S: 'premium_economy',
  Y: 'economy',
  M: 'economy',
}

const CABIN_WORDS: readonly (readonly [RegExp, CabinClass])[] = [
  [/premium|economy ?plus|comfort/i, 'premium_economy'],
  [/business|upper class|club|executive|ejecutiva/i, 'business'],
  [/first|primera|premi[eè]re/i, 'first'],
  [/econom|coach|main cabin|tourist/i, 'economy'],
]

/** Their cabin as ours. The name counts before the code, which some airlines fill with the booking class; null for neither. */
export function toCabin(code: string | undefined, name: string | undefined): CabinClass | null {
  for (const text of [name, code]) {
    if (text === undefined) continue
    if (text.length <= 1) {
      const cabin = CABIN_CODES[text.toUpperCase()]
      // One letter beside a name that says nothing may be a booking class.
      if (cabin && (text !== code || name === undefined || name.length <= 1)) return cabin
      continue
    }
    const known = CABIN_WORDS.find(([words]) => words.test(text))
    if (known) return known[1]
  }
  return null
}

const CABIN_ASKED: Readonly<Record<CabinClass, string>> = { first: '1', business: '2', premium_economy: '4', economy: '5' }

/** Our cabin as a code of PADIS 9873. */
export function cabinCode(cabin: CabinClass): string {
  return CABIN_ASKED[cabin]
}

/**
 * A passenger type code as ours. INF sits on a lap; INS has a seat and pays and counts like a child. Youths (GBE, YTH),
 * students and the like are adults by their age.
 */
export function toPassengerType(code: string): PassengerType {
  if (code === 'INF') return 'infant'
  return code === 'CHD' || code === 'CNN' || code === 'INS' || code === 'UNN' || /^C(0[2-9]|1[01])$/.test(code) ? 'child' : 'adult'
}

/** The code we ask for each type with. */
export const PASSENGER_CODES: Readonly<Record<PassengerType, string>> = { adult: 'ADT', child: 'CHD', infant: 'INF' }

const CONFIRMED = words('CONFIRMED OK HK KK KL RR TK SS HS SB K T I A ACTIVE TICKETED ISSUED OPEN OPENED PAID BOOKED')
const WAITLISTED = words('WAITLISTED WAITLIST HL LL WL US UU REQUESTED PENDING HN NN')
const CANCELLED = words('CANCELLED CANCELED XX X HX UC UN NO XL XK XR REMOVED VOID VOIDED REFUNDED EXPIRED UNABLE')

/** How the airline holds a flight. Codes of PADIS 4405 and the words that airlines write instead. */
export function toHold(status: string | undefined): SegmentHold['status'] {
  const word = status?.trim().toUpperCase() ?? ''
  if (CONFIRMED.has(word)) return 'confirmed'
  if (WAITLISTED.has(word)) return 'waitlisted'
  return CANCELLED.has(word) ? 'cancelled' : 'unknown'
}

const COUPONS: Readonly<Record<string, CouponStatus>> = {
  O: 'open',
  OPE: 'open',
  OPEN: 'open',
  OK: 'open',
  // Orders are shown with I, "original issue", right after their tickets were issued.
  I: 'open',
  ISSUED: 'open',
  A: 'checked_in',
  AL: 'checked_in',
  C: 'checked_in',
  CK: 'checked_in',
  CKI: 'checked_in',
  L: 'checked_in',
  B: 'flown',
  F: 'flown',
  FLOWN: 'flown',
  USED: 'flown',
  E: 'exchanged',
  X: 'exchanged',
  EXCH: 'exchanged',
  EXCHANGED: 'exchanged',
  R: 'refunded',
  RF: 'refunded',
  RFND: 'refunded',
  REFUNDED: 'refunded',
  V: 'void',
  VOI: 'void',
  VOID: 'void',
  VOIDED: 'void',
  S: 'suspended',
  SUSP: 'suspended',
  SUSPENDED: 'suspended',
}

/** A coupon's status (PADIS 4405 and words); `other` for one we do not know. */
export function toCoupon(status: string | undefined): CouponStatus {
  return COUPONS[status?.trim().toUpperCase() ?? ''] ?? 'other'
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}
