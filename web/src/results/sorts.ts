import type { FlightSearch } from '../api/flight-search.ts'
import type { Offer } from '../api/types.ts'

/** The orders that stand as tabs. The first is the one a search begins with. */
export const tabSorts = [
  { value: 'best', label: 'Best' },
  { value: 'price', label: 'Cheapest' },
  { value: 'duration', label: 'Fastest' },
] as const

/** The orders fewer ask for. */
export const furtherSorts = [
  { value: 'departure', label: 'Departs earliest' },
  { value: 'arrival', label: 'Arrives earliest' },
  { value: 'price_with_bag', label: 'Price with a bag' },
] as const

/** The order of a search; what is not said is "best". */
export function sortOf(search: FlightSearch): string {
  return search.sort ?? 'best'
}

/** Minutes from departure to arrival of all flights together; null when one is not stated. */
export function totalMinutes(offer: Pick<Offer, 'slices'>): number | null {
  return offer.slices.reduce<number | null>(
    (sum, slice) => (sum === null || slice.duration_minutes === null ? null : sum + slice.duration_minutes),
    0,
  )
}
