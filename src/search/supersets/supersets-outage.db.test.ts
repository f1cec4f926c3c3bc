import path from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startRedis, startRedisCluster, type RedisCluster } from '../../../commands/servers/index.ts'
import { makeTemporaryHome } from '../../../commands/stack/temporary-home.ts'
import { nonstop } from '../../../test/support/flight-offers.ts'
import {
  MINUTE,
  queryFor,
  startProcess,
  type FakeProcess,
  type FakeSupplier,
  type ProcessOptions,
} from '../../../test/support/supersets.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import { cacheKeyOf } from '../question/search-query.ts'
import { offersIn } from './superset.ts'

const offers = [nonstop('GA', '1', 300), nonstop('SQ', '2', 200)]
const quick: FakeSupplier = async () => offers
const slow: FakeSupplier = () => new Promise((resolve) => setTimeout(() => resolve(offers), 150))

let home: Awaited<ReturnType<typeof makeTemporaryHome>>
beforeAll(async () => {
  home = await makeTemporaryHome('outage')
})
afterAll(() => home.remove())

const processes: FakeProcess[] = []
afterEach(() => Promise.all(processes.splice(0).map((one) => one.end())))
async function start(options: ProcessOptions): Promise<FakeProcess> {
  const one = await startProcess({ suppliers: { alpha: quick }, ...options })
  processes.push(one)
  return one
}
const askedBy = (all: readonly FakeProcess[]) => all.reduce((sum, one) => sum + one.suppliers.asked.length, 0)
let adults = 0
/** A query nobody has asked. */
const fresh = () => queryFor((adults += 1))

describe('a Redis of the cache', () => {
  let server: Awaited<ReturnType<typeof startRedis>>
  const startServer = (port?: number) =>
    startRedis({ directory: path.join(home.directory, 'cache'), persistence: 'none', eviction: 'allkeys-lru', ...(port && { port }) })
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.close())

  /** Runs `work` while the server answers nobody. */
  async function whilePaused(ms: number, work: () => Promise<void>): Promise<void> {
    const admin = new Redis(server.url)
    await admin.client('PAUSE', ms, 'ALL')
    await work()
    await admin.ping()
    admin.disconnect()
  }

  test('that hangs is waited for once, not at every search, and each process goes on alone', async () => {
    const all = await Promise.all([1, 2].map(() => start({ redis: server.url })))
    await whilePaused(1_500, async () => {
      const began = performance.now()
      const queries = [fresh(), fresh(), fresh(), fresh()]
      for (const query of queries)
        for (const { superset } of await Promise.all(all.map((one) => one.obtain(query).result))) expect(offersIn(superset)).toBe(2)
      const waited = performance.now() - began
      expect(waited).toBeGreaterThan(200)
      expect(waited).toBeLessThan(700)
      expect(askedBy(all)).toBe(8)
    })
  })

  test('that hangs while another process asks leaves nobody waiting beyond the deadline', async () => {
    const leader = await start({ redis: server.url, suppliers: { alpha: () => new Promise(() => undefined) }, deadlineMs: 60_000 })
    const follower = await start({ redis: server.url, deadlineMs: 1_000 })
    const query = fresh()
    void leader.obtain(query)
    await expect.poll(() => leader.suppliers.asked.length).toBe(1)
    const began = performance.now()
    const followed = follower.obtain(query).result
    await new Promise((resolve) => setTimeout(resolve, 150))
    await whilePaused(800, async () => {
      expect(offersIn((await followed).superset)).toBe(2)
      expect(performance.now() - began).toBeLessThan(1_050)
    })
  })

  test('that was killed costs nothing but speed, and is used again when it is back', async () => {
    const clock = createStoppedClock('2026-12-01T00:00:00Z')
    const all = await Promise.all([1, 2].map(() => start({ redis: server.url, clock, suppliers: { alpha: slow } })))
    const [one, two] = all as [FakeProcess, FakeProcess]
    const query = fresh()
    const { superset } = await one.obtain(query).result
    await one.idle()
    const port = Number(new URL(server.url).port)
    await server.close()

    expect((await one.obtain(query).result).superset).toBe(superset)
    expect(await one.findVersion(superset.version, 2)).toBe(superset)
    const before = askedBy(all)
    const lost = fresh()
    const answers = await Promise.all(all.map((each) => each.obtain(lost).result))
    expect(answers.map((answer) => offersIn(answer.superset))).toEqual([2, 2])
    expect(askedBy(all) - before).toBe(2)

    server = await startServer(port)
    expect(new URL(server.url).port).toBe(String(port))
    await expect
      .poll(
        async () => {
          const next = fresh()
          const asked = askedBy(all)
          await Promise.all(all.map((each) => each.obtain(next).result))
          return askedBy(all) - asked
        },
        { timeout: 8_000 },
      )
      .toBe(1)
    await expect
      .poll(
        async () => {
          const next = fresh()
          const first = await one.obtain(next).result
          await one.idle()
          await two.obtain(next).result
          clock.advance(6 * MINUTE)
          one.held(next, cacheKeyOf(next))
          await one.idle()
          await new Promise((resolve) => setTimeout(resolve, 100))
          return two.memory.current(cacheKeyOf(next))!.version > first.superset.version
        },
        { timeout: 8_000 },
      )
      .toBe(true)
  })
})

