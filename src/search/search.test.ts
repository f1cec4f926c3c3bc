import { beforeEach, describe, expect, test } from 'vitest'
import Value from 'typebox/value'
import { fakeSeller, sellerOf } from '../../test/support/fake-seller.ts'
import { nonstop } from '../../test/support/flight-offers.ts'
import { flightOffer } from '../../test/support/offers.ts'
import { ask, ROUTE, searchOver as searchWith } from '../../test/support/searching.ts'
import { formatMoney, money } from '../kernel/money.ts'
import { createStoppedClock, parseInstant, plusMs, type Clock } from '../kernel/time.ts'
import type { Provider } from '../providers/contract.ts'
import { ProviderError } from '../providers/errors.ts'
import type { SearchConfig } from './index.ts'
import { OfferSummarySchema, OffersEvent, SearchReply } from './schemas.ts'
import type { SearchEvent } from './answer/stream-offers.ts'

const offers = [nonstop('GA', '1', 300), nonstop('SQ', '2', 200), nonstop('NH', '3', 250)]
const MINUTE = 60_000

let clock: ReturnType<typeof createStoppedClock>
beforeEach(() => {
  clock = createStoppedClock('2026-11-01T00:00:00Z')
})

const searchOver = (providers: Provider[], config: Partial<SearchConfig> = {}, on: Clock = clock) =>
  searchWith(providers, { clock: on, config })

describe('500 identical searches at once', () => {
  test('ask each supplier once', async () => {
    const [alpha, beta] = [sellerOf('alpha', offers, 20), sellerOf('beta', offers, 40)]
    const search = searchOver([alpha, beta])
    const answers = await Promise.all(Array.from({ length: 500 }, () => ask(search)))
    expect([alpha.asked.length, beta.asked.length]).toEqual([1, 1])
    expect(new Set(answers.map((answer) => answer.tag)).size).toBe(1)
    expect(answers[0]!.body.total).toBe(6)
  })

  test('are answered although one who asked first went away', async () => {
    const alpha = sellerOf('alpha', offers, 40)
    const search = searchOver([alpha])
    const leaving = new AbortController()
    const left = search.streamOffers({ asked: search.parse(ROUTE), onEvent: () => undefined, signal: leaving.signal, lastEventId: null })
    const staying = ask(search)
    leaving.abort()
    await left
    expect((await staying).body.total).toBe(3)
    expect(alpha.asked.length).toBe(1)
  })
})

