import { readFileSync } from 'node:fs'
import path from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sellerOf } from '../../test/support/fake-seller.ts'
import { nonstop } from '../../test/support/flight-offers.ts'
import { Problem } from '../kernel/problems.ts'
import { createStoppedClock, parseLocalDate } from '../kernel/time.ts'
import { createPricing, DEFAULT_RATES } from '../pricing/index.ts'
import type { FlightQuery } from '../travel/flight.ts'
import { createPriceHistory, type PriceHistory } from './price-history/index.ts'
import { priceRoutes } from './price-routes.ts'

const route = 'origin=CGK&destination=NRT'
const grid = `/v1/flights/price-grid?${route}&departure_date=2026-12-01`
const calendar = `/v1/flights/price-calendar?${route}&month=2026-12`

let clock: ReturnType<typeof createStoppedClock>
let prices: PriceHistory
let app: FastifyInstance

beforeEach(async () => {
  clock = createStoppedClock('2026-11-01T00:00:00Z')
  const pricing = createPricing({ version: '1', displayCurrency: 'USD', rates: DEFAULT_RATES, markups: [] })
  prices = createPriceHistory({ redis: null, clock, pricing })
  app = Fastify()
  app.setErrorHandler((error, _, reply) => {
    if (error instanceof Problem) return reply.code(error.status).send({ code: error.code, errors: error.facts.errors })
    return reply.code(500).send({ code: 'bug', detail: String(error) })
  })
  await app.register(priceRoutes, { prefix: '/v1', prices, clock })
})
afterEach(() => app.close())

function queryOn(departure: string, back?: string): FlightQuery {
  const outbound = { origin: 'CGK', destination: 'NRT', departureDate: parseLocalDate(departure) }
  const inbound = back === undefined ? [] : [{ origin: 'NRT', destination: 'CGK', departureDate: parseLocalDate(back) }]
  return { slices: [outbound, ...inbound], passengers: { adults: 1, children: 0, infants: 0 }, cabin: 'economy' }
}

function note(query: FlightQuery, dollars: number | null): void {
  const cheapest = dollars === null ? null : { net: nonstop('GA', '1', dollars).total, provider: 'alpha' }
  prices.note(query, { cheapest, checkedAt: clock.now() })
}

async function faultsOf(url: string): Promise<string[]> {
  const reply = await app.inject(url)
  expect([reply.statusCode, reply.json().code], url).toEqual([400, 'invalid-search'])
  return reply.json().errors.map((fault: { pointer: string; code: string }) => `${fault.pointer} ${fault.code}`)
}

describe('GET /v1/flights/price-grid', () => {
  test('tells what earlier searches found three days either way', async () => {
    note(queryOn('2026-12-01'), 300)
    note(queryOn('2026-12-02'), null)
    const reply = await app.inject(grid)
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['cache-control']).toBe('public, max-age=60')
    const { data, ...rest } = reply.json()
    expect(rest).toEqual({
      search: {
        origin: 'CGK',
        destination: 'NRT',
        departure_date: '2026-12-01',
        return_date: null,
        passengers: { adults: 1, children: 0, infants: 0 },
        cabin: 'economy',
      },
      currency: 'USD',
    })
    expect(data.length).toBe(7)
    const known = { checked_at: '2026-11-01T00:00:00.000Z', return_date: null }
    expect(data.slice(2, 5)).toEqual([
      { departure_date: '2026-11-30', return_date: null, state: 'unknown', price: null, checked_at: null, is_cheapest: false },
      { ...known, departure_date: '2026-12-01', state: 'priced', price: { amount: '300.00', currency: 'USD' }, is_cheapest: true },
      { ...known, departure_date: '2026-12-02', state: 'none_found', price: null, is_cheapest: false },
    ])
  })

  test('has a cell for each pair of days of a round trip', async () => {
    note(queryOn('2026-12-03', '2026-12-05'), 500)
    const { search, data } = (await app.inject(`${grid}&return_date=2026-12-04`)).json()
    expect([search.return_date, data.length]).toEqual(['2026-12-04', 49])
    expect(data.filter((cell: { state: string }) => cell.state === 'priced')).toMatchObject([
      { departure_date: '2026-12-03', return_date: '2026-12-05', price: { amount: '500.00', currency: 'USD' } },
    ])
    expect(data.some((cell: { state: string }) => cell.state === 'impossible')).toBe(true)
  })

  test('is 304 for who has it already, and 200 when a price has changed', async () => {
    note(queryOn('2026-12-01'), 300)
    const tag = String((await app.inject(grid)).headers.etag)
    const askAgain = () => app.inject({ url: grid, headers: { 'if-none-match': `"other", ${tag}` } })
    const again = await askAgain()
    expect([again.statusCode, again.body, again.headers['cache-control']]).toEqual([304, '', 'public, max-age=60'])
    note(queryOn('2026-12-01'), 299)
    expect((await askAgain()).statusCode).toBe(200)
  })

  test('names every fault at once', async () => {
    expect(await faultsOf('/v1/flights/price-grid')).toEqual(['origin required', 'destination required', 'departure_date required'])
    expect(
      await faultsOf(
        '/v1/flights/price-grid?origin=XQX&destination=NRT&departure_date=2020-01-01&return_date=x&adults=0&infants=1&month=2026-12&cabin=&sort=price&origin=CGK',
      ),
    ).toEqual([
      'origin duplicate-parameter',
      'month unknown-parameter',
      'cabin empty',
      'sort unknown-parameter',
      'adults no-adult',
      'infants too-many-infants',
      'departure_date past-date',
      'return_date invalid-date',
    ])
    expect(await faultsOf(`${grid}&return_date=2026-11-30`)).toEqual(['return_date return-before-departure'])
    expect(await faultsOf(grid.replace('2026-12-01', '2027-12-01'))).toEqual(['departure_date too-far-ahead'])
    expect(await faultsOf(grid.replace('NRT', 'JKT'))).toEqual(['destination same-place'])
    expect(await faultsOf(`${grid}&adults=9&children=1`)).toEqual(['children too-many-travellers'])
  })
})

