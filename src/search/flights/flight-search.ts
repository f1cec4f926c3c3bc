import { combineSearch } from '../answer/combine-search.ts'
import type { FlightParts, SearchKind } from '../answer/deps.ts'
import { toSearchFacts } from '../answer/search-view.ts'
import type { FlightSearch } from '../question/search-query.ts'
import { searchPairs } from '../question/search-pairs.ts'

/** Searches for flights: several pairs of places where nearby airports are wanted, and two tickets combined where that is. */
export function createFlightKind(parts: () => FlightParts): SearchKind<FlightSearch> {
  return {
    queriesOf: searchPairs,
    combinerOf: (search) => (search.combinesTickets ? (found, legs) => combineSearch(parts(), search.query, found, legs) : null),
    tell: toSearchFacts,
  }
}
