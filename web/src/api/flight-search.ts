/**
 * A search with its filters exactly as it stands in the page's address, which is also how the API is asked: every value
 * a text, defaults left out.
 */
export type FlightSearch = Partial<Record<SearchKey, string>>

const identityKeys = ['origin', 'destination', 'departure_date', 'return_date', 'adults', 'children', 'infants', 'cabin'] as const
const filterKeys = [
  'max_stops',
  'airlines',
  'min_price',
  'max_price',
  'departure_after',
  'departure_before',
  'arrival_after',
  'arrival_before',
  'return_departure_after',
  'return_departure_before',
  'return_arrival_after',
  'return_arrival_before',
] as const
const searchKeys = [...identityKeys, ...filterKeys, 'sort'] as const

export type FilterKey = (typeof filterKeys)[number]
export type SearchKey = (typeof searchKeys)[number]

const defaults: FlightSearch = { adults: '1', children: '0', infants: '0', cabin: 'economy', sort: 'price' }

/** Takes what the page knows from an address; unknown, empty and default values are dropped. Never throws. */
export function parseFlightSearch(raw: Record<string, unknown>): FlightSearch {
  const search: FlightSearch = {}
  for (const key of searchKeys) {
    const value = raw[key]
    const text = typeof value === 'string' ? value.trim() : ''
    if (text === '' || text === defaults[key]) continue
    search[key] = key === 'origin' || key === 'destination' ? text.toUpperCase() : text
  }
  return search
}

/** The query string of the API for a search, in one order so that equal searches are equal texts. */
export function toQueryString(search: FlightSearch, more: Record<string, string> = {}): string {
  const query = new URLSearchParams()
  for (const key of searchKeys) {
    const value = search[key]
    if (value !== undefined) query.set(key, value)
  }
  for (const [key, value] of Object.entries(more)) query.set(key, value)
  return query.toString()
}

/** What is searched regardless of how it is filtered and sorted: searches with equal identities share one answer of the sources. */
export function searchIdentity(search: FlightSearch): string {
  return toQueryString(withoutFilters(search))
}

/** The same search with no filter and the default order. */
export function withoutFilters(search: FlightSearch): FlightSearch {
  const bare: FlightSearch = {}
  for (const key of identityKeys) if (search[key] !== undefined) bare[key] = search[key]
  return bare
}

/** True when the search names a route and a day, the least the API needs. */
export function isComplete(search: FlightSearch): boolean {
  return search.origin !== undefined && search.destination !== undefined && search.departure_date !== undefined
}

/** How many travel, by type; what cannot be read counts as the default. */
export function passengerCounts(search: FlightSearch): { adults: number; children: number; infants: number } {
  const read = (key: 'adults' | 'children' | 'infants', otherwise: number) => {
    const count = Number.parseInt(search[key] ?? '', 10)
    return Number.isInteger(count) && count >= 0 ? count : otherwise
  }
  return { adults: read('adults', 1), children: read('children', 0), infants: read('infants', 0) }
}
