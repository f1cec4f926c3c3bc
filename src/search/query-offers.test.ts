import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nonstop, sliceWith } from '../../test/support/flight-offers.ts'
import { flightOffer, segment } from '../../test/support/offers.ts'
import { money, type Money } from '../kernel/money.ts'
import { createStoppedClock, instant, parseZonedTime } from '../kernel/time.ts'
import { createPricing, DEFAULT_RATES } from '../pricing/index.ts'
import type { FlightOffer, Slice } from '../travel/flight.ts'
import { priceSuperset } from './priced-superset.ts'
import { queryOffers, type OfferPage } from './query-offers.ts'
import { OFFER_SORTS, type CursorPosition, type OfferFilters, type SearchView, type TimeWindow } from './search-query.ts'
import { growSuperset, openSuperset, type SourceFact, type Superset } from './superset.ts'

const clock = createStoppedClock('2026-11-01T00:00:00Z')
const pricing = createPricing({
  version: '1',
  displayCurrency: 'EUR',
  rates: DEFAULT_RATES,
  markups: [{ provider: 'alpha', basisPoints: 137, fee: money(99, 'EUR') }],
})
const fact: SourceFact = {
  ...{ provider: 'alpha', name: 'Alpha', state: 'answered', offers: 0, solutions: 0, ms: 1, fault: null },
  ...{ answeredAt: clock.now(), retentionMs: 1_800_000, duplicates: 0, unusable: 0 },
}
const supersetOf = (offers: readonly FlightOffer[]): Superset => growSuperset(openSuperset('key', [fact], clock), { fact, offers })
const noFilters: OfferFilters = {
  maxStops: null,
  airlines: [],
  minPrice: null,
  maxPrice: null,
  windows: [{ departure: null, arrival: null }],
}
const viewWith = (change: Partial<SearchView> = {}): SearchView => ({
  filters: noFilters,
  sort: 'price',
  limit: 25,
  after: null,
  ...change,
})

/* ---- The reference: says what is meant, in the most obvious and slowest way, on the offers themselves. ---- */

const shownPrice = (offer: FlightOffer): Money => {
  const price = pricing.shownPrice(offer.total, { provider: offer.provider })
  if (price.outcome === 'unpriced') throw new Error('unpriced')
  return price.total
}
const isSold = (offer: FlightOffer) =>
  (offer.expiresAt === null || offer.expiresAt > clock.now()) &&
  pricing.shownPrice(offer.total, { provider: offer.provider }).outcome === 'priced'
const hhmm = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const inWindow = (local: string, window: TimeWindow | null) => {
  if (window === null) return true
  const time = local.slice(11)
  return window.from <= window.to
    ? time >= hhmm(window.from) && time <= hhmm(window.to)
    : time >= hhmm(window.from) || time <= hhmm(window.to)
}
const firstOf = (slice: Slice) => slice.segments[0]!
const lastOf = (slice: Slice) => slice.segments.at(-1)!
const minutesBetween = (slice: Slice) => {
  if (slice.durationMinutes !== null) return slice.durationMinutes
  const [from, to] = [firstOf(slice).departure, lastOf(slice).arrival]
  if (from.offset === null || to.offset === null) return Infinity
  return (Date.parse(`${to.local}:00${to.offset}`) - Date.parse(`${from.local}:00${from.offset}`)) / 60_000
}
const mostStops = (offer: FlightOffer) => Math.max(...offer.slices.map((slice) => slice.segments.length - 1))

function passes(offer: FlightOffer, filters: OfferFilters): boolean {
  const price = shownPrice(offer).amount
  return (
    offer.slices.every((slice) => filters.maxStops === null || slice.segments.length - 1 <= filters.maxStops) &&
    offer.slices.every((slice) =>
      slice.segments.every((segment) => filters.airlines.length === 0 || filters.airlines.includes(segment.carrier)),
    ) &&
    (filters.minPrice === null || price >= filters.minPrice.amount) &&
    (filters.maxPrice === null || price <= filters.maxPrice.amount) &&
    filters.windows.every(
      (window, i) =>
        inWindow(firstOf(offer.slices[i]!).departure.local, window.departure) &&
        inWindow(lastOf(offer.slices[i]!).arrival.local, window.arrival),
    )
  )
}

function sortValue(offer: FlightOffer, sort: SearchView['sort']): number | string {
  if (sort === 'price') return shownPrice(offer).amount
  if (sort === 'duration') return offer.slices.reduce((sum, slice) => sum + minutesBetween(slice), 0)
  return sort === 'departure' ? firstOf(offer.slices[0]!).departure.local : lastOf(offer.slices[0]!).arrival.local
}

