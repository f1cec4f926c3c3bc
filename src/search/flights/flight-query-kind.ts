import { utcDate } from '../../kernel/time.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import { findPlace } from '../../travel/places.ts'
import { todayIn } from '../question/origin-day.ts'
import { cacheKeyOf } from '../question/search-query.ts'
import type { QueryKind } from '../supersets/query-kind.ts'

/** Queries for flights: their first day is that of the first departure. */
export const FLIGHT_QUERIES: QueryKind<FlightQuery> = {
  name: 'flight',
  keyOf: cacheKeyOf,
  dayOf(query, clock) {
    const [outbound] = query.slices
    const zone = outbound === undefined ? undefined : findPlace(outbound.origin)?.timeZone
    const today = zone === undefined ? utcDate(clock.now()) : todayIn(zone, clock)
    return { today, first: outbound?.departureDate ?? today }
  },
}
