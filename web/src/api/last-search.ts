import { parseFlightSearch, type FlightSearch } from './flight-search.ts'
import { readTab, writeTab } from './tab-store.ts'

const key = 'farewire.last-search'

/** Remembers the results last looked at, for "Back to results"; for this tab only. */
export function rememberSearch(search: FlightSearch): void {
  writeTab(key, search)
}

/** The results last looked at in this tab. */
export function lastSearch(): FlightSearch | null {
  const stored = readTab<Record<string, unknown>>(key)
  return stored === null ? null : parseFlightSearch(stored)
}
