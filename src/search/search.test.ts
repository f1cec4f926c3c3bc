import { Value } from 'typebox/value'
import { beforeEach, describe, expect, test } from 'vitest'
import { fakeSeller, sellerOf } from '../../test/support/fake-seller.ts'
import { nonstop } from '../../test/support/flight-offers.ts'
import { ask, ROUTE, searchOver as searchWith } from '../../test/support/searching.ts'
import { money } from '../kernel/money.ts'
import { createStoppedClock, parseInstant, plusMs, type Clock } from '../kernel/time.ts'
import type { Provider } from '../providers/contract.ts'
import { ProviderError } from '../providers/errors.ts'
import type { FlightOffer, Segment } from '../travel/flight.ts'
import type { SearchConfig } from './index.ts'
import { SearchReply } from './schemas.ts'

const offers = [nonstop('GA', '1', 300), nonstop('SQ', '2', 200), nonstop('NH', '3', 250)]
/** What another supplier sells, of which nothing is the same. */
const others = [nonstop('GA', '4', 300), nonstop('SQ', '5', 200), nonstop('NH', '6', 250)]
const MINUTE = 60_000

let clock: ReturnType<typeof createStoppedClock>
beforeEach(() => {
  clock = createStoppedClock('2026-11-01T00:00:00Z')
})

const searchOver = (providers: Provider[], config: Partial<SearchConfig> = {}, on: Clock = clock) =>
  searchWith(providers, { clock: on, config })

describe('500 identical searches at once', () => {
  test('ask each supplier once', async () => {
    const [alpha, beta] = [sellerOf('alpha', offers, 20), sellerOf('beta', others, 40)]
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

describe('what several suppliers sell', () => {
  const dearer = (dollars: number) => offers.map((offer) => ({ ...offer, total: money(offer.total.amount + dollars * 100, 'USD') }))
  const selling = () =>
    searchOver([sellerOf('alpha', dearer(10)), sellerOf('beta', offers.slice(0, 2)), sellerOf('gamma', dearer(20).slice(1))])

  test('is one result at the cheapest of them, with the others as alternatives that can be bought too', async () => {
    const search = selling()
    const { body } = await ask(search)
    expect([body.total, body.matching]).toEqual([3, 3])
    expect(body.data.map(({ provider, alternatives }) => [provider, ...alternatives.map((one) => one.provider)])).toEqual([
      ['beta', 'alpha', 'gamma'],
      ['alpha', 'gamma'],
      ['beta', 'alpha'],
    ])
    const [cheapest] = body.data
    expect(cheapest!.alternatives.map((one) => one.total.amount)).toEqual(['212.10', '222.20'])
    expect(await search.findOffer(cheapest!.alternatives[1]!.offer_id)).toMatchObject({ outcome: 'found', providerId: 'gamma' })
    expect(Value.Errors(SearchReply, body)).toEqual([])
    const summary = await ask(search, `${ROUTE}&view=summary`)
    expect(summary.body.data.map((one) => one.alternatives)).toEqual(body.data.map((one) => one.alternatives))
  })

  test('is found at whoever of them is asked for, and counted for each', async () => {
    const search = selling()
    const { body } = await ask(search, `${ROUTE}&suppliers=gamma`)
    expect([body.total, body.matching, body.data.length]).toEqual([3, 2, 2])
    expect(body.data.map(({ provider }) => provider)).toEqual(['gamma', 'gamma'])
    expect(body.data[0]!.alternatives.map((one) => one.provider)).toEqual(['beta', 'alpha'])
    expect(body.facets.suppliers.map(({ value, count }) => [value, count])).toEqual([
      ['alpha', 3],
      ['beta', 2],
      ['gamma', 2],
    ])
    for (const { value, count } of body.facets.suppliers)
      expect((await ask(search, `${ROUTE}&suppliers=${value}`)).body.matching).toBe(count)
    expect(body.facets.airlines.map(({ value, count }) => [value, count])).toEqual([
      ['GA', 0],
      ['NH', 1],
      ['SQ', 1],
    ])
  })

  test('is not the same where family, bags, refunds or changes differ, or one of them does not say', async () => {
    const [offer] = offers
    const changed = (changes: Partial<FlightOffer>, flown: Partial<Segment> = {}) => {
      const [slice] = offer!.slices
      return { ...offer!, slices: [{ ...slice!, segments: [{ ...slice!.segments[0]!, ...flown }] }], ...changes }
    }
    const bag = (pieces: number | null, weightKg: number | null) => [{ kind: 'checked' as const, pieces, weightKg }]
    const totalWith = async (other: FlightOffer) =>
      (await ask(searchOver([sellerOf('alpha', [offer!]), sellerOf('beta', [other])]))).body.total
    for (const other of [
      changed({ refundable: true }),
      changed({ refundable: null }),
      changed({ changeable: false }),
      changed({}, { brand: 'Economy Flex' }),
      changed({}, { brand: null }),
      changed({}, { cabin: 'business' }),
      changed({}, { baggage: bag(2, 23) }),
      changed({}, { baggage: [] }),
      changed({}, { baggage: bag(null, 23) }),
      changed({}, { arrival: { local: '2026-12-01T19:06' as never, offset: '+09:00' } }),
    ])
      expect(await totalWith(other)).toBe(2)
    // Who spells the family otherwise, or leaves out what a piece weighs and what may be carried on, sells the same.
    for (const other of [changed({}, { brand: 'ECONOMY ' }), changed({}, { baggage: bag(1, null) }), changed({}, { fareBasis: null })])
      expect(await totalWith(other)).toBe(1)
  })
})

describe('a supplier that answers late', () => {
  test('is reported as timed out, joins afterwards, and changes no offer that was shown', async () => {
    const search = searchOver([sellerOf('quick', offers), sellerOf('late', others, 900)], { deadlineMs: 400 })
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
    const search = searchOver([sellerOf('quick', offers), sellerOf('slow', others, 250)], { softDeadlineMs: 0 })
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
