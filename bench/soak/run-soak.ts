import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { startRedis } from '../../commands/servers/index.ts'
import { describeMachine, type Report } from '../report.ts'
import { benchOffsetMs, createBenchClock } from '../search/clock.ts'
import { listRoutes } from '../search/data-set.ts'
import { createDraws, pathOf } from '../search/draws.ts'
import { makeShopReply } from '../search/shop-reply.ts'
import { pinClient, startServer, type ServerProcess } from '../servers.ts'
import { sparkline, type ServerFacts, type SoakSample } from './samples.ts'
import type { SoakServerConfig } from './server.ts'
import { toRows } from './soak-rows.ts'
import { LARGE_MAX, largeQueryAt, QUERIES_MAX, queryAt, textOf } from './spread.ts'
import { createVisitors, type Visitors } from './visitors.ts'

/** What is promised: memory is flat over so many minutes in which so many different searches are asked. */
const PROMISE = { minutes: 10, keys: 50_000 } as const
const HOT_ROUTES = 200
const HOT_PER_SECOND = 500
const LARGE_PER_SECOND = 1
const WARM_SECONDS = 10
const WARM_LARGE = 5
const REDIS_MEGABYTES = 512
const SAMPLE_SECONDS = 10
const TELL_SECONDS = 30

/** Shorter, and no third of it has a sample; longer, and there are not enough different searches. */
export const SOAK_MINUTES = { min: 0.5, max: 120 } as const

const SERVER_SCRIPT = fileURLToPath(new URL('server.ts', import.meta.url))

/** Loads one server of ours for minutes with searches nobody has asked before, and says whether its memory stays as it is. */
export async function runSoak({ minutes, say }: { minutes: number; say: (line: string) => void }): Promise<Report> {
  const seconds = minutes * 60
  const keys = Math.min(QUERIES_MAX, Math.round((PROMISE.keys * minutes) / PROMISE.minutes))
  const isPinned = pinClient()
  const closers: (() => Promise<unknown> | unknown)[] = []
  try {
    const directory = await mkdtemp(path.join(tmpdir(), 'farewire-soak-'))
    // Also when the run is interrupted.
    process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
    const redisServer = await startRedis({
      ...{ directory, persistence: 'none' },
      ...{ eviction: 'allkeys-lru', memoryMegabytesMax: REDIS_MEGABYTES },
    })
    closers.push(redisServer.close)
    const redis = new Redis(redisServer.url)
    closers.push(() => redis.disconnect())

    const offsetMs = benchOffsetMs()
    const reply = await makeShopReply(createBenchClock(offsetMs))
    const replyFile = path.join(directory, 'shop-reply.xml')
    await writeFile(replyFile, reply)
    const config: SoakServerConfig = { redisUrl: redisServer.url, offsetMs, replyFile }
    // On any core: in production, too, its reading threads go where there is room.
    const place = isPinned ? 'any core' : 'as it is'
    const server = await startServer({ name: 'soak', script: SERVER_SCRIPT, config, place })
    closers.push(server.close)
    const start = await factsOf(server)

    const routes = listRoutes(HOT_ROUTES)
    say(`warming up: each of ${HOT_ROUTES} hot routes once`)
    const early = createVisitors(server.port, [
      { name: 'hot', count: routes.length, path: (n) => pathOf(routes[n]!) },
      { name: 'large', count: WARM_LARGE, path: (n) => toPath(textOf(largeQueryAt(LARGE_MAX - 1 - n))) },
    ])
    closers.push(early.close)
    await early.run(WARM_SECONDS)
    early.close()
    const warm = await factsOf(server)

    const draws = createDraws(routes, 11)
    const visitors = createVisitors(server.port, [
      { name: 'hot', count: Math.round(HOT_PER_SECOND * seconds), path: draws.path },
      { name: 'cold', count: keys, path: (n) => toPath(textOf(queryAt(n))) },
      { name: 'large', count: Math.round(LARGE_PER_SECOND * seconds), path: (n) => toPath(textOf(largeQueryAt(n % LARGE_MAX))) },
    ])
    closers.push(visitors.close)
    say(`${keys} different searches, ${HOT_PER_SECOND} hot requests/s and a reply of ${reply.length} B each second, for ${minutes} min`)
    const samples: SoakSample[] = []
    await Promise.all([visitors.run(seconds), watch({ server, visitors, seconds, samples, say })])
    const faults = [...early.faults, ...visitors.faults]
    for (const fault of faults) say(`ERROR ${fault}`)

    const rows = toRows({
      ...{ seconds, start, warm, samples, faults },
      ...{ tallies: visitors.tallies, errors: early.errors() + visitors.errors() },
      promise: { minutes: PROMISE.minutes, hotRoutes: HOT_ROUTES, replyBytes: reply.length },
      redis: await redisFacts(redis),
    })
    return { machine: describeMachine({ pinned: false, noisy: false }), rows }
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

type Watching = {
  readonly server: ServerProcess
  readonly visitors: Visitors
  readonly seconds: number
  readonly samples: SoakSample[]
  readonly say: (line: string) => void
}

/** Samples the server every 10 s and tells every 30 s. Throws when it is gone. */
async function watch({ server, visitors, seconds, samples, say }: Watching): Promise<void> {
  const begun = performance.now()
  for (let second = SAMPLE_SECONDS; second <= seconds; second += SAMPLE_SECONDS) {
    await sleep(begun + second * 1_000 - performance.now())
    const facts = await factsOf(server)
    samples.push({ ...facts, second: (performance.now() - begun) / 1_000 })
    if (second % TELL_SECONDS !== 0) continue
    const line = sparkline(samples.map(({ rssBytes }) => rssBytes))
    const { answered } = visitors.tallies.get('cold')!
    const [rss, p99, max] = [megabytes(facts.rssBytes), facts.loopP99Ms.toFixed(1), facts.loopMaxMs.toFixed(0)]
    say(
      `RSS ${line} ${rss} MB · loop p99 ${p99}, max ${max} ms, busy ${Math.round(facts.loopBusyShare * 100)} % · ${answered} keys · ${visitors.waiting()} waiting · ${visitors.errors()} errors`,
    )
  }
}

async function factsOf(server: ServerProcess): Promise<ServerFacts> {
  return (await server.tell({ kind: 'facts' })) as ServerFacts
}

function toPath(query: string): string {
  return `/v1/flights/offers?${query}`
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024)
}

async function redisFacts(redis: Redis): Promise<{ evicted: number; megabytes: number }> {
  const text = `${await redis.info('stats')}\n${await redis.info('memory')}`
  const read = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN)
  return { evicted: read('evicted_keys'), megabytes: megabytes(read('used_memory')) }
}
