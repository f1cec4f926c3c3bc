import type { Money } from '../kernel/money.ts'
import type { FlightQuery } from '../travel/flight.ts'
import { passengerCode } from '../travel/passenger.ts'

/** Minutes of the day, both ends included. `from` after `to` reaches over midnight: 22:00 to 06:00 is the night. */
export type TimeWindow = { readonly from: number; readonly to: number }

/** When a slice may leave its origin and reach its destination, on the clocks there; null means at any time. */
export type SliceWindows = { readonly departure: TimeWindow | null; readonly arrival: TimeWindow | null }

/** What a traveller asks of the offers of a superset. The broad search knows nothing of it. */
export type OfferFilters = {
  /** Connections allowed in each slice; null is any number. */
  readonly maxStops: number | null
  /** Marketing carriers allowed: every segment must be flown under one of them. Sorted; empty is all. */
  readonly airlines: readonly string[]
  /** Shown price, in the display currency, both ends included. */
  readonly minPrice: Money | null
  readonly maxPrice: Money | null
  /** One per slice of the query, in order. */
  readonly windows: readonly SliceWindows[]
}

export const OFFER_SORTS = ['price', 'duration', 'departure', 'arrival'] as const

export type OfferSort = (typeof OFFER_SORTS)[number]

/** A place in a sorted list of one superset: just after the offer with these sort values. */
export type CursorPosition = {
  readonly version: string
  readonly sortValue: number
  readonly price: number
  readonly index: number
}

/** Which page of which selection of a superset to show. */
export type SearchView = {
  readonly filters: OfferFilters
  readonly sort: OfferSort
  readonly limit: number
  readonly after: CursorPosition | null
}

const NO_WINDOWS: SliceWindows = { departure: null, arrival: null }

/** A view without any filter: every offer, cheapest first. */
export function wholeView(query: FlightQuery, limit: number): SearchView {
  const filters = { maxStops: null, airlines: [], minPrice: null, maxPrice: null, windows: query.slices.map(() => NO_WINDOWS) }
  return { filters, sort: 'price', limit, after: null }
}

/**
 * The name of the broad search in the cache: `flight:s:CGK:NRT:2026-12-01:economy:1a0c0i`, the date of a round trip being
 * `2026-12-01_2026-12-10`. Filters, sort and page have no part in it. Throws a RangeError for anything but one way or
 * there and back, which the key could not tell apart.
 */
export function cacheKeyOf(query: FlightQuery): string {
  const [outbound, inbound] = query.slices
  const isReturn = inbound === undefined || (inbound.origin === outbound?.destination && inbound.destination === outbound.origin)
  if (outbound === undefined || query.slices.length > 2 || !isReturn) throw new RangeError('only one way or there and back has a cache key')
  const dates = inbound === undefined ? outbound.departureDate : `${outbound.departureDate}_${inbound.departureDate}`
  return `flight:s:${outbound.origin}:${outbound.destination}:${dates}:${query.cabin}:${passengerCode(query.passengers)}`
}

/** One text per selection and order, whatever the order of the parameters was; the page is not part of it. */
export function canonicalSelection(view: SearchView): string {
  const { maxStops, airlines, minPrice, maxPrice, windows } = view.filters
  const window = (w: TimeWindow | null) => (w === null ? '' : `${w.from}-${w.to}`)
  return [
    view.sort,
    maxStops ?? '',
    airlines.join('+'),
    minPrice?.amount ?? '',
    maxPrice?.amount ?? '',
    ...windows.map((w) => `${window(w.departure)},${window(w.arrival)}`),
  ].join(';')
}
