import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { houseId, property } from '../../../test/support/fake-stays.ts'
import { referenceStays, type ShownRate } from '../../../test/support/reference-stays.ts'
import { stayOffer } from '../../../test/support/stay-offers.ts'
import { money } from '../../kernel/money.ts'
import { createStoppedClock, instant } from '../../kernel/time.ts'
import { createPricing, DEFAULT_RATES, priceContextOf } from '../../pricing/index.ts'
import type { Amenity } from '../../travel/property.ts'
import { toStayOfferView } from '../../travel/stay-view.ts'
import { BOARD_BASES, type StayOffer } from '../../travel/stay.ts'
import type { Selection } from '../engine/column-schema.ts'
import { encodePart, openPart } from '../engine/part.ts'
import { priceParts, type PlacedPart, type PricedView } from '../engine/priced-view.ts'
import { createRenderer } from '../engine/render.ts'
import { placeOf, selectPage, type Place } from '../engine/select.ts'
import { selectionKey } from '../engine/selection-key.ts'
import { stayOfferIdOf } from '../supersets/superset.ts'
import { mergeHouse } from './content/house.ts'
import type { NearHouse } from './content/houses.ts'
import { toHouseView } from './house-view.ts'
import { STAY_COLUMNS, toHouseColumns } from './stay-columns.ts'
import { toStayRow } from './stay-part.ts'
import { createStayWording } from './stay-wording.ts'
import { createStayPricer } from './stay-pricer.ts'

const clock = createStoppedClock('2026-11-01T00:00:00Z')
const pricing = createPricing({
  version: '1',
  displayCurrency: 'EUR',
  rates: DEFAULT_RATES,
  markups: [{ provider: 'alpha', basisPoints: 137, fee: money(99, 'EUR') }],
})
const NAMES = { alpha: 'Alpha', beta: 'Beta' }
const wording = createStayWording(pricing.displayCurrency, (id) => NAMES[id as keyof typeof NAMES] ?? null)
const VERSION = '0123456789abcdefg'
const everything: Selection = { only: {}, without: {}, ranges: {}, price: { min: null, max: null }, sort: 'price' }

type Said = { readonly house: NearHouse; readonly offer: StayOffer }

function viewOf(said: readonly Said[]): PricedView {
  const parts: PlacedPart[] = []
  let run: Said[] = []
  let first = 0
  for (const [i, one] of said.entries()) {
    run.push(one)
    if (said[i + 1]?.offer.provider === one.offer.provider) continue
    const rows = run.map(({ offer, house }) => toStayRow(offer, toHouseColumns(house, JSON.stringify(toHouseView(house)))))
    const part = openPart(encodePart(STAY_COLUMNS, rows))
    parts.push({ part, provider: one.offer.provider, version: VERSION, firstIndex: first, firstNumber: first })
    first += run.length
    run = []
  }
  return priceParts(STAY_COLUMNS, parts, createStayPricer(pricing), clock.now())
}

function shownOf(said: readonly Said[]): ShownRate[] {
  return said.flatMap(({ offer, house }, i) => {
    const price = pricing.shownPrice(offer.total, priceContextOf(offer))
    const isSold = offer.expiresAt === null || offer.expiresAt > clock.now()
    return isSold && price.outcome === 'priced' ? [{ offer: { ...offer, id: stayOfferIdOf(VERSION, i) }, house, shown: price.total }] : []
  })
}

/* Few values, so that ties, unknowns and empty facets are common. */
const AMENITIES: readonly Amenity[] = ['wifi', 'pool', 'parking']
const anyHouse = (i: number) =>
  fc
    .record({
      stars: fc.option(fc.constantFrom(0, 3, 3.5, 4, 5)),
      rating: fc.option(fc.constantFrom(7, 8.4, 9.1)),
      amenities: fc.subarray([...AMENITIES]),
      district: fc.option(fc.constantFrom('Gràcia', 'El Raval')),
      type: fc.constantFrom('hotel' as const, 'apartment' as const),
      name: fc.constantFrom('Arts', 'Hotel Arts', 'Grand Artesa'),
      distanceM: fc.constantFrom(0, 400, 400, 2_500),
    })
    .map(({ distanceM, ...facts }): NearHouse => ({ ...mergeHouse(houseId(`h${i}`), [property(facts)]), distanceM }))

