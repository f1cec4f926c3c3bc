import { describe, expect, test } from 'vitest'
import type { WebhookDelivery } from '../contract.ts'
import { verifyXenditWebhook } from './webhook.ts'

const TOKEN = 'kT9-token'
const PAID = { id: '579c8d61f23fa4ca35e52da4', external_id: 'pay_1', user_id: '5781d19b2e2385880609791c', status: 'PAID', amount: 50_000 }
const REFUND = {
  event: 'refund.succeeded',
  business_id: 'b',
  data: { id: 'rfd-1', invoice_id: PAID.id, reference_id: 'rfd_1', status: 'SUCCEEDED' },
}

const deliver = (body: object | string, token: string | string[] | undefined = TOKEN): WebhookDelivery => ({
  method: 'POST',
  url: '/v1/webhooks/xendit',
  headers: { 'x-callback-token': token },
  rawBody: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const verify = (delivery: WebhookDelivery, tokens: string[] = [TOKEN]) => verifyXenditWebhook(tokens, delivery)

describe('a token', () => {
  test.each([
    ['ours', TOKEN, 'genuine'],
    ['missing', undefined, 'forged'],
    ['empty', '', 'forged'],
    ['of another merchant', 'kT9-tokem', 'forged'],
    ['ours and more', `${TOKEN} `, 'forged'],
    ['the beginning of ours', TOKEN.slice(0, -1), 'forged'],
    ['in another case', TOKEN.toUpperCase(), 'forged'],
    ['sent twice', [TOKEN, TOKEN], 'forged'],
  ] as const)('that is %s makes it %3$s', (_name, token, outcome) => {
    expect(verifyXenditWebhook([TOKEN], { ...deliver(PAID), headers: { 'x-callback-token': token } }).outcome).toBe(outcome)
  })

  test('is accepted with either while one replaces the other, and with neither afterwards', () => {
    expect(verify(deliver(PAID), ['new', TOKEN]).outcome).toBe('genuine')
    expect(verify(deliver(PAID), ['new']).outcome).toBe('forged')
    expect(verify(deliver(PAID), []).outcome).toBe('forged')
    expect(verify(deliver(PAID, ''), ['']).outcome).toBe('genuine') // so config refuses an empty one
  })
})

describe('a genuine callback', () => {
  test('of an invoice names it by our reference and by theirs', () => {
    expect(verify(deliver(PAID))).toMatchObject({
      hint: { eventType: 'invoice.paid', clientRef: 'pay_1', providerRef: PAID.id, paymentId: null },
    })
  })

  test('of a refund names the invoice it is of', () => {
    expect(verify(deliver(REFUND))).toMatchObject({ hint: { eventType: 'refund.succeeded', providerPaymentRef: PAID.id, clientRef: null } })
  })

  test('that was edited on the way has another key than the one it was', () => {
    const [before, after] = [verify(deliver(PAID)), verify(deliver({ ...PAID, amount: 5 }))]
    if (before.outcome !== 'genuine' || after.outcome !== 'genuine') throw new Error('both carry the token')
    expect(after.hint.dedupeKey).not.toBe(before.hint.dedupeKey)
    expect(verify(deliver(PAID))).toEqual(before)
  })

  test.each([['not json'], ['[]'], ['{}'], ['{"event":"refund.succeeded"}'], ['{"id":1,"external_id":"x","status":"PAID"}']])(
    'of "%s" is malformed, not forged',
    (body) => {
      expect(verify(deliver(body)).outcome).toBe('malformed')
    },
  )
})
