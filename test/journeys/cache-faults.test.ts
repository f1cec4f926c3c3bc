import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startRedis, startRedisCluster, type RedisCluster } from '../../commands/servers/index.ts'
import { makeTemporaryHome } from '../../commands/stack/temporary-home.ts'
import { startApiProcess, type ApiProcess } from '../support/api-process.ts'
import { dateIn, startJourneyStack, type JourneyStack } from '../support/journey.ts'
import { startTcpProxy, type TcpProxy } from '../../commands/chaos/tcp-proxy.ts'

/*
 * What travellers see while the cache is in trouble: an API process under 2,000 searches a second, most of them for
 * routes it knows, some for routes nobody has asked for yet. 0 wrong answers; once 2 s have passed fewer errors than one in a thousand.
 */
const RATE = 2_000
const ROUTES = 40
const BEFORE_MS = 1_000
const TROUBLE_MS = 4_000
const AFTER_MS = 2_500
const GRACE_MS = 2_000
const NEW_ROUTE_EVERY = 500

const agent = new Agent({ connections: 200, pipelining: 1 })
const PLACES = ['CGK', 'SIN', 'NRT', 'KUL', 'BKK', 'HKG', 'ICN', 'SYD']
const PAIRS = PLACES.flatMap((origin) => PLACES.filter((one) => one !== origin).map((destination) => ({ origin, destination })))

type Question = { readonly origin: string; readonly destination: string; readonly days: number }
type Outcome = { readonly atMs: number; readonly isError: boolean; readonly isWrong: boolean; readonly detail: string }

const questionOf = (n: number, days: number): Question => ({ ...PAIRS[n % PAIRS.length]!, days })
const nameOf = ({ origin, destination, days }: Question) => `${origin}${destination}${days}`

/** One search, and whether what came back is an answer to it: this route, this day, the offers it has. */
async function search(url: string, question: Question, known: Map<string, number>, begun: number): Promise<Outcome> {
  const { origin, destination, days } = question
  const date = dateIn(days)
  const atMs = performance.now() - begun
  try {
    const query = `origin=${origin}&destination=${destination}&departure_date=${date}&limit=1&view=summary`
    const { statusCode, body } = await request(`${url}/v1/flights/offers?${query}`, { dispatcher: agent, headersTimeout: 15_000 })
    const text = await body.text()
    if (statusCode !== 200) return { atMs, isError: true, isWrong: false, detail: `${statusCode} ${text.slice(0, 200)}` }
    const reply = JSON.parse(text)
    const isAsked = reply.search.origin === origin && reply.search.destination === destination && reply.search.departure_date === date
    const isWhole = reply.sources.every((source: { state: string }) => source.state === 'answered')
    // The same world answers every time: a superset that is whole has the same offers.
    const total = known.get(nameOf(question))
    if (isWhole && total === undefined) known.set(nameOf(question), reply.total)
    const isWrong = !isAsked || (isWhole && total !== undefined && total !== reply.total) || (reply.total > 0 && reply.data.length !== 1)
    return { atMs, isError: false, isWrong, detail: `${nameOf(question)} ${reply.total} instead of ${total}` }
  } catch (error) {
    return { atMs, isError: true, isWrong: false, detail: String(error) }
  }
}

/** Searches at the rate, whatever becomes of them, while `trouble` comes after a while and goes again. */
async function runThrough(url: string, trouble: { begin: () => Promise<void>; end: () => Promise<void> }, seed: number) {
  const known = new Map<string, number>()
  const start = performance.now()
  // A few at a time: suppliers turn away who asks for forty at once.
  for (let route = 0; route < ROUTES; route += 4)
    await Promise.all([0, 1, 2, 3].map((more) => search(url, questionOf(route + more, 50 + seed), known, start)))
  const outcomes: Promise<Outcome>[] = []
  const begun = performance.now()
  const lasts = BEFORE_MS + TROUBLE_MS + AFTER_MS
  const events = sleep(BEFORE_MS)
    .then(trouble.begin)
    .then(() => sleep(TROUBLE_MS))
    .then(trouble.end)
  for (let sent = 0; performance.now() - begun < lasts;) {
    for (const due = Math.floor(((performance.now() - begun) * RATE) / 1_000); sent < due; sent += 1) {
      const question = sent % NEW_ROUTE_EVERY === 0 ? questionOf(sent / NEW_ROUTE_EVERY, 200 + seed) : questionOf(sent % ROUTES, 50 + seed)
      outcomes.push(search(url, question, known, begun))
    }
    await sleep(2)
  }
  await events
  return Promise.all(outcomes)
}

