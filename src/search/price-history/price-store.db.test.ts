import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Redis, type Cluster } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findFreePort, startChild, waitUntilReady, type Child } from '../../../commands/servers/child.ts'
import { findRedisBinary } from '../../../commands/servers/index.ts'
import { createTestRedis, type TestRedis } from '../../../test/support/redis.ts'
import { money } from '../../kernel/money.ts'
import { createStoppedClock, instant, parseLocalDate, plusDays, plusMs } from '../../kernel/time.ts'
import { createRequestRedis } from '../../platform/redis.ts'
import { createPricing, DEFAULT_RATES } from '../../pricing/index.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import { silentLogger } from '../logger.ts'
import { createPriceHistory, type PriceHistory } from './index.ts'
import { encodePriceFact, type PriceFact } from './price-fact.ts'
import { createPriceStore } from './price-store.ts'

const key = 'flight:h:{CGK:NRT:economy:1a0c0i}'
const day = '2026-12-01'
const today = parseLocalDate('2026-11-01')
const route = { origin: 'CGK', destination: 'NRT', passengers: { adults: 1, children: 0, infants: 0 }, cabin: 'economy' } as const
const pricing = createPricing({ version: '1', displayCurrency: 'USD', rates: DEFAULT_RATES, markups: [] })

let server: TestRedis
let redis: Redis
let clock: ReturnType<typeof createStoppedClock>
const opened: Redis[] = []

beforeAll(async () => {
  server = await createTestRedis({ server: 'cache' })
  redis = new Redis(server.url)
})
afterAll(async () => {
  await redis.quit()
  await server.close()
})
beforeEach(async () => {
  await redis.flushdb()
  clock = createStoppedClock('2026-11-01T00:00:00Z')
})
afterEach(() => {
  for (const connection of opened.splice(0)) connection.disconnect()
})

function factAt(seconds: number, dollars: number): PriceFact {
  return { checkedAt: plusMs(clock.now(), seconds * 1000), offers: 1, cheapest: { net: money(dollars * 100, 'USD'), provider: 'alpha' } }
}

function storeOver(connection: Redis | Cluster, fieldsMax?: number) {
  return createPriceStore({ redis: connection, clock, logger: silentLogger, ...(fieldsMax === undefined ? {} : { fieldsMax }) })
}

/** A history as another process has it: its own memory, the shared Redis. */
async function processOver(url = server.url, isReady = true): Promise<PriceHistory> {
  const connection = createRequestRedis(url)
  opened.push(connection)
  if (isReady && connection.status !== 'ready') await once(connection, 'ready')
  return createPriceHistory({ redis: connection, clock, pricing })
}

function queryOn(departure: string, back?: string): FlightQuery {
  const outbound = { origin: 'CGK', destination: 'NRT', departureDate: parseLocalDate(departure) }
  const inbound = back === undefined ? [] : [{ origin: 'NRT', destination: 'CGK', departureDate: parseLocalDate(back) }]
  return { slices: [outbound, ...inbound], passengers: route.passengers, cabin: 'economy' }
}

const cellAt = async (history: PriceHistory, back: string | null = null) =>
  (
    await history.grid({
      route,
      dates: { departureDate: parseLocalDate(day), returnDate: back === null ? null : parseLocalDate(back) },
      today,
    })
  ).find((cell) => cell.departureDate === day && cell.returnDate === back)!

describe('between processes', () => {
  test('a price one has found is told by the other', async () => {
    const [one, other] = [await processOver(), await processOver()]
    const cheapest = { net: money(30_000, 'USD'), provider: 'alpha' }
    one.note(queryOn(day), { cheapest, checkedAt: clock.now(), offers: 12 })
    one.note(queryOn(day, '2026-12-08'), { cheapest: null, checkedAt: clock.now() })
    await one.idle()
    expect(await cellAt(other)).toMatchObject({ state: 'priced', price: money(30_000, 'USD'), checkedAt: clock.now() })
    expect(await cellAt(other, '2026-12-08')).toMatchObject({ state: 'none_found', price: null })
    expect((await redis.keys('*')).sort()).toEqual([key, `${key}:r`])
    expect(await redis.hgetall(`${key}:r`)).toMatchObject({ '2026-12-01_2026-12-08': `${clock.now() / 1000} 0` })
  })

  test('what was noted in one turn travels in one command per route', async () => {
    const history = await processOver()
    const before = await evalsOf(redis)
    for (let i = 0; i < 100; i += 1) {
      history.note(queryOn(plusDays(parseLocalDate(day), i)), { cheapest: null, checkedAt: clock.now() })
    }
    await history.idle()
    expect((await evalsOf(redis)) - before).toBe(1)
    expect(await redis.hlen(key)).toBe(101) // and the day of the last sweep
  })
})

