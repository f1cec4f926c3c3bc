import fc from 'fast-check'
import { expect, test } from 'vitest'
import { property } from '../../../../test/support/fake-stays.ts'
import { mergeHouse } from './house.ts'

test('what its teller does not say, the others do, and amenities are those anybody names', () => {
  const poor = property({
    provider: 'alpha',
    stars: null,
    rating: null,
    district: null,
    images: [],
    amenities: ['pool'],
    type: 'other',
    name: 'ARTS',
    description: null,
  })
  const rich = property({ provider: 'beta', code: 'b', amenities: ['wifi', 'gym', 'bar', 'spa'], name: 'Hotel Arts', checkInFrom: null })
  expect(mergeHouse('h', [poor, rich])).toMatchObject({
    id: 'h',
    name: 'Hotel Arts',
    stars: 4,
    rating: 8.4,
    district: 'Eixample',
    type: 'hotel',
    amenities: ['wifi', 'pool', 'gym', 'spa', 'bar'],
    images: ['https://images.example/1.jpg'],
    description: 'A house.',
    checkInFrom: '15:00',
    properties: [
      { provider: 'alpha', code: '1' },
      { provider: 'beta', code: 'b' },
    ],
  })
})

test('it is the same house whatever order its suppliers come in', () => {
  const all = [
    property({ provider: 'alpha', name: 'A' }),
    property({ provider: 'beta', name: 'B', rating: null }),
    property({ provider: 'gamma', name: 'C', images: [] }),
    property({ provider: 'delta', name: 'D' }),
  ]
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: 4 }), (order) => {
      expect(mergeHouse('h', order)).toEqual(mergeHouse('h', all))
    }),
  )
})
