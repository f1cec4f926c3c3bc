import fc from 'fast-check'
import { expect, test } from 'vitest'
import { money } from '../../../kernel/money.ts'
import { UnrepresentableAmount } from '../amounts.ts'
import { fromXenditAmount, toXenditAmount } from './amounts.ts'

/** What one whole unit is in our minor units and at Xendit, written out: the rupiah's sen are ISO 4217's, not Xendit's. */
test.each([
  ['IDR', 100, 1],
  ['VND', 1, 1],
  ['PHP', 100, 1],
  ['THB', 100, 1],
  ['MYR', 100, 1],
  ['USD', 100, 1],
])('one %s is %d of our minor units and %d at Xendit', (currency, minorUnits, wire) => {
  expect(toXenditAmount(money(minorUnits, currency))).toBe(wire)
  expect(fromXenditAmount(String(wire), currency)).toEqual(money(minorUnits, currency))
})

const STEP: Readonly<Record<string, number>> = { IDR: 100 }

test('an amount comes back as it went, through JSON, in every currency', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('IDR', 'VND', 'PHP', 'THB', 'MYR', 'USD'),
      fc.integer({ min: 1, max: 9_999_999_999 }),
      (currency, steps) => {
        const value = money(steps * (STEP[currency] ?? 1), currency)
        const wire: unknown = JSON.parse(JSON.stringify(toXenditAmount(value)))
        expect(fromXenditAmount(String(wire), currency)).toEqual(value)
      },
    ),
  )
})

test('what Xendit cannot be asked for is refused, never rounded', () => {
  for (const value of [money(150, 'IDR'), money(0, 'IDR'), money(-100, 'IDR'), money(100, 'EUR'), money(1_000_000_000_000_001, 'USD')])
    expect(() => toXenditAmount(value)).toThrow(UnrepresentableAmount)
})
