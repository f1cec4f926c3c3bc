import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { contentOf, fakeStaySeller, property, type FakeStaySeller } from '../../../../test/support/fake-stays.ts'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/postgres.ts'
import { createStoppedClock, parseLocalDate, systemClock } from '../../../kernel/time.ts'
import type { ContentPage } from '../../../providers/contract.ts'
import { ProviderError } from '../../../providers/errors.ts'
import { findPlace } from '../../../travel/places.ts'
import type { Property } from '../../../travel/property.ts'
import type { StayArea } from '../stay-search.ts'
import { createHouses, HOUSES_MAX } from './houses.ts'
import { importContent, type ImportInput } from './import-content.ts'
import { createStayContent } from './index.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.db.deleteFrom('search.properties').execute()
  await database.db.updateTable('search.content_imports').set({ claimed_by: null, claimed_until: null, state: 'done' }).execute()
})

const METRE = 1 / 111_320
const never = async () => []
const sellerWith = (id: string, content: Parameters<typeof fakeStaySeller>[2]) => fakeStaySeller(id, never, content)
const page = (properties: readonly Property[], next: string | null = null, total: number | null = null): ContentPage => ({
  properties,
  next,
  total,
})
const seller = (id: string, pages: Readonly<Record<string, ContentPage>>) => sellerWith(id, { content: contentOf(pages) })
const run = (provider: FakeStaySeller, more: Partial<ImportInput> = {}) =>
  importContent({ db: database.db, clock: systemClock, pausesMs: [0, 0] }, { provider, ...more })
const rows = () => database.db.selectFrom('search.properties').selectAll().orderBy('provider').orderBy('code').execute()
const housesByCode = async () => Object.fromEntries((await rows()).map((row) => [`${row.provider} ${row.code}`, row.house]))

/** Houses of one supplier that are a kilometre apart from each other. */
const many = (codes: readonly string[], changes: Partial<Property> = {}) =>
  codes.map((code) => property({ code, name: `House ${code}`, latitude: 41 + Number(code) / 100, ...changes }))

