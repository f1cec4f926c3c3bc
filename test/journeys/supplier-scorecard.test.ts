import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi, dateIn, startJourneyStack, until, type JourneyStack } from '../support/journey.ts'

let stack: JourneyStack

beforeAll(async () => {
  stack = await startJourneyStack({ environment: { OPS_TOKEN: 'a-token-of-this-journey-alone' } })
})
afterAll(() => stack?.close())

type Score = {
  provider: string
  last_hour: { calls: number; answered: number }
  look_to_book: { looks_today: number; bookings_today: number }
}

async function scoreOf(provider: string): Promise<Score> {
  const reply = await stack.call('GET', '/v1/ops/suppliers', undefined, { authorization: 'Bearer a-token-of-this-journey-alone' })
  expect(reply.status).toBe(200)
  return (reply.body.data as Score[]).find((score) => score.provider === provider)!
}

test('a search is a look at each supplier, and a booking that one of them confirms is a booking of that one', async () => {
  expect((await stack.call('GET', '/v1/ops/suppliers')).status).toBe(401)
  const found = await stack.search(`/v1/flights/offers?origin=CGK&destination=SIN&departure_date=${dateIn(40)}`)
  // The slower of them may answer after the search has.
  for (const provider of ['travelport', 'duffel']) {
    const score = await until(
      () => scoreOf(provider),
      ({ last_hour }) => last_hour.answered > 0,
    )
    expect(score).toMatchObject({ last_hour: { calls: 1, answered: 1 }, look_to_book: { looks_today: 1, bookings_today: 0 } })
  }

  const { offer } = (await stack.call('POST', `/v1/offers/${found.body.data[0].id}/verifications`, {})).body
  const order = {
    offer_id: offer.id,
    expected_total: offer.total,
    passengers: [{ type: 'adult', given_name: 'Budi', family_name: 'Santoso', born_on: '1990-04-18', gender: 'male' }],
    contact: { email: 'score@example.com', phone: '+62812345678' },
  }
  const booking = (await stack.call('POST', '/v1/bookings', order, { 'idempotency-key': randomUUID() })).body
  const payment = await stack.call(
    'POST',
    `/v1/bookings/${booking.id}/payments`,
    { expected_total: offer.total },
    { 'idempotency-key': randomUUID() },
  )
  const session = /cs_[A-Za-z0-9_]+/.exec(payment.body.redirect_url)?.[0]
  await callApi(new URL('/__ctl/pay', stack.urls.stripe!).href, 'POST', { session })
  await until(
    () => stack.call('GET', `/v1/bookings/${booking.id}`),
    ({ body }) => body.status === 'TICKETED',
  )

  const booked = found.body.data[0].provider as string
  await until(
    () => scoreOf(booked),
    (score) => score.look_to_book.bookings_today === 1,
  )
  expect((await scoreOf(booked === 'duffel' ? 'travelport' : 'duffel')).look_to_book.bookings_today).toBe(0)
}, 120_000)