const anyRate = fc.record({
  provider: fc.constantFrom('alpha', 'beta'),
  house: fc.nat({ max: 4 }),
  amount: fc.integer({ min: 90, max: 100 }),
  currency: fc.constantFrom('EUR', 'USD', 'EUR', 'MMK'),
  board: fc.option(fc.constantFrom(...BOARD_BASES)),
  refundable: fc.option(fc.boolean()),
  payAt: fc.option(fc.constantFrom('booking' as const, 'property' as const)),
  expiresAt: fc.oneof({ arbitrary: fc.constant(null), weight: 9 }, { arbitrary: fc.constant(instant(clock.now() - 1)), weight: 1 }),
})

const seldom = <T>(name: string, value: fc.Arbitrary<T>) =>
  fc
    .oneof({ arbitrary: fc.constant(null), weight: 5 }, { arbitrary: value, weight: 1 })
    .map((chosen): Record<string, T> => (chosen === null ? {} : { [name]: chosen }))
const some = (values: readonly string[]) => fc.subarray([...values], { minLength: 1 })

const anySelection: fc.Arbitrary<Selection> = fc
  .record({
    only: fc
      .tuple(
        seldom('stars', some(['3', '4', 'unknown'])),
        seldom('boards', some(['BB', 'RO', 'unknown'])),
        seldom('refundable', some(['yes', 'unknown'])),
        seldom('pay_at', some(['booking', 'property'])),
        seldom('amenities', some(AMENITIES)),
        seldom('districts', some(['Gràcia', 'unknown'])),
        seldom('property_types', some(['hotel'])),
        seldom('suppliers', some(['alpha', 'beta'])),
      )
      .map((all) => Object.assign({}, ...all) as Record<string, string[]>),
    ranges: fc
      .tuple(
        seldom('distance_m', fc.constantFrom({ from: 0, to: 400 }, { from: 0, to: 399 })),
        seldom('rating', fc.constantFrom({ from: 84, to: 1_000 }, { from: 70, to: 1_000 })),
      )
      .map((all) => Object.assign({}, ...all)),
    price: fc.record({
      min: fc.option(fc.integer({ min: 8_500, max: 10_000 }), { freq: 3 }),
      max: fc.option(fc.integer({ min: 8_500, max: 10_500 }), { freq: 3 }),
    }),
    words: seldom('name', fc.constantFrom(['art'], ['arts', 'hotel'], ['x'])),
    sort: fc.constantFrom('price', 'best', 'distance', 'rating', 'stars'),
  })
  .map((selection) => ({ ...selection, without: {} }))

const anyCase = fc
  .record({
    houses: fc.tuple(...[0, 1, 2, 3, 4].map(anyHouse)),
    rates: fc.array(anyRate, { maxLength: 40 }),
    selection: anySelection,
    limit: fc.integer({ min: 1, max: 4 }),
    ratesPerHouse: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ houses, rates, ...rest }) => ({
    ...rest,
    said: rates.map(({ house, amount, currency, ...changes }): Said => ({
      house: houses[house]!,
      offer: stayOffer({ ...changes, property: String(house), total: money(amount * 100, currency), cancellation: null }),
    })),
  }))

type Answered = { house: { id: string }; offers: { id: string }[]; more_offers: number }

