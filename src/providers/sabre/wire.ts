/** The services this adapter speaks to. Described at https://developer.sabre.com, page by page in the README. */
export const PATHS = {
  token: '/v2/auth/token',
  shop: '/v5/offers/shop',
  revalidate: '/v4/shop/flights/revalidate',
  create: '/v1/trip/orders/createBooking',
  get: '/v1/trip/orders/getBooking',
  cancel: '/v1/trip/orders/cancelBooking',
  fulfill: '/v1/trip/orders/fulfillFlightTickets',
  void: '/v1/trip/orders/voidFlightTickets',
  check: '/v1/trip/orders/checkFlightTickets',
  refund: '/v1/trip/orders/refundFlightTickets',
  seats: '/v1/offers/getseats',
} as const

/** Who changes a reservation, as its history keeps it. */
export const RECEIVED_FROM = 'FAREWIRE'

/** What our reference stands behind in a general remark of the reservation. */
export const REFERENCE_MARK = 'FAREWIRE REF'

/** What an offer's `supplierToken` holds: what pricing and booking need beside the offer itself. */
export type OfferToken = {
  readonly v: 1
  /** Whose content it is: only ATPCO content is booked by flights and classes. */
  readonly source: 'ATPCO' | 'NDC' | 'LCC'
  /** Sabre's passenger types, in the order they were priced. */
  readonly passengers: readonly { readonly code: string; readonly count: number }[]
  /** The brand's code per segment in the order flown, null where none is stated. */
  readonly brands: readonly (string | null)[]
  /** True per segment that is sold only together with the one before it (a married connection). */
  readonly married: readonly boolean[]
}

/** Segments the airline holds for us: HK and what a segment becomes after the airline has confirmed it or changed a time. */
const CONFIRMED = new Set(['HK', 'KK', 'KL', 'TK', 'RR'])
const WAITLISTED = new Set(['HL', 'LL', 'UU', 'US', 'TL'])
/** Not held, or not any more: unable, no action, cancelled by either side, replaced. */
const NOT_HELD = new Set(['UC', 'UN', 'NO', 'HX', 'XX', 'XL', 'XK', 'WK', 'XN'])

/**
 * What `flightStatusCode` says, or `flightStatusName` where only that is stated. NN and PN are asked for and not answered,
 * which is as unknown as a code that nobody knows.
 * https://developer.sabre.com/create-booking (haltOnFlightStatusCodes), IATA AIRIMP advice and action codes.
 */
export function holdOf(code: string | null, name: string | null): 'confirmed' | 'waitlisted' | 'cancelled' | 'unknown' {
  if (code !== null) {
    if (CONFIRMED.has(code)) return 'confirmed'
    if (WAITLISTED.has(code)) return 'waitlisted'
    return NOT_HELD.has(code) ? 'cancelled' : 'unknown'
  }
  if (name === 'Confirmed') return 'confirmed'
  if (name === 'Waitlisted' || name === 'Priority Waitlist') return 'waitlisted'
  return name === 'Cancelled' ? 'cancelled' : 'unknown'
}

/** Statuses at which Sabre is to stop and keep nothing: every one that is not a confirmed seat. */
export const HALT_ON = ['NO', 'NN', 'UC', 'US', 'UN', 'UU', 'LL', 'HL'] as const
