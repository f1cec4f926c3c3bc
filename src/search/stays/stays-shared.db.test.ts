import { afterAll, beforeAll, expect, test } from 'vitest'
import { fakeStaySeller, houseId, housesOf, property, rateFor, type FakeStaySeller } from '../../../test/support/fake-stays.ts'
import { sellerOf } from '../../../test/support/fake-seller.ts'
import { nonstop } from '../../../test/support/flight-offers.ts'
import { createTestRedis, type TestRedis } from '../../../test/support/redis.ts'
import { ask, searchOver } from '../../../test/support/searching.ts'
import { systemClock, plusDays, utcDate } from '../../kernel/time.ts'
import { createRequestRedis, type RequestRedis } from '../../platform/redis.ts'
import type { Search } from '../index.ts'

const checkIn = plusDays(utcDate(systemClock.now()), 30)
const STAY = `place=BCN&check_in=${checkIn}&check_out=${plusDays(checkIn, 2)}`
const houses = housesOf({
  [houseId('a')]: [property({ code: 'a1', latitude: 41.3, longitude: 2.08 })],
  [houseId('b')]: [property({ code: 'a2', latitude: 41.31, longitude: 2.08, name: 'Hotel Dos' })],
})

let cache: TestRedis
const open: { redis: RequestRedis; search: Search }[] = []
beforeAll(async () => {
  cache = await createTestRedis({ server: 'cache' })
})
afterAll(async () => {
  for (const { redis, search } of open) {
    await search.close()
    redis.disconnect()
  }
  await cache.close()
})

/** One process, with a memory and connections of its own. */
async function startProcess(seller: FakeStaySeller): Promise<Search> {
  const redis = createRequestRedis(cache.url)
  await new Promise((resolve) => redis.once('ready', resolve))
  const search = searchOver([seller, sellerOf('wings', [nonstop('GA', '1', 300)])], { clock: systemClock, cacheRedis: redis, houses })
  open.push({ redis, search })
  return search
}

const seller = (delayMs = 0) =>
  fakeStaySeller(
    'alpha',
    async (query) => {
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      return query.properties.map((code) => rateFor(query, code, { provider: 'alpha', supplierToken: `words for ${code}` }))
    },
    { propertiesMax: 1 },
  )

type House = { house: { id: string; name: string }; offers: { id: string }[] }

async function askStays(search: Search, query = STAY): Promise<{ data: House[]; tag: string }> {
  const answer = await search.stays.searchOffers(search.stays.parse(query), { coding: null, waitMs: 0, knownTag: null, signal: null })
  return { ...(JSON.parse(Buffer.from(answer.body).toString('utf8')) as { data: House[] }), tag: answer.facts.tag }
}

test('processes ask a supplier of stays once together, show the same, and each finds what the other showed', async () => {
  const sellers = [seller(200), seller(200)]
  const [one, two] = (await Promise.all(sellers.map(startProcess))) as [Search, Search]
  const [first, second] = await Promise.all([askStays(one), askStays(two)])
  expect(sellers.flatMap(({ asked }) => asked).map((query) => query.properties)).toEqual([['a1'], ['a2']])
  expect(first.data.length).toBe(2)
  expect(second).toEqual(first)
  const { id } = second.data[1]!.offers[0]!
  const found = await Promise.all([one, two].map((search) => search.findOffer(id)))
  for (const each of found)
    expect(each).toMatchObject({ outcome: 'found', offer: { supplierToken: expect.stringMatching(/^words for a[12]$/) } })
})

test('a process that starts later finds them too, beside the flights of the same cache', async () => {
  const earlier = open[0]!.search
  const { data } = await askStays(earlier)
  const flight = (await ask(earlier, `origin=CGK&destination=NRT&departure_date=${checkIn}`)).body.data[0]!
  await earlier.idle()
  const late = seller()
  const search = await startProcess(late)
  expect(await search.findOffer(data[0]!.offers[0]!.id)).toMatchObject({ outcome: 'found', offer: { provider: 'alpha' } })
  expect(await search.findOffer(flight.id)).toMatchObject({ outcome: 'found', offer: { provider: 'wings' } })
  expect(await search.findOffer(flight.id.replace('off_', 'sty_'))).toEqual({ outcome: 'expired' })
  expect((await askStays(search)).data).toEqual(data)
  expect(late.asked).toEqual([])
})
