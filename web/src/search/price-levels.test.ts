import { expect, test } from 'vitest'
import { dayLabel, levelAt } from './price-levels.ts'

const day = {
  departure_date: '2027-01-20',
  return_date: null,
  state: 'priced' as const,
  price: { amount: '300.00', currency: 'USD' },
  checked_at: '2026-11-21T09:00:00Z',
  is_cheapest: false,
  level: 'low' as const,
}

test('a day is said with its price where that is known, and plainly where it is not', () => {
  expect(dayLabel([day], '2027-01-20')).toBe('20 January 2027, low price, $300')
  expect(dayLabel([day], '2027-01-21')).toBe('21 January 2027')
  expect(levelAt([{ ...day, level: null, price: null }], '2027-01-20')).toBeNull()
})
