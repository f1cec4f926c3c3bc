import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant, parseInstant } from '../../../kernel/time.ts'
import { hmacHex } from '../signing.ts'
import { answerZalopay, verifyZalopayCallback } from './webhook.ts'

/** The callback of ZaloPay's documentation, under the callback key it publishes for its sandbox's application 2553. */
const KEY = 'kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz'
const DATA = JSON.stringify({
  app_id: 2553,
  app_trans_id: '200904_2553_1598435687208',
  app_time: 1_599_189_392_817,
  app_user: 'demo',
  amount: 10_000,
  embed_data: '{"merchantinfo":"embeddata123","promotioninfo":""}',
  item: '[{"itemid":"knb","itemname":"kim nguyen bao","itemprice":198400,"itemquantity":1}]',
  zp_trans_id: 200_904_000_000_389,
  server_time: 1_599_189_413_498,
  channel: 38,
  merchant_user_id: '7ZMSl3nEg5sOUJzOLSoUFT8xKNQVaLOLXHB--8Eytqc',
  user_fee_amount: 0,
  discount_amount: 0,
})
const MAC = 'd8d33baf449b31d7f9b94fa50d7c942c08cd4d83f28fa185557da21acb104f67'
const NOW = parseInstant('2020-09-04T03:17:00Z')
const CONFIG = { appId: 2553, requestKey: '', callbackKeys: [KEY], callbackUrl: '', apiUrl: '', readTimeoutMs: 1, writeTimeoutMs: 1 }

const verify = (body: unknown, { config = CONFIG, now = NOW } = {}) =>
  verifyZalopayCallback(
    config,
    { method: 'POST', url: '/v1/webhooks/zalopay', headers: {}, rawBody: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)) },
    now,
  )
const signed = (data: unknown, key = KEY) => {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  return { data: text, mac: hmacHex('sha256', key, text), type: 1 }
}

describe('a callback', () => {
  test('of the published sample is genuine', () => {
    expect(verify({ data: DATA, mac: MAC, type: 1 })).toEqual({
      outcome: 'genuine',
      hint: {
        dedupeKey: '200904_2553_1598435687208:200904000000389',
        eventType: 'order.paid',
        paymentId: 'demo',
        clientRef: '200904_2553_1598435687208',
        providerRef: null,
        providerPaymentRef: '200904000000389',
      },
    })
  })

  test('is genuine under either key while one replaces the other, and under neither afterwards', () => {
    const body = signed(JSON.parse(DATA), 'the-old-key')
    expect(verify(body, { config: { ...CONFIG, callbackKeys: ['the-new-key', 'the-old-key'] } }).outcome).toBe('genuine')
    expect(verify(body, { config: { ...CONFIG, callbackKeys: ['the-new-key'] } }).outcome).toBe('forged')
  })

  test('is checked as it is written: the same values written otherwise are forged', () => {
    const { app_id, ...rest } = JSON.parse(DATA) as Record<string, unknown>
    expect(verify({ data: JSON.stringify({ ...rest, app_id }), mac: MAC }).outcome).toBe('forged')
    expect(verify({ data: `${DATA} `, mac: MAC }).outcome).toBe('forged')
  })

  test('never survives a change of one byte', () => {
    fc.assert(
      fc.property(fc.nat({ max: DATA.length - 1 }), fc.integer({ min: 32, max: 126 }), (index, code) => {
        fc.pre(DATA.charCodeAt(index) !== code)
        const data = DATA.slice(0, index) + String.fromCharCode(code) + DATA.slice(index + 1)
        expect(verify({ data, mac: MAC }).outcome).toBe('forged')
      }),
    )
  })

  test('that says the same by another `type` means the same, because nobody signs that', () => {
    expect(verify({ data: DATA, mac: MAC, type: 2 })).toEqual(verify({ data: DATA, mac: MAC, type: 1 }))
  })

  test.each([
    ['without a signature', { data: DATA }],
    ['with an empty one', { data: DATA, mac: '' }],
    ['with one that is no text', { data: DATA, mac: 1 }],
    ['whose data is an object', { data: JSON.parse(DATA), mac: MAC }],
    ['signed with our other key', { ...signed(JSON.parse(DATA), 'key1') }],
    ['for another application', signed({ ...JSON.parse(DATA), app_id: 2554 })],
    ['that is a list', [DATA, MAC]],
    ['that is no JSON', Buffer.from('data=1')],
    ['that is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['that is empty', Buffer.alloc(0)],
  ])('%s is forged', (_name, body) => {
    expect(verify(body).outcome).toBe('forged')
  })

  test('of tomorrow is forged; a late one is not', () => {
    const body = { data: DATA, mac: MAC }
    expect(verify(body, { now: instant(1_599_189_413_498 - 300_001) }).outcome).toBe('forged')
    expect(verify(body, { now: instant(1_599_189_413_498 - 299_000) }).outcome).toBe('genuine')
    expect(verify(body, { now: instant(1_599_189_413_498 + 86_400_000) }).outcome).toBe('genuine')
  })

  test('that is signed and cannot be read is malformed', () => {
    for (const data of ['not json', '[]', '{}', JSON.stringify({ ...JSON.parse(DATA), zp_trans_id: 'x' })])
      expect(verify(signed(data)).outcome).toBe('malformed')
  })
})

test.each([
  ['accepted', 1],
  ['duplicate', 1],
  ['about_nothing_of_ours', 2],
  ['forged', -1],
  ['malformed', -1],
  ['later', 0],
] as const)('to one that is %s ZaloPay hears %d, always with a status of 200', (verdict, code) => {
  const answer = answerZalopay(verdict)
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } })
  expect(JSON.parse(answer.body)).toEqual({ return_code: code, return_message: expect.any(String) })
})
