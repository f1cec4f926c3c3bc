import type { Money } from '../kernel/money.ts'
import { filterSteps, type FilterStep } from './filter-steps.ts'
import { priceRange, type PricedOffer, type PricedSuperset } from './priced-superset.ts'
import type { CursorPosition, SearchView } from './search-query.ts'

/** A value of a facet, what choosing it (alone, in its facet) would leave, and the cheapest of that. */
export type FacetValue<T> = { readonly value: T; readonly count: number; readonly from: Money | null }

/** Counted against all other active filters, so that a count is what a click would show. */
export type Facets = {
  /** `value` is the most stops in any slice; the count is of offers with exactly so many. */
  readonly stops: readonly FacetValue<number>[]
  /** Offers flown under this carrier alone. A carrier of mixed journeys only has none, and is listed with 0. */
  readonly airlines: readonly FacetValue<string>[]
  readonly price: { readonly min: Money; readonly max: Money } | null
}

export type OfferPage = {
  readonly total: number
  readonly matching: number
  readonly facets: Facets
  readonly offers: readonly PricedOffer[]
  /** Where the next page begins; null on the last. */
  readonly next: CursorPosition | null
  /** How many offers each step alone took out, by its name. */
  readonly left: Readonly<Record<string, number>>
}

/** Filters, counts, sorts and cuts one page out of a priced superset. Pure; a fraction of a millisecond per 1,000 offers. */
export function queryOffers(priced: PricedSuperset, view: SearchView): OfferPage {
  const steps = filterSteps(view.filters)
  const failing = priced.offers.map((offer) => failingSteps(steps, offer))
  const order = priced.orders[view.sort]
  const isMatch = (position: number) => failing[position] === 0
  const start = view.after === null ? 0 : firstAfter(priced, view, view.after)

  const page: PricedOffer[] = []
  let hasMore = false
  for (let i = start; i < order.length; i += 1) {
    if (!isMatch(order[i]!)) continue
    if (page.length === view.limit) {
      hasMore = true
      break
    }
    page.push(priced.offers[order[i]!]!)
  }
  const last = page[page.length - 1]
  return {
    total: priced.offers.length,
    matching: failing.reduce((count, mask) => count + (mask === 0 ? 1 : 0), 0),
    facets: countFacets(priced, steps, failing),
    offers: page,
    next: hasMore && last !== undefined ? positionOf(priced, view, last) : null,
    left: Object.fromEntries(steps.map((step, bit) => [step.name, failing.reduce((count, mask) => count + ((mask >> bit) & 1), 0)])),
  }
}

/** One bit for each step that does not keep the offer. */
function failingSteps(steps: readonly FilterStep[], offer: PricedOffer): number {
  let mask = 0
  for (let bit = 0; bit < steps.length; bit += 1) if (!steps[bit]!.keeps(offer)) mask |= 1 << bit
  return mask
}

function countFacets(priced: PricedSuperset, steps: readonly FilterStep[], failing: readonly number[]): Facets {
  const exceptStep = (name: string) => {
    const bit = steps.findIndex((step) => step.name === name)
    return bit < 0 ? ~0 : ~(1 << bit)
  }
  const [exceptStops, exceptAirlines, exceptPrice] = [exceptStep('stops'), exceptStep('airlines'), exceptStep('price')]
  const stops = new Map<number, { count: number; from: Money | null }>()
  const airlines = new Map(priced.carriers.map((carrier) => [carrier, { count: 0, from: null as Money | null }]))
  const inPriceFacet: PricedOffer[] = []
  for (const [i, offer] of priced.offers.entries()) {
    const mask = failing[i]!
    if (!stops.has(offer.stops)) stops.set(offer.stops, { count: 0, from: null })
    if ((mask & exceptStops) === 0) count(stops.get(offer.stops)!, offer)
    if ((mask & exceptAirlines) === 0 && offer.carriers.length === 1) count(airlines.get(offer.carriers[0]!)!, offer)
    if ((mask & exceptPrice) === 0) inPriceFacet.push(offer)
  }
  return {
    stops: [...stops].map(([value, facet]) => ({ value, ...facet })).sort((a, b) => a.value - b.value),
    airlines: [...airlines]
      .map(([value, facet]) => ({ value, ...facet }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)),
    price: priceRange(inPriceFacet),
  }
}

/** Offers come in price order, so the first one counted is the cheapest. */
function count(facet: { count: number; from: Money | null }, offer: PricedOffer): void {
  facet.count += 1
  facet.from ??= offer.total
}

function positionOf(priced: PricedSuperset, view: SearchView, offer: PricedOffer): CursorPosition {
  return { version: priced.superset.version, sortValue: offer.sortValues[view.sort], price: offer.price, index: offer.index }
}

/**
 * Where the order continues after a position. The position may be of another superset when that one is gone: then
 * indexes mean nothing and the page begins with the offers of equal sort value and price, so that none is skipped.
 */
function firstAfter(priced: PricedSuperset, view: SearchView, after: CursorPosition): number {
  const order = priced.orders[view.sort]
  const index = after.version === priced.superset.version ? after.index : -1
  const isAfter = (offer: PricedOffer) => {
    const difference = offer.sortValues[view.sort] - after.sortValue || offer.price - after.price || offer.index - index
    return difference > 0
  }
  let [low, high] = [0, order.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isAfter(priced.offers[order[middle]!]!)) high = middle
    else low = middle + 1
  }
  return low
}
