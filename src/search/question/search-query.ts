import type { FlightQuery, SliceQuery } from '../../travel/flight.ts'
import { passengerCode } from '../../travel/passenger.ts'
import type { Selection } from '../engine/column-schema.ts'

/** A broad search of any kind: what suppliers are asked together, and the names it has. */
export type BroadSearch<Query = unknown> = {
  readonly query: Query
  /** One text for equal searches: the canonical parameters. */
  readonly name: string
  /** The query's name in the cache. */
  readonly key: string
  /** Whether it is answered from the superset of this key and no other. */
  readonly isAlone: boolean
}

/** A search for flights: what suppliers are asked, and how widely. */
export type FlightSearch = BroadSearch<FlightQuery> & {
  /** Airports within so many km of the first origin and the first destination are searched too. */
  readonly nearbyKm: number
  /** Whether two tickets joined at a hub are offered too. */
  readonly combinesTickets: boolean
}

/** A search read from its parameters. */
export type ParsedSearch<Search extends BroadSearch = FlightSearch> = {
  readonly search: Search
  readonly view: SearchView
  /** The one query string for all ways of writing the same search and view. */
  readonly canonicalQuery: string
}

/**
 * What a cursor is good for: this search in this order. Filters and page size may change on the way: the list then goes
 * on from the same place.
 */
export function cursorBinding(search: Pick<BroadSearch, 'name'>, view: Pick<SearchView, 'selection'>): string {
  return `${search.name}\n${view.selection.sort}`
}

/** A place in a sorted list: just after the offer with these values. */
export type CursorPosition = {
  /** Of the superset; of several that were searched together, joined by "~". */
  readonly version: string
  readonly sortValue: number
  readonly price: number
  /** The offer's number, counted through the supersets in their order. */
  readonly index: number
}

/** Which page of which selection to show, and in which form. */
export type SearchView = {
  readonly selection: Selection
  /** One text for equal selections, however the parameters were written. */
  readonly selectionName: string
  readonly limit: number
  readonly form: OfferForm
  /** Offers to show of each result; absent where an offer is a result by itself. */
  readonly rowsPerGroup?: number
  readonly after: CursorPosition | null
}

export const OFFER_FORMS = ['full', 'summary'] as const

/** `full`: all there is to know about an offer. `summary`: what a list shows, about a sixth of it. */
export type OfferForm = (typeof OFFER_FORMS)[number]

/**
 * The name of a query in the cache: `flight:s:{CGK:NRT:2026-12-01:economy:1a0c0i}`, the date of a round trip being
 * `2026-12-01_2026-12-10`, several slices being joined by "+". Filters, sort and page have no part in it. The braces are
 * Redis Cluster's hash tag: everything kept for one query lies on one node.
 */
export function cacheKeyOf(query: FlightQuery): string {
  if (query.slices.length === 0) throw new RangeError('a query has at least one slice')
  const isReturn = isThereAndBack(query.slices)
  const places = isReturn ? query.slices.slice(0, 1) : query.slices
  const origins = places.map((slice) => slice.origin).join('+')
  const destinations = places.map((slice) => slice.destination).join('+')
  const dates = query.slices.map((slice) => slice.departureDate).join(isReturn ? '_' : '+')
  return `flight:s:{${origins}:${destinations}:${dates}:${query.cabin}:${passengerCode(query.passengers)}}`
}

/** Two slices, of which the second goes back to where the first began. */
export function isThereAndBack(slices: readonly SliceQuery[]): boolean {
  const [outbound, inbound] = slices
  if (outbound === undefined || inbound === undefined || slices.length > 2) return false
  return inbound.origin === outbound.destination && inbound.destination === outbound.origin
}

/** The orders offers can be asked in; flights/flight-columns.ts says what each is. */
export const OFFER_SORTS = ['best', 'price', 'duration', 'departure', 'arrival', 'price_with_bag'] as const

export type OfferSort = (typeof OFFER_SORTS)[number]

/** `include`: two one-way tickets joined at a hub are offered too. `only`: nothing else is. `exclude`: none of that kind. */
export const SELF_TRANSFER_WISHES = ['include', 'exclude', 'only'] as const