describe('the cache', () => {
  test('answers while prices are fresh, and says how old they are', async () => {
    const alpha = sellerOf('alpha', offers)
    const search = searchOver([alpha])
    const first = await ask(search)
    expect(first.body.prices).toEqual({ checked_at: '2026-11-01T00:00:00.000Z', fresh_until: '2026-11-01T00:05:00.000Z', is_stale: false })
    clock.advance(5 * MINUTE - 1_000)
    expect((await ask(search)).body.prices).toEqual(first.body.prices)
    expect(alpha.asked.length).toBe(1)
  })

  test('a price shown is never older than the freshness bound without saying so', async () => {
    const alpha = sellerOf('alpha', offers)
    const search = searchOver([alpha])
    for (let i = 0; i < 80; i += 1) {
      const { body, checkedAt, freshUntil, isStale } = await ask(search)
      expect([parseInstant(body.prices.checked_at), parseInstant(body.prices.fresh_until)]).toEqual([checkedAt, freshUntil])
      expect(body.prices.is_stale).toBe(isStale)
      // Five minutes and a tenth is the longest a price of a month ahead is fresh.
      if (!isStale) expect(clock.now() - checkedAt).toBeLessThan(5.5 * MINUTE)
      expect(isStale).toBe(clock.now() >= freshUntil)
      clock.advance(i % 3 === 0 ? 97_000 : 17_000)
    }
    await search.idle()
    expect(alpha.asked.length).toBeGreaterThan(5)
  })

  test('old prices are shown at once, said to be old, and replaced behind the answer', async () => {
    const alpha = sellerOf('alpha', offers)
    const search = searchOver([alpha])
    const first = await ask(search)
    clock.advance(6 * MINUTE)
    const stale = await ask(search)
    expect([stale.body.prices.is_stale, stale.body.prices.checked_at]).toEqual([true, first.body.prices.checked_at])
    expect(stale.tag).not.toBe(first.tag)
    await search.idle()
    expect((await ask(search)).body.prices).toMatchObject({ is_stale: false, checked_at: '2026-11-01T00:06:00.000Z' })
    expect(alpha.asked.length).toBe(2)
  })

  test('prices too old to be shown even so are asked for before the answer', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    await ask(search)
    clock.advance(25 * MINUTE)
    expect((await ask(search)).body.prices).toMatchObject({ is_stale: false, checked_at: '2026-11-01T00:25:00.000Z' })
  })

  test('keeps searches of other travellers, cabins and dates apart', async () => {
    const alpha = sellerOf('alpha', offers)
    const search = searchOver([alpha])
    for (const more of ['', '&cabin=business', '&adults=2']) await ask(search, ROUTE + more)
    expect(alpha.asked.length).toBe(3)
  })

  test('serves every filter, sort and form of one search from the same superset', async () => {
    const alpha = sellerOf('alpha', offers)
    const search = searchOver([alpha])
    for (const more of ['', '&airlines=SQ', '&max_price=260', '&sort=duration', '&sort=best', '&view=summary', '&bags=1'])
      await ask(search, ROUTE + more)
    expect(alpha.asked.length).toBe(1)
  })

  test('remembers no failure for longer than seconds', async () => {
    let isDown = true
    const alpha = fakeSeller('alpha', () =>
      isDown ? Promise.reject(new ProviderError('alpha', 'unreachable', 'down')) : Promise.resolve({ solutions: 3, offers }),
    )
    const search = searchOver([alpha])
    expect((await ask(search)).body).toMatchObject({ total: 0, sources: [{ state: 'failed', fault: 'unreachable' }] })
    isDown = false
    clock.advance(12_000)
    expect((await ask(search)).body.total).toBe(3)
  })

  test('forgets the least recently used superset when memory is full, and goes on', async () => {
    const alpha = sellerOf('alpha', offers)
    const search = searchOver([alpha], { memoryBytesMax: 25_000 })
    for (const adults of [1, 2, 3, 1]) await ask(search, `${ROUTE}&adults=${adults}`)
    expect(alpha.asked.length).toBe(4)
  })

  test('of answers gives the same bytes as no cache, for every selection and page', async () => {
    const [kept, made] = [searchOver([sellerOf('alpha', offers)]), searchOver([sellerOf('alpha', offers)], { answersBytesMax: 0 })]
    const withoutIds = (bytes: Buffer) =>
      bytes
        .toString()
        .replaceAll(/off_[0-9a-z]{17}/g, 'off')
        .replace(/"after":"[^"]+"/, '"after":""')
        .replaceAll(/"ms":\d+/g, '')
    for (const more of ['', '&limit=1', '&max_price=255', '&max_price=256', '&airlines=SQ', '&sort=arrival', '&view=summary']) {
      // Asked once, asked again and so kept, found.
      const answers = [
        await ask(kept, ROUTE + more),
        await ask(kept, ROUTE + more),
        await ask(kept, ROUTE + more),
        await ask(made, ROUTE + more),
      ]
      expect(new Set(answers.map((answer) => withoutIds(answer.bytes))).size, more).toBe(1)
    }
    // The third time of each, and all three times of the second slider, which leaves the same as the first.
    expect([kept.answerFacts().hits, made.answerFacts().hits]).toEqual([9, 0])
  })

  test('answers in zstd, br and gzip with what it answers without', async () => {
    const { decompress } = await import('@mongodb-js/zstd')
    const { brotliDecompressSync, gunzipSync } = await import('node:zlib')
    const search = searchOver([sellerOf('alpha', offers)])
    const plain = await ask(search)
    const coded = async (coding: 'zstd' | 'br' | 'gzip') =>
      (await search.searchOffers(search.parse(ROUTE), { coding, waitMs: 0, knownTag: null, signal: null })).body
    for (let round = 0; round < 2; round += 1) {
      expect((await decompress(await coded('zstd'))).equals(plain.bytes)).toBe(true)
      expect(brotliDecompressSync(await coded('br')).equals(plain.bytes)).toBe(true)
      expect(gunzipSync(await coded('gzip')).equals(plain.bytes)).toBe(true)
    }
    expect((await coded('zstd')).length).toBeLessThan(plain.bytes.length / 2)
  })
})

