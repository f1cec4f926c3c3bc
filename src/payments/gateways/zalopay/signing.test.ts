import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '../../../kernel/money.ts'
import { instant, parseInstant } from '../../../kernel/time.ts'
import { hmacHex } from '../signing.ts'
import { orderMac, refundMac, toOrder, toQuery, toRefundId, toRefundQuery, toTransId } from './to-wire.ts'
import { parseKeepingNumber } from './wire.ts'

/** The key that ZaloPay publishes for its sandbox's application 2554, and the orders of its own package's tests. */
const SANDBOX_KEY = 'sdngKKJmqEMzvh5QQcdD2A9XBSKUNaYn'
const CONFIG = {
  appId: 2554,
  requestKey: SANDBOX_KEY,
  callbackKeys: [],
  callbackUrl: 'https://shop.example/v1/webhooks/zalopay',
  apiUrl: '',
  readTimeoutMs: 1,
  writeTimeoutMs: 1,
}
const NOW = parseInstant('2026-11-25T14:30:00Z')

test('an order is signed as in the published vector', () => {
  const order = {
    app_id: 2554,
    app_trans_id: '230407_13221300383',
    app_user: 'user123',
    amount: 50_000,
    app_time: 1_680_848_533_635,
    embed_data: '{}',
    item: 'item',
  }
  expect(orderMac(SANDBOX_KEY, order)).toBe('6d2c87577af20b4786d89729d64dc7820c5c462afd91e4c5b49353f83376ac81')
})

test('a refund is signed as in the published vector', () => {
  const refund = { app_id: 2554, zp_trans_id: '1680848533635', amount: 50_000, description: 'refund', timestamp: 1_680_848_533_635 }
  expect(refundMac(SANDBOX_KEY, refund)).toBe('34b4a56853d365aa20694b2f8413c4c8205b7e5e53b94ff99b3de183128bab0e')
})

test('questions are signed over what they ask', () => {
  const ref = { paymentId: 'pay_1', clientRef: '261125_pay1', createdAt: NOW, amount: money(1, 'VND'), providerRef: null }
  expect(toQuery(CONFIG, ref)['mac']).toBe(hmacHex('sha256', SANDBOX_KEY, `2554|261125_pay1|${SANDBOX_KEY}`))
  expect(toRefundQuery(CONFIG, '261125_2554_rfd1', NOW)['mac']).toBe(hmacHex('sha256', SANDBOX_KEY, `2554|261125_2554_rfd1|${NOW}`))
})

describe('an order', () => {
  const request = {
    paymentId: 'pay_1',
    clientRef: '261125_pay1',
    createdAt: NOW,
    amount: money(1_250_000, 'VND'),
    providerRef: null,
    description: 'Hà Nội → Đà Nẵng',
    customerEmail: 'an@example.com',
    customerIp: null,
    expiresAt: instant(NOW + 1_800_000),
    returnUrl: 'https://shop.example/trips/1?a=b|c',
    cancelUrl: 'https://shop.example/trips/1/pay',
  }

  test('says how much, for how long, and nothing of the customer', () => {
    const order = toOrder(CONFIG, request, NOW)
    expect(order).toMatchObject({ amount: 1_250_000, app_user: 'pay_1', expire_duration_seconds: 1_800, app_time: NOW })
    expect(JSON.stringify(order)).not.toContain('an@example.com')
  })

  test('lives as long as ZaloPay allows', () => {
    expect(toOrder(CONFIG, request, instant(request.expiresAt - 10_000))['expire_duration_seconds']).toBe(300)
    expect(toOrder(CONFIG, { ...request, expiresAt: instant(NOW + 40 * 86_400_000) }, NOW)['expire_duration_seconds']).toBe(2_592_000)
  })
})

describe('a reference', () => {
  const id = fc.stringMatching(/^[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}$/)
  const at = fc.integer({ min: 1_700_000_000_000, max: 3_000_000_000_000 }).map(instant)

  test('of a payment begins with the date in Vietnam and has at most 40 characters', () => {
    expect(toTransId({ paymentId: 'pay_01k', createdAt: parseInstant('2026-11-25T17:00:00Z') })).toBe('261126_pay01k')
    fc.assert(
      fc.property(id, id, at, (a, b, createdAt) => {
        const ref = toTransId({ paymentId: a, createdAt })
        expect(ref).toMatch(/^\d{6}_[A-Za-z0-9]{1,33}$/)
        if (a !== b) expect(toTransId({ paymentId: b, createdAt })).not.toBe(ref)
      }),
    )
  })

  test('of a refund names date and application and has at most 45 characters', () => {
    fc.assert(
      fc.property(id, id, at, fc.integer({ min: 1, max: 9_999_999 }), (a, b, createdAt, appId) => {
        const ref = toRefundId(appId, { refundId: a, createdAt })
        expect(ref).toMatch(new RegExp(`^\\d{6}_${appId}_[A-Za-z0-9]{26,}$`))
        expect(ref.length).toBeLessThanOrEqual(45)
        if (a !== b) expect(toRefundId(appId, { refundId: b, createdAt })).not.toBe(ref)
      }),
    )
  })
})

test("a transaction's number keeps all its digits, and nothing in a text is taken for one", () => {
  expect(parseKeepingNumber('{"zp_trans_id":9223372036854775807}')).toEqual({ zp_trans_id: '9223372036854775807' })
  expect(parseKeepingNumber('{"zp_trans_id" : 200904000000389 , "amount":1}')).toEqual({ zp_trans_id: '200904000000389', amount: 1 })
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (text, number) => {
      const tricky = `${text}"zp_trans_id":${number},`
      const json = `{"item":${JSON.stringify(tricky)},"zp_trans_id":${number}}`
      expect(parseKeepingNumber(json)).toEqual({ item: tricky, zp_trans_id: String(number) })
    }),
  )
})
