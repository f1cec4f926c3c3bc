import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi, dateIn, startJourneyStack, until, type JourneyStack } from '../support/journey.ts'

let stack: JourneyStack

beforeAll(async () => {
  stack = await startJourneyStack()
})
afterAll(() => stack?.close())

test('a paid booking is ticketed and mailed once, although the queue forgets everything again and again', async () => {
  const found = await stack.search(`/v1/flights/offers?origin=CGK&destination=SIN&departure_date=${dateIn(40)}`)
  const { offer } = (await stack.call('POST', `/v1/offers/${found.body.data[0].id}/verifications`, {})).body
  const passenger = { type: 'adult', given_name: 'Budi', family_name: 'Santoso', born_on: '1990-04-18', gender: 'male' }
  const order = {
    offer_id: offer.id,
    expected_total: offer.total,
    passengers: [passenger],
    contact: { email: 'lost@example.com', phone: '+62812345678' },
  }
  const booking = (await stack.call('POST', '/v1/bookings', order, { 'idempotency-key': randomUUID() })).body
  const payment = await stack.call(
    'POST',
    `/v1/bookings/${booking.id}/payments`,
    { expected_total: offer.total },
    { 'idempotency-key': randomUUID() },
  )
  const session = /cs_[A-Za-z0-9_]+/.exec(payment.body.redirect_url)?.[0]

  const redis = new Redis(stack.environment['REDIS_STATE_URL']!)
  let flushes = 0
  const flushing = setInterval(() => {
    flushes += 1
    void redis.flushdb()
  }, 40)
  await callApi(new URL('/__ctl/pay', stack.urls.stripe!).href, 'POST', { session })
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  clearInterval(flushing)
  await redis.quit()
  expect(flushes).toBeGreaterThan(50)

  const view = () => stack.call('GET', `/v1/bookings/${booking.id}`)
  const ticketed = await until(view, ({ body }) => body.status === 'TICKETED' && body.documents.length > 0, 120_000)
  expect(ticketed.body.tickets).toHaveLength(1)
  const mails = async () =>
    (await callApi(`${stack.urls.inbox}/api/messages`, 'GET')).body.filter((mail: { to: unknown }) =>
      JSON.stringify(mail.to).includes('lost@'),
    )
  const received = await until(mails, (messages) => messages.length > 0, 60_000)
  expect(received.map((mail: { attachments: unknown[] }) => mail.attachments.length)).toEqual([1])
}, 200_000)
