import { expect, test } from 'vitest'
import { choicesOf, toggleValue } from '../lists/set-filter.ts'
import { noStayFacets } from '../test/samples.ts'
import { activeStayFilters, rateFilters, stayFilters, withoutRateFilters } from './stay-filters.ts'

const usd = (amount: string) => ({ amount, currency: 'USD' })
const search = { place: 'BCN', stars: '4,5', refundable: 'unknown', max_price: '500', min_rating: '8', max_distance: '2500', name: 'arts' }

test('each filter in force can be taken away alone, and stands in words that need no heading', () => {
  const filters = activeStayFilters(search, null, 'USD')
  expect(filters.map(({ label }) => label)).toEqual([
    'Name: arts',
    'Up to $500',
    '4 stars',
    '5 stars',
    'Cancelling: not stated',
    'Up to 2.5 km from the centre',
    'Guests rate it 8 or more',
  ])
  expect(filters.find(({ label }) => label === '4 stars')?.without.stars).toBe('5')
  expect(filters.find(({ label }) => label === 'Up to $500')?.without).not.toHaveProperty('max_price')
})

test('a choice tells how many hotels it leaves and from what price; what leaves none stays to be seen', () => {
  const facets = { ...noStayFacets, boards: [{ value: 'HB', count: 3, from: usd('700.00') }] }
  expect(choicesOf(stayFilters.boards, { boards: 'AI' }, facets)).toMatchObject([
    { label: 'Half board', count: 3, isChosen: false },
    { label: 'All inclusive', count: 0, isChosen: true },
  ])
  expect(toggleValue({ boards: 'AI' }, 'boards', 'HB')).toEqual({ boards: 'AI,HB' })
})

test('every rate of a house is let through by taking away only what hides rates', () => {
  expect(rateFilters(activeStayFilters(search, null, 'USD')).map(({ key }) => key)).toEqual(['min_price', 'refundable'])
  expect(withoutRateFilters(search)).toEqual({ place: 'BCN', stars: '4,5', min_rating: '8', max_distance: '2500', name: 'arts' })
})
