import type { FlightQuery } from '../../travel/flight.ts'
import { airportsNear, isSamePlace, type NearbyPlace } from '../../travel/places.ts'
import { isThereAndBack, type FlightSearch } from './search-query.ts'

const PLACES_MAX = 3
const PAIRS_MAX = 6

/**
 * The queries that answer a search: its own first, then those between airports nearby, the least way out of the way
 * first; at most three places at either end and six pairs in all. Going back begins where going there has ended.
 */
export function searchPairs(search: FlightSearch): readonly FlightQuery[] {
  const { query, nearbyKm } = search
  const [outbound, inbound] = query.slices
  if (nearbyKm === 0 || outbound === undefined || (inbound !== undefined && !isThereAndBack(query.slices))) return [query]
  const origins = airportsNear(outbound.origin, nearbyKm).slice(0, PLACES_MAX)
  const destinations = airportsNear(outbound.destination, nearbyKm).slice(0, PLACES_MAX)
  const others = origins
    .flatMap((origin) => destinations.map((destination) => ({ origin, destination })))
    .filter(({ origin, destination }) => origin.km + destination.km > 0 || origin !== origins[0] || destination !== destinations[0])
    .filter(({ origin, destination }) => !isSamePlace(origin.code, destination.code))
    .toSorted((a, b) => detour(a) - detour(b))
    .map(({ origin, destination }) => withPlaces(query, origin.code, destination.code))
  return [query, ...others].slice(0, PAIRS_MAX)
}

type Pair = { readonly origin: NearbyPlace; readonly destination: NearbyPlace }

function detour({ origin, destination }: Pair): number {
  return origin.km + destination.km
}

function withPlaces(query: FlightQuery, origin: string, destination: string): FlightQuery {
  const slices = query.slices.map((slice, index) => {
    const [from, to] = index === 0 ? [origin, destination] : [destination, origin]
    return { origin: from, destination: to, departureDate: slice.departureDate }
  })
  return { ...query, slices }
}