describe('a Redis Cluster', () => {
  let cluster: RedisCluster
  beforeAll(async () => {
    cluster = await startRedisCluster({ directory: path.join(home.directory, 'cluster') })
  })
  afterAll(() => cluster.close())

  test('holds supersets of all slots, resolves their versions, and merges searches', async () => {
    const clock = createStoppedClock('2026-12-01T00:00:00Z')
    const all = await Promise.all([1, 2].map(() => start({ redis: cluster.nodes, clock, suppliers: { alpha: slow } })))
    const [one, two] = all as [FakeProcess, FakeProcess]
    const queries = Array.from({ length: 9 }, fresh)
    const answers = await Promise.all(queries.flatMap((query) => all.map((each) => each.obtain(query).result)))
    expect(askedBy(all)).toBe(9)
    expect(answers.map((answer) => offersIn(answer.superset))).toEqual(answers.map(() => 2))

    await Promise.all(all.map((each) => each.idle()))
    clock.advance(11 * MINUTE)
    await Promise.all(queries.map((query) => one.obtain(query).result))
    await one.idle()
    const three = await start({ redis: cluster.nodes, clock })
    for (const { superset } of answers) expect((await three.findVersion(superset.version, 2))?.version).toBe(superset.version)
    for (const query of queries) {
      const newer = (await three.findCurrent(cacheKeyOf(query)))!
      expect(newer.version > answers[0]!.superset.version).toBe(true)
      await expect.poll(() => two.memory.current(cacheKeyOf(query))!.version, { timeout: 1_000 }).toBe(newer.version)
    }
    expect(three.suppliers.asked.length).toBe(0)
  })

  test('that loses a master goes on: searches are answered meanwhile, and shared again after the replica took over', async () => {
    const all = await Promise.all([1, 2].map(() => start({ redis: cluster.nodes, suppliers: { alpha: slow } })))
    const query = fresh()
    const { superset } = await all[0]!.obtain(query).result
    await all[0]!.idle()
    await cluster.killMasterOf(cacheKeyOf(query))
    for (const each of all) {
      const began = performance.now()
      expect(offersIn((await each.obtain(fresh()).result).superset)).toBe(2)
      expect(offersIn((await each.obtain(query).result).superset)).toBe(2)
      expect(performance.now() - began).toBeLessThan(2_000)
    }
    const three = await start({ redis: cluster.nodes })
    await expect.poll(async () => (await three.findCurrent(cacheKeyOf(query)))?.version, { timeout: 15_000 }).toBeDefined()
    await expect
      .poll(
        async () => {
          const queries = Array.from({ length: 6 }, fresh)
          const before = askedBy(all)
          await Promise.all(queries.flatMap((next) => all.map((each) => each.obtain(next).result)))
          return askedBy(all) - before
        },
        { timeout: 15_000 },
      )
      .toBe(6)
    expect((await all[0]!.findVersion(superset.version, 2))?.version).toBe(superset.version)
  })
})