describe('importing the content of a supplier', () => {
  test('keeps every property of every page, once, with all it says', async () => {
    const told: unknown[] = []
    const supplier = seller('alpha', {
      '': page([property({ code: '1' }), property({ code: '2', name: 'Old name', latitude: 41.5 })], 'b', 3),
      b: page(
        [property({ code: '2', name: 'New name', latitude: 41.5 }), property({ code: '3', stars: 4.5, rating: null, latitude: 41.6 })],
        null,
        3,
      ),
    })
    expect(await run(supplier, { onProgress: (progress) => told.push(progress) })).toEqual({
      outcome: 'done',
      imported: 4,
      unusable: 0,
      removed: 0,
    })
    expect(told).toEqual([
      { provider: 'alpha', imported: 2, total: 3 },
      { provider: 'alpha', imported: 4, total: 3 },
    ])
    expect((await rows()).map(({ code, name, stars, rating }) => [code, name, stars, rating])).toEqual([
      ['1', 'Hotel Uno', 4, 8.4],
      ['2', 'New name', 4, 8.4],
      ['3', 'Hotel Uno', 4.5, null],
    ])
    expect((await rows())[0]).toMatchObject({
      city_key: 'barcelona',
      amenities: ['wifi'],
      images: ['https://images.example/1.jpg'],
      check_in_from: '15:00',
    })
  })

  test('goes on after the last page that was kept, whatever ended it', async () => {
    const pages = { '': page(many(['1', '2']), 'b'), b: page(many(['3']), 'c'), c: page(many(['4'])) }
    const stop = new AbortController()
    const content = contentOf(pages)
    const supplier = sellerWith('alpha', { content })
    expect(await run(supplier, { signal: stop.signal, onProgress: () => stop.abort() })).toEqual({ outcome: 'stopped', imported: 2 })

    const failing = sellerWith('alpha', {
      content: (cursor) => (cursor === 'c' ? Promise.reject(new ProviderError('alpha', 'timeout', 'slow')) : content(cursor)),
    })
    await expect(run(failing)).rejects.toThrow('slow')
    expect(content.asked).toEqual([null, 'b'])
    expect((await rows()).length).toBe(3)

    expect(await run(supplier)).toMatchObject({ outcome: 'done', imported: 4 })
    expect(content.asked).toEqual([null, 'b', 'c'])
    expect((await rows()).length).toBe(4)
  })

  test('keeps a page and the place after it together: a page that cannot be kept is asked for again', async () => {
    const broken = { '': page(many(['1']), 'b'), b: page([{ ...property({ code: '2' }), amenities: null as never }]) }
    await expect(run(seller('alpha', broken))).rejects.toThrow()
    const again = contentOf({ '': page(many(['1']), 'b'), b: page(many(['2'])) })
    expect(await run(sellerWith('alpha', { content: again }))).toMatchObject({ outcome: 'done' })
    expect(again.asked).toEqual(['b'])
  })

  test('tries a page again while the supplier is in trouble, and begins anew when a cursor has grown old', async () => {
    let troubles = 2
    const content = contentOf({ '': page(many(['1']), 'b'), b: page(many(['2'])) })
    const stop = new AbortController()
    const shaky = sellerWith('alpha', {
      content: (cursor) => ((troubles -= 1) >= 0 ? Promise.reject(new ProviderError('alpha', 'throttled', 'busy')) : content(cursor)),
    })
    expect(await run(shaky, { signal: stop.signal, onProgress: () => stop.abort() })).toEqual({ outcome: 'stopped', imported: 1 })
    const forgetful = sellerWith('alpha', {
      content: (cursor) =>
        cursor === 'b' && content.asked.at(-1) !== null ? Promise.reject(new ProviderError('alpha', 'refused', 'old')) : content(cursor),
    })
    content.asked.push('elsewhere')
    expect(await run(forgetful)).toMatchObject({ outcome: 'done', imported: 2 })
    expect(content.asked).toEqual([null, 'elsewhere', null, 'b'])
  })

  test('removes what a whole walk has not seen, and nothing before its end, nor when nothing was seen', async () => {
    await run(seller('alpha', { '': page(many(['1', '2', '3'])) }))
    await run(seller('beta', { '': page([property({ provider: 'beta', code: '1', latitude: 10 })]) }))
    const stop = new AbortController()
    const fewer = seller('alpha', { '': page(many(['1']), 'b'), b: page(many(['3'])) })
    await run(fewer, { signal: stop.signal, onProgress: () => stop.abort() })
    expect((await rows()).length).toBe(4)
    expect(await run(fewer)).toMatchObject({ outcome: 'done', removed: 1 })
    expect(Object.keys(await housesByCode())).toEqual(['alpha 1', 'alpha 3', 'beta 1'])
    expect(await run(seller('alpha', { '': page([]) }))).toEqual({ outcome: 'done', imported: 0, unusable: 0, removed: 0 })
    expect((await rows()).length).toBe(3)
  })

  test('is one process’s work at a time, and restarts when told to', async () => {
    const content = contentOf({ '': page(many(['1']), 'b'), b: page(many(['2'])) })
    const second: unknown[] = []
    const supplier = sellerWith('alpha', {
      content: async (cursor) => {
        second.push(await run(supplier))
        return content(cursor)
      },
    })
    const stop = new AbortController()
    await run(supplier, { signal: stop.signal, onProgress: () => stop.abort() })
    expect(second).toEqual([{ outcome: 'busy' }])
    expect(await run(sellerWith('alpha', { content }), { restart: true })).toMatchObject({ outcome: 'done', imported: 2 })
    expect(content.asked).toEqual([null, null, 'b'])
  })

  test('a walk that leads in a circle ends, and says so', async () => {
    await expect(run(seller('alpha', { '': page(many(['1']), 'b'), b: page(many(['2']), 'b') }))).rejects.toThrow('leads to itself')
  })

  test('leaves out what cannot be found or told, and cuts what is too much', async () => {
    const bad = [
      property({ code: '' }),
      property({ code: 'n', name: ' ' }),
      property({ code: 'c', country: 'Spain' }),
      property({ code: 'x', latitude: 0, longitude: 0 }),
      property({ code: 'y', latitude: Number.NaN }),
      property({ code: 'z', longitude: 200 }),
    ]
    const odd = property({
      code: 'ok',
      country: 'es',
      name: ` Ho\0tel \ud800 `,
      stars: 9,
      rating: 11,
      district: 'Gràcia, Sants+Montjuïc|x',
      images: ['http://insecure.example/1.jpg', 'https://', 'https://images.example/2.jpg'],
      amenities: ['pool', 'wifi', 'teleporter' as never],
      description: '',
    })
    expect(await run(seller('alpha', { '': page([...bad, odd]) }))).toMatchObject({ imported: 1, unusable: 6 })
    expect((await rows())[0]).toMatchObject({
      name: 'Hotel \ufffd',
      country: 'ES',
      stars: null,
      rating: null,
      district: 'Gràcia Sants Montjuïc x',
      images: ['https://images.example/2.jpg'],
      amenities: ['wifi', 'pool'],
      description: null,
    })
  })
})

