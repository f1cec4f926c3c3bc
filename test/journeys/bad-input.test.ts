import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi, dateIn, startJourneyStack, type JourneyStack, type Reply } from '../support/journey.ts'
import { sql } from 'kysely'
import { createPostgres } from '../../src/platform/postgres.ts'

let stack: JourneyStack
let offer: { id: string; total: { amount: string; currency: string } }

beforeAll(async () => {
  stack = await startJourneyStack()
  const found = await stack.search(`/v1/flights/offers?origin=SIN&destination=SYD&departure_date=${dateIn(45)}`)
  const verified = await stack.call('POST', `/v1/offers/${found.body.data[0].id}/verifications`, {})
  offer = verified.body.offer
})
afterAll(() => stack?.close())

/** Everything a refusal must be: a problem document with a name, what to do, and the word on the money. */
function expectProblem(reply: Reply, status: number, code: string): void {
  expect({ status: reply.status, code: reply.body.code }).toEqual({ status, code })
  expect(reply.headers.get('content-type')).toContain('application/problem+json')
  expect(reply.body).toMatchObject({ type: `/problems/${code}`, status, money_moved: expect.any(String), retryable: expect.any(Boolean) })
  expect(reply.body.detail.length).toBeGreaterThan(20)
  expect(reply.body.request_id).toMatch(/^req_/)
  expect(JSON.stringify(reply.body)).not.toMatch(/\.ts:\d|node_modules|at Object/)
}

const fieldsOf = (reply: Reply): string[] => reply.body.errors.map((fault: { pointer: string }) => fault.pointer)

/** How many rows each table holds that a request could have written to. */
async function rowCounts(): Promise<unknown> {
  const { db, close } = createPostgres({ url: stack.environment['DATABASE_URL']!, connectionsMax: 1 })
  const { rows } = await sql`
    select (select count(*) from booking.bookings) as bookings, (select count(*) from booking.attempts) as attempts,
           (select count(*) from payments.payments) as payments, (select count(*) from payments.transactions) as transactions,
           (select count(*) from payments.inbox) as inbox, (select count(*) from platform.events) as events`.execute(db)
  await close()
  return rows[0]
}

const passenger = {
  type: 'adult',
  title: 'mr',
  given_name: 'Budi',
  family_name: 'Santoso',
  born_on: '1990-04-18',
  gender: 'male',
  document: null,
}
const order = () => ({
  offer_id: offer.id,
  expected_total: offer.total,
  passengers: [passenger],
  contact: { email: 'budi@example.com', phone: '+62812345678' },
})
const book = (body: unknown, key: string | null = randomUUID()) =>
  stack.call('POST', '/v1/bookings', body, key === null ? {} : { 'idempotency-key': key })

describe('a search is refused with the field named', () => {
  const base = { origin: 'CGK', destination: 'NRT', departure_date: dateIn(30) }
  test.each([
    ['an unknown airport', { origin: 'QQQ' }, ['origin']],
    ['the same place twice', { destination: 'CGK' }, ['destination']],
    ['a past date', { departure_date: '2020-01-01' }, ['departure_date']],
    ['a date that does not exist', { departure_date: '2027-02-30' }, ['departure_date']],
    ['a return before the departure', { return_date: dateIn(20) }, ['return_date']],
    ['no adult', { adults: '0' }, ['adults']],
    ['more infants than adults', { adults: '1', infants: '2' }, ['infants']],
    ['an unknown cabin', { cabin: 'roof' }, ['cabin']],
    ['a limit out of range', { limit: '1000' }, ['limit']],
    ['a parameter nobody knows', { colour: 'red' }, ['colour']],
    ['two faults at once', { origin: 'QQQ', adults: '0' }, ['adults', 'origin']],
  ])('%s', async (_name, change, fields) => {
    const reply = await stack.call('GET', `/v1/flights/offers?${new URLSearchParams({ ...base, ...change } as Record<string, string>)}`)
    expectProblem(reply, 400, 'invalid-search')
    expect(fieldsOf(reply).toSorted()).toEqual(fields)
  })

  test('a cursor that was tampered with', async () => {
    const query = new URLSearchParams({ ...base, limit: '5' })
    const page = await stack.call('GET', `/v1/flights/offers?${query}`)
    const cursor: string = page.body.page.after
    query.set('after', cursor.slice(0, -2) + (cursor.endsWith('A') ? 'BB' : 'AA'))
    expectProblem(await stack.call('GET', `/v1/flights/offers?${query}`), 400, 'invalid-cursor')
  })
})

