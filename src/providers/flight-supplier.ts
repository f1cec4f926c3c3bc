import type { Money } from '../kernel/money.ts'
import type { Instant, LocalDate } from '../kernel/time.ts'
import type { FareRules } from '../travel/fare-rules.ts'
import type { FlightOffer, FlightQuery, Slice } from '../travel/flight.ts'
import type { Contact, Passenger } from '../travel/passenger.ts'
import type { Reservation, Ticket } from '../travel/reservation.ts'
import type { SeatMap } from '../travel/seat-map.ts'
import type { Call, Cancellation, PriceReplyOf, Supplier, WriteOutcome } from './contract.ts'

/** What a shop call found. `solutions` counts what the supplier priced; each bookable combination of one is an offer. */
export type ShopReply = { readonly solutions: number; readonly offers: readonly FlightOffer[] }

export type PriceReply = PriceReplyOf<FlightOffer>

/** What to buy. `reference` is ours, unique per attempt, stored on the supplier's side and found again by `find`. */
export type FlightOrder = {
  readonly reference: string
  readonly offer: FlightOffer
  readonly passengers: readonly Passenger[]
  readonly contact: Contact
}

/** What to ticket. The order is repeated because some suppliers want passengers or prices again. */
export type TicketOrder = { readonly reference: string; readonly reservation: Reservation; readonly total: Money }

/** How to find a write whose reply was lost. Name and route narrow the search where a reference alone cannot be asked for. */
export type FindQuery = { readonly reference: string; readonly offer: FlightOffer; readonly passengers: readonly Passenger[] }

/**
 * What giving tickets back now would pay (semantics S9). `refund: null` is "the supplier will say later", never zero.
 * `supplierToken` is what the supplier wants cited when the quote is accepted.
 */
export type RefundQuote = {
  readonly paid: Money | null
  readonly penalty: Money | null
  readonly refund: Money | null
  readonly expiresAt: Instant | null
  readonly supplierToken: string
}

/** What a traveller wants instead: new slices for some of the old ones, by their place in the journey. */
export type ExchangeRequest = {
  readonly reservation: Reservation
  readonly slices: readonly {
    readonly replaces: number
    readonly origin: string
    readonly destination: string
    readonly departureDate: LocalDate
  }[]
}

/** One way to change: what it costs more (negative: is given back), the penalty inside that, and the journey after it. */
export type ExchangeQuote = {
  readonly difference: Money | null
  readonly penalty: Money | null
  readonly newTotal: Money | null
  readonly slices: readonly Slice[]
  readonly expiresAt: Instant | null
  readonly supplierToken: string
}

/** Something sold beside the seat: a bag, a meal. `segmentIndexes` empty means the whole journey. */
export type ServiceOffer = {
  readonly kind: 'baggage' | 'seat' | 'meal' | 'cancel_for_any_reason' | 'other'
  readonly name: string
  readonly price: Money
  readonly quantityMax: number
  readonly passengerIndexes: readonly number[]
  readonly segmentIndexes: readonly number[]
  readonly supplierToken: string
}

/** A change the airline has made and waits for a word on (semantics S11). `removed` and `added` are the slices that differ. */
export type AirlineChange = {
  readonly id: string
  readonly removed: readonly Slice[]
  readonly added: readonly Slice[]
  readonly mayAccept: boolean
  readonly mayRefund: boolean
  readonly answerBy: Instant | null
}

/** A seller of flights. The optional operations are absent where the supplier has none. */
export type FlightSupplier = Supplier<FlightQuery, FlightOffer, ShopReply, FlightOrder, FindQuery> & {
  /** Issues the e-tickets of a reservation that has none. Absent where booking already does. Write. */
  readonly ticket?: (order: TicketOrder, call: Call) => Promise<WriteOutcome<readonly Ticket[]>>
  /** Voids one ticket inside its window: full amount, no fee. Write. */
  readonly void?: (reservation: Reservation, ticketNumber: string, call: Call) => Promise<WriteOutcome<null>>
  /** What a refund would pay. Read. */
  readonly quoteRefund?: (reservation: Reservation, call: Call) => Promise<RefundQuote>
  /** Refunds the tickets as quoted. Write. */
  readonly refund?: (reservation: Reservation, quote: RefundQuote, call: Call) => Promise<WriteOutcome<Cancellation>>
  /** Ways to change the journey. Read. */
  readonly quoteExchange?: (request: ExchangeRequest, call: Call) => Promise<readonly ExchangeQuote[]>
  /** Changes the journey as quoted; the old tickets stay valid until the new ones are issued. Write. */
  readonly exchange?: (reservation: Reservation, quote: ExchangeQuote, call: Call) => Promise<WriteOutcome<Reservation>>
  /** Seats of the segments that have a map. Read. */
  readonly seatMaps?: (offer: FlightOffer, call: Call) => Promise<readonly SeatMap[]>
  /** The rules of each fare component. Read. */
  readonly fareRules?: (offer: FlightOffer, call: Call) => Promise<readonly FareRules[]>
  /** What can be bought beside the seats. Read. */
  readonly services?: (offer: FlightOffer, call: Call) => Promise<readonly ServiceOffer[]>
  /** Reserves without paying; `ticket` pays and tickets it until `ticketBy`. Write. */
  readonly hold?: (order: FlightOrder, call: Call) => Promise<WriteOutcome<Reservation>>
  /** What the airline has changed and not been answered about. Read. */
  readonly airlineChanges?: (supplierRef: string, call: Call) => Promise<readonly AirlineChange[]>
  /** Agrees to the airline's change. Write. */
  readonly acceptAirlineChange?: (supplierRef: string, changeId: string, call: Call) => Promise<WriteOutcome<Reservation>>
}
