/**
 * What Farewire asks of an outside seller. An adapter implements the operations its supplier has; an operation that
 * is missing is absent, not stubbed. Adapters keep no state, retry nothing and log nothing: the platform does that.
 */
import type { Money } from '../kernel/money.ts'
import type { Instant, LocalDate } from '../kernel/time.ts'
import type { PartnerState } from '../platform/partner.ts'
import type { FlightQuery } from '../travel/flight.ts'
import type { FareRules } from '../travel/fare-rules.ts'
import type { Reservation, Ticket } from '../travel/reservation.ts'
import type { SeatMap } from '../travel/seat-map.ts'
import type { ExchangeQuote, FlightSupplier, RefundQuote, ShopReply } from './flight-supplier.ts'
import type { StayShopReply, StaySupplier } from './stay-supplier.ts'

export type * from './flight-supplier.ts'
export type * from './stay-supplier.ts'

/** What each call is given: its total deadline and the client's going away, as one signal. */
export type Call = { readonly signal: AbortSignal }

/**
 * Why a write had no effect, provably. `not_sent` says that the supplier never got it: the same attempt may be made again.
 */
export type RejectionReason =
  | 'not_sent'
  | 'sold_out'
  | 'price_changed'
  | 'offer_expired'
  | 'invalid_passenger'
  | 'not_allowed'
  | 'not_found'
  | 'declined'

/**
 * The outcome of a write. `rejected` only for codes on the adapter's allow-list that prove there was no side effect.
 * Everything else — time-out, 5xx, garbage, a code nobody knows — is `unknown`, and is looked up, never sent again.
 */
export type WriteOutcome<T> =
  | { readonly outcome: 'ok'; readonly value: T }
  | { readonly outcome: 'rejected'; readonly reason: RejectionReason; readonly code: string; readonly message: string }
  | { readonly outcome: 'unknown'; readonly cause: UnknownCause; readonly message: string }

export type UnknownCause = 'timeout' | 'unreachable' | 'server_error' | 'malformed' | 'unrecognised' | 'pending'

/** A shop reply as it came, which `readShop` of the same supplier understands, in whichever thread. */
export type UnreadShop = { readonly unread: Uint8Array; readonly status: number }

/** The live answer for one offer: priced anew (the caller compares), or no longer sold. Reads throw ProviderError. */
export type PriceReplyOf<Offer> =
  | { readonly outcome: 'priced'; readonly offer: Offer }
  | { readonly outcome: 'gone'; readonly code: string; readonly message: string }

/** What is on the supplier's side under our reference. `absent` proves nothing before the supplier's horizon. */
export type FindReply = { readonly outcome: 'found'; readonly reservation: Reservation } | { readonly outcome: 'absent' }

/** What a cancelled reservation gives back: refunded amount, or null when the supplier will say later. */
export type Cancellation = { readonly refund: Money | null }

/**
 * What every seller does, whatever it sells. `Order` is what to buy: its reference is ours, unique per attempt, stored on
 * the supplier's side and found again by `find`, which gets the same order.
 */
export type Supplier<Query, Offer, Reply, Order, Find = Order> = {
  /** All offers for a query, or the reply that holds them or says why not, unread. Read: throws ProviderError. */
  readonly shop: (query: Query, call: Call) => Promise<Reply | UnreadShop>
  /** What a reply that `shop` left unread says. Pure, and all that makes a large reply expensive. Throws ProviderError. */
  readonly readShop?: (reply: UnreadShop, query: Query) => Reply
  /** Asks live whether the offer is still sold, and for how much. Read: throws ProviderError. */
  readonly price: (offer: Offer, call: Call) => Promise<PriceReplyOf<Offer>>
  /** Creates the reservation. A supplier that tickets at once returns it with tickets. Write. */
  readonly book: (order: Order, call: Call) => Promise<WriteOutcome<Reservation>>
  /** The reservation as it stands on the supplier's side, tickets included. Read: throws ProviderError. */
  readonly retrieve: (supplierRef: string, call: Call) => Promise<Reservation>
  /** Looks for a reservation by our reference. Read: throws ProviderError. */
  readonly find: (query: Find, call: Call) => Promise<FindReply>
  /** Gives the reservation back: voids tickets where they can be voided, cancels, refunds where the supplier does. Write. */
  readonly cancel: (reservation: Reservation, call: Call) => Promise<WriteOutcome<Cancellation>>
}