describe('GET /v1/flights/price-calendar', () => {
  test('tells each day of the month, and how its price stands among the others', async () => {
    for (const [day, dollars] of [300, 200, 100].entries()) note(queryOn(`2026-12-0${day + 1}`), dollars)
    const reply = await app.inject(calendar)
    const { search, data } = reply.json()
    expect(search).toMatchObject({ month: '2026-12', nights: null })
    expect(data.length).toBe(31)
    expect(data.slice(0, 4).map((day: { level: string | null; is_cheapest: boolean }) => [day.level, day.is_cheapest])).toEqual([
      ['high', false],
      ['medium', false],
      ['low', true],
      [null, false],
    ])
    expect(reply.headers).toMatchObject({ 'cache-control': 'public, max-age=60', etag: expect.any(String) })
  })

  test('tells round trips of so many nights, over the end of the month too', async () => {
    note(queryOn('2026-12-30', '2027-01-06'), 700)
    const { data } = (await app.inject(`${calendar}&nights=7`)).json()
    expect(data[29]).toMatchObject({
      departure_date: '2026-12-30',
      return_date: '2027-01-06',
      price: { amount: '700.00', currency: 'USD' },
    })
    expect((await app.inject(calendar)).json().data[29].state).toBe('unknown')
  })

  test('shows a month that has begun, its past days as impossible', async () => {
    clock.advance(14 * 86_400_000)
    const { data } = (await app.inject(calendar.replace('2026-12', '2026-11'))).json()
    expect(data.map((day: { state: string }) => day.state)).toEqual([...Array(14).fill('impossible'), ...Array(16).fill('unknown')])
  })

  test('names every fault at once', async () => {
    expect(await faultsOf(`/v1/flights/price-calendar?${route}&nights=91&departure_date=2026-12-01`)).toEqual([
      'departure_date unknown-parameter',
      'month required',
      'nights out-of-range',
    ])
    expect(await faultsOf(calendar.replace('2026-12', '2026-13'))).toEqual(['month invalid-month'])
    expect(await faultsOf(calendar.replace('2026-12', '2026-10'))).toEqual(['month past-date'])
    expect(await faultsOf(calendar.replace('2026-12', '2027-11'))).toEqual(['month too-far-ahead'])
  })
})

describe('no supplier is asked', () => {
  test('however often prices are looked at', async () => {
    const offer = nonstop('GA', '1', 300)
    const seller = sellerOf('alpha', [offer])
    const query = queryOn('2026-12-01')
    await seller.flights!.shop(query, {} as never)
    prices.note(query, {
      cheapest: { net: offer.total, provider: 'alpha' },
      checkedAt: clock.now(),
      offers: 1,
    })
    for (const url of [grid, `${grid}&return_date=2026-12-05`, calendar, `${calendar}&nights=7`])
      expect((await app.inject(url)).statusCode).toBe(200)
    expect((await app.inject(grid)).json().data[3].price).toEqual({ amount: '300.00', currency: 'USD' })
    expect(seller.asked.length).toBe(1)
  })

  test('because nothing here can reach one', () => {
    const reached = reachableFrom('src/search/price-routes.ts')
    expect(reached).toContain('src/search/price-history/price-store.ts')
    expect(reached.filter((file) => /^src\/providers\/|fan-out|supersets\/supersets|search-offers/.test(file))).toEqual([])
    // The walk would see it: the routes of searches do reach suppliers.
    expect(reachableFrom('src/search/suppliers/fan-out.ts').some((file) => file.startsWith('src/providers/'))).toBe(true)
  })
})

/** Every file of ours that this one imports, itself or through others. */
function reachableFrom(start: string): string[] {
  const seen = new Set<string>([start])
  for (const file of seen) {
    for (const match of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g))
      seen.add(path.posix.join(path.posix.dirname(file), match[1]!))
  }
  return [...seen]
}
