import fc from 'fast-check'
import { expect, test } from 'vitest'
import { money } from '../../../kernel/money.ts'
import { UnrepresentableAmount } from '../amounts.ts'
import { MalformedReply } from '../wire-fields.ts'
import { fromRupiah, toRupiah } from './amounts.ts'

test('an amount goes as whole rupiah and comes back as it went, written with or without decimals', () => {
  expect(toRupiah(money(15_000_000, 'IDR'))).toBe(150_000)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000_000 }), fc.constantFrom('', '.00', '.0'), (rupiah, decimals) => {
      const value = money(rupiah * 100, 'IDR')
      expect(fromRupiah(`${toRupiah(value)}${decimals}`, 'IDR')).toEqual(value)
    }),
  )
})

test('what Midtrans cannot be asked for is refused, never rounded', () => {
  for (const value of [money(150, 'IDR'), money(0, 'IDR'), money(-100, 'IDR'), money(100, 'USD')])
    expect(() => toRupiah(value)).toThrow(UnrepresentableAmount)
})

test.each([['150000.50'], ['150,000.00'], ['-1.00'], ['1e5'], ['']])('"%s" is not read', (written) => {
  expect(() => fromRupiah(written, 'IDR')).toThrow(MalformedReply)
})
