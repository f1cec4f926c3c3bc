import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyFlightOffer, anyOffersOfSellers, anySelection } from '../../../test/support/any-offers.ts'
import { nonstop } from '../../../test/support/flight-offers.ts'
import { flightOffer } from '../../../test/support/offers.ts'
import { referenceAnswer, type ShownOffer } from '../../../test/support/reference-search.ts'
import { money } from '../../kernel/money.ts'
import { createStoppedClock, instant } from '../../kernel/time.ts'
import { createPricing, DEFAULT_RATES } from '../../pricing/index.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import { FLIGHT_COLUMNS } from '../flights/flight-columns.ts'
import { toFlightRow } from '../flights/flight-part.ts'
import { createFlightWording } from '../flights/flight-wording.ts'
import { offerIdOf } from '../supersets/superset.ts'
import type { Selection } from './column-schema.ts'
import { encodePart, openPart } from './part.ts'
import { priceParts, sortPlaces, type PlacedPart, type PricedView } from './priced-view.ts'
import { createRenderer } from './render.ts'
import { placeOf, selectPage, type Place } from './select.ts'
import { selectionKey } from './selection-key.ts'

const clock = createStoppedClock('2026-11-01T00:00:00Z')
const pricing = createPricing({
  version: '1',
  displayCurrency: 'EUR',
  rates: DEFAULT_RATES,
  markups: [{ provider: 'alpha', basisPoints: 137, fee: money(99, 'EUR') }],
})
const NAMES = { alpha: 'Alpha', beta: 'Beta', gamma: 'Gamma' }
const wording = createFlightWording(pricing.displayCurrency, (id) => NAMES[id as keyof typeof NAMES] ?? null)
const VERSION = '0123456789abcdefg'
const everything: Selection = { only: {}, without: {}, ranges: {}, price: { min: null, max: null }, sort: 'price' }

/** Cut into parts wherever the supplier changes, as answers arrive. */
function viewOf(offers: readonly FlightOffer[], now = clock.now()): PricedView {
  const parts: PlacedPart[] = []
  let run: FlightOffer[] = []
  let first = 0
  for (const [i, offer] of offers.entries()) {
    run.push(offer)
    if (offers[i + 1]?.provider === offer.provider) continue
    const part = openPart(encodePart(FLIGHT_COLUMNS, run.map(toFlightRow)))
    parts.push({ part, provider: offer.provider, version: VERSION, firstIndex: first, firstNumber: first })
    first += run.length
    run = []
  }
  return priceParts(FLIGHT_COLUMNS, parts, (currency, provider) => pricing.amountPricer(currency, { provider }), now)
}

/** What may be shown, with ids that say where each stands. */
function shownOf(offers: readonly FlightOffer[]): ShownOffer[] {
  return offers.flatMap((offer, i) => {
    const price = pricing.shownPrice(offer.total, { provider: offer.provider })
    const isSold = offer.expiresAt === null || offer.expiresAt > clock.now()
    return isSold && price.outcome === 'priced' ? [{ offer: { ...offer, id: offerIdOf(VERSION, i) }, shown: price.total }] : []
  })
}

/** Who else sells a result, as it is sent. */
function alternativesAt(renderer: ReturnType<typeof createRenderer>, view: PricedView, position: number): unknown[] {
  // The rest of an offer is of no interest here, and reading it takes most of the time.
  const text = renderer.offer(view, position, 'full').toString('latin1')
  return JSON.parse(/"alternatives":(\[.*?\])/.exec(text)![1]!) as unknown[]
}

const anyCase = fc.constantFrom(1, 2).chain((slices) =>
  fc.record({
    offers: fc.oneof(
      fc.array(anyFlightOffer(slices, clock.now()), { maxLength: 45 }),
      anyOffersOfSellers(slices, clock.now(), 14),
      anyOffersOfSellers(slices, clock.now(), 4),
    ),
    selection: anySelection(slices),
    limit: fc.integer({ min: 1, max: 15 }),
  }),
)

