import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCurrency } from '../../../kernel/currency.ts'
import { money } from '../../../kernel/money.ts'
import { fromStripeAmount } from './from-wire.ts'
import { UnrepresentableAmount } from '../amounts.ts'
import { toStripeAmount } from './to-wire.ts'

/** https://docs.stripe.com/currencies, written out: what Stripe's integer is for one whole unit. */
const ONE_UNIT: readonly [currency: string, minorUnits: number, wire: number][] = [
  ['USD', 100, 100],
  ['EUR', 100, 100],
  ['IDR', 100, 100],
  ['VND', 1, 1],
  ['JPY', 1, 1],
  ['KRW', 1, 1],
  ['XOF', 1, 1],
  ['CLP', 1, 1],
  ['ISK', 1, 100],
  ['UGX', 1, 100],
  ['MGA', 100, 1],
  ['KWD', 1_000, 1_000],
  ['BHD', 1_000, 1_000],
]

const CURRENCIES = 'AED AUD BHD CLP EUR GBP IDR INR ISK JOD JPY KRW KWD MGA OMR SGD THB TND UGX USD VND XAF XOF XPF'
  .split(' ')
  .filter(isCurrency)
/** The smallest step Stripe takes, in our minor units. */
const STEP: Readonly<Record<string, number>> = { BHD: 10, JOD: 10, KWD: 10, OMR: 10, TND: 10, MGA: 100 }

describe('an amount', () => {
  test.each(ONE_UNIT)('of one %s, %d minor units, is %d to Stripe', (currency, minorUnits, wire) => {
    expect(toStripeAmount(money(minorUnits, currency))).toBe(wire)
    expect(fromStripeAmount(wire, currency.toLowerCase())).toEqual(money(minorUnits, currency))
  })

  test('comes back as it went, in every currency', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CURRENCIES), fc.integer({ min: 1, max: 1_000_000_000 }), (currency, steps) => {
        const value = money(steps * (STEP[currency] ?? 1), currency)
        expect(fromStripeAmount(toStripeAmount(value), currency.toLowerCase())).toEqual(value)
      }),
    )
  })

  test('that Stripe cannot be asked for is refused, never rounded', () => {
    fc.assert(
      fc.property(fc.constantFrom('BHD', 'KWD', 'TND', 'MGA'), fc.integer({ min: 1, max: 1_000_000 }), (currency, minorUnits) => {
        fc.pre(minorUnits % STEP[currency]! !== 0)
        expect(() => toStripeAmount(money(minorUnits, currency))).toThrow(UnrepresentableAmount)
      }),
    )
    expect(() => toStripeAmount(money(0, 'USD'))).toThrow(UnrepresentableAmount)
    expect(() => toStripeAmount(money(-1, 'USD'))).toThrow(UnrepresentableAmount)
  })

  test('of half a króna, or of no currency at all, is not read', () => {
    expect(() => fromStripeAmount(150, 'isk')).toThrow(RangeError)
    expect(() => fromStripeAmount(100, 'xxx')).toThrow(RangeError)
  })
})