function reference(superset: Superset, view: SearchView) {
  const sold = superset.offers.filter(isSold)
  const number = (offer: FlightOffer) => superset.offers.indexOf(offer)
  const before = (a: number | string, b: number | string) => (a < b ? -1 : a > b ? 1 : 0)
  const matching = sold
    .filter((offer) => passes(offer, view.filters))
    .sort(
      (a, b) =>
        before(sortValue(a, view.sort), sortValue(b, view.sort)) || shownPrice(a).amount - shownPrice(b).amount || number(a) - number(b),
    )
  const cheapest = (offers: FlightOffer[]) => (offers.length === 0 ? null : Math.min(...offers.map((offer) => shownPrice(offer).amount)))
  const facet = (offers: FlightOffer[]) => ({ count: offers.length, from: cheapest(offers) })
  const stops = [...new Set(sold.map(mostStops))].sort((a, b) => a - b)
  const carriers = [...new Set(sold.flatMap((offer) => offer.slices.flatMap((slice) => slice.segments.map((segment) => segment.carrier))))]
  const exceptPrice = sold
    .filter((offer) => passes(offer, { ...view.filters, minPrice: null, maxPrice: null }))
    .map((offer) => shownPrice(offer).amount)
  return {
    total: sold.length,
    ids: matching.map((offer) => offer.id),
    stops: stops.map((value) => ({
      value,
      ...facet(sold.filter((offer) => mostStops(offer) === value && passes(offer, { ...view.filters, maxStops: null }))),
    })),
    // What choosing this one alone would show.
    airlines: Object.fromEntries(
      carriers.map((value) => [value, facet(sold.filter((offer) => passes(offer, { ...view.filters, airlines: [value] })))]),
    ),
    price: exceptPrice.length === 0 ? null : [Math.min(...exceptPrice), Math.max(...exceptPrice)],
  }
}

function inShort(page: OfferPage) {
  const amount = (value: Money | null) => value?.amount ?? null
  return {
    total: page.total,
    stops: page.facets.stops.map(({ value, count, from }) => ({ value, count, from: amount(from) })),
    airlines: Object.fromEntries(page.facets.airlines.map(({ value, count, from }) => [value, { count, from: amount(from) }])),
    price: page.facets.price === null ? null : [page.facets.price.min.amount, page.facets.price.max.amount],
  }
}

/* ---- Random supersets: few values, so that ties, codeshares and empty facets are common. ---- */

const carriers = ['GA', 'SQ', 'NH', '5J']
const twoDigits = (n: number) => String(n).padStart(2, '0')
const anyTime = fc.record({
  day: fc.integer({ min: 1, max: 2 }),
  hour: fc.integer({ min: 0, max: 23 }),
  minute: fc.constantFrom(0, 30),
  offset: fc.constantFrom('+07:00', '+09:00', ''),
})
const anyZoned = anyTime.map(({ day, hour, minute, offset }) =>
  parseZonedTime(`2026-12-${twoDigits(day)}T${twoDigits(hour)}:${twoDigits(minute)}:00${offset}`),
)
const anySegment = fc.record({ carrier: fc.constantFrom(...carriers), departure: anyZoned, arrival: anyZoned }).map(segment)
const anySlice = fc
  .tuple(fc.array(anySegment, { minLength: 1, maxLength: 3 }), fc.option(fc.constantFrom(300, 450, 600)))
  .map(([segments, duration]) => sliceWith(segments, duration))
const anyOffer = (slices: number) =>
  fc
    .record({
      provider: fc.constantFrom('alpha', 'beta'),
      total: fc
        .tuple(fc.integer({ min: 90, max: 110 }), fc.constantFrom('USD', 'EUR', 'MMK'))
        .map(([amount, currency]) => money(amount * 100, currency)),
      slices: fc.array(anySlice, { minLength: slices, maxLength: slices }),
      expiresAt: fc.option(fc.constantFrom(instant(clock.now() - 1), instant(clock.now() + 60_000)), { freq: 6 }),
    })
    .map(flightOffer)
const anyWindow = fc.option(fc.record({ from: fc.integer({ min: 0, max: 1439 }), to: fc.integer({ min: 0, max: 1439 }) }), { freq: 3 })
const anyFilters = (slices: number): fc.Arbitrary<OfferFilters> =>
  fc.record({
    maxStops: fc.option(fc.integer({ min: 0, max: 2 })),
    airlines: fc.oneof(fc.constant([]), fc.subarray(carriers)),
    minPrice: fc.option(fc.integer({ min: 8_000, max: 10_000 }).map((amount) => money(amount, 'EUR'))),
    maxPrice: fc.option(fc.integer({ min: 8_000, max: 11_000 }).map((amount) => money(amount, 'EUR'))),
    windows: fc.array(fc.record({ departure: anyWindow, arrival: anyWindow }), { minLength: slices, maxLength: slices }),
  })
