import { expect, test } from 'vitest'
import { money } from '../../src/kernel/money.ts'
import { parseZonedTime } from '../../src/kernel/time.ts'
import type { Selection } from '../../src/search/engine/column-schema.ts'
import { sliceWith } from './flight-offers.ts'
import { flightOffer, segment } from './offers.ts'
import { referenceAnswer } from './reference-search.ts'

const at = (hour: string, day = '01') => parseZonedTime(`2026-12-${day}T${hour}:00+08:00`)
const leg = (carrier: string, [origin, departure]: [string, string], [destination, arrival]: [string, string], days = ['01', '01']) =>
  segment({ carrier, operatingCarrier: null, origin, destination, departure: at(departure, days[0]), arrival: at(arrival, days[1]) })

/** Three journeys that can be checked by looking at them. */
const offers = [
  { price: 300, bags: 1, minutes: 400, segments: [leg('GA', ['CGK', '09:00'], ['NRT', '15:40'])] },
  {
    price: 200,
    bags: 0,
    minutes: 700,
    segments: [leg('SQ', ['CGK', '06:00'], ['SIN', '08:00']), leg('SQ', ['SIN', '09:30'], ['NRT', '17:40'])],
  },
  {
    price: 200,
    bags: null,
    minutes: 1_500,
    segments: [
      leg('SQ', ['CGK', '20:00'], ['SIN', '22:00']),
      leg('NH', ['SIN', '23:00'], ['HKG', '02:00'], ['01', '02']),
      leg('NH', ['HKG', '05:00'], ['NRT', '21:00'], ['02', '02']),
    ],
  },
].map(({ price, bags, minutes, segments }, i) => ({
  offer: flightOffer({
    id: `offer ${i}`,
    slices: [
      sliceWith(
        segments.map((one) => ({ ...one, baggage: [{ kind: 'checked', pieces: bags, weightKg: null }] })),
        minutes,
      ),
    ],
  }),
  shown: money(price * 100, 'USD'),
}))

const ALL: Selection = { only: {}, without: {}, ranges: {}, price: { min: null, max: null }, sort: 'price' }
const ask = (changes: Partial<Selection>, limit = 10, after: number | null = null) =>
  referenceAnswer({ offers, selection: { ...ALL, ...changes }, limit, after })

test('the cheapest come first, equals in the order of the superset, and pages go on where they ended', () => {
  expect(ask({}).indexes).toEqual([1, 2, 0])
  expect(ask({}, 1)).toMatchObject({ indexes: [1], ids: ['offer 1'], total: 3, matching: 3, hasMore: true })
  expect(ask({}, 1, 1)).toMatchObject({ indexes: [2], hasMore: true })
  expect(ask({}, 1, 2)).toMatchObject({ indexes: [0], hasMore: false })
})

test('filters keep what their definitions say', () => {
  expect(ask({ ranges: { stops: { from: 0, to: 1 } } }).indexes).toEqual([1, 0])
  expect(ask({ only: { airlines: ['SQ'] } }).indexes).toEqual([1])
  expect(ask({ without: { carriers: ['NH'] } }).indexes).toEqual([1, 0])
  expect(ask({ only: { connections: ['SIN'] } }).indexes).toEqual([1, 0])
  expect(ask({ ranges: { connection_min: { from: 90, to: 9_999 } } }).indexes).toEqual([1, 0])
  expect(ask({ ranges: { departure_1: { from: 1_140, to: 420 } } }).indexes).toEqual([1, 2])
  expect(ask({ ranges: { departure_2: { from: 0, to: 1_439 } } }).indexes).toEqual([])
  expect(ask({ only: { overnight: ['no'] } }).indexes).toEqual([1, 2, 0])
  expect(ask({ only: { bags: ['unknown'] } }).indexes).toEqual([2])
  expect(ask({ price: { min: null, max: 20_000 } }).indexes).toEqual([1, 2])
})

test('a facet counts without its own filter, and a set only where it is that value alone', () => {
  const { facets } = ask({ ranges: { stops: { from: 0, to: 1 } } })
  expect(facets.stops.map(({ value, count }) => [value, count])).toEqual([
    [0, 1],
    [1, 1],
    [2, 1],
  ])
  expect(facets.airlines.map(({ value, count, from }) => [value, count, from?.amount ?? null])).toEqual([
    ['SQ', 1, '200.00'],
    ['GA', 1, '300.00'],
    ['NH', 0, null],
  ])
  expect(facets.connections.map(({ value, name, count }) => [value, name, count])).toEqual([
    ['SIN', 'Singapore', 1],
    ['HKG', 'Hong Kong', 0],
  ])
  expect(facets.price).toEqual({ min: { amount: '200.00', currency: 'USD' }, max: { amount: '300.00', currency: 'USD' } })
  expect(facets.duration).toEqual({ min: 400, max: 700, unknown: 0 })
  expect(ask({}).facets.connection_minutes).toEqual({ min: 60, max: 180, unknown: 0 })
  expect(facets.emissions).toBeNull()
})

test('sorts are by their value, then price, then place', () => {
  expect(ask({ sort: 'duration' }).indexes).toEqual([0, 1, 2])
  expect(ask({ sort: 'price_with_bag' }).indexes).toEqual([0, 2, 1])
  expect(ask({ sort: 'departure' }).indexes).toEqual([1, 0, 2])
  // 1500 + 400 + 0; 1000 + 700 + 60; 1000 + 1500 + 120
  expect(ask({ sort: 'best' }).indexes).toEqual([1, 0, 2])
})

test('what offers do not have cannot be asked', () => {
  expect(() => ask({ only: { seats: ['window'] } })).toThrow('offers have no texts "seats"')
  expect(() => ask({ sort: 'beauty' })).toThrow(RangeError)
})