describe('a supplier that answers late', () => {
  test('is reported as timed out, joins afterwards, and changes no offer that was shown', async () => {
    const search = searchOver([sellerOf('quick', offers), sellerOf('late', offers, 900)], { deadlineMs: 400 })
    const first = await ask(search)
    expect(first.body.sources.map(({ provider, state }) => `${provider} ${state}`)).toEqual(['quick answered', 'late timed_out'])
    expect(first.freshUntil).toBe(plusMs(clock.now(), 20_000))
    await search.idle()
    const second = await ask(search)
    expect(second.body).toMatchObject({ total: 6, sources: [{ state: 'answered' }, { state: 'answered', offers: 3 }] })
    expect(second.freshUntil).toBe(plusMs(clock.now(), 5 * MINUTE))
    expect(second.tag).not.toBe(first.tag)
    for (const offer of first.body.data) expect(second.body.data.find((other) => other.id === offer.id)).toEqual(offer)
  })

  test('does not hold up the first answer beyond the soft deadline, and is waited for by who asks to', async () => {
    const search = searchOver([sellerOf('quick', offers), sellerOf('slow', offers, 250)], { softDeadlineMs: 0 })
    const first = await ask(search)
    expect([first.body.total, first.isComplete, first.body.sources[1]!.state]).toEqual([3, false, 'asked'])
    const waited = await ask(search, ROUTE, { waitMs: 5_000, knownTag: `W/"${first.tag}"` })
    expect([waited.body.total, waited.isComplete]).toEqual([6, true])
    expect(waited.tag).not.toBe(first.tag)
  })

  test('who waits for news that does not come gets the answer that is known', async () => {
    const search = searchOver([sellerOf('quick', offers), sellerOf('slow', offers, 400)], { softDeadlineMs: 0 })
    const first = await ask(search)
    const waited = await ask(search, ROUTE, { waitMs: 30, knownTag: `W/"${first.tag}"` })
    expect([waited.tag, waited.isComplete]).toEqual([first.tag, false])
    await search.close()
  })
})

describe('an offer that was shown', () => {
  test('can be resolved after its prices were refreshed, until its supplier’s retention ends', async () => {
    const search = searchOver([sellerOf('alpha', offers, 0, { retentionMs: 12 * MINUTE })])
    const shown = (await ask(search)).body.data[0]!
    clock.advance(7 * MINUTE)
    const refreshed = (await ask(search)).body.data[0]!
    expect(refreshed.id).not.toBe(shown.id)
    clock.advance(5 * MINUTE - 1)
    const found = await search.findOffer(shown.id)
    expect(found).toMatchObject({ outcome: 'found', providerId: 'alpha', resolvableUntil: plusMs(clock.now(), 1) })
    if (found.outcome !== 'found') throw new Error('not found')
    expect(formatMoney(found.total)).toBe(`USD ${shown.total.amount}`)
    expect(found.offer).toEqual({ ...offers[1], provider: 'alpha', id: shown.id })
    clock.advance(1)
    expect(await search.findOffer(shown.id)).toEqual({ outcome: 'expired' })
    expect(await search.findOffer(refreshed.id)).toMatchObject({ outcome: 'found' })
  })

  test('is net inside and carries the price shown beside it', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const found = await search.findOffer((await ask(search)).body.data[0]!.id)
    if (found.outcome !== 'found') throw new Error('not found')
    expect([formatMoney(found.offer.total), formatMoney(found.total)]).toEqual(['USD 200.00', 'USD 202.00'])
  })

  test('shows nothing of what the supplier asks', async () => {
    const offer = flightOffer({
      total: money(20_000, 'USD'),
      base: money(15_000, 'USD'),
      taxes: money(5_000, 'USD'),
      supplierToken: 'secret words',
    })
    const search = searchOver([sellerOf('alpha', [offer])])
    for (const form of ['full', 'summary']) {
      const { bytes } = await ask(search, `${ROUTE}&view=${form}`)
      for (const hidden of ['200.00', '150.00', '50.00', 'secret words']) expect(bytes.includes(hidden), `${form} ${hidden}`).toBe(false)
    }
  })

  test('expires when its supplier withdraws it', async () => {
    const search = searchOver([sellerOf('alpha', [flightOffer({ expiresAt: plusMs(clock.now(), MINUTE) })])])
    const { id } = (await ask(search)).body.data[0]!
    clock.advance(MINUTE)
    expect(await search.findOffer(id)).toEqual({ outcome: 'expired' })
    expect((await ask(search)).body.data).toEqual([])
  })

  test('is unknown when it never was, expired when the cache has lost it, two when it is two tickets', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const { id } = (await ask(search)).body.data[0]!
    for (const never of [
      '',
      'off_1',
      'bkg_01',
      `${id}9`,
      id.replace(/_\d+$/, '_3'),
      id.replace('off_', 'off_z'),
      `off_${'z'.repeat(17)}_0`,
      `${id}~x`,
    ]) {
      expect([never, await search.findOffer(never)]).toEqual([never, { outcome: 'unknown' }])
    }
    expect(await searchOver([]).findOffer(id)).toEqual({ outcome: 'expired' })
    expect(await search.findOffer(`${id}~${id}`)).toEqual({ outcome: 'combined', offerIds: [id, id] })
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
    const { body } = await ask(search)
    const { id } = body.data.find(({ provider, total }) => provider === 'alpha' && total.amount === '303.00')!
    const found = await search.alternativesTo(id, 3)
    expect(found.map(({ offer }) => `${offer.provider} ${offer.slices[0]!.segments[0]!.carrier}`)).toEqual([
      'beta GA',
      'alpha SQ',
      'alpha JL',
    ])
  })

  test('come from the latest superset and can be verified', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const { id } = (await ask(search)).body.data[0]!
    clock.advance(12 * MINUTE)
    const latest = (await ask(search)).body.data.map((offer) => offer.id)
    const found = await search.alternativesTo(id, 3)
    expect(found.length).toBe(2)
    for (const { offer } of found) expect(latest).toContain(offer.id)
    expect(await search.alternativesTo('off_nothing', 3)).toEqual([])
  })
})

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

