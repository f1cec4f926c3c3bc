import fc from 'fast-check'
import { expect, test } from 'vitest'
import { levelsOf } from './price-levels.ts'

test('a price is told by the third of the known prices it lies in', () => {
  expect(levelsOf([300, null, 100, 200])).toEqual(['high', null, 'low', 'medium'])
  expect(levelsOf([1, 2, 3, 4, 5, 6])).toEqual(['low', 'low', 'medium', 'medium', 'high', 'high'])
})

test('a price with nothing to compare it to is neither low nor high', () => {
  expect(levelsOf([])).toEqual([])
  expect(levelsOf([null, 5])).toEqual([null, 'medium'])
  expect(levelsOf([7, 7, 7])).toEqual(['medium', 'medium', 'medium'])
})

test('levels never contradict prices', () => {
  const order = ['low', 'medium', 'high']
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 20 }))), (prices) => {
      const levels = levelsOf(prices)
      expect(levels.map((level) => level === null)).toEqual(prices.map((price) => price === null))
      for (const [i, a] of prices.entries()) {
        for (const [j, b] of prices.entries()) {
          if (a === null || b === null) continue
          if (a === b) expect(levels[i]).toBe(levels[j])
          if (a < b) expect(order.indexOf(levels[i]!)).toBeLessThanOrEqual(order.indexOf(levels[j]!))
        }
      }
    }),
  )
})

test('of different prices a third each is low and high', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0 }), { minLength: 3, maxLength: 31 }), (prices) => {
      const levels = levelsOf(prices)
      const count = (level: string) => levels.filter((one) => one === level).length
      expect(count('low')).toBe(count('high'))
      expect(Math.abs(count('low') - prices.length / 3)).toBeLessThan(1)
    }),
  )
})
