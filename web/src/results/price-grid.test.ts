import { expect, test } from 'vitest'
import { cellAt, cellText, cellWords, daysAround, onDays } from './price-grid.ts'

const priced = {
  departure_date: '2027-01-20',
  return_date: null,
  state: 'priced' as const,
  price: { amount: '300.40', currency: 'USD' },
  checked_at: '2026-11-21T09:00:00Z',
  is_cheapest: true,
}

test('three days either way, over the end of a year too', () => {
  expect(daysAround('2027-01-01')).toEqual([
    '2026-12-29',
    '2026-12-30',
    '2026-12-31',
    '2027-01-01',
    '2027-01-02',
    '2027-01-03',
    '2027-01-04',
  ])
})

test('what is not known is a dash and said to be unknown, never nothing to pay', () => {
  const unknown = cellAt([priced], '2027-01-21', null)
  expect([cellText(unknown), cellWords(unknown)]).toEqual(['–', 'Thu 21 Jan: price not known'])
  expect(cellWords({ ...unknown, state: 'none_found' })).toBe('Thu 21 Jan: no fare found')
})

test('a known price is said exactly and shown rounded up', () => {
  const cell = cellAt([priced], '2027-01-20', null)
  expect([cellText(cell), cellWords(cell)]).toEqual(['$301', 'Wed 20 Jan: $300.40, the lowest known'])
  expect(cellWords({ ...cell, return_date: '2027-02-03', is_cheapest: false })).toBe('Wed 20 Jan to Wed 3 Feb: $300.40')
})

test('other days keep the filters and the order', () => {
  const search = { origin: 'CGK', destination: 'NRT', departure_date: '2027-01-20', max_stops: '0', sort: 'price' }
  expect(onDays(search, { departure_date: '2027-01-22', return_date: null })).toEqual({ ...search, departure_date: '2027-01-22' })
})