/** The limits a supplier is called within. Milliseconds are total deadlines; bytes cap a reply. */
export type ProviderLimits = {
  readonly shopTimeoutMs: number
  readonly readTimeoutMs: number
  readonly writeTimeoutMs: number
  readonly replyBytesMax: number
  readonly concurrentMax: number
  /** Calls of all kinds in a second, by all processes together; null or absent is without limit. */
  readonly callsPerSecondMax?: number | null
  /** How long offers may be resolved after the search (semantics S1). */
  readonly retentionMs: number
  /** After this long, "not found" means it never happened (semantics S4). */
  readonly unknownHorizonMs: number
  /** Whether a search that is not answered in the usual time may be sent a second time; null is never. */
  readonly hedging: Hedging | null
  readonly looks: LookLimits
}

/** A second search goes out when the first has taken longer than so many percent of them do. */
export type Hedging = { readonly afterPercentile: number }

/** How often we may look. A supplier that is asked more often than its contract allows bills it, or closes the door. */
export type LookLimits = {
  /** Searches in any 60 seconds. */
  readonly perMinuteMax: number | null
  /** Searches per booking, over a rolling day. */
  readonly perBookingMax: number | null
}

/** What a message is the answer to, as the translate command takes it. */
export const MESSAGE_KINDS = [
  'shop',
  'price',
  'book',
  'ticket',
  'retrieve',
  'cancel',
  'void',
  'refund',
  'exchange',
  'seat-map',
  'fare-rules',
  'availability',
  'stay-shop',
] as const

export type MessageKind = (typeof MESSAGE_KINDS)[number]

/**
 * What one supplier message says, for people who debug an integration. `note` is of messages that carry no more than their
 * being understood: a request, an availability without prices. `rules` are fare rules that came with the offers; `hasMore`
 * says that the supplier has kept back a further page.
 */
export type Translation =
  | ({ readonly kind: 'offers'; readonly rules?: readonly FareRules[] } & ShopReply)
  | ({ readonly kind: 'stays'; readonly hasMore?: boolean } & StayShopReply)
  | { readonly kind: 'reservation'; readonly result: WriteOutcome<Reservation> }
  | {
      readonly kind: 'tickets'
      readonly result: WriteOutcome<readonly Ticket[]>
      readonly total: Money | null
      readonly pnr: string | null
    }
  | { readonly kind: 'cancellation'; readonly result: WriteOutcome<Cancellation>; readonly pnr: string | null }
  | { readonly kind: 'refund-quote'; readonly quote: RefundQuote }
  | { readonly kind: 'exchange-quotes'; readonly quotes: readonly ExchangeQuote[] }
  | { readonly kind: 'seat-maps'; readonly maps: readonly SeatMap[] }
  | { readonly kind: 'fare-rules'; readonly rules: readonly FareRules[] }
  | { readonly kind: 'note'; readonly message: string; readonly facts: Readonly<Record<string, unknown>> }

/** A line of the supplier's books: a reservation as it stands when asked, with its net price where that is said. */
export type SupplierStatementLine = {
  readonly lineId: string
  readonly status: 'live' | 'cancelled' | 'voided'
  /** Ours, where the supplier keeps it. */
  readonly reference: string | null
  /** As in {@link Reservation}. */
  readonly supplierRef: string
  readonly amount: Money | null
  readonly at: Instant
}

export type Provider = {
  readonly id: string
  readonly name: string
  readonly limits: ProviderLimits
  readonly flights?: FlightSupplier
  readonly stays?: StaySupplier
  /** The supplier's books of a day, page by page, for reconciliation; absent where it has none. Throws ProviderError. */
  readonly statement?: (day: LocalDate, call: Call) => AsyncIterable<SupplierStatementLine>
  /** How the way to the supplier is, from where its calls leave; absent where nothing watches it. */
  readonly health?: () => PartnerState
  /** Reads one message of the supplier's without calling it. Throws ProviderError('malformed') when it cannot. */
  readonly translate: (kind: MessageKind, message: string) => Translation
}

/** Whether a shop reply is still to be read. */
export function isUnread(reply: object): reply is UnreadShop {
  return 'unread' in reply
}

/** What a supplier's shop reply says, read here and now if it was not yet. Throws ProviderError. */
export function readShopReply(provider: Pick<Provider, 'id' | 'flights'>, query: FlightQuery, reply: ShopReply | UnreadShop): ShopReply {
  if (!isUnread(reply)) return reply
  if (!provider.flights?.readShop) throw new Error(`${provider.id} leaves replies unread that it cannot read`)
  return provider.flights.readShop(reply, query)
}