function expectHarmless(outcomes: readonly Outcome[]): void {
  expect(outcomes.length).toBeGreaterThan((RATE * (BEFORE_MS + TROUBLE_MS + AFTER_MS)) / 1_000 / 2)
  expect(outcomes.filter((outcome) => outcome.isWrong).map((outcome) => outcome.detail)).toEqual([])
  const later = outcomes.filter((outcome) => outcome.atMs > BEFORE_MS + GRACE_MS)
  const errors = later.filter((outcome) => outcome.isError)
  expect(errors.length / later.length, JSON.stringify(errors.slice(0, 3).map((error) => error.detail))).toBeLessThan(0.001)
}

let stack: JourneyStack
let home: Awaited<ReturnType<typeof makeTemporaryHome>>

beforeAll(async () => {
  home = await makeTemporaryHome('cache-faults')
  stack = await startJourneyStack({ hasLatency: false })
})
afterAll(async () => {
  await stack?.close()
  await home?.remove()
})

describe('2,000 searches a second while the cache', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>
  let proxy: TcpProxy
  let api: ApiProcess
  let admin: Redis
  const options = () =>
    ({ directory: path.join(home.directory, 'cache'), persistence: 'none', eviction: 'allkeys-lru', memoryMegabytesMax: 128 }) as const

  beforeAll(async () => {
    redis = await startRedis(options())
    proxy = await startTcpProxy(Number(new URL(redis.url).port))
    admin = new Redis(redis.url)
    admin.on('error', () => undefined)
    api = await startApiProcess({ ...stack.environment, REDIS_URL: `redis://127.0.0.1:${proxy.port}` })
  })
  afterAll(async () => {
    await api?.kill()
    admin?.disconnect()
    await proxy?.close()
    await redis?.close()
  })

  const troubles: [string, () => { begin: () => Promise<void>; end: () => Promise<void> }][] = [
    [
      'is killed and comes back empty',
      () => ({
        begin: async () => {
          const pid = Number(/process_id:(\d+)/.exec(await admin.info('server'))![1])
          process.kill(pid, 'SIGKILL')
        },
        end: async () => {
          redis = await startRedis({ ...options(), port: Number(new URL(redis.url).port) })
        },
      }),
    ],
    [
      'is flushed ten times a second',
      () => {
        let timer: NodeJS.Timeout
        return {
          begin: async () => {
            timer = setInterval(() => void admin.flushall(), 100)
          },
          end: async () => clearInterval(timer),
        }
      },
    ],
    [
      'is full and refuses every write',
      () => ({
        begin: async () => {
          await admin.config('SET', 'maxmemory-policy', 'noeviction')
          await admin.config('SET', 'maxmemory', '1mb')
        },
        end: async () => {
          await admin.config('SET', 'maxmemory', '128mb')
          await admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
        },
      }),
    ],
    ['cannot be reached, and nobody says so', () => ({ begin: async () => proxy.partition(), end: async () => proxy.heal() })],
  ]

  test.each(troubles)(
    '%s',
    async (_, trouble) => {
      expectHarmless(
        await runThrough(
          api.url,
          trouble(),
          troubles.findIndex(([name]) => name === _),
        ),
      )
    },
    60_000,
  )
})

describe('2,000 searches a second while in a Redis Cluster', () => {
  let cluster: RedisCluster
  let api: ApiProcess

  beforeAll(async () => {
    cluster = await startRedisCluster({ directory: path.join(home.directory, 'cluster') })
    const nodes = cluster.nodes.map(({ host, port }) => `${host}:${port}`).join(',')
    api = await startApiProcess({ ...stack.environment, REDIS_CLUSTER_NODES: nodes })
  })
  afterAll(async () => {
    await api?.kill()
    await cluster?.close()
  })

  test('a master dies and its replica takes over', async () => {
    const key = `flight:s:{CGK:SIN:${dateIn(60)}:economy:1a0c0i}`
    expectHarmless(await runThrough(api.url, { begin: () => cluster.killMasterOf(key), end: async () => undefined }, 10))
  }, 60_000)
})
