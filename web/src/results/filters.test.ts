import { expect, test } from 'vitest'
import { activeFilters, stopsChoices, toggleAirline } from './filters.ts'

const usd = (amount: string) => ({ amount, currency: 'USD' })

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
  const filters = activeFilters(search, [{ value: 'GA', name: 'Garuda Indonesia', count: 1, from: null }], 'USD')
  expect(filters.map((filter) => filter.label)).toEqual(['Direct only', 'Garuda Indonesia', 'SQ', 'Up to $500', 'Departure 06–12'])
  expect(filters[1]?.without.airlines).toBe('SQ')
  expect(filters[4]?.without).toEqual({ origin: 'CGK', max_stops: '0', airlines: 'GA,SQ', max_price: '500' })
})

test('choosing an airline twice is not choosing it', () => {
  const search = { airlines: 'GA' }
  expect(toggleAirline(toggleAirline(search, 'SQ'), 'SQ')).toEqual(search)
})
