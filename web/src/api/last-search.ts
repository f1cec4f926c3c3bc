import { parseFlightSearch, type FlightSearch } from './flight-search.ts'
import { parseStaySearch, type StaySearch } from './stay-search.ts'
import { readTab, writeTab } from './tab-store.ts'

const key = 'farewire.last-search'

/** The way to a list of results. */
export type ResultsLink =
  | { readonly to: '/flights'; readonly search: FlightSearch }
  | { readonly to: '/stays'; readonly search: StaySearch }

/** Remembers the results last looked at, for "Back to results"; for this tab only. */
export function rememberSearch(link: ResultsLink): void {
  writeTab(key, link)
}

/** The results last looked at in this tab. */
export function lastSearch(): ResultsLink | null {
  const stored = readTab<{ to?: string; search?: Record<string, unknown> }>(key)
  if (stored?.search === undefined) return null
  return stored.to === '/stays'
    ? { to: '/stays', search: parseStaySearch(stored.search) }
    : { to: '/flights', search: parseFlightSearch(stored.search) }
}
