import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { nonstop } from '../../../test/support/flight-offers.ts'
import { createTestRedis, type TestRedis } from '../../../test/support/redis.ts'
import {
  createGate,
  MINUTE,
  queryFor,
  startProcess,
  type FakeProcess,
  type FakeSupplier,
  type ProcessOptions,
} from '../../../test/support/supersets.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import { cacheKeyOf } from '../question/search-query.ts'
import { createSupersetNotices } from './superset-notices.ts'
import { offersIn } from './superset.ts'

const query = queryFor()
const key = cacheKeyOf(query)
const offers = [nonstop('GA', '1', 300), nonstop('SQ', '2', 200)]
const more = [nonstop('NH', '3', 100)]

let server: TestRedis
let redis: Redis
const processes: FakeProcess[] = []

beforeAll(async () => {
  server = await createTestRedis({ server: 'cache' })
  redis = new Redis(server.url)
})
afterAll(async () => {
  await redis.quit()
  await server.close()
})
beforeEach(() => redis.flushdb())
afterEach(() => Promise.all(processes.splice(0).map((one) => one.end())))

const says = (found: readonly FlightOffer[], afterMs = 0): FakeSupplier => {
  return () => new Promise((resolve) => setTimeout(() => resolve(found), afterMs))
}
const never: FakeSupplier = () => new Promise(() => undefined)

async function start(options: ProcessOptions = {}): Promise<FakeProcess> {
  const one = await startProcess({ redis: server.url, suppliers: { alpha: says(offers) }, ...options })
  processes.push(one)
  return one
}
const several = (count: number, options: ProcessOptions = {}) => Promise.all(Array.from({ length: count }, () => start(options)))
const askedBy = (all: readonly FakeProcess[]) => all.reduce((sum, one) => sum + one.suppliers.asked.length, 0)
const storm = (all: readonly FakeProcess[], times: number) =>
  Promise.all(all.flatMap((one) => Array.from({ length: times }, () => one.obtain(query).result)))

/** Milliseconds until each of them has its answer. */
async function timed<T>(results: readonly Promise<T>[]): Promise<{ ms: number; value: T }[]> {
  const began = performance.now()
  return Promise.all(results.map(async (result) => ({ value: await result, ms: performance.now() - began })))
}
const hasLease = async () => {
  await expect.poll(() => redis.exists(`${key}:lease`), { interval: 5 }).toBe(1)
}
const noLeases: ProcessOptions['without'] = ({ leases }) => ({ leases: { ...leases, take: async () => ({ outcome: 'won' }) } })
const deaf: ProcessOptions['without'] = ({ notices }) => {
  notices.close()
  return { notices: createSupersetNotices(null) }
}

