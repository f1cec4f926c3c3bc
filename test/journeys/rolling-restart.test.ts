// Clients while every process is replaced. Sixteen are what two cores bear beside another test; alone it is forty:
//   CLIENTS=40 npx vitest run --project=servers test/journeys/rolling-restart.test.ts
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findFreePort } from '../../commands/servers/index.ts'
import { createPostgres, type Postgres } from '../../src/platform/postgres.ts'
import { startApiProcess, startWorkerProcess, type ApiProcess, type ProcessOptions } from '../support/api-process.ts'
import { orderOf, someBuyer } from '../support/buyers.ts'
import { callApi, dateIn, searchWhole, startJourneyStack, until, type JourneyStack, type Reply } from '../support/journey.ts'
import { startRoundRobin, type RoundRobin } from '../support/round-robin.ts'

const CLIENTS = Number(process.env.CLIENTS ?? 16)
const RESTARTS = Number(process.env.RESTARTS ?? 1)
const BUYERS_SHARE = 4
const DAYS = 5
const OFFERS = 10
const TRIES_MAX = 5

/** Of each day, the ids of what is sold on it. */
const offers: string[][] = []
const pathOf = (i: number): string =>
  `/v1/flights/offers?origin=CGK&destination=NRT&departure_date=${dateIn(30 + (i % DAYS))}&adults=1&limit=20`

let stack: JourneyStack
let balancer: RoundRobin
let postgres: Postgres
let apis: ApiProcess[]
let workers: Pick<ApiProcess, 'kill' | 'stop'>[] = []

beforeAll(async () => {
  const port = await findFreePort()
  stack = await startJourneyStack({
    suppliers: ['testwire'],
    hasLatency: false,
    roles: [],
    port,
    environment: { DRAIN_MS: '3000', LOOP_DELAY_MAX_MS: '0' },
  })
  // Where the gateway sends its webhooks to as well.
  balancer = await startRoundRobin(port)
  postgres = createPostgres({ url: stack.environment['DATABASE_URL']!, connectionsMax: 2 })
  apis = await Promise.all([1, 2].map(() => startApi()))
  for (let i = 0; i < DAYS; i += 1) {
    const found = await until(
      () => searchWhole(balancer.url + pathOf(i)),
      ({ body }) => body.data?.length > OFFERS,
      60_000,
    )
    offers.push(found.body.data.map(({ id }: { id: string }) => id))
  }
}, 400_000)
afterAll(async () => {
  await balancer?.close()
  await Promise.all([...(apis ?? []), ...workers].map((one) => one.kill()))
  await postgres?.close()
  await stack?.close()
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map((one) => one.kill()))
})

async function startApi(options: ProcessOptions = {}): Promise<ApiProcess> {
  const started = await startApiProcess(stack.environment, options)
  balancer.add(started.url)
  return started
}

/** One after the other, each when its successor is there. */
async function replaceAll(): Promise<void> {
  for (const at of [0, 1]) {
    const fresh = await startApi()
    await apis[at]!.stop()
    apis[at] = fresh
    const worker = startWorkerProcess(stack.environment)
    await workers[at]!.stop()
    workers[at] = worker
  }
}

const startWorkers = () => (workers = [1, 2].map(() => startWorkerProcess(stack.environment)))

type Load = { readonly stop: () => Promise<{ requests: number; refused: string[]; bookings: string[] }> }

/** Clients that search, and one in four that books and pays, again and again until they are stopped. */
function startLoad(): Load {
  let isStopped = false
  let requests = 0
  const refused: string[] = []
  const bookings: string[] = []
  const call = async (what: string, method: 'GET' | 'POST', path: string, body?: unknown): Promise<Reply['body']> => {
    requests += 1
    const headers = method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {}
    const ask = () => callApi(balancer.url + path, method, body, headers).catch((error: Error) => error)
    let reply = await ask()
    // A machine that runs other tests as well may be too slow for a moment, and says so: that is no loss, and the repeat must do.
    for (let tries = 1; tries < TRIES_MAX && !(reply instanceof Error) && reply.body?.code === 'service-busy'; tries += 1) {
      await pause(1_000)
      reply = await ask()
    }
    if (reply instanceof Error || reply.status >= 400) {
      refused.push(`${what}: ${reply instanceof Error ? reply.message : `${reply.status} ${JSON.stringify(reply.body).slice(0, 300)}`}`)
      return undefined
    }
    return reply.body
  }
  const buy = async (i: number): Promise<void> => {
    const verified = await call('verify', 'POST', `/v1/offers/${offers[i % DAYS]![i % OFFERS]}/verifications`, {})
    const booking = verified && (await call('book', 'POST', '/v1/bookings', orderOf(verified.offer, someBuyer())))
    if (!booking) return
    const payment = await call('pay', 'POST', `/v1/bookings/${booking.id}/payments`, { expected_total: booking.total })
    const session = /cs_\w+/.exec(payment?.redirect_url ?? '')?.[0]
    if (session === undefined) return
    await callApi(new URL('/__ctl/pay', stack.urls.stripe!).href, 'POST', { session })
    // What was never paid is not waited for.
    bookings.push(booking.id)
    await call('look', 'GET', `/v1/bookings/${booking.id}`)
  }
  const visit = async (i: number): Promise<void> => {
    while (!isStopped) {
      if (i % BUYERS_SHARE === 0) await buy(i)
      else await call('search', 'GET', pathOf(i))
      await pause(i % BUYERS_SHARE === 0 ? 2_000 : 500)
    }
  }
  const clients = Array.from({ length: CLIENTS }, (_, i) =>
    visit(i).catch((error: Error) => void refused.push(`client ${i}: ${error.message}`)),
  )
  return {
    stop: async () => {
      isStopped = true
      await Promise.all(clients)
      return { requests, refused, bookings }
    },
  }
}

test(
  'B19, F39: no request fails and every booking reaches its end while API and workers are replaced under load',
  { timeout: 400_000 },
  async () => {
    startWorkers()
    const load = startLoad()
    try {
      for (let round = 0; round < RESTARTS; round += 1) await replaceAll()
    } catch (error) {
      await load.stop()
      throw error
    }
    const { requests, refused, bookings } = await load.stop()
    expect(refused).toEqual([])
    expect(balancer.lost()).toEqual([])
    expect(requests).toBeGreaterThan(CLIENTS * 5)
    expect(bookings.length).toBeGreaterThan(5)
    const statuses = await until(
      async () =>
        (await sql<{ status: string }>`select status from booking.bookings where id in (${sql.join(bookings)})`.execute(postgres.db)).rows,
      (rows) => rows.every(({ status }) => status === 'TICKETED'),
      90_000,
    )
    expect(statuses).toHaveLength(bookings.length)
  },
)

test('a process that ends at once when it is told to loses requests: the negative control', { timeout: 200_000 }, async () => {
  const hasty = await startApi({ endsAtOnce: true })
  const load = startLoad()
  await pause(500)
  await hasty.stop()
  await pause(300)
  await load.stop()
  expect(balancer.lost().length).toBeGreaterThan(0)
})
