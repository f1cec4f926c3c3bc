import fc from 'fast-check'
import { expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { instant, parseInstant } from '../../kernel/time.ts'
import { UnrepresentableAmount } from './amounts.ts'
import { fromDong, fromWallClock, toDong, toPlainText, toShortDate, toWallClock } from './vietnam.ts'

test("a time is written as Vietnam's clocks show it, seven hours ahead, across midnight and the year", () => {
  expect(toWallClock(parseInstant('2026-11-25T14:30:05.999Z'))).toBe('20261125213005')
  expect(toWallClock(parseInstant('2026-12-31T17:00:00Z'))).toBe('20270101000000')
  expect(toShortDate(parseInstant('2026-11-25T16:59:59Z'))).toBe('261125')
  expect(toShortDate(parseInstant('2026-11-25T17:00:00Z'))).toBe('261126')
})

test('a time comes back to the second, in either form', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1_600_000_000, max: 4_000_000_000 }), (seconds) => {
      const at = instant(seconds * 1_000)
      const text = toWallClock(at)
      expect(fromWallClock(text)).toBe(at)
      expect(fromWallClock(text.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3 $4:$5:$6'))).toBe(at)
    }),
  )
  for (const text of ['', '2026112521300', '20261325213000', 'yesterday', '2026-11-25T21:30:00Z']) expect(fromWallClock(text)).toBeNull()
})

test('an amount is whole đồng and nothing else', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (dong) => {
      expect(fromDong(toDong(money(dong, 'VND')))).toEqual(money(dong, 'VND'))
    }),
  )
  for (const wrong of [money(0, 'VND'), money(-1, 'VND'), money(100, 'IDR'), money(100, 'USD')])
    expect(() => toDong(wrong)).toThrow(UnrepresentableAmount)
  expect(() => fromDong(1.5)).toThrow(RangeError)
})

test('a text for a transfer is in plain letters and keeps its words', () => {
  expect(toPlainText('Đặt vé Hà Nội → Đà Nẵng (2 người)', 60)).toBe('Dat ve Ha Noi Da Nang 2 nguoi')
  expect(toPlainText('Jakarta to Tokyo', 10)).toBe('Jakarta to')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, length) => {
      expect(toPlainText(text, length)).toMatch(new RegExp(`^(?:[A-Za-z0-9](?:[A-Za-z0-9 ]{0,${length - 1}})|)$`))
    }),
  )
})
