import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseInstant } from '../../../kernel/time.ts'
import { hmacHex } from '../signing.ts'
import { verifyPayosWebhook } from './webhook.ts'
import { signedData } from './wire.ts'

/** The sample of PayOS's documentation with the key and the signature printed there. It is also what `confirm-webhook` sends. */
const KEY = '1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675'
const DATA = {
  orderCode: 123,
  amount: 3_000,
  description: 'VQRIO123',
  accountNumber: '12345678',
  reference: 'TF230204212323',
  transactionDateTime: '2023-02-04 18:25:00',
  currency: 'VND',
  paymentLinkId: '124c33293c43417ab7879e14c8d9eb18',
  code: '00',
  desc: 'Thành công',
  counterAccountBankId: '',
  counterAccountBankName: '',
  counterAccountName: '',
  counterAccountNumber: '',
  virtualAccountName: '',
  virtualAccountNumber: '',
}
const SIGNATURE = '412e915d2871504ed31be63c8f62a149a4410d34c4c42affc9006ef9917eaa03'
const BODY = { code: '00', desc: 'success', success: true, data: DATA, signature: SIGNATURE }
const NOW = parseInstant('2023-02-04T11:25:30Z')
const CONFIG = { clientId: '', apiKey: '', checksumKey: KEY, apiUrl: '', payUrl: '', readTimeoutMs: 1, writeTimeoutMs: 1 }

const verify = (body: unknown, now = NOW) =>
  verifyPayosWebhook(
    CONFIG,
    { method: 'POST', url: '/v1/webhooks/payos', headers: {}, rawBody: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)) },
    now,
  )
const signed = (data: Record<string, unknown>, key = KEY) => ({ ...BODY, data, signature: hmacHex('sha256', key, signedData(data)) })

describe('a delivery', () => {
  test('of the published sample is genuine', () => {
    expect(verify(BODY)).toEqual({
      outcome: 'genuine',
      hint: {
        dedupeKey: '123:TF230204212323',
        eventType: 'transfer.00',
        paymentId: null,
        clientRef: '123',
        providerRef: '124c33293c43417ab7879e14c8d9eb18',
        providerPaymentRef: '124c33293c43417ab7879e14c8d9eb18',
      },
    })
  })

  test('is the same in another order, and whatever is said beside what is signed', () => {
    const turned = Object.fromEntries(Object.entries(DATA).reverse())
    expect(verify({ signature: SIGNATURE.toUpperCase(), data: turned })).toEqual(verify(BODY))
    expect(verify({ ...BODY, code: '99', success: false })).toEqual(verify(BODY))
  })

  test('never survives another value of what it says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(DATA) as (keyof typeof DATA)[])),
        fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.integer(), fc.boolean(), fc.constant([]), fc.constant({})),
        (name, value) => {
          fc.pre(String(value) !== String(DATA[name]) && !(['null', 'undefined', ''].includes(String(value)) && DATA[name] === ''))
          expect(verify({ ...BODY, data: { ...DATA, [name]: value } }).outcome).toBe('forged')
        },
      ),
    )
  })

  test.each([
    ['without a signature', { ...BODY, signature: undefined }],
    ['with an empty one', { ...BODY, signature: '' }],
    ['signed by another channel', signed(DATA, 'another')],
    ['with a field more', { ...BODY, data: { ...DATA, more: 1 } }],
    ['with a field less', { ...BODY, data: { ...DATA, currency: undefined } }],
    ['whose data is a text', { ...BODY, data: JSON.stringify(DATA) }],
    ['that is no JSON', Buffer.from('{')],
    ['that is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    [
      'nested a hundred thousand deep',
      Buffer.from(`{"signature":"${SIGNATURE}","data":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`),
    ],
  ])('%s is forged', (_name, body) => {
    expect(verify(body).outcome).toBe('forged')
  })

  test('in which a name has come to stand in another field is forged, though the signed text is the same', () => {
    const genuine = { description: 'A&orderCode=7&orderCodf=', orderCode: 3, paymentLinkId: 'l', reference: 'r' }
    const text = Object.entries(genuine)
      .map(([name, value]) => `${name}=${value}`)
      .join('&')
    const edited = { description: 'A', orderCode: 7, orderCodf: '&orderCode=3', paymentLinkId: 'l', reference: 'r' }
    expect(verify({ data: edited, signature: hmacHex('sha256', KEY, text) }).outcome).toBe('forged')
  })

  test('of tomorrow is forged; a late one is not', () => {
    expect(verify(BODY, parseInstant('2023-02-03T11:25:00Z')).outcome).toBe('forged')
    expect(verify(BODY, parseInstant('2026-11-25T00:00:00Z')).outcome).toBe('genuine')
  })

  test('that is signed and cannot be read is malformed', () => {
    expect(verify(signed({ ...DATA, orderCode: '123' })).outcome).toBe('malformed')
    expect(verify(signed({ amount: 1 })).outcome).toBe('malformed')
  })
})
