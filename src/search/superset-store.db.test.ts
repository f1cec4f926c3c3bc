import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sellerOf } from '../../test/support/fake-seller.ts'
import { nonstop } from '../../test/support/flight-offers.ts'
import { createTestRedis, type TestRedis } from '../../test/support/redis.ts'
import { createStoppedClock, parseLocalDate } from '../kernel/time.ts'
import { createRequestRedis } from '../platform/redis.ts'
import { createPricing, DEFAULT_RATES } from '../pricing/index.ts'
import type { Provider } from '../providers/contract.ts'
import type { FlightQuery } from '../travel/flight.ts'
import { decodeSuperset, encodeSuperset } from './codec.ts'
import { createSearch, wholeView, type Search } from './index.ts'
import { silentLogger } from './logger.ts'
import { createSupersetStore } from './superset-store.ts'
import { growSuperset, openSuperset, type SourceFact } from './superset.ts'

const query: FlightQuery = {
  slices: [{ origin: 'CGK', destination: 'NRT', departureDate: parseLocalDate('2026-12-01') }],
  passengers: { adults: 1, children: 0, infants: 0 },
  cabin: 'economy',
}
const view = wholeView(query, 25)
const key = 'flight:s:CGK:NRT:2026-12-01:economy:1a0c0i'
const offers = [nonstop('GA', '1', 300), nonstop('SQ', '2', 200)]
const MINUTE = 60_000

let server: TestRedis
let redis: Redis
let clock: ReturnType<typeof createStoppedClock>
const opened: Redis[] = []
const searches: Search[] = []

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
afterEach(async () => {
  await Promise.all(searches.splice(0).map((search) => search.close()))
  for (const connection of opened.splice(0)) connection.disconnect()
})

/** A search as another process would run it: its own memory, the shared cache. */
async function processOver(providers: Provider[], url = server.url, isReady = true): Promise<Search> {
  const connection = createRequestRedis(url)
  opened.push(connection)
  if (isReady) await new Promise((resolve) => connection.once('ready', resolve))
  const search = createSearch({
    providers,
    cacheRedis: connection,
    clock,
    pricing: createPricing({ version: '1', displayCurrency: 'USD', rates: DEFAULT_RATES, markups: [] }),
    config: { deadlineMs: 150, retentionMs: 30 * MINUTE, memoryBytesMax: 10_000_000, cursorSecret: 'secret' },
    random: () => 0.5,
  })
  searches.push(search)
  return search
}

/** A way to the server on which replies can be held up, as from a machine that swaps. */
async function openWayTo(url: string) {
  const { hostname, port, pathname } = new URL(url)
  const sockets: Socket[] = []
  let isStalled = false
  const way = createServer((near) => {
    const far = connect(Number(port), hostname)
    sockets.push(near, far)
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.pipe(far)
    far.on('data', (data) => {
      if (!isStalled) near.write(data)
    })
  })
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve))
  return {
    url: `redis://127.0.0.1:${(way.address() as AddressInfo).port}${pathname}`,
    stall: () => (isStalled = true),
    close: () => {
      for (const socket of sockets) socket.destroy()
      way.close()
    },
  }
}

async function ask(search: Search) {
  const answer = await search.searchOffers(query, view)
  await search.idle()
  return answer
}

describe('the shared cache', () => {
  test('holds the whole superset, compressed, under the key of the broad search, as long as its offers may be resolved', async () => {
    await ask(await processOver([sellerOf('alpha', offers)]))
    const block = await redis.getBuffer(key)
    expect((await decodeSuperset(block!))?.offers.length).toBe(2)
    expect(await redis.pttl(key)).toBeGreaterThan(29 * MINUTE)
    expect((await redis.keys('*')).sort()).toEqual([key, expect.stringMatching(/^flight:v:[0-9a-z]{17}$/)])
  })

  test('saves another process its calls to suppliers', async () => {
    const [alpha, beta] = [sellerOf('alpha', offers), sellerOf('alpha', offers)]
    const first = await ask(await processOver([alpha]))
    const second = await ask(await processOver([beta]))
    expect(beta.asked.length).toBe(0)
    expect(second.prices.fromCache).toBe(true)
    expect(second.offers).toEqual(first.offers)
  })

  test('lets any process resolve an offer, also after another one has refreshed the search', async () => {
    const [one, two, three] = await Promise.all([1, 2, 3].map(() => processOver([sellerOf('alpha', offers)])))
    const shown = (await ask(one!)).offers[0]!
    expect(await two!.findOffer(shown.offer.id)).toMatchObject({ outcome: 'found', offer: shown.offer })
    clock.advance(6 * MINUTE)
    const refreshed = (await ask(two!)).offers[0]!
    expect(refreshed.offer.id).not.toBe(shown.offer.id)
    expect(await three!.findOffer(shown.offer.id)).toMatchObject({ outcome: 'found', offer: shown.offer })
    expect(await three!.findOffer(refreshed.offer.id)).toMatchObject({ outcome: 'found' })
  })

  test('carries a late answer to the process that has the earlier state in memory', async () => {
    const one = await processOver([sellerOf('quick', offers), sellerOf('late', offers, 700)])
    const two = await processOver([])
    await one.searchOffers(query, view)
    await expect.poll(() => redis.exists(key)).toBe(1)
    expect((await two.searchOffers(query, view)).total).toBe(2)
    await one.idle()
    const late = (await one.searchOffers(query, view)).offers.find(({ offer }) => offer.provider === 'late')!
    expect(await two.findOffer(late.offer.id)).toMatchObject({ outcome: 'found', providerId: 'late' })
  })
})

