import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fakeStaySeller, houseId, housesOf, property, rateFor, staySellerOf } from '../../test/support/fake-stays.ts'
import { searchOver } from '../../test/support/searching.ts'
import { Problem } from '../kernel/problems.ts'
import { money } from '../kernel/money.ts'
import { createStoppedClock, parseInstant, plusMs } from '../kernel/time.ts'
import type { Provider } from '../providers/contract.ts'
import { ProviderError } from '../providers/errors.ts'
import { StaySearchReply } from './stay-schemas.ts'
import Value from 'typebox/value'
import type { Houses } from './stays/content/houses.ts'
import { stayRoutes, type Search } from './index.ts'

const STAY = 'place=41.385,2.173&check_in=2026-12-01&check_out=2026-12-04'
const url = `/v1/stays/offers?${STAY}`
const [UNO, DOS, TRES] = ['uno', 'dos', 'tres'].map(houseId) as [string, string, string]

const houses = housesOf({
  [UNO]: [
    property({ provider: 'alpha', code: 'a1', amenities: ['pool'] }),
    property({ provider: 'beta', code: 'b1', rating: null, amenities: ['wifi'] }),
  ],
  [DOS]: [property({ provider: 'alpha', code: 'a2', name: 'Hotel Dos', stars: 3, rating: 9.2, latitude: 41.39 })],
  [TRES]: [
    property({
      provider: 'beta',
      code: 'b3',
      name: 'Pensión Tres',
      stars: null,
      rating: null,
      latitude: 41.4,
      type: 'guest_house',
      description: null,
    }),
  ],
})
const euros = (amount: number) => ({ total: money(amount * 100, 'USD'), cancellation: null })

let clock: ReturnType<typeof createStoppedClock>
let app: FastifyInstance
let search: Search
beforeEach(() => {
  clock = createStoppedClock('2026-11-01T00:00:00Z')
})
afterEach(async () => {
  await app.close()
  await search.close()
})

async function serve(providers: Provider[], on: Houses = houses): Promise<void> {
  search = searchOver(providers, { clock, houses: on, config: { deadlineMs: 1_500 } })
  app = Fastify() as unknown as FastifyInstance
  app.setErrorHandler((error, _, reply) =>
    error instanceof Problem
      ? reply.code(error.status).send({ code: error.code, errors: error.facts.errors, detail: error.message })
      : reply.code(500).send({ code: 'bug', detail: String(error) }),
  )
  await app.register(stayRoutes, { prefix: '/v1', search })
}
const two = () => [
  staySellerOf('alpha', { a1: [euros(300), { ...euros(340), board: 'HB' }], a2: [euros(200)] }),
  staySellerOf('beta', { b1: [{ ...euros(250), refundable: false }, euros(400), euros(500)], b3: [euros(90)] }),
]
const get = async (query = '', headers: Record<string, string> = {}) => app.inject({ url: `${url}${query}`, headers })
const namesIn = (body: { data: { house: { name: string } }[] }) => body.data.map(({ house }) => house.name)

