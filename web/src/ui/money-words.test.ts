import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareMoney, moneyWords, roughMoneyWords, shareOf, signOf, sumOf, toMinor } from './money-words.ts'

const usd = (amount: string) => ({ amount, currency: 'USD' })
const cents = fc.bigInt({ min: 0n, max: 10n ** 17n })
const toText = (units: bigint) => `${units / 100n}.${String(units % 100n).padStart(2, '0')}`

test('shows every digit of an amount, also where a float would round it', () => {
  expect(moneyWords(usd('1178.74'))).toBe('$1,178.74')
  expect(moneyWords(usd('90071992547409.93'))).toBe('$90,071,992,547,409.93')
  expect(moneyWords({ amount: '1500000', currency: 'IDR' })).toMatch(/^IDR\s1,500,000$/)
  expect(moneyWords({ amount: '12.345', currency: 'KWD' })).toMatch(/^KWD\s12\.345$/)
})

test('never shows a rounded price below the real one', () => {
  fc.assert(
    fc.property(cents, (units) => {
      const shown = BigInt(roughMoneyWords(usd(toText(units))).replace(/[$,]/g, ''))
      expect(shown * 100n >= units && shown * 100n < units + 100n).toBe(true)
    }),
  )
})

test('shares of a total cover it, by less than one minor unit each', () => {
  fc.assert(
    fc.property(cents, fc.integer({ min: 1, max: 9 }), (units, count) => {
      const { share, isExact } = shareOf(usd(toText(units)), count)
      const covered = toMinor(share.amount).units * BigInt(count)
      expect(covered >= units && covered < units + BigInt(count)).toBe(true)
      expect(isExact).toBe(covered === units)
    }),
  )
})

test('orders amounts as numbers, whatever their digits', () => {
  expect(compareMoney(usd('9.50'), usd('10.00'))).toBe(-1)
  expect(compareMoney(usd('10'), usd('10.00'))).toBe(0)
  expect(signOf(usd('-0.01'))).toBe(-1)
  expect(signOf(usd('0.00'))).toBe(0)
})

test('adds amounts exactly, and not what is not stated or of another currency', () => {
  fc.assert(
    fc.property(fc.array(cents, { minLength: 1, maxLength: 4 }), (amounts) => {
      const sum = amounts.reduce((a, b) => a + b, 0n)
      expect(sumOf(amounts.map((units) => usd(toText(units))))).toEqual(usd(toText(sum)))
    }),
  )
  expect(sumOf([usd('-5.05'), usd('1.00')])).toEqual(usd('-4.05'))
  expect([sumOf([]), sumOf([usd('1.00'), null]), sumOf([usd('1.00'), { amount: '1.00', currency: 'EUR' }])]).toEqual([null, null, null])
})