describe('an offer whose currency has no rate', () => {
  test('is not shown, and is counted where it came from', async () => {
    const search = searchOver([sellerOf('alpha', [...offers, flightOffer({ total: money(100, 'MMK') })])])
    expect((await ask(search)).body).toMatchObject({ total: 3, sources: [{ offers: 4, left_out: { unpriced: 1 } }] })
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

describe('a stream', () => {
  async function follow(search: ReturnType<typeof searchOver>, lastEventId: string | null = null, query = ROUTE): Promise<SearchEvent[]> {
    const events: SearchEvent[] = []
    await search.streamOffers({
      asked: search.parse(query),
      onEvent: (event) => events.push(event),
      signal: new AbortController().signal,
      lastEventId,
    })
    return events
  }
  const inShort = (events: readonly SearchEvent[]) =>
    events.map(({ name, data }) => {
      const told = JSON.parse(data)
      if (name === 'source') return `${told.provider} ${told.state}`
      if (name === 'offers') return `offers +${told.upsert.length} -${told.remove.length} of ${told.total}`
      return name === 'done' ? `done ${told.answered}/${told.total}` : name
    })

  test('tells each supplier’s progress and the growing list', async () => {
    const search = searchOver([sellerOf('quick', offers, 5), sellerOf('slow', offers, 60), sellerOf('late', offers, 900)], {
      deadlineMs: 350,
    })
    const events = await follow(search)
    const told = inShort(events).filter((event) => !event.startsWith('offers'))
    expect(told).toEqual([
      ...['quick asked', 'slow asked', 'late asked'],
      ...['quick answered', 'slow answered', 'late timed_out', 'facets', 'done 2/3'],
    ])
    // However the answers fall together, six offers are put in, three of them at once.
    const lists = events.filter(({ name }) => name === 'offers').map(({ data }) => JSON.parse(data))
    expect([lists[0].total, lists[0].reset, lists.at(-1).total]).toEqual([3, true, 6])
    expect(lists.flatMap((list) => list.upsert).length).toBe(6)
    await search.idle()
    expect(inShort(await follow(search))).toEqual([
      'quick answered',
      'slow answered',
      'late answered',
      'offers +9 -0 of 9',
      'facets',
      'done 3/3',
    ])
  })

  test('what it puts in and takes out leads to the page that a plain request shows', async () => {
    const dear = Array.from({ length: 6 }, (_, i) => nonstop('GA', String(i), 500 + i))
    const cheap = Array.from({ length: 4 }, (_, i) => nonstop('SQ', String(i), 100 + i))
    const search = searchOver([sellerOf('quick', dear), sellerOf('slow', cheap, 60)])
    const held = new Map<string, unknown>()
    let order: string[] = []
    for (const { name, data } of await follow(search, null, `${ROUTE}&limit=5`)) {
      if (name !== 'offers') continue
      const change = JSON.parse(data)
      expect(Value.Errors(OffersEvent, change)).toEqual([])
      if (change.reset) held.clear()
      for (const id of change.remove) expect(held.delete(id)).toBe(true)
      for (const offer of change.upsert) held.set(offer.id, offer)
      order = change.order
      expect(held.size).toBe(order.length)
    }
    expect(order.map((id) => held.get(id))).toEqual((await ask(search, `${ROUTE}&limit=5`)).body.data)
  })

  test('of a search that finds nothing still shows the empty list', async () => {
    const search = searchOver([fakeSeller('down', () => Promise.reject(new ProviderError('down', 'unreachable', '')))])
    expect(inShort(await follow(search))).toEqual(['down asked', 'down failed', 'offers +0 -0 of 0', 'facets', 'done 0/1'])
  })

  test('who comes back to what it has seen is told that it is all, and else everything anew', async () => {
    const search = searchOver([sellerOf('alpha', offers)])
    const seen = (await follow(search)).at(-1)!.id
    expect(inShort(await follow(search, seen))).toEqual(['alpha answered', 'done 1/1'])
    const [, again] = await follow(search, 'something else')
    expect(JSON.parse(again!.data)).toMatchObject({ reset: true, order: { length: 3 } })
  })
})