describe('properties of several suppliers that are the same house', () => {
  const alpha = property({ provider: 'alpha', code: 'a', name: 'Hotel Arts Barcelona' })
  const beta = property({ provider: 'beta', code: 'b', name: 'ARTS', latitude: 41.385 + 60 * METRE })
  const other = property({ provider: 'beta', code: 'o', name: 'Hotel Rialto' })

  test('have one house, whoever is imported first, and keep it', async () => {
    await run(seller('alpha', { '': page([alpha]) }))
    await run(seller('beta', { '': page([beta, other]) }))
    const first = await housesByCode()
    expect(first['alpha a']).toBe(first['beta b'])
    expect(first['beta o']).not.toBe(first['beta b'])
    await run(seller('alpha', { '': page([{ ...alpha, rating: 9.1 }]) }))
    await run(seller('beta', { '': page([other, beta]) }))
    expect(await housesByCode()).toEqual(first)
  })

  test('part when one turns out to be another, and meet again', async () => {
    await run(seller('alpha', { '': page([alpha]) }))
    await run(seller('beta', { '': page([beta]) }))
    await run(seller('beta', { '': page([{ ...beta, latitude: 41.4 }]) }))
    const apart = await housesByCode()
    expect(apart['alpha a']).not.toBe(apart['beta b'])
    await run(seller('beta', { '': page([beta]) }))
    const together = await housesByCode()
    expect(together['beta b']).toBe(together['alpha a'])
    expect(together['alpha a']).toBe(apart['alpha a'])
  })

  test('a supplier never sells one house twice, not even on one page', async () => {
    await run(seller('alpha', { '': page([alpha]) }))
    const twins = ['b1', 'b2'].map((code) => ({ ...beta, code }))
    await run(seller('beta', { '': page(twins) }))
    const houses = await housesByCode()
    expect(new Set(Object.values(houses)).size).toBe(2)
    await run(seller('beta', { '': page(twins) }))
    expect(await housesByCode()).toEqual(houses)
  })

  test('two suppliers imported at the same time find each other', async () => {
    const near = (provider: string) => many(['1', '2', '3', '4', '5', '6', '7', '8'], { provider, name: 'Hotel Arts' })
    await Promise.all(['alpha', 'beta', 'gamma'].map((id) => run(seller(id, { '': page(near(id)) }))))
    expect(new Set(Object.values(await housesByCode())).size).toBe(8)
  })
})

