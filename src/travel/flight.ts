import type { Money } from '../kernel/money.ts'
import type { Instant, LocalDate, ZonedTime } from '../kernel/time.ts'
import type { PassengerCounts, PassengerType } from './passenger.ts'

export type CabinClass = 'economy' | 'premium_economy' | 'business' | 'first'

export const CABIN_CLASSES = ['economy', 'premium_economy', 'business', 'first'] as const satisfies readonly CabinClass[]

/** One direction asked for, between IATA airport or metropolitan codes. */
export type SliceQuery = { readonly origin: string; readonly destination: string; readonly departureDate: LocalDate }

/** A flight search as a supplier is asked it: broad, without filters, one slice each way. */
export type FlightQuery = {
  readonly slices: readonly SliceQuery[]
  readonly passengers: PassengerCounts
  readonly cabin: CabinClass
}

/**
 * A baggage allowance of one passenger on one segment. `pieces: 0` is the fact that none is included; an absent entry
 * means the supplier did not say. `weightKg` is per piece, null when not stated.
 */
export type Baggage = {
  readonly kind: 'personal' | 'carry_on' | 'checked'
  readonly pieces: number | null
  readonly weightKg: number | null
}

/** One flight number from one airport to another, technical stops included. Times are local to the airports. */
export type Segment = {
  readonly carrier: string
  readonly flightNumber: string
  /** The carrier that flies it when it is another one (a codeshare), null when the supplier does not say. */
  readonly operatingCarrier: string | null
  readonly origin: string
  readonly originTerminal: string | null
  readonly destination: string
  readonly destinationTerminal: string | null
  readonly departure: ZonedTime
  readonly arrival: ZonedTime
  readonly durationMinutes: number | null
  /** IATA aircraft code, "320". */
  readonly equipment: string | null
  readonly cabin: CabinClass | null
  readonly bookingClass: string | null
  readonly fareBasis: string | null
  readonly brand: string | null
  /** The allowance of the first passenger type; where another's differs, it is in the offer's passengers. */
  readonly baggage: readonly Baggage[]
  /** Airports where it lands without a change of flight; empty is a fact, null is "the supplier does not say". */
  readonly technicalStops?: readonly string[] | null
}

/** A journey in one direction: one or more segments flown in order. */
export type Slice = {
  readonly origin: string
  readonly destination: string
  readonly durationMinutes: number | null
  readonly segments: readonly Segment[]
}

/** What all passengers of one type pay together, and for how many of them. */
export type PassengerFare = {
  readonly type: PassengerType
  readonly count: number
  /** For all `count` passengers of the type; null when the supplier states only the offer's total. */
  readonly total: Money | null
  readonly base: Money | null
  readonly taxes: Money | null
  /**
   * What the supplier charges beside fare and taxes, part of the total and not of `taxes`; null when it does not say. An
   * offer's own `taxes` hold them.
   */
  readonly fees?: Money | null
  /** This type's allowance on each segment in the order flown; null where it is the one told with the segments. */
  readonly baggage?: readonly (readonly Baggage[])[] | null
}

/** When a penalty applies. */
export type PenaltyWindow = 'before_departure' | 'after_departure' | 'no_show'

/**
 * A rule about changing or refunding (semantics S10). `allowed: null` means the supplier does not say, `when: null` that it
 * does not say when. `percent` is of the fare, in basis points, where the supplier gives no amount. `until` is the end of a
 * dated rule as the supplier writes it, a date or a time with offset.
 */
export type Penalty = {
  readonly kind: 'change' | 'refund'
  readonly allowed: boolean | null
  readonly amount: Money | null
  readonly percent?: number | null
  readonly when?: PenaltyWindow | null
  readonly until?: string | null
}

/** How likely a connection between two tickets is missed, from the minutes it has beyond the least it needs. */
export type ConnectionRisk = 'low' | 'medium' | 'high'

/** Two tickets sold as one journey: nobody but the traveller answers for the connection between them. */
export type SelfTransfer = {
  /** The offers it is made of, in the order of the journey; each is booked by itself. */
  readonly offerIds: readonly string[]
  readonly connection: {
    readonly arrivalAirport: string
    readonly departureAirport: string
    readonly minutes: number
    /** The least that leaving, collecting bags and checking in again takes there. */
    readonly minimumMinutes: number
    readonly risk: ConnectionRisk
  }
}

/**
 * Something a supplier is ready to sell: immutable, priced net in the supplier's currency for all passengers.
 * `supplierToken` is the adapter's own and never parsed by anyone else.
 */
export type FlightOffer = {
  readonly id: string
  readonly provider: string
  /** Which of the supplier's priced solutions this bookable combination belongs to, counted from 0. */
  readonly solution: number
  readonly total: Money
  readonly base: Money | null
  /** Taxes and fees together: base and these are the total. */
  readonly taxes: Money | null
  readonly passengers: readonly PassengerFare[]
  readonly validatingCarrier: string | null
  /** Tri-state: null is "the supplier does not say", which is shown as unknown and never as no. */
  readonly refundable: boolean | null
  readonly changeable: boolean | null
  readonly penalties: readonly Penalty[]
  /** When the fare must be ticketed, as the supplier writes it with its offset; may be a bare date. */
  readonly lastTicketingAt: string | null
  /** Until then the price is guaranteed though not paid, null when the supplier guarantees nothing or does not say. */
  readonly priceGuaranteedUntil?: Instant | null
  /** When the supplier withdraws the offer, null when it does not say. */
  readonly expiresAt: Instant | null
  readonly slices: readonly Slice[]
  /** Greenhouse gases of all passengers together in kg of CO2 equivalent, as the supplier says; null when it does not. */
  readonly emissionsKg: number | null
  /** Null where one contract protects every connection. */
  readonly selfTransfer: SelfTransfer | null
  readonly supplierToken: string
}

/** Stops of a slice: connections, technical stops not counted. */
export function stopsOf(slice: Slice): number {
  return slice.segments.length - 1
}

/**
 * The identity of what is flown, regardless of who sells it and at what price: carriers, numbers, places and local
 * times. Equal itineraries of two suppliers have equal keys.
 */
export function itineraryKey(offer: Pick<FlightOffer, 'slices'>): string {
  return offer.slices
    .map((slice) =>
      slice.segments
        .map((s) => `${s.carrier}${s.flightNumber}.${s.origin}${s.destination}.${s.departure.local}.${s.cabin ?? ''}`)
        .join('+'),
    )
    .join('|')
}
