import { beforeEach, describe, expect, test } from 'vitest'
import { fakeSeller, sellerOf } from '../../test/support/fake-seller.ts'
import { nonstop } from '../../test/support/flight-offers.ts'
import { flightOffer } from '../../test/support/offers.ts'
import { formatMoney, money } from '../kernel/money.ts'
import { createStoppedClock, parseLocalDate, plusMs, type Clock } from '../kernel/time.ts'
import { createPricing, DEFAULT_RATES } from '../pricing/index.ts'
import type { Provider } from '../providers/contract.ts'
import { ProviderError } from '../providers/errors.ts'
import type { FlightQuery } from '../travel/flight.ts'
import { createFanOut } from './fan-out.ts'
import { createSearch, wholeView, type SearchConfig, type SearchUpdate } from './index.ts'
import { silentLogger } from './logger.ts'
import { startFlight } from './singleflight.ts'
import { createSupersetMemory } from './superset-memory.ts'
import { createSupersetStore } from './superset-store.ts'
import { createSupersets } from './supersets.ts'

const query: FlightQuery = {
  slices: [{ origin: 'CGK', destination: 'NRT', departureDate: parseLocalDate('2026-12-01') }],
  passengers: { adults: 1, children: 0, infants: 0 },
  cabin: 'economy',
}
const view = wholeView(query, 25)
const offers = [nonstop('GA', '1', 300), nonstop('SQ', '2', 200), nonstop('NH', '3', 250)]
const MINUTE = 60_000

let clock: ReturnType<typeof createStoppedClock>
beforeEach(() => {
  clock = createStoppedClock('2026-11-01T00:00:00Z')
})

function searchOver(providers: Provider[], config: Partial<SearchConfig> = {}, on: Clock = clock) {
  return createSearch({
    providers,
    cacheRedis: null,
    clock: on,
    pricing: createPricing({
      version: '1',
      displayCurrency: 'USD',
      rates: DEFAULT_RATES,
      markups: [{ provider: null, basisPoints: 100, fee: null }],
    }),
    config: { deadlineMs: 100, retentionMs: 30 * MINUTE, memoryBytesMax: 10_000_000, cursorSecret: 'secret', ...config },
    random: () => 0.5,
  })
}

describe('500 identical searches at once', () => {
  const askOf = (supersets: ReturnType<typeof createSupersets>) =>
    Promise.all(Array.from({ length: 500 }, () => supersets.obtain(query).result))

  test('ask each supplier once', async () => {
    const [alpha, beta] = [sellerOf('alpha', offers, 20), sellerOf('beta', offers, 40)]
    const search = searchOver([alpha, beta])
    const answers = await Promise.all(Array.from({ length: 500 }, () => search.searchOffers(query, view)))
    expect([alpha.asked.length, beta.asked.length]).toEqual([1, 1])
    expect(new Set(answers.map((answer) => answer.tag)).size).toBe(1)
    expect(answers[0]!.total).toBe(6)
  })

  test('ask many times without the guard, so that the test above can fail', async () => {
    const alpha = sellerOf('alpha', offers, 20, { concurrentMax: 1_000 })
    const supersets = createSupersets({
      clock,
      fanOut: createFanOut({ providers: [alpha], clock, logger: silentLogger, deadlineMs: 100, retentionMs: MINUTE }),
      memory: createSupersetMemory({ bytesMax: 1_000_000 }),
      store: createSupersetStore({ redis: null, clock, logger: silentLogger }),
      singleflight: { join: (_, work) => startFlight(work), underWay: () => 0 },
      random: () => 0.5,
    })
    await askOf(supersets)
    expect(alpha.asked.length).toBe(500)
  })

  test('are answered although one who asked first went away', async () => {
    const alpha = sellerOf('alpha', offers, 40)
    const search = searchOver([alpha])
    const leaving = new AbortController()
    const left = search.streamOffers(query, view, () => undefined, leaving.signal)
    const staying = search.searchOffers(query, view)
    leaving.abort()
    await left
    expect((await staying).total).toBe(3)
    expect(alpha.asked.length).toBe(1)
  })
})

