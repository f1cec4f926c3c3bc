import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { nonstop } from '../../../test/support/flight-offers.ts'
import { createTestRedis, type TestRedis } from '../../../test/support/redis.ts'
import { answerOf, factOf, MINUTE, queryFor } from '../../../test/support/supersets.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import { encodeSuperset } from './codec.ts'
import { silentLogger } from '../logger.ts'
import { cacheKeyOf } from '../question/search-query.ts'
import { createSharedCache } from './shared-cache.ts'
import { createLeases, type Leases } from './superset-lease.ts'
import { createSupersetStore, type SupersetStore } from './superset-store.ts'
import { growSuperset, openSuperset, type Superset } from './superset.ts'

const key = cacheKeyOf(queryFor())
const leaseKey = `${key}:lease`
const [first, second, third] = [nonstop('GA', '1', 300), nonstop('SQ', '2', 200), nonstop('NH', '3', 100)]

let server: TestRedis
let redis: Redis
let clock: ReturnType<typeof createStoppedClock>
let store: SupersetStore
let leases: Leases

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
  clock = createStoppedClock('2026-12-01T00:00:00Z')
  const cache = createSharedCache({ redis, logger: silentLogger })
  store = createSupersetStore({ cache, clock, logger: silentLogger })
  leases = createLeases(cache)
})

/** A later superset at each call. */
function open(): Superset {
  clock.advance(1_000)
  return openSuperset(
    key,
    ['a', 'b'].map((provider) => factOf(provider, 'asked')),
    clock,
  )
}
const grow = async (superset: Superset, provider: string, offers = [first, second]) =>
  growSuperset(superset, await answerOf(provider, offers, clock))
const complete = async (superset = open()) => grow(await grow(superset, 'a'), 'b', [third])
const failed = (superset: Superset, provider: string) => growSuperset(superset, { fact: factOf(provider, 'failed'), part: null })

describe('publishing', () => {
  test('puts the whole superset under the key of its search, as long as its offers may be resolved, and tells everyone', async () => {
    const listener = redis.duplicate()
    await listener.subscribe('farewire:supersets')
    const heard = new Promise((resolve) => listener.once('message', (_, message) => resolve(message)))
    const superset = await complete()
    expect(await store.publish(superset)).toBe(true)
    expect(await store.findCurrent(key)).toEqual(superset)
    expect(await store.findVersion('flight', superset.version)).toEqual(superset)
    expect((await redis.keys('*')).sort()).toEqual([key, `flight:v:${superset.version}`])
    for (const one of await redis.keys('*')) expect(await redis.pttl(one)).toBeGreaterThan(29 * MINUTE)
    expect(await heard).toBe(`${key} ${superset.version} ${superset.revision} 1`)
    listener.disconnect()
  })

  test('a replaced superset is resolvable, no longer than its offers may be', async () => {
    const older = await complete()
    await store.publish(older)
    clock.advance(20 * MINUTE)
    const newer = await complete()
    await store.publish(newer)
    expect(await store.findCurrent(key)).toEqual(newer)
    expect(await store.findVersion('flight', older.version)).toEqual(older)
    expect(await redis.pttl(`${key}:v:${older.version}`)).toBeLessThanOrEqual(30 * MINUTE)
    clock.advance(20 * MINUTE)
    await redis.del(`${key}:v:${older.version}`)
    expect(await store.publish(older)).toBe(false)
    expect(await store.findVersion('flight', older.version)).toBeNull()
  })

  test('an older superset that grows late never takes the place of a newer one, and neither is lost', async () => {
    const [older, newer] = [await complete(), await complete()]
    await store.publish(newer)
    await store.publish(older)
    const grown = await grow(older, 'a', [third])
    await store.publish(grown)
    expect(await store.findCurrent(key)).toEqual(newer)
    expect(await store.findVersion('flight', older.version)).toEqual(grown)
    expect(await store.findVersion('flight', newer.version)).toEqual(newer)
  })

  test('an earlier revision never takes the place of a later one, current or apart', async () => {
    const [older, current] = [await complete(), await complete()]
    for (const superset of [current, older]) {
      const grown = await grow(superset, 'a', [third])
      await store.publish(grown)
      await store.publish(superset)
      expect(await store.findVersion('flight', superset.version)).toEqual(grown)
    }
    expect((await store.findCurrent(key))?.revision).toBe(current.revision + 1)
  })

  test('what is still growing is resolvable and replaces nothing, until everyone has answered', async () => {
    const [answer, opened] = [await complete(), open()]
    await store.publish(answer)
    const partial = await grow(opened, 'a')
    await store.publish(partial)
    expect(await store.findCurrent(key)).toEqual(answer)
    expect(await store.findVersion('flight', partial.version)).toEqual(partial)
    const whole = await grow(partial, 'b', [third])
    await store.publish(whole)
    expect(await store.findCurrent(key)).toEqual(whole)
    expect(await store.findVersion('flight', whole.version)).toEqual(whole)
    expect(await redis.exists(`${key}:v:${whole.version}`)).toBe(0)
  })

  test('what nobody answered replaces nothing, and is kept for a moment for those who wait for it', async () => {
    const answer = await complete()
    await store.publish(answer)
    const failure = failed(failed(open(), 'a'), 'b')
    await store.publish(failure)
    expect(await store.findCurrent(key)).toEqual(answer)
    expect(await store.findOf(key, failure.version)).toEqual(failure)
    expect(await redis.pttl(`${key}:v:${failure.version}`)).toBeLessThanOrEqual(10_000)
  })

  test.each<[string, (superset: Superset) => Promise<unknown>]>([
    ['text', () => redis.set(key, 'garbage')],
    ['a list', () => redis.lpush(key, 'garbage')],
    ['half a superset', (superset) => redis.set(key, encodeSuperset(superset)!.subarray(0, 200))],
    ['four bytes of one', (superset) => redis.set(key, encodeSuperset(superset)!.subarray(0, 4))],
    ['the superset of another search', (superset) => redis.set(key, encodeSuperset({ ...superset, key: 'flight:s:{other}' })!)],
  ])('%s under the key is a miss, and is replaced', async (_, spoil) => {
    await spoil(await complete())
    expect(await store.findCurrent(key)).toBeNull()
    const superset = await complete()
    await store.publish(superset)
    expect(await store.findCurrent(key)).toEqual(superset)
  })

  test('whatever lies where a superset is put apart is replaced', async () => {
    const partial = await grow(open(), 'a')
    await redis.lpush(`${key}:v:${partial.version}`, 'garbage')
    await store.publish(partial)
    expect(await store.findVersion('flight', partial.version)).toEqual(partial)
  })

  test('a pointer that leads nowhere, to itself, to garbage, or is none finds nothing', async () => {
    const { version } = open()
    for (const target of ['flight:s:{nowhere}', `flight:v:${version}`, '', 'x'.repeat(1_000)]) {
      await redis.set(`flight:v:${version}`, target)
      expect(await store.findVersion('flight', version)).toBeNull()
    }
    await redis.del(`flight:v:${version}`)
    await redis.lpush(`flight:v:${version}`, key)
    expect(await store.findVersion('flight', version)).toBeNull()
  })

  test('works on a server that has forgotten the script', async () => {
    const older = await complete()
    await store.publish(older)
    await redis.script('FLUSH')
    const newer = await complete()
    await store.publish(newer)
    expect(await store.findCurrent(key)).toEqual(newer)
  })
})

