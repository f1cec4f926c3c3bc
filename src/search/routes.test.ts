import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { brotliDecompressSync } from 'node:zlib'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { fakeSeller, sellerOf } from '../../test/support/fake-seller.ts'
import { nonstop } from '../../test/support/flight-offers.ts'
import { Problem } from '../kernel/problems.ts'
import { createStoppedClock } from '../kernel/time.ts'
import { createPricing, DEFAULT_RATES } from '../pricing/index.ts'
import type { Provider } from '../providers/contract.ts'
import { createSearch, SEARCH_DEFAULTS, searchRoutes, type Search, type SearchRoutesOptions } from './index.ts'

const clock = createStoppedClock('2026-11-01T00:00:00Z')
const pricing = createPricing({ version: '1', displayCurrency: 'USD', rates: DEFAULT_RATES, markups: [] })
const offers = [nonstop('GA', '1', 300), nonstop('SQ', '2', 200), nonstop('XX', '3', 250)]
const url = '/v1/flights/offers?origin=CGK&destination=NRT&departure_date=2026-12-01'

let app: FastifyInstance
afterEach(() => app.close())

async function serve(providers: Provider[], options: Partial<SearchRoutesOptions> = {}): Promise<Search> {
  const search = createSearch({
    providers,
    cacheRedis: null,
    clock,
    pricing,
    config: { ...SEARCH_DEFAULTS, deadlineMs: 200, memoryBytesMax: 10_000_000, readingThreads: 0, cursorSecret: 's' },
    random: () => 0.5,
  })
  app = Fastify()
  app.setErrorHandler((error, _, reply) => {
    if (error instanceof Problem)
      return reply.code(error.status).send({ code: error.code, errors: error.facts.errors, detail: error.message })
    return reply.code(500).send({ code: 'bug', detail: String(error) })
  })
  await app.register(searchRoutes, { prefix: '/v1', search, ...options })
  return search
}

