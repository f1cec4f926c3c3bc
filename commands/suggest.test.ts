import { expect, test } from 'vitest'
import { didYouMean, suggest } from './suggest.ts'

const known = ['happy', 'price-up', 'sold-out', 'supplier-unknown', 'duplicate-webhook', 'double-click']

test.each([
  ['hapy', 'happy'],
  ['soldout', 'sold-out'],
  ['sodl-out', 'sold-out'],
  ['priceup', 'price-up'],
  ['supplier', 'supplier-unknown'],
  ['DOUBLE-CLICK', 'double-click'],
  ['doubel-click', 'double-click'],
])('%s is taken for %s', (typed, meant) => expect(suggest(typed, known)).toBe(meant))

test.each(['', 'x', 'zzzzzz', 'refund-everything-please'])('%j is taken for nothing', (typed) => {
  expect(suggest(typed, known)).toBeUndefined()
  expect(didYouMean(typed, known)).toBe('')
})
