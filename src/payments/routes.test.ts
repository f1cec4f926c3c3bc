import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { signWebhook } from '../../fixtures/stripe/index.ts'
import type { WebhookDelivery } from './gateways/contract.ts'
import { plainAnswer } from './gateways/plain-answer.ts'
import { paymentsRoutes } from './routes.ts'

async function setUp() {
  const deliveries: WebhookDelivery[] = []
  const app = Fastify().setValidatorCompiler(TypeBoxValidatorCompiler)
  app.post('/other', async (request) => ({ type: typeof request.body }))
  await app.register(paymentsRoutes, {
    prefix: '/v1',
    payments: {
      acceptWebhook: async (_provider, delivery) => {
        deliveries.push(delivery)
        return { outcome: 'accepted', reason: null }
      },
      answerWebhook: (_provider, verdict) => plainAnswer(verdict),
    },
  })
  return { app, deliveries }
}

test('hands on the bytes that were signed, whatever the content type says', async () => {
  const { app, deliveries } = await setUp()
  const body = '{ "id" : "evt_1",\r\n"amount":1.0 , "name":"Đà Nẵng" }'
  for (const contentType of ['application/json; charset=utf-8', 'text/plain', 'application/octet-stream']) {
    const reply = await app.inject({
      method: 'POST',
      url: '/v1/webhooks/stripe',
      headers: { 'content-type': contentType, 'stripe-signature': signWebhook(body, 'whsec', 1) },
      payload: body,
    })
    expect([reply.statusCode, reply.json()]).toEqual([200, { received: true }])
    expect(deliveries.at(-1)!.rawBody.equals(Buffer.from(body))).toBe(true)
    expect(deliveries.at(-1)!.headers['stripe-signature']).toBe(signWebhook(body, 'whsec', 1))
  }
  await app.close()
})

test('takes an empty body for one, refuses a huge one, and leaves other routes their parsers', async () => {
  const { app, deliveries } = await setUp()
  expect((await app.inject({ method: 'POST', url: '/v1/webhooks/stripe' })).statusCode).toBe(200)
  expect(deliveries.at(-1)!.rawBody).toHaveLength(0)
  expect(
    (
      await app.inject({
        method: 'POST',
        url: '/v1/webhooks/stripe',
        headers: { 'content-type': 'application/json' },
        payload: Buffer.alloc(600_000),
      })
    ).statusCode,
  ).toBe(413)
  expect((await app.inject({ method: 'POST', url: '/other', payload: { a: 1 } })).json()).toEqual({ type: 'object' })
  await app.close()
})
