import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { instant } from '../../../kernel/time.ts'
import type { WebhookDelivery } from '../contract.ts'
import { verifyStripeWebhook } from './webhook.ts'

const SECRET = 'whsec_test_secret'
const SIGNED_AT = 1_700_000_000
const NOW = instant(SIGNED_AT * 1_000)
const EVENT = JSON.stringify({
  id: 'evt_1',
  object: 'event',
  type: 'checkout.session.completed',
  data: {
    object: {
      id: 'cs_1',
      object: 'checkout.session',
      client_reference_id: 'pay_1',
      payment_intent: 'pi_1',
      metadata: { payment_id: 'pay_1' },
    },
  },
})

const sign = (body: string | Buffer, at = SIGNED_AT, secret = SECRET): string =>
  createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex')
const deliver = (header: string | undefined, body: string | Buffer = EVENT): WebhookDelivery => ({
  method: 'POST',
  url: '/v1/webhooks/stripe',
  headers: { 'stripe-signature': header },
  rawBody: Buffer.from(body),
})
const verify = (delivery: WebhookDelivery, now = NOW, secrets: string[] = [SECRET]) => verifyStripeWebhook(secrets, delivery, now)

describe('a signature', () => {
  test('of the published vector is computed as Stripe computes it', () => {
    const body = '{"id":"evt_test_webhook","object":"event"}'
    const signature = 'd95c6b7477fbd7e9f90b1b0ef5f9c7ac25abca5382460e0d988c2b2a5b71b990'
    // The vector's body is signed but says nothing, so it is genuine and cannot be read.
    expect(verify(deliver(`t=${SIGNED_AT},v1=${signature}`, body)).outcome).toBe('malformed')
    expect(verify(deliver(`t=${SIGNED_AT},v1=${signature}`, `${body} `)).outcome).toBe('forged')
  })

  test('made by the package of Stripe is accepted', () => {
    const header = Stripe.webhooks.generateTestHeaderString({ payload: EVENT, secret: SECRET, timestamp: SIGNED_AT })
    expect(verify(deliver(header))).toEqual({
      outcome: 'genuine',
      hint: {
        dedupeKey: 'evt_1',
        eventType: 'checkout.session.completed',
        paymentId: 'pay_1',
        clientRef: null,
        providerRef: 'cs_1',
        providerPaymentRef: 'pi_1',
      },
    })
  })

  test('is accepted with either secret while one replaces the other, and with neither afterwards', () => {
    const withOld = deliver(`t=${SIGNED_AT},v1=${sign(EVENT, SIGNED_AT, 'whsec_old')}`)
    expect(verify(withOld, NOW, ['whsec_new', 'whsec_old']).outcome).toBe('genuine')
    expect(verify(withOld, NOW, ['whsec_new']).outcome).toBe('forged')
  })

  test('counts when it is one of several', () => {
    expect(verify(deliver(`t=${SIGNED_AT},v1=${'0'.repeat(64)},v1=${sign(EVENT)},v0=${'1'.repeat(64)}`)).outcome).toBe('genuine')
  })

  test.each([
    ['is 301 s old', 301, 'forged'],
    ['is 300 s old', 300, 'genuine'],
    ['is 300 s in the future', -300, 'genuine'],
    ['is 301 s in the future', -301, 'forged'],
    ['is a day in the future', -86_400, 'forged'],
  ])('that %s is %3$s', (_name, ageSeconds, outcome) => {
    const delivery = deliver(`t=${SIGNED_AT},v1=${sign(EVENT)}`)
    expect(verify(delivery, instant((SIGNED_AT + ageSeconds) * 1_000)).outcome).toBe(outcome)
  })

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['of the old scheme only', `t=${SIGNED_AT},v0=${sign(EVENT)}`],
    ['without a time', `v1=${sign(EVENT)}`],
    ['with two times', `t=${SIGNED_AT},t=${SIGNED_AT},v1=${sign(EVENT)}`],
    ['with a time that is no number', `t=${SIGNED_AT}.0,v1=${sign(EVENT)}`],
    ['too short', `t=${SIGNED_AT},v1=${sign(EVENT).slice(0, 62)}`],
    ['in capitals', `t=${SIGNED_AT},v1=${sign(EVENT).toUpperCase()}`],
    ['of another secret', `t=${SIGNED_AT},v1=${sign(EVENT, SIGNED_AT, 'whsec_other')}`],
    ['of another time', `t=${SIGNED_AT + 1},v1=${sign(EVENT)}`],
  ])('that is %s is forged', (_name, header) => {
    expect(verify(deliver(header)).outcome).toBe('forged')
  })

  test('sent as two headers is forged', () => {
    const header = `t=${SIGNED_AT},v1=${sign(EVENT)}`
    expect(verify({ ...deliver(header), headers: { 'stripe-signature': [header, header] } }).outcome).toBe('forged')
  })

  test('never survives a change of one byte', () => {
    const header = `t=${SIGNED_AT},v1=${sign(EVENT)}`
    fc.assert(
      fc.property(fc.nat({ max: Buffer.byteLength(EVENT) - 1 }), fc.integer({ min: 1, max: 255 }), (index, change) => {
        const body = Buffer.from(EVENT)
        body[index] = body[index]! ^ change
        expect(verify(deliver(header, body)).outcome).toBe('forged')
      }),
    )
  })
})

describe('a genuine delivery', () => {
  test.each([
    ['is not JSON', 'not json'],
    ['is not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ['is a list', '[]'],
    ['has no object', '{"id":"evt_1","type":"x","data":{}}'],
    ['has an id of another type', '{"id":1,"type":"x","data":{"object":{"object":"charge"}}}'],
  ])('that %s is malformed, not forged', (_name, body) => {
    expect(verify(deliver(`t=${SIGNED_AT},v1=${sign(body)}`, body)).outcome).toBe('malformed')
  })

  test('about a refund names its payment', () => {
    const body = JSON.stringify({
      id: 'evt_2',
      type: 'refund.updated',
      data: { object: { id: 're_1', object: 'refund', payment_intent: 'pi_1', metadata: { payment_id: 'pay_1', refund_id: 'rfd_1' } } },
    })
    expect(verify(deliver(`t=${SIGNED_AT},v1=${sign(body)}`, body))).toMatchObject({
      hint: { paymentId: 'pay_1', providerRef: null, providerPaymentRef: 'pi_1' },
    })
  })

  test('about a payment that is none of ours names none', () => {
    const body = JSON.stringify({
      id: 'evt_3',
      type: 'payment_intent.succeeded',
      data: { object: { id: 'pi_9', object: 'payment_intent', metadata: {} } },
    })
    expect(verify(deliver(`t=${SIGNED_AT},v1=${sign(body)}`, body))).toMatchObject({
      hint: { paymentId: null, providerPaymentRef: 'pi_9' },
    })
  })
})