describe('GET /v1/flights/offers', () => {
  test('answers with offers, sources, facets and the age of prices', async () => {
    await serve([sellerOf('alpha', offers)])
    const reply = await app.inject(`${url}&limit=2`)
    expect(reply.statusCode).toBe(200)
    expect(reply.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'public, max-age=300',
      age: '0',
      vary: 'accept-encoding',
    })
    expect(reply.headers).not.toHaveProperty('content-location') // it was asked for in the one way that every search is told in
    const { data, page, sources, facets, ...rest } = reply.json()
    expect(rest).toEqual({
      search: {
        slices: [{ origin: 'CGK', destination: 'NRT', departure_date: '2026-12-01' }],
        origin: 'CGK',
        destination: 'NRT',
        departure_date: '2026-12-01',
        return_date: null,
        passengers: { adults: 1, children: 0, infants: 0 },
        cabin: 'economy',
      },
      prices: { checked_at: '2026-11-01T00:00:00.000Z', fresh_until: '2026-11-01T00:05:00.000Z', is_stale: false },
      currency: 'USD',
      total: 3,
      matching: 3,
    })
    expect(facets).toMatchObject({
      stops: [{ value: 0, count: 3, from: { amount: '200.00', currency: 'USD' } }],
      airlines: [
        { value: 'GA', name: 'Garuda Indonesia', count: 1, from: { amount: '300.00', currency: 'USD' } },
        { value: 'SQ', name: 'Singapore Airlines', count: 1, from: { amount: '200.00', currency: 'USD' } },
        { value: 'XX', name: null, count: 1, from: { amount: '250.00', currency: 'USD' } },
      ],
      alliances: [
        { value: 'skyteam', name: 'SkyTeam', count: 1 },
        { value: 'star', name: 'Star Alliance', count: 1 },
      ],
      suppliers: [{ value: 'alpha', name: 'Alpha', count: 3 }],
      destination_airports: [{ value: 'NRT', name: 'Tokyo', count: 3 }],
      price: { min: { amount: '200.00', currency: 'USD' }, max: { amount: '300.00', currency: 'USD' } },
      duration: { min: 450, max: 450, unknown: 0 },
      connection_minutes: null,
    })
    expect(sources).toEqual([
      {
        provider: 'alpha',
        name: 'Alpha',
        state: 'answered',
        offers: 3,
        solutions: 3,
        ms: expect.any(Number),
        fault: null,
        left_out: { duplicates: 0, unusable: 0, unpriced: 0 },
      },
    ])
    expect(data.map((offer: { total: unknown }) => offer.total)).toEqual([
      { amount: '200.00', currency: 'USD' },
      { amount: '250.00', currency: 'USD' },
    ])
    expect(data[0].slices[0].segments[0]).toMatchObject({
      carrier: 'SQ',
      carrier_name: 'Singapore Airlines',
      flight_number: '2',
      departure: { local: '2026-12-01T09:35', offset: '+07:00' },
    })
    expect(data[1].slices[0].segments[0]).not.toHaveProperty('carrier_name')
    expect(data[0]).not.toHaveProperty('supplierToken')
    expect(page).toEqual({ after: expect.any(String), has_more: true })

    const next = await app.inject(`${url}&limit=2&after=${page.after}`)
    expect(next.json()).toMatchObject({ page: { after: null, has_more: false } })
    expect(next.json().data.map((offer: { total: { amount: string } }) => offer.total.amount)).toEqual(['300.00'])
  })

  test('is 304 for who has the same answer already', async () => {
    await serve([sellerOf('alpha', offers)])
    const first = await app.inject(url)
    const again = await app.inject({ url, headers: { 'if-none-match': String(first.headers.etag) } })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    expect((await app.inject({ url: `${url}&sort=duration`, headers: { 'if-none-match': String(first.headers.etag) } })).statusCode).toBe(
      200,
    )
  })

  test('is 200 with the facts when every supplier fails', async () => {
    await serve([
      fakeSeller('alpha', () => Promise.reject(new Error('adapter broke'))),
      fakeSeller('beta', () => new Promise(() => undefined)),
    ])
    const reply = await app.inject(url)
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toMatchObject({
      total: 0,
      data: [],
      facets: { stops: [], airlines: [], price: null, duration: null },
      sources: [
        { state: 'failed', fault: 'unexpected' },
        { state: 'timed_out', fault: 'timeout' },
      ],
    })
  })

  test('says in the headers how long the prices may still be shown, and never lets a cache show them for longer', async () => {
    const moving = createStoppedClock('2026-11-01T00:00:00Z')
    const search = createSearch({
      providers: [sellerOf('alpha', offers)],
      cacheRedis: null,
      clock: moving,
      pricing,
      config: { ...SEARCH_DEFAULTS, deadlineMs: 200, readingThreads: 0, cursorSecret: 's' },
      random: () => 0.5,
    })
    app = Fastify()
    await app.register(searchRoutes, { prefix: '/v1', search })
    expect((await app.inject(url)).headers.age).toBe('0')
    moving.advance(100_000)
    const reply = await app.inject(url)
    const { age, 'cache-control': control } = reply.headers
    expect([age, control]).toEqual(['100', 'public, max-age=300'])
    const lifetimeMs = 300_000 - Number(age) * 1_000
    expect(moving.now() + lifetimeMs).toBeLessThanOrEqual(Date.parse(reply.json().prices.fresh_until))
    moving.advance(1)
    expect((await app.inject(url)).headers.age).toBe('101')
    moving.advance(210_000)
    const stale = await app.inject(url)
    expect([stale.json().prices.is_stale, stale.headers['cache-control']]).toEqual([true, 'public, no-cache'])
    await search.close()
  })

  test('is sent in the coding that is asked for, the same for every way of writing the search', async () => {
    await serve([sellerOf('alpha', offers)])
    const plain = await app.inject(url)
    const coded = await app.inject({ url, headers: { 'accept-encoding': 'gzip;q=0.5, br' } })
    expect(coded.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(coded.rawPayload).toString()).toBe(plain.body)
    expect((await app.inject({ url, headers: { 'accept-encoding': 'identity, gzip;q=0' } })).headers['content-encoding']).toBeUndefined()
    const other = await app.inject('/v1/flights/offers?cabin=economy&departure_date=2026-12-01&adults=1&destination=nrt&origin=cgk')
    expect([other.body, other.headers.etag]).toEqual([plain.body, plain.headers.etag])
    expect(other.headers['content-location']).toBe('/v1/flights/offers?origin=CGK&destination=NRT&departure_date=2026-12-01')
  })

  test('names every fault of a request and asks nobody', async () => {
    const alpha = sellerOf('alpha', offers)
    await serve([alpha])
    const reply = await app.inject('/v1/flights/offers?origin=XQX&destination=NRT&departure_date=2020-01-01&adults=0&adults=2&max_stop=1')
    expect(reply.statusCode).toBe(400)
    expect(reply.json().code).toBe('invalid-search')
    expect(reply.json().errors.map((fault: { pointer: string; code: string }) => [fault.pointer, fault.code])).toEqual([
      ['max_stop', 'unknown-parameter'],
      ['adults', 'duplicate-parameter'],
      ['origin', 'unknown-airport'],
      ['departure_date', 'past-date'],
    ])
    expect(alpha.asked.length).toBe(0)
  })

  test('refuses a cursor that was tampered with', async () => {
    await serve([sellerOf('alpha', offers)])
    const { page } = (await app.inject(`${url}&limit=1`)).json()
    for (const cursor of [`${page.after}A`, page.after.replace(/^./, '_'), 'x']) {
      const reply = await app.inject(`${url}&after=${cursor}`)
      expect([reply.statusCode, reply.json().code]).toEqual([400, 'invalid-cursor'])
    }
    expect((await app.inject(`${url}&sort=arrival&after=${page.after}`)).json().code).toBe('invalid-cursor')
  })
})

