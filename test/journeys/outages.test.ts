import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { orderOf, payAt, someBuyer, verifyAt } from '../support/buyers.ts'
import { callApi, dateIn, startJourneyStack, until, type JourneyStack, type Reply } from '../support/journey.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'
import { createTestRedis, type TestRedis } from '../support/redis.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'

let database: TestDatabase
let redis: TestRedis
let toPostgres: TcpProxy
let toRedis: TcpProxy
let stack: JourneyStack
let offers: string[]

beforeAll(async () => {
  ;[database, redis] = await Promise.all([createTestDatabase(), createTestRedis()])
  const through = async (url: string): Promise<[TcpProxy, string]> => {
    const address = new URL(url)
    const proxy = await startTcpProxy(Number(address.port))
    address.port = String(proxy.port)
    return [proxy, address.href]
  }
  const [[postgresProxy, databaseUrl], [redisProxy, stateUrl]] = await Promise.all([through(database.url), through(redis.url)])
  toPostgres = postgresProxy
  toRedis = redisProxy
  const environment = { DATABASE_URL: databaseUrl, REDIS_STATE_URL: stateUrl }
  stack = await startJourneyStack({ suppliers: ['testwire'], hasLatency: false, environment })
  const found = await stack.search(SEARCH)
  offers = found.body.data.map((offer: { id: string }) => offer.id)
}, 120_000)
afterAll(async () => {
  toPostgres?.heal()
  toRedis?.heal()
  await stack?.close()
  await Promise.all([toPostgres?.close(), toRedis?.close()])
  await Promise.all([database?.close(), redis?.close()])
})
afterEach(() => {
  toPostgres.heal()
  toRedis.heal()
})

const SEARCH = `/v1/flights/offers?origin=CGK&destination=NRT&departure_date=${dateIn(50)}&adults=1&limit=20`

type Timed = Reply & { readonly ms: number }

async function timed(ask: Promise<Reply>): Promise<Timed> {
  const begun = performance.now()
  return { ...(await ask), ms: performance.now() - begun }
}

const ready = (): Promise<Reply> => stack.call('GET', '/health/ready')
const confirm = async (at: number) => (await verifyAt(stack.urls.api, offers[at]!)).body.offer
const book = (offer: unknown, key = randomUUID(), buyer = someBuyer()) => {
  const body = orderOf(offer, buyer)
  return () => timed(stack.call('POST', '/v1/bookings', body, { 'idempotency-key': key }))
}
const untilTicketed = (id: string) =>
  until(
    () => stack.call('GET', `/v1/bookings/${id}`),
    ({ body }) => body.status === 'TICKETED',
    60_000,
  )

describe('while Postgres', () => {
  test.each([
    ['is down', () => toPostgres.down(), 2_000],
    ['says nothing', () => toPostgres.partition(), 13_000],
  ])('%s, orders are told to come back in time; then all goes on by itself (F26, F28)', { timeout: 120_000 }, async (_, fail, withinMs) => {
    const order = book(await confirm(0))
    fail()
    const refused = await order()
    expect(refused).toMatchObject({ status: 503, body: { code: 'service-busy', retryable: true, money_moved: 'none' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.ms).toBeLessThan(withinMs)
    expect(await timed(ready())).toMatchObject({ status: 503, body: { status: 'not ready' } })
    // What needs no database is served.
    expect((await stack.call('GET', SEARCH)).status).toBe(200)

    toPostgres.heal()
    const begun = performance.now()
    const placed = await until(order, ({ status }) => status === 201, 30_000)
    const backMs = performance.now() - begun
    expect(backMs, 'from the database’s return to the first booking').toBeLessThan(10_000)
    expect((await ready()).body.status).toBe('ready')
    await payAt(stack.urls.api, stack.urls.stripe!, placed.body)
    await untilTicketed(placed.body.id)
  })
})

describe('while the Redis of the queues', () => {
  test.each([
    ['is down', () => toRedis.down()],
    ['says nothing', () => toRedis.partition()],
  ])('%s, nobody waits for it; what was bought is ticketed when it is back (F23, F25)', { timeout: 120_000 }, async (_, fail) => {
    fail()
    const seen: Timed[] = []
    const look = async (ask: Promise<Reply>): Promise<Timed> => {
      const reply = await timed(ask)
      seen.push(reply)
      return reply
    }
    await look(stack.call('GET', SEARCH))
    const { offer } = (await look(verifyAt(stack.urls.api, offers[1]!))).body
    const booking = await look(book(offer)())
    expect(booking.status).toBe(201)
    await look(payAt(stack.urls.api, stack.urls.stripe!, booking.body))
    await look(stack.call('GET', `/v1/bookings/${booking.body.id}`))
    await look(stack.call('POST', '/v1/test-clocks/default/advance', { seconds: 1 }))
    await look(ready())
    expect(seen.map(({ status }) => status).filter((status) => status >= 400)).toEqual([])
    expect(Math.max(...seen.map(({ ms }) => ms)), seen.map(({ ms }) => Math.round(ms)).join(' ')).toBeLessThan(3_000)
    expect(seen.at(-1)!.body.status).toBe('degraded')

    toRedis.heal()
    const begun = performance.now()
    await untilTicketed(booking.body.id)
    expect(performance.now() - begun).toBeLessThan(45_000)
    await until(ready, ({ body }) => body.status === 'ready', 10_000)
  })
})

test('streams of a booking go on when the database was away for a moment', async () => {
  const placed = await book(await confirm(2))()
  toPostgres.down()
  const streaming = await callApi(`${stack.urls.api}/v1/bookings/${placed.body.id}/events`, 'GET')
  expect(streaming.status).toBe(503)
  toPostgres.heal()
  const response = await fetch(`${stack.urls.api}/v1/bookings/${placed.body.id}/events`)
  expect(response.status).toBe(200)
  await response.body!.cancel()
})
