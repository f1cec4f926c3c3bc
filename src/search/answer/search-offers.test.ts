import { beforeEach, describe, expect, test } from 'vitest'
import Value from 'typebox/value'
import { fakeSeller, sellerOf } from '../../../test/support/fake-seller.ts'
import { nonstop } from '../../../test/support/flight-offers.ts'
import { ask, ROUTE, searchOver as searchWith } from '../../../test/support/searching.ts'
import { createStoppedClock, type Clock } from '../../kernel/time.ts'
import type { Provider } from '../../providers/contract.ts'
import type { SearchConfig } from '../index.ts'
import { OfferSummarySchema, SearchReply } from '../schemas.ts'

const offers = [nonstop('GA', '1', 300), nonstop('SQ', '2', 200), nonstop('NH', '3', 250)]
const MINUTE = 60_000

let clock: ReturnType<typeof createStoppedClock>
beforeEach(() => {
  clock = createStoppedClock('2026-11-01T00:00:00Z')
})

const searchOver = (providers: Provider[], config: Partial<SearchConfig> = {}, on: Clock = clock) =>
  searchWith(providers, { clock: on, config })

describe('pages', () => {
  test('go on in the superset they began in although prices were refreshed meanwhile', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const first = await ask(search, `${ROUTE}&limit=2`)
    clock.advance(12 * MINUTE)
    expect((await ask(search, `${ROUTE}&limit=2`)).checkedAt).toBe(clock.now())
    const rest = await ask(search, `${ROUTE}&limit=2&after=${first.body.page.after}`)
    expect(rest.body.data.map((offer) => offer.slices[0]!.segments[0]!.carrier)).toEqual(['GA'])
    expect([rest.checkedAt, rest.isStale]).toEqual([first.checkedAt, true])
    expect(rest.body.data[0]!.id.slice(0, 21)).toBe(first.body.data[0]!.id.slice(0, 21))
    expect(rest.body.page).toEqual({ after: null, has_more: false })
  })

  test('show every offer once, whatever the order and the size of the page', async () => {
    const many = Array.from({ length: 23 }, (_, i) => nonstop('GA', String(i), 100 + (i % 4)))
    const search = searchOver([sellerOf('alpha', many)])
    for (const sort of ['best', 'price', 'duration', 'departure', 'arrival', 'price_with_bag']) {
      const ids: string[] = []
      for (let after: string | null = ''; after !== null;) {
        const { body } = await ask(search, `${ROUTE}&limit=5&sort=${sort}${after === '' ? '' : `&after=${after}`}`)
        ids.push(...body.data.map((offer) => offer.id))
        after = body.page.after
      }
      expect([ids.length, new Set(ids).size]).toEqual([23, 23])
    }
  })
})

describe('an answer', () => {
  test('has the published form, full and short', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const full = (await ask(search)).body
    expect(Value.Errors(SearchReply, full)).toEqual([])
    const short = (await ask(search, `${ROUTE}&view=summary`)).body
    for (const offer of short.data) expect(Value.Errors(OfferSummarySchema, offer)).toEqual([])
    expect({ ...short, data: [] }).toEqual({ ...full, data: [] })
    expect(JSON.stringify(short.data[0]).length).toBeLessThan(JSON.stringify(full.data[0]).length / 2)
  })
})

