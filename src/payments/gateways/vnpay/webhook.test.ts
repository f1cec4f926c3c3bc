import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseInstant, plusMs, type Instant } from '../../../kernel/time.ts'
import type { WebhookDelivery } from '../contract.ts'
import { hmacHex } from '../signing.ts'
import { answerVnpay, verifyVnpayIpn } from './webhook.ts'
import { signedQuery } from './wire.ts'

const CONFIG = {
  tmnCode: 'FAREWIRE',
  hashSecret: 'SECRETSECRET',
  payUrl: '',
  apiUrl: '',
  serverIp: '',
  readTimeoutMs: 1,
  writeTimeoutMs: 1,
}
const NOW = parseInstant('2026-11-25T14:35:00Z')
const IPN: Record<string, string> = {
  vnp_Amount: '1806000',
  vnp_BankCode: 'NCB',
  vnp_OrderInfo: 'Thanh toan: 5 & 6 = 11',
  vnp_PayDate: '20261125213459',
  vnp_ResponseCode: '00',
  vnp_TmnCode: 'FAREWIRE',
  vnp_TransactionNo: '14000001',
  vnp_TransactionStatus: '00',
  vnp_TxnRef: 'pay1',
}
const sign = (values: Record<string, string>, secret = CONFIG.hashSecret): string => hmacHex('sha512', secret, signedQuery(values))
const toQuery = (values: Record<string, string>, secret?: string): string =>
  `${new URLSearchParams(values).toString()}&vnp_SecureHash=${sign(values, secret)}`
const deliver = (query: string): WebhookDelivery => ({
  method: 'GET',
  url: `/v1/webhooks/vnpay?${query}`,
  headers: {},
  rawBody: Buffer.alloc(0),
})
const verify = (query: string, now: Instant = NOW) => verifyVnpayIpn(CONFIG, deliver(query), now)

describe('an IPN', () => {
  test('that is signed says what to ask about, and nothing more', () => {
    expect(verify(toQuery(IPN))).toEqual({
      outcome: 'genuine',
      hint: {
        dedupeKey: 'pay1:14000001:00:00',
        eventType: 'ipn.00.00',
        paymentId: null,
        clientRef: 'pay1',
        providerRef: null,
        providerPaymentRef: '14000001',
      },
    })
  })

  test('is the same in another order, with another encoding of the same letters, and with names that are not VNPay’s', () => {
    const entries = Object.entries({ ...IPN, vnp_SecureHash: sign(IPN).toUpperCase() }).reverse()
    const encoded = entries.map(
      ([name, value]) => `${name}=${[...value].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('')}`,
    )
    expect(verify(`shop=1&shop=2&${encoded.join('&')}`)).toEqual(verify(toQuery(IPN)))
  })

  test.each([
    ['without a signature', new URLSearchParams(IPN).toString()],
    ['with an empty one', `${new URLSearchParams(IPN).toString()}&vnp_SecureHash=`],
    ['signed by another merchant', toQuery(IPN, 'ANOTHERSECRET')],
    ['for another terminal', toQuery({ ...IPN, vnp_TmnCode: 'ANOTHER1' })],
    ['with a name twice', `${toQuery(IPN)}&vnp_Amount=1`],
    ['with the same name and value twice', `${toQuery(IPN)}&vnp_TxnRef=pay1`],
    ['with a list', `${toQuery(IPN)}&vnp_TxnRef[]=pay2`],
    ['with two signatures', `${toQuery(IPN)}&vnp_SecureHash=0`],
    ['wrongly encoded', `${toQuery(IPN)}&vnp_Extra=%E0%A4%A`],
    ['with a name of the language', `${toQuery(IPN)}&vnp___proto__=1`],
    ['far too long', `${toQuery(IPN)}&x=${'x'.repeat(9_000)}`],
    ['empty', ''],
  ])('%s is forged', (_name, query) => {
    expect(verify(query).outcome).toBe('forged')
  })

  test('never survives another value of what it says', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(IPN)), fc.string({ unit: 'grapheme', maxLength: 10 }), (name, value) => {
        fc.pre(value !== IPN[name])
        expect(verify(`${new URLSearchParams({ ...IPN, [name]: value })}&vnp_SecureHash=${sign(IPN)}`).outcome).toBe('forged')
      }),
    )
  })

  test('of tomorrow is forged; one of a while ago, which was repeated, is not', () => {
    expect(verify(toQuery(IPN), plusMs(NOW, -86_400_000)).outcome).toBe('forged')
    expect(verify(toQuery(IPN), plusMs(NOW, 86_400_000)).outcome).toBe('genuine')
  })

  test('of a payment that failed names no transaction', () => {
    const failed = { ...IPN, vnp_PayDate: '', vnp_ResponseCode: '24', vnp_TransactionStatus: '02', vnp_TransactionNo: '0' }
    expect(verify(toQuery(failed))).toMatchObject({ hint: { dedupeKey: 'pay1:0:24:02', providerPaymentRef: null } })
  })

  test('that names nothing is malformed, not forged', () => {
    expect(verify(toQuery({ ...IPN, vnp_TxnRef: '' })).outcome).toBe('malformed')
  })
})

test.each([
  ['accepted', '00'],
  ['duplicate', '02'],
  ['about_nothing_of_ours', '01'],
  ['forged', '97'],
  ['malformed', '99'],
  ['later', '99'],
] as const)('to one that is %s VNPay hears %s, always with a status of 200', (verdict, code) => {
  const answer = answerVnpay(verdict)
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } })
  expect(JSON.parse(answer.body)).toMatchObject({ RspCode: code, Message: expect.any(String) })
})