describe('the same search in several processes', () => {
  test('asks the suppliers once, however many ask, and all get the same answer', async () => {
    const all = await several(2, { suppliers: { alpha: says(offers, 100) } })
    const answers = await storm(all, 500)
    expect(askedBy(all)).toBe(1)
    expect(new Set(answers.map(({ superset }) => superset.version)).size).toBe(1)
    expect(new Set(answers.map(({ superset }) => offersIn(superset)))).toEqual(new Set([2]))
  })

  test('asks them once per process without the lease: it is the lease that merges them', async () => {
    const all = await several(2, { suppliers: { alpha: says(offers, 100) }, without: noLeases })
    await storm(all, 500)
    expect(askedBy(all)).toBe(2)
  })

  describe('whose answer came between looking for it and asking', () => {
    /** Looks, finds nothing, and only then another process begins and ends. */
    const lateOne = async (guard: ProcessOptions['without']) => {
      const leader = await start()
      const late = await start({
        without: (sharing) => ({
          store: {
            ...sharing.store,
            findCurrent: async () => {
              await leader.obtain(query).result
              await leader.idle()
              return null
            },
          },
          ...guard?.(sharing),
        }),
      })
      expect(offersIn((await late.obtain(query).result).superset)).toBe(2)
      return askedBy([leader, late])
    }

    test('is not asked again', async () => {
      expect(await lateOne(undefined)).toBe(1)
    })

    test('would be, if taking the lease did not look once more', async () => {
      const blind: ProcessOptions['without'] = ({ leases }) => ({
        leases: { ...leases, take: (name, token) => leases.take(name, token, 'z'.repeat(17)) },
      })
      expect(await lateOne(blind)).toBe(2)
    })
  })

  test('is followed as it grows', async () => {
    const gate = createGate<readonly FlightOffer[]>()
    const suppliers = { alpha: says(offers), beta: () => gate.opened }
    const leader = await start({ suppliers })
    const led = leader.obtain(query).result
    await hasLease()
    const follower = await start({ suppliers })
    const flight = follower.obtain(query)
    const grown: number[] = []
    flight.subscribe(({ superset }) => grown.push(offersIn(superset)))
    await expect.poll(() => grown).toEqual([0, 2])
    gate.open(more)
    const followed = await flight.result
    expect(followed).toEqual({ superset: (await led).superset, fromCache: false })
    expect(offersIn(followed.superset)).toBe(3)
    expect(follower.suppliers.asked.length).toBe(0)
  })

  test('is followed by one whom no notice reaches, a little later', async () => {
    const leader = await start({ suppliers: { alpha: says(offers, 300) } })
    const led = timed([leader.obtain(query).result])
    await hasLease()
    const follower = await start({ without: deaf })
    const [[mine], [theirs]] = await Promise.all([timed([follower.obtain(query).result]), led])
    expect(mine!.value.superset.version).toBe(theirs!.value.superset.version)
    expect(mine!.ms).toBeLessThan(theirs!.ms + 150)
    expect(follower.suppliers.asked.length).toBe(0)
  })

  test('that nobody answers is told to those who follow it, and they do not ask in their turn', async () => {
    const refuses: FakeSupplier = () => new Promise((_, reject) => setTimeout(() => reject(new Error('no')), 150))
    const all = await several(3, { suppliers: { alpha: refuses } })
    const answers = await storm(all, 10)
    expect(askedBy(all)).toBe(1)
    expect(new Set(answers.map(({ superset }) => superset.sources[0]!.state))).toEqual(new Set(['failed']))
  })
})

describe('when the process that asks dies', () => {
  test('exactly one other takes over, and nobody waits beyond the deadline', async () => {
    const leader = await start({ suppliers: { alpha: never }, deadlineMs: 60_000 })
    void leader.obtain(query)
    await hasLease()
    const followers = await several(3, { suppliers: { alpha: says(offers, 50) }, deadlineMs: 4_000 })
    const waiting = timed(followers.flatMap((one) => [1, 2, 3].map(() => one.obtain(query).result)))
    leader.cutOff()
    const answers = await waiting
    expect(askedBy(followers)).toBe(1)
    expect(new Set(answers.map(({ value }) => offersIn(value.superset)))).toEqual(new Set([2]))
    for (const { ms } of answers) expect(ms).toBeLessThan(2_500)
  })

  test('each of the others would take over, if they did not agree by the lease', async () => {
    const followers = await several(3, { suppliers: { alpha: says(offers, 50) }, without: noLeases })
    await Promise.all(followers.map((one) => one.obtain(query).result))
    expect(askedBy(followers)).toBe(3)
  })

  test('and there is no time left to ask, the others say who has not answered, in time', async () => {
    const leader = await start({ suppliers: { alpha: never }, deadlineMs: 60_000 })
    void leader.obtain(query)
    await hasLease()
    leader.cutOff()
    const followers = await several(2, { suppliers: { alpha: says(offers, 500) }, deadlineMs: 1_700 })
    for (const { ms, value } of await timed(followers.map((one) => one.obtain(query).result))) {
      expect(ms).toBeLessThan(1_800)
      expect(value.superset.sources).toMatchObject([{ provider: 'alpha', state: 'timed_out', fault: 'timeout' }])
    }
    await Promise.all(followers.map((one) => one.idle()))
    expect(offersIn((await followers[0]!.findCurrent(key))!)).toBe(2)
    expect(askedBy(followers)).toBe(1)
  })
})

test('one who follows a slow process answers at its own deadline with the best it has heard of', async () => {
  const suppliers = { alpha: says(offers), beta: never }
  const leader = await start({ suppliers, deadlineMs: 2_000 })
  void leader.obtain(query)
  await hasLease()
  const follower = await start({ suppliers, deadlineMs: 500 })
  const [answer] = await timed([follower.obtain(query).result])
  expect(answer!.ms).toBeLessThan(600)
  expect(answer!.value.superset.sources.map((source) => source.state)).toEqual(['answered', 'timed_out'])
  expect(offersIn(answer!.value.superset)).toBe(2)
  expect(follower.held(query, key)).toBeNull()
})