describe('GET /v1/stays/offers', () => {
  test('answers with houses once, the cheapest rates of whoever sells them, sources, facets and the age of prices', async () => {
    await serve(two())
    const reply = await get()
    expect(reply.statusCode).toBe(200)
    expect(reply.headers).toMatchObject({ 'cache-control': 'public, max-age=300', age: '0', vary: 'accept-encoding' })
    const body = reply.json()
    expect([...Value.Errors(StaySearchReply, body)]).toEqual([])
    expect(body).toMatchObject({
      search: {
        place: null,
        latitude: 41.385,
        longitude: 2.173,
        radius_km: 15,
        check_in: '2026-12-01',
        check_out: '2026-12-04',
        nights: 3,
        rooms: [{ adults: 2, child_ages: [] }],
        guest_country: 'US',
      },
      currency: 'USD',
      total: 3,
      offers: 7,
      matching: 3,
      page: { after: null, has_more: false },
    })
    expect(namesIn(body)).toEqual(['Pensión Tres', 'Hotel Dos', 'Hotel Uno'])
    const uno = body.data[2]
    expect(uno.house).toEqual({
      id: UNO,
      name: 'Hotel Uno',
      stars: 4,
      type: 'hotel',
      address: 'Plaça 1',
      city: 'Barcelona',
      country: 'ES',
      district: 'Eixample',
      latitude: 41.385,
      longitude: 2.173,
      distance_m: 0,
      amenities: ['wifi', 'pool'],
      rating: 8.4,
      image: 'https://images.example/1.jpg',
    })
    // One percent is ours.
    expect(uno.offers.map((offer: { provider: string; total: { amount: string } }) => `${offer.provider} ${offer.total.amount}`)).toEqual([
      'beta 252.50',
      'alpha 303.00',
      'alpha 343.40',
    ])
    expect(uno.more_offers).toBe(2)
    expect(body.facets).toMatchObject({
      stars: [
        { value: '4', count: 1, from: { amount: '252.50' } },
        { value: '3', count: 1 },
        { value: 'unknown', count: 1 },
      ],
      boards: [
        { value: 'BB', count: 3, from: { amount: '90.90' } },
        { value: 'HB', count: 1, from: { amount: '343.40' } },
      ],
      refundable: [
        { value: 'yes', count: 3 },
        { value: 'no', count: 1 },
      ],
      suppliers: [
        { value: 'alpha', name: 'Alpha', count: 2 },
        { value: 'beta', name: 'Beta', count: 2 },
      ],
      property_types: [
        { value: 'hotel', count: 2 },
        { value: 'guest_house', count: 1 },
      ],
      distance_m: { min: 0, max: 1668, unknown: 0 },
      rating: { min: 84, max: 92, unknown: 1 },
    })
    expect(body.sources).toMatchObject([
      {
        provider: 'alpha',
        state: 'answered',
        offers: 3,
        solutions: 2,
        left_out: { duplicates: 0, unusable: 0, unpriced: 0, package_only: 0 },
      },
      { provider: 'beta', state: 'answered', offers: 4, solutions: 2 },
    ])
  })

  test('asks each supplier for its own properties, in as many calls as it takes, once however often it is searched', async () => {
    const alpha = staySellerOf('alpha', { a1: [euros(300)], a2: [euros(200)] }, { propertiesMax: 1 })
    const beta = staySellerOf('beta', { b1: [euros(250)], b3: [euros(90)] })
    await serve([alpha, beta, staySellerOf('gamma', {})])
    await Promise.all([get(), get('&sort=rating')])
    await get('&stars=4')
    expect(alpha.asked.map((query) => query.properties)).toEqual([['a1'], ['a2']])
    expect(beta.asked).toEqual([
      {
        properties: ['b1', 'b3'],
        checkIn: '2026-12-01',
        checkOut: '2026-12-04',
        rooms: [{ adults: 2, childAges: [] }],
        guestCountry: 'US',
        currency: 'USD',
      },
    ])
    const scores = await search.scorecard()
    expect(scores.map(({ provider, looks }) => [provider, looks.today.looks])).toEqual([
      ['alpha', 2],
      ['beta', 1],
      ['gamma', 0],
    ])
    // Who has nothing there is not asked, and that is an answer.
    expect((await get()).json().sources).toContainEqual(
      expect.objectContaining({ provider: 'gamma', state: 'answered', offers: 0, ms: expect.any(Number) }),
    )
  })

  test.each([
    ['&stars=4', ['Hotel Uno']],
    ['&stars=unknown,3', ['Pensión Tres', 'Hotel Dos']],
    ['&boards=HB', ['Hotel Uno']],
    ['&refundable=no', ['Hotel Uno']],
    ['&amenities=wifi,pool', ['Hotel Uno']],
    ['&suppliers=alpha', ['Hotel Dos', 'Hotel Uno']],
    ['&property_types=guest_house', ['Pensión Tres']],
    ['&min_price=100&max_price=252.5', ['Hotel Dos', 'Hotel Uno']],
    ['&max_distance=1000', ['Hotel Dos', 'Hotel Uno']],
    ['&min_rating=9', ['Hotel Dos']],
    ['&name=pension', ['Pensión Tres']],
    ['&sort=rating', ['Hotel Dos', 'Hotel Uno', 'Pensión Tres']],
    ['&sort=stars', ['Hotel Uno', 'Hotel Dos', 'Pensión Tres']],
    ['&sort=distance', ['Hotel Uno', 'Hotel Dos', 'Pensión Tres']],
    // 300 + 320 + 120 + 100, 667 + 160 + 120 + 33, 833 + 320 + 60 + 100: what is not known is as the worst that is.
    ['&sort=best', ['Pensión Tres', 'Hotel Dos', 'Hotel Uno']],
    ['&radius_km=1', ['Hotel Dos', 'Hotel Uno']],
  ])('%s shows %j', async (query, names) => {
    await serve(two())
    const body = (await get(query)).json()
    expect(namesIn(body)).toEqual(names)
    expect(body.matching).toBe(names.length)
  })

  test('filters rates, not only houses: those that do not pass are neither shown nor counted', async () => {
    await serve(two())
    const [uno] = (await get('&refundable=yes&suppliers=beta&stars=4')).json().data
    expect(uno.offers.map((offer: { total: { amount: string } }) => offer.total.amount)).toEqual(['404.00', '505.00'])
    expect(uno.more_offers).toBe(0)
  })

  test('goes on page by page, without showing a house twice for its dearer rates', async () => {
    await serve(two())
    const names: string[] = []
    let query = '&limit=1&rates=1'
    for (;;) {
      const body = (await get(query)).json()
      expect(body.data[0].offers.length).toBe(1)
      names.push(...namesIn(body))
      if (!body.page.has_more) break
      query = `&limit=1&rates=1&after=${body.page.after}`
    }
    expect(names).toEqual(['Pensión Tres', 'Hotel Dos', 'Hotel Uno'])
  })

  test('names one place for all ways of writing a search, answers 304 to who has it, and changes its tag with what it shows', async () => {
    await serve(two())
    const first = await get('&rooms=2&limit=25')
    expect(first.headers['content-location']).toBe(`/v1/stays/offers?${STAY}`)
    const tag = String(first.headers.etag)
    expect((await get('', { 'if-none-match': tag })).statusCode).toBe(304)
    for (const other of ['&rates=1', '&sort=best', '&rooms=1', '&limit=2']) {
      const reply = await get(other, { 'if-none-match': tag })
      expect([other, reply.statusCode]).toEqual([other, 200])
    }
  })

  test('tells every fault at once, and asks nobody', async () => {
    const [alpha] = two()
    await serve([alpha!])
    const reply = await app.inject('/v1/stays/offers?place=QQQ&check_in=2026-12-01&rooms=0')
    expect(reply.statusCode).toBe(400)
    expect(reply.json()).toMatchObject({ code: 'invalid-search' })
    expect(reply.json().errors.map((fault: { pointer: string }) => fault.pointer)).toEqual(['place', 'check_out', 'rooms'])
    expect(alpha!.asked).toEqual([])
  })

  test('what a supplier fails to say is told and costs its own rates only; of several calls what came is shown', async () => {
    const half = fakeStaySeller(
      'alpha',
      async (query) => {
        if (query.properties.includes('a2')) throw new ProviderError('alpha', 'malformed', 'garbage')
        return [rateFor(query, 'a1', { provider: 'alpha', ...euros(300) })]
      },
      { propertiesMax: 1 },
    )
    await serve([half, fakeStaySeller('beta', () => new Promise(() => undefined))])
    const body = (await get()).json()
    expect(body.sources).toMatchObject([
      { provider: 'alpha', state: 'answered', fault: 'malformed', offers: 1 },
      { provider: 'beta', state: 'timed_out', fault: 'timeout', offers: 0 },
    ])
    expect(namesIn(body)).toEqual(['Hotel Uno'])
    expect((await search.findOffer(body.data[0].offers[0].id)).outcome).toBe('found')
  })

  test('when a call of several is late, what came in time is shown and the rest joins it', async () => {
    let open = (): void => undefined
    const late = new Promise<void>((resolve) => (open = resolve))
    const slow = fakeStaySeller(
      'alpha',
      async (query) => {
        if (query.properties.includes('a2')) await late
        return query.properties.map((code) => rateFor(query, code, { provider: 'alpha', ...euros(300) }))
      },
      { propertiesMax: 1, limits: { shopTimeoutMs: 30_000 } },
    )
    await serve([slow])
    const first = (await get()).json()
    expect([namesIn(first), first.sources[0]]).toMatchObject([['Hotel Uno'], { state: 'answered', fault: 'timeout' }])
    open()
    await search.idle()
    const whole = (await get()).json()
    expect([namesIn(whole), whole.sources[0]]).toMatchObject([['Hotel Uno', 'Hotel Dos'], { state: 'answered', fault: null, offers: 2 }])
  })

  test('when the houses cannot be looked up every supplier has failed, and the answer says so', async () => {
    const broken = () => Promise.reject(new Error('no database'))
    await serve(two(), { near: broken, find: broken, findProperty: broken })
    const reply = await get()
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toMatchObject({ total: 0, data: [], sources: [{ state: 'failed' }, { state: 'failed' }] })
  })

  test('a rate of other days, of a property nobody asked for, of a package, without a rate of exchange or said twice is not shown, and counted', async () => {
    const odd = fakeStaySeller('alpha', async (query) => [
      rateFor(query, 'a1', { provider: 'alpha', ...euros(300) }),
      rateFor(query, 'a1', { provider: 'alpha', ...euros(300), supplierToken: 'again' }),
      rateFor(query, 'a1', { provider: 'alpha', ...euros(10), checkIn: '2026-12-02' as never }),
      rateFor(query, 'zz', { provider: 'alpha', ...euros(20) }),
      rateFor(query, 'a1', { provider: 'alpha', ...euros(30), rooms: [] }),
      rateFor(query, 'a1', { provider: 'alpha', ...euros(40), isPackageOnly: true }),
      rateFor(query, 'a1', { provider: 'alpha', total: money(100, 'MMK'), cancellation: null }),
    ])
    await serve([odd])
    const body = (await get()).json()
    expect(body.offers).toBe(1)
    expect(body.sources[0].left_out).toEqual({ duplicates: 1, unusable: 3, unpriced: 1, package_only: 1 })
  })

  test('nothing of what we pay or of the supplier’s own words is in it', async () => {
    const offer = {
      total: money(20_000, 'USD'),
      supplierToken: 'secret words',
      charges: [{ kind: 'tax' as const, name: 'VAT', amount: money(1_234, 'USD'), due: 'booking' as const }],
    }
    await serve([staySellerOf('alpha', { a1: [{ ...offer, cancellation: [{ from: null, penalty: money(20_000, 'USD') }] }] })])
    const text = (await get()).body
    for (const hidden of ['200.00', '12.34', 'secret words', 'supplierToken']) expect(text).not.toContain(hidden)
    expect(JSON.parse(text).data[0].offers[0]).toMatchObject({
      total: { amount: '202.00' },
      cancellation: [{ from: null, penalty: { amount: '202.00' } }],
    })
  })
})