describe('the cache', () => {
  test('answers while prices are fresh, says how old they are, and asks again afterwards', async () => {
    const alpha = sellerOf('alpha', offers)
    const search = searchOver([alpha])
    expect((await search.searchOffers(query, view)).prices).toMatchObject({ ageSeconds: 0, fromCache: false })
    clock.advance(5 * MINUTE - 1_000)
    const answer = await search.searchOffers(query, view)
    expect(answer.prices).toEqual({
      checkedAt: plusMs(clock.now(), 1_000 - 5 * MINUTE),
      ageSeconds: 299,
      freshUntil: plusMs(clock.now(), 1_000),
      fromCache: true,
    })
    clock.advance(1_000)
    expect((await search.searchOffers(query, view)).prices).toMatchObject({ ageSeconds: 0, fromCache: false })
    expect(alpha.asked.length).toBe(2)
  })

  test('never shows a price that is older than it says, nor past its freshness', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    for (let i = 0; i < 60; i += 1) {
      const { prices } = await search.searchOffers(query, view)
      expect(clock.now() - prices.checkedAt).toBe(prices.ageSeconds * 1_000)
      expect(prices.freshUntil).toBeGreaterThan(clock.now())
      clock.advance(17_000)
    }
  })

  test('keeps searches of other travellers, cabins and dates apart', async () => {
    const alpha = sellerOf('alpha', offers)
    const search = searchOver([alpha])
    for (const other of [query, { ...query, cabin: 'business' as const }, { ...query, passengers: { adults: 2, children: 0, infants: 0 } }])
      await search.searchOffers(other, view)
    expect(alpha.asked.length).toBe(3)
  })

  test('serves every filter of one search from the same superset', async () => {
    const alpha = sellerOf('alpha', offers)
    const search = searchOver([alpha])
    const parameters = { origin: 'CGK', destination: 'NRT', departure_date: '2026-12-01' }
    for (const more of [{}, { airlines: 'SQ' }, { max_price: '260' }, { sort: 'duration' }]) {
      const parsed = search.parse({ ...parameters, ...more })
      await search.searchOffers(parsed.query, parsed.view)
    }
    expect(alpha.asked.length).toBe(1)
  })

  test('remembers no failure for longer than seconds', async () => {
    let isDown = true
    const alpha = fakeSeller('alpha', () =>
      isDown ? Promise.reject(new ProviderError('alpha', 'unreachable', 'down')) : Promise.resolve({ solutions: 3, offers }),
    )
    const search = searchOver([alpha])
    const answer = await search.searchOffers(query, view)
    expect(answer).toMatchObject({ total: 0, sources: [{ state: 'failed', fault: 'unreachable' }] })
    isDown = false
    clock.advance(5_000)
    expect((await search.searchOffers(query, view)).total).toBe(3)
  })

  test('forgets the least recently used superset when memory is full, and goes on', async () => {
    const alpha = sellerOf('alpha', offers)
    const search = searchOver([alpha], { memoryBytesMax: 12_000 })
    for (const adults of [1, 2, 3, 1]) await search.searchOffers({ ...query, passengers: { adults, children: 0, infants: 0 } }, view)
    expect(alpha.asked.length).toBe(4)
  })
})

describe('a supplier that answers late', () => {
  test('is reported as timed out, joins afterwards, and changes no offer that was shown', async () => {
    const search = searchOver([sellerOf('quick', offers), sellerOf('late', offers, 160)])
    const first = await search.searchOffers(query, view)
    expect(first.sources.map(({ provider, state }) => `${provider} ${state}`)).toEqual(['quick answered', 'late timed_out'])
    expect(first.prices.freshUntil).toBe(plusMs(clock.now(), 20_000))
    await search.idle()
    const second = await search.searchOffers(query, view)
    expect(second).toMatchObject({
      total: 6,
      sources: [{ state: 'answered' }, { state: 'answered', offers: 3 }],
      prices: { fromCache: true },
    })
    expect(second.prices.freshUntil).toBe(plusMs(clock.now(), 5 * MINUTE))
    expect(second.tag).not.toBe(first.tag)
    for (const { offer } of first.offers) expect(second.offers.find((other) => other.offer.id === offer.id)?.offer).toEqual(offer)
  })
})

describe('an offer that was shown', () => {
  test('can be resolved after its prices were refreshed, until its supplier’s retention ends', async () => {
    const search = searchOver([sellerOf('alpha', offers, 0, { retentionMs: 12 * MINUTE })])
    const shown = (await search.searchOffers(query, view)).offers[0]!
    clock.advance(7 * MINUTE)
    const refreshed = await search.searchOffers(query, view)
    expect(refreshed.offers[0]!.offer.id).not.toBe(shown.offer.id)
    clock.advance(5 * MINUTE - 1)
    const found = await search.findOffer(shown.offer.id)
    expect(found).toMatchObject({
      outcome: 'found',
      providerId: 'alpha',
      offer: shown.offer,
      total: shown.total,
      resolvableUntil: plusMs(clock.now(), 1),
    })
    clock.advance(1)
    expect(await search.findOffer(shown.offer.id)).toEqual({ outcome: 'expired' })
    expect(await search.findOffer(refreshed.offers[0]!.offer.id)).toMatchObject({ outcome: 'found' })
  })

  test('is net inside and carries the price shown beside it', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const { offer, total } = (await search.searchOffers(query, view)).offers[0]!
    expect([formatMoney(offer.total), formatMoney(total)]).toEqual(['USD 200.00', 'USD 202.00'])
  })

  test('expires when its supplier withdraws it', async () => {
    const search = searchOver([sellerOf('alpha', [flightOffer({ expiresAt: plusMs(clock.now(), MINUTE) })])])
    const { offer } = (await search.searchOffers(query, view)).offers[0]!
    clock.advance(MINUTE)
    expect(await search.findOffer(offer.id)).toEqual({ outcome: 'expired' })
    expect((await search.searchOffers(query, view)).offers).toEqual([])
  })

  test('is unknown when it never was, expired when the cache has lost it', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const id = (await search.searchOffers(query, view)).offers[0]!.offer.id
    for (const never of [
      '',
      'off_1',
      'bkg_01',
      `${id}9`,
      id.replace(/_\d+$/, '_3'),
      id.replace('off_', 'off_z'),
      `off_${'z'.repeat(17)}_0`,
    ]) {
      expect([never, await search.findOffer(never)]).toEqual([never, { outcome: 'unknown' }])
    }
    expect(await searchOver([]).findOffer(id)).toEqual({ outcome: 'expired' })
  })
})

