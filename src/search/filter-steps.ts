import type { PricedOffer } from './priced-superset.ts'
import type { OfferFilters, TimeWindow } from './search-query.ts'

/** One reason for which an offer leaves the selection. */
export type FilterStep = { readonly name: string; readonly keeps: (offer: PricedOffer) => boolean }

/** What the traveller asked for, one named step per condition, so that it can be told why an offer left. */
export function filterSteps(filters: OfferFilters): FilterStep[] {
  const { maxStops, airlines, minPrice, maxPrice } = filters
  const steps: FilterStep[] = []
  if (maxStops !== null) steps.push({ name: 'stops', keeps: (offer) => offer.stops <= maxStops })
  if (airlines.length > 0) {
    const allowed = new Set(airlines)
    steps.push({ name: 'airlines', keeps: (offer) => offer.carriers.every((carrier) => allowed.has(carrier)) })
  }
  if (minPrice !== null || maxPrice !== null) {
    const [low, high] = [minPrice?.amount ?? 0, maxPrice?.amount ?? Number.MAX_SAFE_INTEGER]
    steps.push({ name: 'price', keeps: (offer) => offer.price >= low && offer.price <= high })
  }
  for (const [slice, { departure, arrival }] of filters.windows.entries()) {
    if (departure !== null) steps.push({ name: `departure-${slice}`, keeps: (offer) => isWithin(offer.times[slice]?.departure, departure) })
    if (arrival !== null) steps.push({ name: `arrival-${slice}`, keeps: (offer) => isWithin(offer.times[slice]?.arrival, arrival) })
  }
  return steps
}

function isWithin(minute: number | undefined, { from, to }: TimeWindow): boolean {
  if (minute === undefined) return false
  return from <= to ? minute >= from && minute <= to : minute >= from || minute <= to
}