describe('publishing', () => {
  const fact: SourceFact = {
    ...{ provider: 'fake', name: 'Fake', state: 'answered', offers: 2, solutions: 2, ms: 80, fault: null },
    ...{ answeredAt: createStoppedClock('2026-11-01T00:00:00Z').now(), retentionMs: 30 * MINUTE, duplicates: 0, unusable: 0 },
  }
  const build = () => growSuperset(openSuperset(key, [fact], clock), { fact, offers })
  const storeOf = () => createSupersetStore({ redis, clock, logger: silentLogger })

  test('a late growth of an older superset never takes the place of a newer one, and neither is lost', async () => {
    const store = storeOf()
    const older = build()
    await store.publish(older)
    clock.advance(1_000)
    const newer = build()
    await store.publish(newer)
    const grown = growSuperset(older, { fact, offers: [nonstop('NH', '3', 100)] })
    await store.publish(grown)
    expect((await store.findCurrent(key))?.version).toBe(newer.version)
    expect(await store.findVersion(older.version)).toEqual(grown)
    expect(await store.findVersion(newer.version)).toEqual(newer)
  })

  test('a replaced superset lives no longer than its offers may be resolved', async () => {
    const store = storeOf()
    const older = build()
    await store.publish(older)
    clock.advance(20 * MINUTE)
    await store.publish(build())
    expect(await redis.pttl(`flight:v:${older.version}`)).toBeLessThanOrEqual(30 * MINUTE)
    clock.advance(20 * MINUTE)
    await redis.del(`flight:v:${older.version}`)
    await store.publish(older)
    expect(await store.findVersion(older.version)).toBeNull()
  })

  test.each<[string, () => Promise<unknown>]>([
    ['text', () => redis.set(key, 'garbage')],
    ['a list', () => redis.lpush(key, 'garbage')],
    ['half a superset', async () => redis.set(key, (await encodeSuperset(build()))!.subarray(0, 200))],
    ['the superset of another search', async () => redis.set(key, (await encodeSuperset({ ...build(), key: 'flight:s:other' }))!)],
    ['nothing', () => redis.del(key)],
  ])('%s under the key is a miss, and is replaced', async (_, spoil) => {
    await spoil()
    clock.advance(1_000)
    const alpha = sellerOf('alpha', offers)
    expect((await ask(await processOver([alpha]))).total).toBe(2)
    expect(alpha.asked.length).toBe(1)
    expect((await storeOf().findCurrent(key))?.offers.length).toBe(2)
  })

  test('a pointer that leads nowhere, in a circle, or to garbage finds nothing', async () => {
    const { version } = build()
    for (const target of ['flight:s:nowhere', `flight:v:${version}`, '']) {
      await redis.set(`flight:v:${version}`, target)
      expect(await storeOf().findVersion(version)).toBeNull()
    }
  })
})

describe('without Redis a search goes on from memory and suppliers', () => {
  test('when nothing listens there', async () => {
    const alpha = sellerOf('alpha', offers)
    const search = await processOver([alpha], 'redis://127.0.0.1:1', false)
    const first = await ask(search)
    expect(first).toMatchObject({ total: 2, prices: { fromCache: false } })
    expect((await ask(search)).prices.fromCache).toBe(true)
    expect(await search.findOffer(first.offers[0]!.offer.id)).toMatchObject({ outcome: 'found' })
    expect(alpha.asked.length).toBe(1)
  })

  test('when it stops answering, and waits for it once, not at every search', async () => {
    const way = await openWayTo(server.url)
    const search = await processOver([sellerOf('alpha', offers)], way.url)
    way.stall()
    const began = performance.now()
    for (const adults of [1, 2, 3, 4, 5]) {
      const answer = await search.searchOffers({ ...query, passengers: { adults, children: 0, infants: 0 } }, view)
      expect(answer.total).toBe(2)
    }
    const waited = performance.now() - began
    way.close()
    expect(waited).toBeGreaterThan(200)
    expect(waited).toBeLessThan(1_200)
  })

  test('when it goes away between two searches', async () => {
    const search = await processOver([sellerOf('alpha', offers)])
    const shown = (await ask(search)).offers[0]!
    for (const connection of opened) connection.disconnect()
    expect((await ask(search)).prices.fromCache).toBe(true)
    expect(await search.findOffer(shown.offer.id)).toMatchObject({ outcome: 'found' })
    clock.advance(6 * MINUTE)
    expect((await ask(search)).prices.fromCache).toBe(false)
  })
})
