import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addMoney,
  compareMoney,
  formatAmount,
  fromMoneyText,
  money,
  multiplyMoney,
  negateMoney,
  parseMoney,
  shareOf,
  subtractMoney,
  sumMoney,
  toMoneyText,
} from './money.ts'

const currency = fc.constantFrom('EUR', 'USD', 'KRW', 'JPY', 'VND', 'IDR', 'KWD', 'UAH')
const amount = fc.integer({ min: -(10 ** 12), max: 10 ** 12 })

describe('money', () => {
  test('is written and read back the same, in every currency', () => {
    fc.assert(
      fc.property(amount, currency, (minor, code) => {
        expect(fromMoneyText(toMoneyText(money(minor, code)))).toEqual(money(minor, code))
      }),
    )
  })

  test('adding and taking away again changes nothing', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(subtractMoney(addMoney(money(a, 'EUR'), money(b, 'EUR')), money(b, 'EUR'))).toEqual(money(a, 'EUR'))
      }),
    )
  })

  test('a sum does not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(amount), (list) => {
        expect(
          sumMoney(
            list.map((a) => money(a, 'EUR')),
            'EUR',
          ),
        ).toEqual(
          sumMoney(
            list.toReversed().map((a) => money(a, 'EUR')),
            'EUR',
          ),
        )
      }),
    )
  })

  test.each([
    ['178.74', 'EUR', 17_874],
    ['60200', 'KRW', 60_200],
    ['2538.0', 'UAH', 253_800],
    ['957.32000000000000000000', 'USD', 95_732],
    ['0.005', 'KWD', 5],
    ['-12.40', 'GBP', -1_240],
    ['824900.00', 'JPY', 824_900],
  ])('%s %s is %i minor units', (text, code, minor) => {
    expect(parseMoney(text, code)).toEqual(money(minor, code))
  })

  test.each(['', '1e3', '1,000.00', '0x10', ' 1', '1.001', 'NaN', '.5', '--1'])('"%s" is not an amount of euros', (text) => {
    expect(() => parseMoney(text, 'EUR')).toThrow(RangeError)
  })

  test('an amount too large to count exactly is refused, not rounded', () => {
    expect(() => parseMoney('90071992547409.93', 'EUR')).toThrow(RangeError)
    expect(() => multiplyMoney(money(Number.MAX_SAFE_INTEGER, 'EUR'), 2)).toThrow(RangeError)
    expect(() => money(0.5, 'EUR')).toThrow(RangeError)
  })

  test('currencies never mix', () => {
    expect(() => addMoney(money(1, 'EUR'), money(1, 'USD'))).toThrow('EUR and USD')
    expect(() => compareMoney(money(1, 'EUR'), money(1, 'USD'))).toThrow()
    expect(() => money(1, 'ABC')).toThrow('ISO 4217')
  })

  test('there is one zero', () => {
    expect(Object.is(negateMoney(money(0, 'EUR')).amount, 0)).toBe(true)
    expect(formatAmount(money(-5, 'EUR'))).toBe('-0.05')
  })
})

describe('a share of an amount', () => {
  const basisPoints = fc.integer({ min: 0, max: 20_000 })
  const positive = fc.integer({ min: 0, max: 10 ** 10 })

  test('100 % is exactly 100 %', () => {
    fc.assert(
      fc.property(positive, fc.constantFrom('up', 'down', 'half-up' as const), (a, rounding) => {
        expect(shareOf(money(a, 'EUR'), 10_000, rounding as 'up').amount).toBe(a)
      }),
    )
  })

  test('rounded up is at least, rounded down at most the exact share, and they differ by at most one unit', () => {
    fc.assert(
      fc.property(positive, basisPoints, (a, share) => {
        const up = shareOf(money(a, 'EUR'), share, 'up').amount
        const down = shareOf(money(a, 'EUR'), share, 'down').amount
        expect(BigInt(up) * 10_000n >= BigInt(a) * BigInt(share)).toBe(true)
        expect(BigInt(down) * 10_000n <= BigInt(a) * BigInt(share)).toBe(true)
        expect(up - down).toBeLessThanOrEqual(1)
      }),
    )
  })
})
