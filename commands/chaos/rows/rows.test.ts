import { expect, test } from 'vitest'
import { ROWS } from './index.ts'

test('every row of the matrix is there once, as something to run or with why it is not', () => {
  expect(ROWS.map(({ id }) => id)).toEqual(Array.from({ length: 46 }, (_, at) => `F${at + 1}`))
})