const anyCase = fc.constantFrom(1, 2).chain((slices) =>
  fc.record({
    offers: fc.array(anyOffer(slices), { maxLength: 40 }),
    filters: anyFilters(slices),
    sort: fc.constantFrom(...OFFER_SORTS),
    limit: fc.integer({ min: 1, max: 15 }),
  }),
)

describe('filter, sort, facets and pages', () => {
  test('agree with the slow, obvious reference for every superset and query', () => {
    fc.assert(
      fc.property(anyCase, ({ offers, filters, sort, limit }) => {
        const superset = supersetOf(offers)
        const priced = priceSuperset(superset, pricing, clock.now())
        const expected = reference(superset, viewWith({ filters, sort }))
        const ids: string[] = []
        let after: CursorPosition | null = null
        do {
          const page: OfferPage = queryOffers(priced, viewWith({ filters, sort, limit, after }))
          const { ids: _, ...rest } = expected
          expect(inShort(page)).toEqual(rest)
          expect(page.matching).toBe(expected.ids.length)
          expect(page.offers.length).toBeLessThanOrEqual(limit)
          ids.push(...page.offers.map(({ offer }) => offer.id))
          after = page.next
        } while (after !== null)
        expect(ids).toEqual(expected.ids)
      }),
      { numRuns: 400 },
    )
  })

  test('a facet count is what a click on it shows', () => {
    const priced = priceSuperset(
      supersetOf([nonstop('GA', '1', 300), nonstop('SQ', '2', 200), nonstop('SQ', '3', 100)]),
      pricing,
      clock.now(),
    )
    for (const { value, count } of queryOffers(priced, viewWith()).facets.airlines) {
      expect(queryOffers(priced, viewWith({ filters: { ...noFilters, airlines: [value] } })).matching).toBe(count)
    }
  })

  test('tells how many offers each step took out', () => {
    const priced = priceSuperset(supersetOf([nonstop('GA', '1', 300), nonstop('SQ', '2', 200)]), pricing, clock.now())
    const page = queryOffers(priced, viewWith({ filters: { ...noFilters, airlines: ['NH'], maxStops: 0 } }))
    expect(page.left).toEqual({ stops: 0, airlines: 2 })
  })

  test('a page begun in a superset goes on without gaps or repeats when a late answer makes it grow', () => {
    const first = supersetOf([nonstop('GA', '1', 100), nonstop('GA', '2', 200), nonstop('GA', '3', 300)])
    const page = queryOffers(priceSuperset(first, pricing, clock.now()), viewWith({ limit: 2 }))
    const grown = growSuperset(first, { fact, offers: [nonstop('SQ', '9', 50), nonstop('SQ', '8', 250)] })
    const next = queryOffers(priceSuperset(grown, pricing, clock.now()), viewWith({ limit: 2, after: page.next }))
    expect(next.offers.map(({ offer }) => offer.slices[0]!.segments[0]!.flightNumber)).toEqual(['8', '3'])
  })

  test('a cursor into a superset that is gone skips nothing of the next one', () => {
    const offers = [nonstop('GA', '1', 100), nonstop('GA', '2', 200), nonstop('GA', '3', 200), nonstop('GA', '4', 300)]
    const page = queryOffers(priceSuperset(supersetOf(offers), pricing, clock.now()), viewWith({ limit: 2 }))
    const next = queryOffers(priceSuperset(supersetOf(offers), pricing, clock.now()), viewWith({ limit: 9, after: page.next }))
    expect(next.offers.map(({ offer }) => offer.slices[0]!.segments[0]!.flightNumber)).toEqual(['2', '3', '4'])
  })

  test('withdrawn and unpriced offers are not shown, and the unpriced ones are counted', () => {
    const superset = supersetOf([
      nonstop('GA', '1', 100),
      flightOffer({ total: money(100, 'MMK') }),
      flightOffer({ expiresAt: instant(clock.now() + 1_000) }),
    ])
    const now = priceSuperset(superset, pricing, clock.now())
    expect([now.offers.length, now.unpriced.get('fake'), now.validUntil]).toEqual([2, 1, clock.now() + 1_000])
    expect(priceSuperset(superset, pricing, instant(clock.now() + 1_000)).offers.length).toBe(1)
  })
})
