/**
 * A search for hotels with its filters exactly as it stands in the page's address: every value a text, defaults left out.
 * The API is asked the same, but for the order, whose default here is "best".
 */
export type StaySearch = Partial<Record<StayKey, string>>

const identityKeys = ['place', 'radius_km', 'check_in', 'check_out', 'rooms', 'guest_country'] as const
const filterKeys = [
  'stars',
  'boards',
  'refundable',
  'pay_at',
  'amenities',
  'districts',
  'property_types',
  'suppliers',
  'min_price',
  'max_price',
  'max_distance',
  'min_rating',
  'name',
] as const
const searchKeys = [...identityKeys, ...filterKeys, 'sort'] as const

export type StayFilterKey = (typeof filterKeys)[number]
export type StayKey = (typeof searchKeys)[number]

const defaults: StaySearch = { rooms: '2', radius_km: '15', sort: 'best' }

/** Takes what the page knows from an address; unknown, empty and default values are dropped. Never throws. */
export function parseStaySearch(raw: Record<string, unknown>): StaySearch {
  const search: StaySearch = {}
  for (const key of searchKeys) {
    const value = raw[key]
    const text = typeof value === 'string' ? value.trim() : ''
    if (text === '' || text === defaults[key]) continue
    search[key] = key === 'place' ? text.toUpperCase() : text
  }
  return search
}

/** The query string of the API for a search, in one order so that equal searches are equal texts. */
export function toStayQuery(search: StaySearch, more: Record<string, string> = {}): string {
  const query = new URLSearchParams()
  for (const key of searchKeys) {
    const value = search[key] ?? (key === 'sort' ? defaults.sort : undefined)
    if (value !== undefined && value !== '') query.set(key, value)
  }
  for (const [key, value] of Object.entries(more)) query.set(key, value)
  return query.toString()
}

/** The same search with no filter and the default order. */
export function withoutStayFilters(search: StaySearch): StaySearch {
  const bare: StaySearch = {}
  for (const key of identityKeys) if (search[key] !== undefined) bare[key] = search[key]
  return bare
}

/** What is searched regardless of how it is filtered and sorted. */
export function stayIdentity(search: StaySearch): string {
  return toStayQuery(withoutStayFilters(search))
}

/** True when the search names a place and both days, the least the API needs. */
export function isWholeStay(search: StaySearch): boolean {
  return search.place !== undefined && search.check_in !== undefined && search.check_out !== undefined
}