describe('GET /v1/flights/offers/stream', () => {
  test('tells sources, offers and the end as events', async () => {
    await serve([sellerOf('alpha', offers, 60)], { heartbeatMs: 20 })
    const reply = await app.inject(url.replace('?', '/stream?'))
    expect(reply.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    const events = reply.body.trim().split('\n\n')
    expect(events.filter((event) => event === ': hb').length).toBeGreaterThan(0)
    const told = events
      .filter((event) => event.startsWith('id'))
      .map((event) => /^id: \S+\nevent: (\w+)\ndata: (.+)$/.exec(event)!.slice(1) as [string, string])
    expect(told.map(([name]) => name)).toEqual(['source', 'source', 'offers', 'facets', 'done'])
    expect(JSON.parse(told[1]![1])).toMatchObject({ provider: 'alpha', state: 'answered', offers: 3 })
    const { data, facets, total, matching, page, prices, currency } = (await app.inject(url)).json()
    const order = data.map((offer: { id: string }) => offer.id)
    expect(JSON.parse(told[2]![1])).toEqual({ upsert: data, remove: [], order, reset: true, total, matching, page, prices, currency })
    expect(JSON.parse(told[3]![1])).toEqual({ facets })
    expect(JSON.parse(told[4]![1])).toEqual({ answered: 1, failed: 0, total: 1 })
  })

  test('refuses a bad search as a problem, and a stream too many', async () => {
    await serve([sellerOf('alpha', offers)], { streamsMax: 0 })
    expect((await app.inject('/v1/flights/offers/stream?origin=CGK')).json().code).toBe('invalid-search')
    const reply = await app.inject(url.replace('?', '/stream?'))
    expect([reply.statusCode, reply.json().code]).toEqual([503, 'too-many-streams'])
  })

  test('of a client that went away costs nothing more', async () => {
    let signal: AbortSignal | undefined
    const search = await serve([])
    await app.close()
    const streamOffers: Search['streamOffers'] = ({ signal: given }) => {
      signal = given
      return new Promise((resolve) => given.addEventListener('abort', () => resolve(), { once: true }))
    }
    app = Fastify()
    await app.register(searchRoutes, { prefix: '/v1', search: { ...search, streamOffers } })
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    // Not fetch: Node 20's connects anew when it is aborted, and the server would wait for that connection.
    const request = get(address + url.replace('?', '/stream?'), { agent: false })
    const [reply] = (await once(request, 'response')) as [IncomingMessage]
    expect([reply.statusCode, signal?.aborted]).toEqual([200, false])
    request.destroy()
    await expect.poll(() => signal?.aborted).toBe(true)
  })

  test('ends when the server closes', async () => {
    await serve([fakeSeller('never', () => new Promise(() => undefined))], { heartbeatMs: 5 })
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    const reply = await fetch(address + url.replace('?', '/stream?'))
    const body = reply.text().catch(() => 'cut off')
    await app.close()
    expect(await body).toBeDefined()
  })
})

describe('GET /v1/places', () => {
  test('finds what a traveller types', async () => {
    await serve([])
    const { data } = (await app.inject('/v1/places?q=jak&limit=2')).json()
    expect(data[0]).toMatchObject({
      code: 'JKT',
      kind: 'city',
      city: 'Jakarta',
      country: 'ID',
      time_zone: 'Asia/Jakarta',
      airports: ['CGK', 'HLP'],
    })
    expect(data[1]).toMatchObject({ code: 'CGK', kind: 'airport' })
    expect(data[1]).not.toHaveProperty('airports')
    expect(data.length).toBe(2)
  })

  test('names what is wrong', async () => {
    await serve([])
    const faultsOf = async (query: string) =>
      (await app.inject(`/v1/places${query}`))
        .json()
        .errors.map((fault: { pointer: string; code: string }) => `${fault.pointer} ${fault.code}`)
    expect(await faultsOf('')).toEqual(['q required'])
    expect(await faultsOf(`?q=${'x'.repeat(65)}&limit=0&lang=en`)).toEqual(['lang unknown-parameter', 'q too-long', 'limit out-of-range'])
  })
})
