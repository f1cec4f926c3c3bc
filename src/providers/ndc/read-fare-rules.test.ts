import { expect, test } from 'vitest'
import { readSample } from '../../../test/support/ndc-samples.ts'
import { translate } from './translate.ts'

test('rules of 17.2 are the penalties of each fare component', () => {
  expect(translate('fare-rules', readSample('price-17.2-penalties'))).toEqual({
    kind: 'fare-rules',
    rules: [
      {
        fareBasis: 'NLUR',
        carrier: 'GF',
        origin: 'LHR',
        destination: 'BKK',
        penalties: [
          { kind: 'change', allowed: true, amount: { amount: 9_000, currency: 'EUR' }, when: 'after_departure' },
          { kind: 'refund', allowed: false, amount: null },
        ],
        texts: [],
      },
    ],
  })
})

test('rules of 21.3 are restrictions beside the fare, with the airline’s words and those of its brand', () => {
  expect(translate('fare-rules', readSample('price-21.3-fares-in-price'))).toMatchObject({
    rules: [
      {
        fareBasis: 'VCLASSIC',
        penalties: [{ kind: 'refund', allowed: true, amount: { amount: 12_000, currency: 'USD' }, when: 'before_departure' }],
        texts: [
          { category: null, title: 'Cancellation', text: 'Refund against a fee' },
          { category: null, title: 'Fare', text: 'Seat included' },
        ],
      },
    ],
  })
})