describe('filter, sort, facets and pages', () => {
  test('agree with the slow, obvious reference for every superset and selection', () => {
    fc.assert(
      fc.property(anyCase, ({ offers, selection, limit }) => {
        const view = viewOf(offers)
        const renderer = createRenderer(wording)
        const expected = referenceAnswer({ offers: shownOf(offers), selection, limit: 1_000, supplierNames: NAMES })
        const ids: string[] = []
        const alternatives: unknown[] = []
        let after: Place | null = null
        let hasMore = true
        while (hasMore) {
          const page = selectPage(view, selection, { limit, after })
          expect(page.matching).toBe(expected.matching)
          expect(JSON.parse(renderer.facets(view, page))).toEqual(expected.facets)
          expect(page.positions.length).toBeLessThanOrEqual(limit)
          ids.push(...Array.from(page.positions, (position) => renderer.offerId(view, position)))
          alternatives.push(...Array.from(page.positions, (position) => alternativesAt(renderer, view, position)))
          hasMore = page.hasMore
          if (hasMore) after = placeOf(view, selection.sort, page.positions[page.positions.length - 1]!)
        }
        expect(view.results).toBe(expected.total)
        expect(ids).toEqual(expected.ids)
        expect(alternatives).toEqual(expected.alternatives)
      }),
      { numRuns: 1500 },
    )
    // Seconds on an idle machine; the reference looks at every pair of offers.
  }, 120_000)

  test('selections with the same key show the same', () => {
    const twice = fc.constantFrom(1, 2).chain((slices) =>
      fc.record({
        offers: fc.array(anyFlightOffer(slices, clock.now()), { maxLength: 20 }),
        a: anySelection(slices),
        b: anySelection(slices),
      }),
    )
    fc.assert(
      fc.property(twice, fc.boolean(), ({ offers, a, b }, isNear) => {
        const view = viewOf(offers)
        // Half of the time two places of one slider, or they would hardly ever be the same.
        const other = isNear ? { ...a, price: { min: a.price.min, max: a.price.max === null ? null : a.price.max + 3 } } : b
        fc.pre(selectionKey(view, a) === selectionKey(view, other))
        const [left, right] = [a, other].map((selection) => selectPage(view, selection, { limit: 50, after: null }))
        expect([...left!.positions]).toEqual([...right!.positions])
      }),
      { numRuns: 300 },
    )
  })

  test('a slider between two prices is one key, beyond the next price another', () => {
    const view = viewOf([nonstop('GA', '1', 100), nonstop('SQ', '2', 200)])
    const upTo = (max: number) => selectionKey(view, { ...everything, price: { min: null, max } })
    expect(upTo(Number(view.prices[0]))).toBe(upTo(Number(view.prices[1]) - 1))
    expect(upTo(Number(view.prices[1]))).not.toBe(upTo(Number(view.prices[0])))
  })

  test('a facet count is what a click on it shows', () => {
    const view = viewOf([nonstop('GA', '1', 300), nonstop('SQ', '2', 200), nonstop('SQ', '3', 100)])
    const facets = JSON.parse(createRenderer(wording).facets(view, selectPage(view, everything, { limit: 1, after: null })))
    expect(facets.airlines.length).toBe(2)
    for (const { value, count } of facets.airlines) {
      const page = selectPage(view, { ...everything, only: { airlines: [value] } }, { limit: 9, after: null })
      expect([page.matching, page.positions.length]).toEqual([count, count])
    }
  })

  test('a place in a superset that is gone skips nothing of the next one', () => {
    const offers = [nonstop('GA', '1', 100), nonstop('GA', '2', 200), nonstop('GA', '3', 200), nonstop('GA', '4', 300)]
    const view = viewOf(offers)
    const page = selectPage(view, everything, { limit: 2, after: null })
    const after = { ...placeOf(view, 'price', page.positions[1]!), number: -1 }
    expect([...selectPage(view, everything, { limit: 9, after }).positions]).toEqual([1, 2, 3])
  })

  test('withdrawn and unpriced offers are not shown, and the unpriced ones are counted', () => {
    const offers = [
      nonstop('GA', '1', 100),
      flightOffer({ total: money(100, 'MMK') }),
      flightOffer({ expiresAt: instant(clock.now() + 1_000) }),
    ]
    const now = viewOf(offers)
    expect([now.count, now.unpriced.get('fake'), now.validUntil]).toEqual([2, 1, clock.now() + 1_000])
    expect(viewOf(offers, instant(clock.now() + 1_000)).count).toBe(1)
  })
})

describe('sorting by packed numbers', () => {
  test('gives the order of a stable sort for any values, small, negative or beyond packing', () => {
    const anyValue = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), fc.maxSafeInteger())
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 60 }), (values) => {
        const expected = values.map((value, place) => ({ value, place })).sort((a, b) => a.value - b.value || a.place - b.place)
        expect([...sortPlaces(Float64Array.from(values))]).toEqual(expected.map(({ place }) => place))
      }),
    )
  })
})
