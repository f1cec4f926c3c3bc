import { expect, test } from 'vitest'
import { noFacets } from '../test/samples.ts'
import { activeFilters, countActive, selfTransferChoices, sliceTimes, stopsChoices } from './filters.ts'
import { choicesOf, toggleValue, valueWords } from '../lists/set-filter.ts'
import { setFilters } from './set-filters.ts'

const usd = (amount: string) => ({ amount, currency: 'USD' })
const oneWay = { origin: 'CGK', destination: 'NRT', departure_date: '2027-01-20' }

test('a choice of stops counts all it lets through and names the cheapest of them', () => {
  const choices = stopsChoices([
    { value: 0, count: 2, from: usd('300.00') },
    { value: 1, count: 5, from: usd('99.00') },
    { value: 2, count: 1, from: usd('150.00') },
  ])
  expect(choices.map(({ label, count, from }) => [label, count, from?.amount])).toEqual([
    ['Direct only', 2, '300.00'],
    ['Up to 1 stop', 7, '99.00'],
    ['Up to 2 stops', 8, '99.00'],
  ])
})

test('a choice that lets nothing through is still there, with nothing', () => {
  expect(stopsChoices([{ value: 1, count: 5, from: usd('99.00') }])[0]).toEqual({ value: 0, label: 'Direct only', count: 0, from: null })
})

test('each filter in force can be taken away alone', () => {
  const search = { origin: 'CGK', max_stops: '0', airlines: 'GA,SQ', max_price: '500', departure_after: '06:00', departure_before: '11:59' }
  const facets = { ...noFacets, airlines: [{ value: 'GA', name: 'Garuda Indonesia', count: 1, from: null }] }
  const filters = activeFilters(search, facets, 'USD')
  expect(filters.map((filter) => filter.label)).toEqual(['Direct only', 'Up to $500', 'Garuda Indonesia', 'SQ', 'Outbound departure 06–12'])
  expect(filters[2]?.without.airlines).toBe('SQ')
  expect(filters[4]?.without).toEqual({ origin: 'CGK', max_stops: '0', airlines: 'GA,SQ', max_price: '500' })
})

test('every filter an address can hold has its words, and taking all away leaves none', () => {
  const search = {
    ...oneWay,
    alliances: 'star',
    exclude_airlines: 'JT',
    connections: 'SIN',
    exclude_connections: 'KUL',
    min_connection: '60',
    max_connection: '240',
    cabins: 'unknown',
    bags: '2',
    refundable: 'unknown',
    changeable: 'yes',
    suppliers: 'duffel',
    overnight: 'no',
    origin_airports: 'CGK',
    destination_airports: 'NRT',
    max_duration: '900',
    max_emissions: '500',
    self_transfer: 'exclude',
  }
  const facets = { ...noFacets, connections: [{ value: 'SIN', name: 'Singapore', count: 3, from: null }] }
  const filters = activeFilters(search, facets, 'USD')
  expect(filters.map((filter) => filter.label)).toEqual([
    'star',
    'Change at Singapore (SIN)',
    'Cabin: not stated',
    'Checked bags: 2 or more',
    'Refund: not stated',
    'Changeable',
    'No night at an airport',
    'From CGK',
    'To NRT',
    'Sold through duffel',
    'Not with JT',
    'No change at KUL',
    'Travel time up to 15 h',
    'Connections 1 h – 4 h',
    'Up to 500 kg CO2e',
    'No separate tickets',
  ])
  let left: Record<string, string> = search
  for (let filter = filters[0]; filter !== undefined; filter = activeFilters(left, facets, 'USD')[0]) left = filter.without
  expect(Object.entries(left).filter(([, value]) => value !== '')).toEqual(Object.entries(oneWay))
})

test('choosing a value twice is not choosing it', () => {
  const search = { airlines: 'GA' }
  expect(toggleValue(toggleValue(search, 'airlines', 'SQ'), 'airlines', 'SQ')).toEqual(search)
  expect(countActive({ airlines: 'GA,SQ', bags: '1' }, ['airlines', 'bags', 'refundable'])).toBe(3)
})

test('what no fare has stays to be seen, and what nobody states is called so', () => {
  const facets = {
    ...noFacets,
    bags: [
      { value: '0', count: 0, from: null },
      { value: 'unknown', count: 4, from: usd('80.00') },
    ],
  }
  const choices = choicesOf(setFilters.bags, { bags: '2' }, facets)
  expect(choices.map(({ label, count, isChosen }) => [label, count, isChosen])).toEqual([
    ['None', 0, false],
    ['Not stated', 4, false],
    ['2 or more', 0, true],
  ])
  expect(valueWords(setFilters.bags, facets, 'unknown')).toBe('Checked bags: not stated')
})

test('one cabin alone is nothing to choose from', () => {
  const facets = { ...noFacets, cabins: [{ value: 'economy', count: 9, from: null }] }
  expect(choicesOf(setFilters.cabins, {}, facets)).toEqual([])
  expect(choicesOf(setFilters.cabins, { cabins: 'economy' }, facets)).toHaveLength(1)
})

test('each flight of a journey has its own times', () => {
  expect(sliceTimes({ slice: 'CGK.NRT.2027-01-20,NRT.SIN.2027-01-25' }).map((time) => [time.label, time.departure.after])).toEqual([
    ['CGK to NRT', 'departure_after'],
    ['NRT to SIN', 'return_departure_after'],
  ])
  expect(sliceTimes(oneWay)).toHaveLength(1)
})

test('separate tickets are offered for one way only, and not counted before anybody has combined them', () => {
  const facets = { ...noFacets, self_transfer: [{ value: 'no', count: 7, from: null }] }
  expect(selfTransferChoices(oneWay, facets).find((choice) => choice.value === 'only')?.count).toBeNull()
  expect(selfTransferChoices({ ...oneWay, self_transfer: 'include' }, facets).find((choice) => choice.value === 'only')?.count).toBe(0)
  expect(selfTransferChoices({ ...oneWay, return_date: '2027-02-03' }, facets)).toEqual([])
})