describe('GET /v1/stays/houses/:house/offers', () => {
  test('tells all rates of the house that pass, in one piece', async () => {
    await serve(two())
    const reply = await app.inject(`/v1/stays/houses/${UNO}/offers?${STAY}&sort=best&limit=1&rates=1`)
    expect(reply.json()).toMatchObject({ matching: 1, page: { has_more: false } })
    expect(reply.json().data.length).toBe(1)
    expect(reply.json().data[0].offers.length).toBe(5)
    const cheap = await app.inject(`/v1/stays/houses/${UNO}/offers?${STAY}&max_price=260`)
    expect(cheap.json().data[0].offers.map((offer: { provider: string }) => offer.provider)).toEqual(['beta'])
    expect((await app.inject(`/v1/stays/houses/${houseId('nobody')}/offers?${STAY}`)).json()).toMatchObject({ matching: 0, data: [] })
  })

  test('an id that is none, a page and a misspelt filter are refused', async () => {
    await serve(two())
    expect((await app.inject(`/v1/stays/houses/x%7Cprice/offers?${STAY}`)).json()).toMatchObject({ code: 'unknown-house' })
    expect(
      (await app.inject(`/v1/stays/houses/${UNO}/offers?${STAY}&after=x&star=5`))
        .json()
        .errors.map((one: { pointer: string }) => one.pointer),
    ).toEqual(['star', 'after'])
  })
})