describe('a search nearby', () => {
  test('asks for the airports around as well, once each, and shows them as one list', async () => {
    const alpha = fakeSeller('alpha', (query) => {
      const { origin, destination } = query.slices[0]!
      return Promise.resolve({
        solutions: 1,
        offers: [{ ...nonstop('GA', origin + destination, 100 + alpha.asked.length), provider: 'alpha' }],
      })
    })
    const search = searchOver([alpha])
    const { body } = await ask(search, `${ROUTE}&nearby_km=100`)
    const pairs = alpha.asked.map(({ slices }) => `${slices[0]!.origin}${slices[0]!.destination}`)
    expect(pairs[0]).toBe('CGKNRT')
    expect(pairs).toContain('HLPNRT')
    expect(pairs).toContain('CGKHND')
    expect([new Set(pairs).size, body.total]).toEqual([pairs.length, pairs.length])
    expect(pairs.length).toBeLessThanOrEqual(6)
    expect(body.sources).toMatchObject([{ provider: 'alpha', offers: pairs.length }])
    // The pairs are searches of their own: one of them asked for alone is answered already.
    await ask(search, ROUTE.replace('NRT', 'HND'))
    expect(alpha.asked.length).toBe(pairs.length)
    const page = await ask(search, `${ROUTE}&nearby_km=100&limit=2`)
    const next = await ask(search, `${ROUTE}&nearby_km=100&limit=50&after=${page.body.page.after}`)
    expect([...page.body.data, ...next.body.data].map((offer) => offer.id)).toEqual(body.data.map((offer) => offer.id))
  })
})

describe('two tickets combined', () => {
  const at = (from: string, to: string, departs: string, arrives: string, dollars: number) => {
    const flight = nonstop('GA', `${from}${to}`, dollars)
    const [slice] = flight.slices
    const segment = {
      ...slice!.segments[0]!,
      origin: from,
      destination: to,
      departure: { local: `2026-12-01T${departs}` as never, offset: '+07:00' },
      arrival: { local: `2026-12-01T${arrives}` as never, offset: '+07:00' },
    }
    return {
      ...flight,
      provider: 'alpha',
      slices: [{ ...slice!, origin: from, destination: to, durationMinutes: null, segments: [segment] }],
    }
  }
  const seller = () =>
    fakeSeller('alpha', ({ slices }) => {
      const { origin, destination } = slices[0]!
      const [toHub, fromHub] = [at('CGK', 'SIN', '06:00', '08:00', 50), at('SIN', 'NRT', '14:00', '21:00', 60)]
      const through = {
        ...toHub,
        slices: [
          {
            ...toHub.slices[0]!,
            destination: 'NRT',
            segments: [toHub.slices[0]!.segments[0]!, { ...fromHub.slices[0]!.segments[0]!, carrier: 'SQ' }],
          },
        ],
      }
      const found =
        origin === 'CGK' && destination === 'NRT' ? [through] : destination === 'SIN' ? [toHub] : origin === 'SIN' ? [fromHub] : []
      return Promise.resolve({ solutions: found.length, offers: found })
    })

  test('are offered over the hubs of the search, labelled, priced as the sum, and named by their tickets', async () => {
    const alpha = seller()
    const search = searchOver([alpha])
    const plain = (await ask(search)).body
    expect([plain.total, plain.facets.self_transfer.map(({ value }) => value)]).toEqual([1, ['no']])
    const { body } = await ask(search, `${ROUTE}&self_transfer=include`)
    const joined = body.data.find((offer) => offer.self_transfer !== null)!
    expect(joined.total).toEqual({ amount: '111.10', currency: 'USD' })
    expect(joined.self_transfer).toMatchObject({
      connection: { arrival_airport: 'SIN', departure_airport: 'SIN', minutes: 360, risk: expect.stringMatching(/low|medium|high/) },
    })
    expect(joined.self_transfer!.connection.minimum_minutes).toBeLessThanOrEqual(360)
    expect(joined.id).toBe(joined.self_transfer!.offer_ids.join('~'))
    for (const id of joined.self_transfer!.offer_ids) expect(await search.findOffer(id)).toMatchObject({ outcome: 'found' })
    expect(await search.findOffer(joined.id)).toEqual({ outcome: 'combined', offerIds: joined.self_transfer!.offer_ids })
    expect(body.facets.self_transfer.map(({ value, count }) => [value, count])).toEqual([
      ['yes', 1],
      ['no', 1],
    ])
    expect((await ask(search, `${ROUTE}&self_transfer=only`)).body.matching).toBe(1)
    expect((await ask(search, `${ROUTE}&self_transfer=exclude`)).body.total).toBe(1)
    expect(alpha.asked.length).toBe(3)
  })
})