describe('an order is refused and changes nothing', () => {
  test.each<[string, () => Promise<Reply>, number, string]>([
    ['a body that is not JSON', () => book('{"offer_id":'), 400, 'malformed-body'],
    [
      'a body that is not sent as JSON',
      () => stack.call('POST', '/v1/bookings', 'a=b', { 'content-type': 'text/plain', 'idempotency-key': randomUUID() }),
      415,
      'unsupported-media-type',
    ],
    ['a body that is too large', () => book(JSON.stringify({ offer_id: 'x'.repeat(300_000) })), 413, 'body-too-large'],
    ['missing fields', () => book({ offer_id: offer.id }), 400, 'invalid-request'],
    ['a field nobody knows', () => book({ ...order(), status: 'TICKETED' }), 400, 'invalid-request'],
    ['no Idempotency-Key', () => book(order(), null), 400, 'idempotency-key-missing'],
    ['an Idempotency-Key with spaces', () => book(order(), 'a b'), 400, 'idempotency-key-missing'],
    ['an offer that does not exist', () => book({ ...order(), offer_id: 'off_nothing' }), 404, 'offer-unknown'],
    [
      'another total than was verified',
      () => book({ ...order(), expected_total: { amount: '1.00', currency: offer.total.currency } }),
      409,
      'price-changed',
    ],
    ['a total in no currency', () => book({ ...order(), expected_total: { amount: '1.00', currency: 'ABC' } }), 400, 'invalid-request'],
    ['too many passengers', () => book({ ...order(), passengers: [passenger, passenger] }), 422, 'invalid-passengers'],
    [
      'a birth date that does not exist',
      () => book({ ...order(), passengers: [{ ...passenger, born_on: '1990-02-31' }] }),
      400,
      'invalid-request',
    ],
    [
      'an address that is none',
      () => book({ ...order(), contact: { email: 'a@b\r\nBcc: c@d.e', phone: '+62812345678' } }),
      400,
      'invalid-request',
    ],
    ['a booking that does not exist', () => stack.call('GET', '/v1/bookings/bkg_nothing'), 404, 'booking-unknown'],
    [
      'a payment for a booking that does not exist',
      () => stack.call('POST', '/v1/bookings/bkg_nothing/payments', { expected_total: offer.total }, { 'idempotency-key': randomUUID() }),
      404,
      'booking-unknown',
    ],
    ['an address with half a letter in it', () => stack.call('GET', '/v1/bookings/%E0%A4%A'), 400, 'malformed-address'],
    ['an id that is far too long', () => stack.call('GET', `/v1/bookings/${'a'.repeat(500)}`), 414, 'address-too-long'],
    ['an id with a zero byte', () => stack.call('GET', '/v1/bookings/%00'), 404, 'booking-unknown'],
    ['an offer with a zero byte', () => stack.call('POST', '/v1/offers/%00/verifications', {}), 404, 'offer-unknown'],
    ['an order of an offer with a zero byte', () => book({ ...order(), offer_id: 'off_\u0000' }), 400, 'invalid-request'],
    [
      'a name with a zero byte',
      () => book({ ...order(), passengers: [{ ...passenger, given_name: 'Budi\u0000' }] }),
      422,
      'invalid-passengers',
    ],
    [
      'an e-mail address with a zero byte',
      () => book({ ...order(), contact: { email: 'a\u0000@example.com', phone: '+62812345678' } }),
      400,
      'invalid-request',
    ],
    ['an address that does not exist', () => stack.call('GET', '/v1/nothing'), 404, 'not-found'],
    [
      'a webhook without a signature',
      () => stack.call('POST', '/v1/webhooks/stripe', { id: 'evt_1', type: 'checkout.session.completed' }),
      401,
      'webhook-signature-invalid',
    ],
    [
      'a webhook with a forged signature',
      () =>
        stack.call(
          'POST',
          '/v1/webhooks/stripe',
          { id: 'evt_1' },
          { 'stripe-signature': `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}` },
        ),
      401,
      'webhook-signature-invalid',
    ],
  ])('%s', async (_name, ask, status, code) => {
    const before = await rowCounts()
    expectProblem(await ask(), status, code)
    expect(await rowCounts()).toEqual(before)
  })

  test('S5: one key with another body is 422; the same body gets the first answer again', async () => {
    const key = randomUUID()
    const first = await book(order(), key)
    expect(first.status).toBe(201)
    const before = await rowCounts()
    expectProblem(
      await book({ ...order(), contact: { email: 'other@example.com', phone: '+62812345678' } }, key),
      422,
      'idempotency-key-reused',
    )
    const again = await book(order(), key)
    expect({ status: again.status, replayed: again.headers.get('idempotency-replayed') }).toEqual({ status: 201, replayed: 'true' })
    expect(again.body).toEqual(first.body)
    expect(await rowCounts()).toEqual(before)
  })

  test('S5: a refusal is repeated too, word for word', async () => {
    const key = randomUUID()
    const body = { ...order(), expected_total: { amount: '1.00', currency: offer.total.currency } }
    const [first, again] = [await book(body, key), await book(body, key)]
    expectProblem(again, 409, 'price-changed')
    expect({ ...again.body, request_id: '' }).toEqual({ ...first.body, request_id: '' })
  })
})

test('the published description names every route that answers', async () => {
  const { body } = await callApi(`${stack.urls.api}/openapi.json`, 'GET')
  expect(Object.keys(body.paths).toSorted()).toEqual(
    expect.arrayContaining([
      '/v1/bookings',
      '/v1/bookings/{bookingId}',
      '/v1/bookings/{bookingId}/payments',
      '/v1/flights/offers',
      '/v1/offers/{offerId}/verifications',
      '/v1/webhooks/{gateway}',
    ]),
  )
})