describe('what one process knows', () => {
  /** Days hence and with a clock of its own, so that time can be let pass. */
  const clockAt = () => createStoppedClock('2026-12-01T00:00:00Z')

  test('saves the others their calls to suppliers', async () => {
    const [one, two] = (await several(2)) as [FakeProcess, FakeProcess]
    const { superset } = await one.obtain(query).result
    await one.idle()
    expect(await two.obtain(query).result).toEqual({ superset, fromCache: true })
    expect(two.suppliers.asked.length).toBe(0)
  })

  test('is shown by another although it is old, while that one refreshes it', async () => {
    const clock = clockAt()
    const [one, two] = (await several(2, { clock })) as [FakeProcess, FakeProcess]
    const { superset } = await one.obtain(query).result
    await one.idle()
    clock.advance(6 * MINUTE)
    expect((await two.obtain(query).result).superset.version).toBe(superset.version)
    await two.idle()
    expect(two.held(query, key)!.version > superset.version).toBe(true)
    expect(askedBy([one, two])).toBe(2)
  })

  test('is used by those who hold something older within a second, without their asking', async () => {
    const clock = clockAt()
    const [one, two] = (await several(2, { clock })) as [FakeProcess, FakeProcess]
    const lonely = await start({ clock, without: deaf })
    const { superset } = await one.obtain(query).result
    await one.idle()
    for (const other of [two, lonely]) await other.obtain(query).result
    clock.advance(6 * MINUTE)
    one.held(query, key)
    await expect.poll(() => two.memory.current(key)!.version > superset.version, { timeout: 1_000, interval: 10 }).toBe(true)
    expect(two.held(query, key)!.freshUntil).toBeGreaterThan(clock.now())
    expect(lonely.memory.current(key)!.version).toBe(superset.version)
    expect(askedBy([one, two, lonely])).toBe(2)
  })

  test('of late answers reaches those who hold the earlier state', async () => {
    const gate = createGate<readonly FlightOffer[]>()
    const one = await start({ suppliers: { alpha: says(offers), late: () => gate.opened }, deadlineMs: 100 })
    const two = await start()
    await one.obtain(query).result
    await expect.poll(() => redis.exists(key)).toBe(1)
    expect(offersIn((await two.obtain(query).result).superset)).toBe(2)
    gate.open(more)
    await expect.poll(() => offersIn(two.memory.current(key)!), { timeout: 1_000 }).toBe(3)
  })

  test('is refreshed by one of them when both find it old', async () => {
    const clock = clockAt()
    const all = await several(2, { clock, suppliers: { alpha: says(offers, 50) } })
    await storm(all, 1)
    await Promise.all(all.map((one) => one.idle()))
    clock.advance(6 * MINUTE)
    for (const one of all) expect(one.held(query, key)).not.toBeNull()
    await Promise.all(all.map((one) => one.idle()))
    expect(askedBy(all)).toBe(2)
  })

  test('can be resolved by any, also after it was replaced and while it still grew', async () => {
    const clock = clockAt()
    const gate = createGate<readonly FlightOffer[]>()
    const [one, two, three] = (await several(3, { clock, suppliers: { alpha: says(offers), beta: () => gate.opened } })) as [
      FakeProcess,
      FakeProcess,
      FakeProcess,
    ]
    const flight = one.obtain(query)
    await expect.poll(() => offersIn(flight.latest()?.superset ?? ({ parts: [] } as never))).toBe(2)
    const { version } = flight.latest()!.superset
    await expect.poll(async () => (await two.findVersion(version, 2))?.version).toBe(version)
    expect(await one.findVersion(version, 2)).not.toBeNull()
    gate.open(more)
    await flight.result
    clock.advance(11 * MINUTE)
    await one.obtain(query).result
    await one.idle()
    expect(offersIn((await three.findVersion(version, 3))!)).toBe(3)
    expect((await three.findCurrent(key))!.version > version).toBe(true)
  })
})