describe('the lease of a search', () => {
  test('is held by one, who may renew it and give it back, and nobody else may', async () => {
    expect(await leases.take(key, 'one', '')).toEqual({ outcome: 'won' })
    expect(await leases.take(key, 'two', '')).toEqual({ outcome: 'held', version: 'one', revision: -1 })
    await leases.giveBack(key, 'two')
    expect(await redis.get(leaseKey)).toBe('one')
    await leases.giveBack(key, 'one')
    expect(await leases.take(key, 'two', '')).toEqual({ outcome: 'won' })
  })

  test('runs out 1.5 s after its holder has stopped renewing it, and not before', async () => {
    await leases.take(key, 'one', '')
    const letGo = leases.hold(key, 'one')
    await new Promise((resolve) => setTimeout(resolve, 1_800))
    expect((await leases.take(key, 'two', '')).outcome).toBe('held')
    letGo()
    const stopped = performance.now()
    await expect.poll(async () => (await leases.take(key, 'two', '')).outcome, { timeout: 3_000 }).toBe('won')
    expect(performance.now() - stopped).toBeLessThan(1_700)
  })

  test('is not renewed for one who has lost it', async () => {
    await leases.take(key, 'one', '')
    const letGo = leases.hold(key, 'one')
    await redis.set(leaseKey, 'two', 'PX', 900)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    letGo()
    expect(await redis.exists(leaseKey)).toBe(0)
  })

  test('comes back with the answer in one step, so that nobody finds neither', async () => {
    const opened = open()
    await leases.take(key, opened.version, '')
    const superset = await complete(opened)
    await store.publish(superset, opened.version)
    expect(await redis.exists(leaseKey)).toBe(0)
    const { version, revision } = superset
    expect(await leases.take(key, 'two', '')).toEqual({ outcome: 'published', version, revision })
    expect(await leases.take(key, 'two', version)).toEqual({ outcome: 'won' })
    await store.publish(await grow(superset, 'a', [third]), opened.version)
    expect(await redis.get(leaseKey)).toBe('two')
  })

  test('tells how far its holder has come', async () => {
    const opened = open()
    await leases.take(key, opened.version, '')
    const partial = await grow(opened, 'a')
    await store.publish(partial)
    expect(await leases.take(key, 'two', '')).toEqual({ outcome: 'held', version: opened.version, revision: 1 })
  })

  test.each<[string, () => Promise<unknown>]>([
    ['a text without an end', () => redis.set(leaseKey, 'garbage')],
    ['a text that lasts an hour', () => redis.set(leaseKey, 'garbage', 'EX', 3_600)],
    ['a list', () => redis.lpush(leaseKey, 'garbage')],
  ])('%s in its place keeps nobody from it', async (_, spoil) => {
    await spoil()
    expect(await leases.take(key, 'one', '')).toEqual({ outcome: 'won' })
  })
})