describe('of two prices of the same days', () => {
  /** Two processes write at once, the one that learnt later first. */
  async function racing(write: (connection: Redis, fact: PriceFact) => Promise<unknown>): Promise<string | null> {
    const [a, b] = [new Redis(server.url), new Redis(server.url)]
    opened.push(a, b)
    await Promise.all([once(a, 'ready'), once(b, 'ready')])
    let held: string | null = null
    for (let round = 0; round < 30; round += 1) {
      await redis.del(key)
      const later = write(a, factAt(60, 300))
      const earlier = write(b, factAt(0, 100))
      await Promise.all([later, earlier])
      held = await redis.hget(key, day)
      if (held !== encodePriceFact(factAt(60, 300))) return held
    }
    return held
  }

  test('the one checked later stays, whoever writes last', async () => {
    const write = (connection: Redis, fact: PriceFact) => storeOver(connection).write(key, new Map([[day, fact]]))
    expect(await racing(write)).toBe(encodePriceFact(factAt(60, 300)))
  })

  test('without the script the earlier one can win (negative control)', async () => {
    const readThenWrite = async (connection: Redis, fact: PriceFact) => {
      const held = Number((await connection.hget(key, day))?.split(' ')[0] ?? 0)
      // Both have read by now; the order of writing decides.
      await meeting()
      if (fact.checkedAt < clock.now() + 1) await connection.hget(key, 'a detour')
      if (held <= fact.checkedAt / 1000) await connection.hset(key, day, encodePriceFact(fact))
    }
    expect(await racing(readThenWrite)).toBe(encodePriceFact(factAt(0, 100)))
  })

  let waiting: (() => void)[] = []
  /** Settles when two have come. */
  function meeting(): Promise<void> {
    return new Promise((resolve) => {
      waiting.push(resolve)
      if (waiting.length < 2) return
      for (const go of waiting) go()
      waiting = []
    })
  }

  test('one from a clock gone wrong does not win for ever', async () => {
    const store = storeOver(redis)
    await redis.hset(key, day, encodePriceFact(factAt(86_400, 1)))
    expect(await store.read(key, [day])).toEqual([null])
    await store.write(key, new Map([[day, factAt(0, 300)]]))
    expect(await store.read(key, [day])).toEqual([factAt(0, 300)])
  })
})

describe('a route', () => {
  test('is forgotten 40 days after it was last searched', async () => {
    await storeOver(redis).write(key, new Map([[day, factAt(0, 300)]]))
    expect(await redis.ttl(key)).toBe(40 * 86_400)
  })

  test('loses the days gone by', async () => {
    const store = storeOver(redis)
    const fields = ['2026-10-30', '2026-10-30_2026-12-01', '2026-10-31', '2026-11-01']
    await redis.hset(key, Object.fromEntries(fields.map((field) => [field, encodePriceFact(factAt(0, 300))])))
    await store.write(key, new Map([[day, factAt(0, 300)]]))
    expect((await redis.hkeys(key)).sort()).toEqual(['2026-10-31', '2026-11-01', day, 'swept'])
    clock.advance(2 * 86_400_000)
    await store.write(key, new Map([[day, factAt(0, 300)]]))
    expect((await redis.hkeys(key)).sort()).toEqual([day, 'swept'])
  })

  test('never holds more days than it may, and loses those checked longest ago', async () => {
    const store = storeOver(redis, 80)
    const first = parseLocalDate(day)
    for (let batch = 0; batch < 10; batch += 1) {
      const facts = Array.from({ length: 30 }, (_, i) => [plusDays(first, batch * 30 + i), factAt(-3_600 + batch, 300)] as const)
      await store.write(key, new Map(facts))
      expect(await redis.hlen(key)).toBeLessThanOrEqual(81)
    }
    const left = (await redis.hkeys(key)).sort()
    expect(left).toContain(plusDays(first, 299))
    expect(left).not.toContain(day)
    expect(left.length).toBeGreaterThan(60)
  })
})