describe('alternatives to an offer that is gone', () => {
  test('are the nearest in price and time, one per itinerary, without the fare that is gone', async () => {
    const gone = nonstop('GA', '1', 300, '09:00')
    const others = [
      nonstop('GA', '9', 900, '09:00'),
      nonstop('SQ', '2', 310, '10:00'),
      nonstop('SQ', '2', 340, '10:00'),
      nonstop('NH', '3', 290, '22:00'),
      nonstop('JL', '4', 320, '08:30'),
    ]
    const search = searchOver([sellerOf('alpha', [gone, ...others]), sellerOf('beta', [nonstop('GA', '1', 305, '09:00')])])
    const page = await search.searchOffers(query, view)
    const id = page.offers.find(({ offer, total }) => offer.provider === 'alpha' && total.amount === 30_300)!.offer.id
    const found = await search.alternativesTo(id, 3)
    expect(found.map(({ offer }) => `${offer.provider} ${offer.slices[0]!.segments[0]!.carrier}`)).toEqual([
      'beta GA',
      'alpha SQ',
      'alpha JL',
    ])
  })

  test('come from the latest superset and can be verified', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const id = (await search.searchOffers(query, view)).offers[0]!.offer.id
    clock.advance(6 * MINUTE)
    const latest = (await search.searchOffers(query, view)).offers.map(({ offer }) => offer.id)
    const found = await search.alternativesTo(id, 3)
    expect(found.length).toBe(2)
    for (const { offer } of found) expect(latest).toContain(offer.id)
    expect(await search.alternativesTo('off_nothing', 3)).toEqual([])
  })
})

describe('pages', () => {
  test('go on in the superset they began in although prices were refreshed meanwhile', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const parameters = { origin: 'CGK', destination: 'NRT', departure_date: '2026-12-01', limit: '2' }
    const first = search.parse(parameters)
    const page = await search.searchOffers(first.query, first.view)
    clock.advance(6 * MINUTE)
    await search.searchOffers(first.query, first.view)
    const second = search.parse({ ...parameters, after: page.after! })
    const rest = await search.searchOffers(second.query, second.view)
    expect(rest.offers.map(({ offer }) => offer.slices[0]!.segments[0]!.carrier)).toEqual(['GA'])
    expect(rest.prices.ageSeconds).toBe(360)
    expect(rest.offers[0]!.offer.id.slice(0, 21)).toBe(page.offers[0]!.offer.id.slice(0, 21))
    expect(rest.after).toBeNull()
  })
})

describe('an offer whose currency has no rate', () => {
  test('is not shown, and is counted where it came from', async () => {
    const search = searchOver([sellerOf('alpha', [...offers, flightOffer({ total: money(100, 'MMK') })])])
    expect(await search.searchOffers(query, view)).toMatchObject({ total: 3, sources: [{ offers: 4, unpriced: 1 }] })
  })
})

describe('a stream', () => {
  async function follow(search: ReturnType<typeof searchOver>) {
    const updates: SearchUpdate[] = []
    await search.streamOffers(query, view, (update) => updates.push(update), new AbortController().signal)
    return updates.map((update) => {
      if (update.kind === 'source') return `${update.source.provider} ${update.source.state}`
      return update.kind === 'offers' ? `offers ${update.answer.total}` : `done ${update.answered}/${update.total}`
    })
  }

  test('tells each supplier’s progress and the growing list', async () => {
    const search = searchOver([sellerOf('quick', offers, 5), sellerOf('slow', offers, 40), sellerOf('late', offers, 200)])
    expect(await follow(search)).toEqual([
      ...['quick asked', 'slow asked', 'late asked'],
      ...['quick answered', 'offers 3', 'slow answered', 'offers 6', 'late timed_out', 'done 2/3'],
    ])
    await search.idle()
    expect(await follow(search)).toEqual(['quick answered', 'slow answered', 'late answered', 'offers 9', 'done 3/3'])
  })

  test('of a search that finds nothing still shows the empty list', async () => {
    expect(await follow(searchOver([fakeSeller('down', () => Promise.reject(new ProviderError('down', 'unreachable', '')))]))).toEqual([
      'down asked',
      'down failed',
      'offers 0',
      'done 0/1',
    ])
  })
})