describe('filter, sort, facets, houses and pages', () => {
  test('agree with the slow, obvious reference for every superset and selection', () => {
    fc.assert(
      fc.property(anyCase, ({ said, selection, limit, ratesPerHouse }) => {
        const view = viewOf(said)
        const renderer = createRenderer(wording)
        const expected = referenceStays({ rates: shownOf(said), selection, ratesPerHouse, supplierNames: NAMES })
        const houses: Answered[] = []
        let after: Place | null = null
        for (;;) {
          const page = selectPage(view, selection, { limit, after, rowsPerGroup: ratesPerHouse })
          expect(page.matching).toBe(expected.matching)
          const { buffer } = renderer.answer(view, page, 'full', { intro: Buffer.from('{"matching":'), end: ']}' })
          const body = JSON.parse(buffer.toString('utf8')) as { facets: object; data: Answered[] }
          expect(body.facets).toEqual(expected.facets)
          expect(body.data.length).toBeLessThanOrEqual(limit)
          houses.push(...body.data)
          if (!page.hasMore) break
          after = placeOf(view, selection.sort, page.positions[page.positions.length - 1]!)
        }
        expect(view.results).toBe(expected.total)
        expect(
          houses.map(({ house, offers, more_offers }) => ({ id: house.id, rates: offers.map(({ id }) => id), more: more_offers })),
        ).toEqual(expected.houses)
      }),
      { numRuns: 1_500 },
    )
  })

  test('selections with the same key show the same', () => {
    fc.assert(
      fc.property(anyCase, anySelection, ({ said, selection }, other) => {
        const view = viewOf(said)
        const near = { ...selection, price: { ...selection.price, max: selection.price.max === null ? null : selection.price.max + 3 } }
        for (const two of [near, other]) {
          if (selectionKey(view, selection) !== selectionKey(view, two)) continue
          const [left, right] = [selection, two].map((one) => selectPage(view, one, { limit: 50, after: null }))
          expect([...left!.positions]).toEqual([...right!.positions])
        }
      }),
      { numRuns: 300 },
    )
  })

  test('an offer is told as its view tells it, at the price shown, whatever stands in it', () => {
    fc.assert(
      fc.property(anyCase, fc.string(), ({ said: all }, odd) => {
        const said = all.map(({ house, offer }) => ({
          house: { ...house, name: `Hôtel ${odd}` },
          offer: { ...offer, remarks: [odd], propertyName: 'Property 1', supplierToken: 'secret' },
        }))
        const view = viewOf(said)
        const renderer = createRenderer(wording)
        for (const { offer, house, shown } of shownOf(said)) {
          const position = view.indexOf.findIndex((_, at) => renderer.offerId(view, at) === offer.id)
          const text = renderer.offer(view, position, 'full').toString('utf8')
          expect(JSON.parse(text)).toEqual(
            JSON.parse(JSON.stringify(toStayOfferView({ ...offer, propertyName: house.name }, { total: shown }))),
          )
          expect(text).not.toContain('secret')
        }
      }),
      { numRuns: 100 },
    )
  })

  test('one house is looked at by itself', () => {
    const houses = ['a', 'b'].map((word) => ({ ...mergeHouse(houseId(word), [property()]), distanceM: 1 }))
    const said = [1, 2, 3].flatMap((amount) => houses.map((house) => ({ house, offer: stayOffer({ total: money(amount, 'EUR') }) })))
    const view = viewOf(said)
    const only = (group: string) => selectPage(view, { ...everything, group }, { limit: 1, after: null, rowsPerGroup: 9 })
    expect(only(houses[1]!.id)).toMatchObject({ matching: 1, hasMore: false, groups: [{ more: 0 }] })
    expect([...only(houses[1]!.id).groups![0]!.positions].map((at) => view.indexOf[at])).toEqual([1, 3, 5])
    expect(only('hse_nobody')).toMatchObject({ matching: 0, groups: [] })
    expect(selectionKey(view, { ...everything, group: 'a' })).not.toBe(selectionKey(view, { ...everything, group: 'b' }))
  })
})