describe('nothing known, and nothing thrown', () => {
  test('when something else lies under the key; the next search puts it right', async () => {
    await redis.set(key, 'x')
    const history = await processOver()
    expect(await cellAt(history)).toMatchObject({ state: 'unknown', price: null })
    history.note(queryOn(day), { cheapest: null, checkedAt: clock.now() })
    await history.idle()
    expect(await cellAt(await processOver())).toMatchObject({ state: 'none_found' })
  })

  test('when the value is garbage', async () => {
    await redis.hset(key, day, '99999999999999999999 lots of money')
    expect(await cellAt(await processOver())).toMatchObject({ state: 'unknown' })
  })

  test('when Redis is down, but what this process knows', async () => {
    const history = await processOver('redis://127.0.0.1:1', false)
    history.note(queryOn(day), { cheapest: null, checkedAt: clock.now() })
    await history.idle()
    expect(await cellAt(history)).toMatchObject({ state: 'none_found' })
    expect(await cellAt(await processOver('redis://127.0.0.1:1', false))).toMatchObject({ state: 'unknown' })
  })

  test('when Redis hangs, within 250 ms, and without waiting again', async () => {
    const url = new URL(server.url)
    const sockets: Socket[] = []
    let isHanging = false
    const proxy = createServer((socket) => {
      const upstream = connect(Number(url.port), url.hostname)
      sockets.push(socket, upstream)
      socket.on('data', (bytes) => isHanging || upstream.write(bytes))
      upstream.pipe(socket)
      for (const one of [socket, upstream]) one.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve))
    try {
      const history = await processOver(`redis://127.0.0.1:${(proxy.address() as AddressInfo).port}${url.pathname}`)
      isHanging = true
      const start = performance.now()
      expect(await cellAt(history)).toMatchObject({ state: 'unknown' })
      const first = performance.now() - start
      expect(first).toBeGreaterThan(200)
      expect(first).toBeLessThan(1_000)
      const again = performance.now()
      for (let i = 0; i < 10; i += 1) await cellAt(history)
      expect(performance.now() - again).toBeLessThan(200)
    } finally {
      for (const socket of sockets) socket.destroy()
      proxy.close()
    }
  })
})

describe('in a Redis Cluster', () => {
  let child: Child
  let directory: string
  let cluster: Cluster

  beforeAll(async () => {
    const [binary, port, busPort] = [await findRedisBinary(), await findFreePort(), await findFreePort()]
    directory = await mkdtemp(path.join(tmpdir(), 'farewire-cluster-'))
    // Alone, a node does not learn its own address from others.
    const settings = {
      port,
      bind: '127.0.0.1',
      dir: directory,
      save: '',
      'cluster-enabled': 'yes',
      'cluster-port': busPort,
      'cluster-announce-ip': '127.0.0.1',
    }
    child = startChild({
      command: binary.command,
      args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
      environment: binary.environment,
      logFile: path.join(directory, 'server.log'),
      stopSignal: 'TERM',
      stopMs: 5_000,
      workingDirectory: directory,
    })
    const node = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: null, retryStrategy: () => 50 })
    node.on('error', () => undefined)
    await node.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    const isReady = async () => String(await node.call('CLUSTER', 'INFO')).includes('cluster_state:ok')
    if (!(await waitUntilReady(child, isReady, 20_000))) throw new Error('the cluster did not form')
    node.disconnect()
    cluster = createRequestRedis([{ host: '127.0.0.1', port }])
    await once(cluster, 'ready')
  })
  afterAll(async () => {
    cluster?.disconnect()
    await child?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  test('both hashes of a route are written and read', async () => {
    const [one, other] = [1, 2].map(() => createPriceHistory({ redis: cluster, clock, pricing }))
    one!.note(queryOn(day), { cheapest: { net: money(30_000, 'USD'), provider: 'alpha' }, checkedAt: clock.now() })
    one!.note(queryOn(day, '2026-12-08'), { cheapest: null, checkedAt: instant(clock.now()) })
    await one!.idle()
    expect(await cellAt(other!)).toMatchObject({ state: 'priced', price: money(30_000, 'USD') })
    expect(await cellAt(other!, '2026-12-08')).toMatchObject({ state: 'none_found' })
  })
})

/** How many scripts the server has run. */
async function evalsOf(connection: Redis): Promise<number> {
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(await connection.info('commandstats'))?.[1] ?? 0)
}