describe('GET /v1/stays/houses/:house', () => {
  test('tells what its suppliers say of it together', async () => {
    await serve(two())
    const reply = await app.inject(`/v1/stays/houses/${UNO}`)
    expect(reply.json().data).toMatchObject({
      id: UNO,
      name: 'Hotel Uno',
      images: ['https://images.example/1.jpg'],
      description: 'A house.',
      suppliers: ['alpha', 'beta'],
    })
    expect((await app.inject(`/v1/stays/houses/${houseId('nobody')}`)).statusCode).toBe(404)
  })
})

describe('a stay that was shown', () => {
  test('can be resolved as its supplier said it, after its prices were refreshed, until the supplier’s retention ends', async () => {
    const said = {
      total: money(30_000, 'USD'),
      cancellation: [
        { from: null, penalty: money(0, 'USD') },
        { from: parseInstant('2026-11-28T12:00:00Z'), penalty: null },
      ],
      rooms: [{ name: 'Double "Ω"', code: 'D', occupancy: { adults: 2, childAges: [] } }],
      boardText: null,
      ratePlan: null,
      roomsLeft: null,
      remarks: ['Bring a towel'],
    }
    await serve([staySellerOf('alpha', { a1: [said] }, { limits: { retentionMs: 12 * 60_000 } })])
    const shown = (await get()).json().data[0].offers[0]
    clock.advance(7 * 60_000)
    const refreshed = (await get()).json().data[0].offers[0]
    expect(refreshed.id).not.toBe(shown.id)
    const found = await search.findOffer(shown.id)
    if (found.outcome !== 'found') throw new Error(found.outcome)
    const [query] = [{ checkIn: '2026-12-01', checkOut: '2026-12-04', rooms: said.rooms.map((room) => room.occupancy) }]
    expect(found.offer).toEqual({
      ...rateFor(query as never, 'a1', { provider: 'alpha', ...said }),
      // The house is called as its contents call it.
      propertyName: 'Hotel Uno',
      id: shown.id,
    })
    expect(found).toMatchObject({ providerId: 'alpha', total: money(30_300, 'USD'), resolvableUntil: plusMs(clock.now(), 5 * 60_000) })
    clock.advance(5 * 60_000)
    expect(await search.findOffer(shown.id)).toEqual({ outcome: 'expired' })
  })

  test('is not found under the id of a flight, nor two of them as a combination', async () => {
    await serve(two())
    const { id } = (await get()).json().data[0].offers[0]
    expect(id).toMatch(/^sty_/)
    expect((await search.findOffer(id)).outcome).toBe('found')
    expect((await search.findOffer(id.replace('sty_', 'off_'))).outcome).toBe('expired')
    expect((await search.findOffer(`${id}~${id}`)).outcome).toBe('unknown')
    expect((await search.findOffer(id.replace(/\d+$/, '999'))).outcome).toBe('unknown')
  })

  test('has alternatives: another rate of its house first, then houses nearby, one rate of each', async () => {
    await serve(two())
    const body = (await get()).json()
    const gone = body.data.find(({ house }: { house: { id: string } }) => house.id === UNO).offers[1] // alpha at 303.00
    const found = await search.alternativesTo(gone.id, 3)
    expect(found.map(({ offer, total }) => [offer.provider, (offer as { property: string }).property, total.amount])).toEqual([
      ['alpha', 'a1', 34_340],
      ['alpha', 'a2', 20_200],
      ['beta', 'b3', 9_090],
    ])
    expect((await search.findOffer(found[0]!.offer.id)).outcome).toBe('found')
    expect(await search.alternativesTo(gone.id.replace('sty_', 'sty_0'), 3)).toEqual([])
  })
})
