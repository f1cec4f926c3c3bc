/**
 * A search with its filters exactly as it stands in the page's address: every value a text, defaults left out. The API is
 * asked the same, but for the order, whose default here is "best". `slice` holds the slices of a multi-city journey,
 * joined by commas; in an address each is a parameter of its own.
 */
export type FlightSearch = Partial<Record<SearchKey, string>>

/** As many flights as one journey may have. */
export const mostSlices = 6

const journeyKeys = ['slice', 'origin', 'destination', 'departure_date', 'return_date'] as const
const identityKeys = [...journeyKeys, 'adults', 'children', 'infants', 'cabin', 'nearby_km'] as const
const windowNames = ['departure_after', 'departure_before', 'arrival_after', 'arrival_before'] as const
const slicePrefixes = ['', 'return_', 'slice_3_', 'slice_4_', 'slice_5_', 'slice_6_'] as const
const filterKeys = [
  'max_stops',
  'airlines',
  'exclude_airlines',
  'alliances',
  'min_price',
  'max_price',
  'max_duration',
  'connections',
  'exclude_connections',
  'min_connection',
  'max_connection',
  'cabins',
  'bags',
  'refundable',
  'changeable',
  'suppliers',
  'overnight',
  'origin_airports',
  'destination_airports',
  'max_emissions',
] as const
const windowKeys = slicePrefixes.flatMap((prefix) => windowNames.map((name) => `${prefix}${name}` as const))
const searchKeys = [...identityKeys, 'self_transfer', ...filterKeys, ...windowKeys, 'sort'] as const

export type FilterKey = (typeof filterKeys)[number] | (typeof windowKeys)[number]
export type SearchKey = (typeof searchKeys)[number]

const defaults: FlightSearch = { adults: '1', children: '0', infants: '0', cabin: 'economy', nearby_km: '0', sort: 'best' }
const inCapitals = new Set<SearchKey>(['slice', 'origin', 'destination'])

/** Takes what the page knows from an address; unknown, empty and default values are dropped. Never throws. */
export function parseFlightSearch(raw: Record<string, unknown>): FlightSearch {
  const search: FlightSearch = {}
  for (const key of searchKeys) {
    const value = raw[key]
    const text = typeof value === 'string' ? value.trim() : ''
    if (text === '' || text === defaults[key]) continue
    search[key] = inCapitals.has(key) ? text.toUpperCase() : text
  }
  // The API takes one of the two ways to say a journey, not both.
  if (search.slice !== undefined) for (const key of journeyKeys) if (key !== 'slice') delete search[key]
  return search
}

/** The parameters of an address as one record; repeated slices and rooms are joined. */
export function readAddress(text: string): Record<string, string> {
  const query = new URLSearchParams(text)
  const slices = query.getAll('slice').filter((slice) => slice.trim() !== '')
  const { slice: _, ...raw } = Object.fromEntries(query)
  const rooms = query.getAll('rooms')
  if (rooms.length > 1) raw['rooms'] = rooms.join('_')
  return slices.length === 0 ? raw : { ...raw, slice: slices.join(',') }
}

/** The query of an address that {@link readAddress} reads back, with its question mark; empty when there is nothing to say. */
export function writeAddress(search: Record<string, unknown>): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) if (typeof value === 'string') append(query, key, value)
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
  return text === '' ? '' : `?${text}`
}

/** The query string of the API for a search, in one order so that equal searches are equal texts. */
export function toQueryString(search: FlightSearch, more: Record<string, string> = {}): string {
  const query = new URLSearchParams()
  for (const key of searchKeys) {
    const value = search[key] ?? (key === 'sort' ? defaults.sort : undefined)
    if (value !== undefined) append(query, key, value)
  }
  for (const [key, value] of Object.entries(more)) query.set(key, value)
  return query.toString()
}

function append(query: URLSearchParams, key: string, value: string): void {
  if (key !== 'slice') query.append(key, value)
  else for (const slice of value.split(',')) if (slice !== '') query.append(key, slice)
}

/** What is searched regardless of how it is filtered and sorted: searches with equal identities share one answer of the sources. */
export function searchIdentity(search: FlightSearch): string {
  return toQueryString(withoutFilters(search))
}

/** The same search with no filter and the default order; whether tickets are combined is part of what is searched. */
export function withoutFilters(search: FlightSearch): FlightSearch {
  const bare: FlightSearch = {}
  for (const key of identityKeys) if (search[key] !== undefined) bare[key] = search[key]
  if (combinesTickets(search)) bare.self_transfer = 'include'
  return bare
}

/** Whether separate tickets are combined into journeys. */
export function combinesTickets(search: FlightSearch): boolean {
  return search.self_transfer === 'include' || search.self_transfer === 'only'
}

/** True when the search names a route and a day for each flight, the least the API needs. */
export function isComplete(search: FlightSearch): boolean {
  if (search.slice !== undefined) return search.slice.split(',').every((slice) => slicePattern.test(slice))
  return search.origin !== undefined && search.destination !== undefined && search.departure_date !== undefined
}

const slicePattern = /^[A-Z]{3}\.[A-Z]{3}\.\d{4}-\d{2}-\d{2}$/

/** One flight asked for, as far as the address says it. */
export type SliceSearch = { origin: string; destination: string; date: string }

/** The flights asked for, in order: one for one way, two for a return, up to six for multi-city. */
export function slicesOf(search: FlightSearch): SliceSearch[] {
  if (search.slice !== undefined) {
    return search.slice.split(',').map((slice) => {
      const [origin = '', destination = '', date = ''] = slice.split('.')
      return { origin, destination, date }
    })
  }
  const { origin = '', destination = '', departure_date = '', return_date } = search
  const outbound = { origin, destination, date: departure_date }
  return return_date === undefined ? [outbound] : [outbound, { origin: destination, destination: origin, date: return_date }]
}

/** The text of these flights as `slice` holds it. */
export function writeSlices(slices: readonly SliceSearch[]): string {
  return slices.map((slice) => `${slice.origin}.${slice.destination}.${slice.date}`).join(',')
}

/** A window of the clock as a pair of filters. */
export type TimeFilter = { after: FilterKey; before: FilterKey }

/** The time filters of the flight with this number, counted from 0. */
export function timeFiltersOf(slice: number): { departure: TimeFilter; arrival: TimeFilter } {
  const prefix = slicePrefixes[slice] ?? ''
  return {
    departure: { after: `${prefix}departure_after`, before: `${prefix}departure_before` },
    arrival: { after: `${prefix}arrival_after`, before: `${prefix}arrival_before` },
  }
}

/** How many travel, by type; what cannot be read counts as the default. */
export function passengerCounts(search: FlightSearch): { adults: number; children: number; infants: number } {
  const read = (key: 'adults' | 'children' | 'infants', otherwise: number) => {
    const count = Number.parseInt(search[key] ?? '', 10)
    return Number.isInteger(count) && count >= 0 ? count : otherwise
  }
  return { adults: read('adults', 1), children: read('children', 0), infants: read('infants', 0) }
}
