import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCurrency } from '../../kernel/currency.ts'
import { formatAmount, parseMoney } from '../../kernel/money.ts'
import { decimalOf, isAirlineCode, isPlaceCode, isSupplierId, listOf, minorUnitsOf, minuteOfDayOf, timeOfDay } from './parameter-values.ts'

const CURRENCIES = [
  ['JPY', 0],
  ['USD', 2],
  ['KWD', 3],
] as const
const texts = fc.oneof(
  fc.stringMatching(/^\d{1,14}(\.\d{1,5})?$/),
  fc.stringMatching(/^\d{1,3}\.\d{0,3}0{0,4}$/),
  fc.string({ unit: fc.constantFrom(...'0123456789.-+e ,AZaz:_'), maxLength: 8 }),
  fc.string(),
)

test('an amount is read by hand as money reads it', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom(...CURRENCIES), (text, [currency, digits]) => {
      let expected = Number.NaN
      try {
        if (/^\d{1,12}(\.\d+)?$/.test(text)) expected = parseMoney(text, currency).amount
      } catch {
        // More decimals than the currency has.
      }
      expect(minorUnitsOf(text, digits)).toBe(expected)
    }),
    { numRuns: 5_000 },
  )
})

test('an amount has one spelling, which reads as itself and is that of money but for idle zeros', () => {
  fc.assert(
    fc.property(fc.nat({ max: 999_999_999_999 }), fc.constantFrom(...CURRENCIES), (amount, [currency, digits]) => {
      const text = decimalOf(amount, digits)
      expect(minorUnitsOf(text, digits)).toBe(amount)
      const money = { ...parseMoney('0', parseCurrency(currency)), amount: amount as never }
      expect(formatAmount(money).replace(/\.0+$/, '')).toBe(text)
    }),
  )
})

test('codes, ids and times of day are what the patterns say', () => {
  fc.assert(
    fc.property(fc.oneof(texts, fc.stringMatching(/^[A-Z0-9]{1,3}$/), fc.stringMatching(/^[0-2]\d:[0-6]\d$/)), (text) => {
      expect(isAirlineCode(text)).toBe(/^(?:[A-Z]{2}|[A-Z]\d|\d[A-Z])$/.test(text))
      expect(isPlaceCode(text)).toBe(/^[A-Z]{3}$/.test(text))
      expect(isSupplierId(text)).toBe(/^[a-z0-9_-]{1,40}$/.test(text))
      expect(minuteOfDayOf(text) === -1).toBe(!/^([01]\d|2[0-3]):[0-5]\d$/.test(text))
      if (minuteOfDayOf(text) !== -1) expect(timeOfDay(minuteOfDayOf(text))).toBe(text)
    }),
    { numRuns: 3_000 },
  )
})

test('a list comes sorted and each value once', () => {
  const rule = { has: (value: string) => value !== '', inCapitals: true, code: 'wrong', message: 'is empty', tooMany: 'too-many' }
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-dA-D]{1,2}$/), { minLength: 1, maxLength: 50 }), (values) => {
      const faults: never[] = []
      expect(listOf(faults, 'codes', values.join(','), rule)).toEqual([...new Set(values.map((value) => value.toUpperCase()))].sort())
      expect(faults).toEqual([])
    }),
  )
})