describe('houses near a place', () => {
  const areaOf = (code: string, radiusKm = 15): StayArea => {
    const place = findPlace(code)!
    return { name: code, place, latitude: place.latitude, longitude: place.longitude, radiusKm }
  }
  const pointAt = (latitude: number, longitude: number, radiusKm: number): StayArea => ({
    name: '',
    place: null,
    latitude,
    longitude,
    radiusKm,
  })

  test('are within the radius, nearest first, each once with what suppliers together say', async () => {
    await run(
      seller('alpha', {
        '': page([property({ rating: null, amenities: ['wifi'] }), property({ code: 'far', name: 'Far', latitude: 41.6 })]),
      }),
    )
    await run(
      seller('beta', {
        '': page([property({ provider: 'beta', code: 'x', rating: 9, amenities: ['pool'], description: null, images: [] })]),
      }),
    )
    const houses = createHouses(database.db)
    const { houses: near } = await houses.near(pointAt(41.386, 2.173, 5), ['alpha', 'beta'])
    expect(near).toMatchObject([
      {
        name: 'Hotel Uno',
        rating: 9,
        amenities: ['wifi', 'pool'],
        distanceM: 111,
        properties: [
          { provider: 'alpha', code: '1' },
          { provider: 'beta', code: 'x' },
        ],
      },
    ])
    expect((await houses.near(pointAt(41.386, 2.173, 50), ['alpha', 'beta'])).houses.map((house) => house.name)).toEqual([
      'Hotel Uno',
      'Far',
    ])
    expect((await houses.near(pointAt(41.386, 2.173, 5), ['beta'])).houses).toMatchObject([{ properties: [{ provider: 'beta' }] }])
    expect(await houses.find(near[0]!.id, ['alpha', 'beta'])).toMatchObject({ description: 'A house.', checkInFrom: '15:00' })
    expect(await houses.find(near[0]!.id, [])).toBeNull()
  })

  test('are found on both sides of the date line, and around a pole', async () => {
    const places = [
      [-16.5, 179.95],
      [-16.5, -179.95],
      [89.9, 100],
      [89.9, -80],
    ] as const
    await run(seller('alpha', { '': page(places.map(([latitude, longitude], i) => property({ code: String(i), latitude, longitude }))) }))
    const houses = createHouses(database.db)
    for (const longitude of [179.99, -179.99])
      expect((await houses.near(pointAt(-16.5, longitude, 20), ['alpha'])).houses.map((one) => one.properties[0]!.code).sort()).toEqual([
        '0',
        '1',
      ])
    expect((await houses.near(pointAt(89.95, 10, 60), ['alpha'])).houses.length).toBe(2)
  })

  test('are around the middle of the town where a place is a city or its only airport, around the airport where there are several', async () => {
    // Munich's airport lies 28 km outside, Gatwick 40 km outside London.
    const munich = ['1', '2', '3'].map((code) =>
      property({ code, city: 'MÜNCHEN', country: 'DE', latitude: 48.137, longitude: 11.575 + Number(code) / 1_000 }),
    )
    const town = munich.map((one) => ({ ...one, city: 'Munich' }))
    const london = ['4', '5', '6'].map((code) => property({ code, city: 'London', country: 'GB', latitude: 51.507, longitude: -0.128 }))
    await run(seller('alpha', { '': page([...town, ...london]) }))
    const houses = createHouses(database.db)
    const munichNear = await houses.near(areaOf('MUC'), ['alpha'])
    expect(munichNear.centre).toEqual({ latitude: 48.137, longitude: 11.577 })
    expect(munichNear.houses.length).toBe(3)
    expect((await houses.near(areaOf('LON'), ['alpha'])).houses.length).toBe(3)
    expect((await houses.near(areaOf('LGW'), ['alpha'])).houses.length).toBe(0)
    expect((await houses.near(areaOf('LON'), ['alpha'])).centre.latitude).toBe(51.507)
  })

  test(`are at most ${HOUSES_MAX}, the nearest`, async () => {
    const codes = Array.from({ length: HOUSES_MAX + 20 }, (_, i) => String(i))
    await run(
      seller('alpha', {
        '': page(codes.map((code) => property({ code, name: `Casa ${code}`, latitude: 41.385 + Number(code) * 2 * METRE }))),
      }),
    )
    const { houses } = await createHouses(database.db).near(pointAt(41.385, 2.173, 5), ['alpha'])
    expect(houses.length).toBe(HOUSES_MAX)
    expect(houses.at(-1)!.properties[0]!.code).toBe(String(HOUSES_MAX - 1))
  })
})

describe('the daily refresh', () => {
  test('imports what is missing at once, what is a day old again, and lets no supplier’s failure stop another', async () => {
    const content = contentOf({ '': page([property({ provider: 'daily' })]) })
    const failures: unknown[] = []
    const clock = createStoppedClock(`${parseLocalDate('2026-11-01')}T00:00:00Z`)
    const at = (ms: number) => createStoppedClock(new Date(Date.now() + ms).toISOString())
    const providers = [
      sellerWith('broken', { content: () => Promise.reject(new ProviderError('broken', 'unauthorised', 'no')) }),
      sellerWith('daily', { content }),
    ]
    const logger = { warn: (facts: unknown) => void failures.push(facts) }
    const refreshAt = (now: ReturnType<typeof createStoppedClock>) =>
      createStayContent({ db: database.db, clock: now, providers, logger }).refresh()
    await refreshAt(clock)
    await refreshAt(at(23 * 3_600_000))
    expect(content.asked.length).toBe(1)
    await refreshAt(at(25 * 3_600_000))
    expect(content.asked.length).toBe(2)
    expect(failures.length).toBe(3)
  })
})
