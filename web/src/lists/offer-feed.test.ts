import { expect, test } from 'vitest'
import { noFacets, sampleAge, sampleList, sampleOffer, sampleUpdate } from '../test/samples.ts'
import { emptyFeed, lateNews, nextFeed, type FeedEvent, type OfferFeed } from './offer-feed.ts'

const offer = (id: string, amount: string) => sampleOffer({ id, total: { amount, currency: 'USD' } })
const a = offer('off_a', '79.00')
const b = offer('off_b', '200.00')
const c = offer('off_c', '210.00')
const update = (told: ReturnType<typeof sampleUpdate>, isHeld: boolean): FeedEvent => ({
  type: 'update',
  update: told,
  age: sampleAge,
  isHeld,
})
const first = sampleUpdate([b], { reset: true })
const second = sampleUpdate([a, c], { order: ['off_a', 'off_b', 'off_c'] })
const after = (...events: FeedEvent[]) => events.reduce<OfferFeed>(nextFeed, emptyFeed)
const ids = (feed: ReturnType<typeof after>) => feed.offers.map((each) => each.id)
const stops = (count: number) => ({ ...noFacets, stops: [{ value: 0, count, from: null }] })

test('rows do not move once the reader has begun: what comes late waits, counted, with its cheapest price', () => {
  const feed = after(update(first, false), update(second, true))
  expect(ids(feed)).toEqual(['off_b'])
  expect(lateNews(feed)).toEqual({ count: 2, from: { amount: '79.00', currency: 'USD' }, sellers: 0 })
  const shown = nextFeed(feed, { type: 'show_pending' })
  expect(ids(shown)).toEqual(['off_a', 'off_b', 'off_c'])
  expect(lateNews(shown)).toBeNull()
})

test('what waits grows with the stream, though none of it is shown', () => {
  const d = offer('off_d', '50.00')
  const third = sampleUpdate([d], { remove: ['off_c'], order: ['off_d', 'off_a', 'off_b'], matching: 4 })
  const feed = after(update(first, false), update(second, true), update(third, true))
  expect(ids(feed)).toEqual(['off_b'])
  expect(ids(nextFeed(feed, { type: 'show_pending' }))).toEqual(['off_d', 'off_a', 'off_b'])
})

test('other sellers of a fare that is shown wait too: their line would move the rows below', () => {
  const sold = { ...b, alternatives: [{ offer_id: 'off_z', provider: 'duffel', total: { amount: '205.00', currency: 'USD' } }] }
  const feed = after(update(first, false), update(sampleUpdate([sold]), true))
  expect(feed.offers[0]!.alternatives).toEqual([])
  expect(lateNews(feed)).toEqual({ count: 0, from: null, sellers: 1 })
  expect(nextFeed(feed, { type: 'show_pending' }).offers[0]!.alternatives).toHaveLength(1)
})

test('rows fill in by themselves while nobody reads them', () => {
  expect(ids(after(update(first, false), update(second, false)))).toHaveLength(3)
})

test('the first fares are shown at once, even to a reader who has touched the page', () => {
  expect(ids(after(update(sampleUpdate([], { reset: true }), true), update(first, true)))).toEqual(['off_b'])
})

test('a late answer that adds nothing says nothing', () => {
  expect(lateNews(after(update(first, false), update({ ...first, upsert: [], reset: false }, true)))).toBeNull()
})

test('what the reader asked for by a filter is shown at once, though the sources still answer', () => {
  const filtered = sampleUpdate([c], { reset: true })
  expect(ids(after(update(first, false), { type: 'refreshing' }, update(filtered, true)))).toEqual(['off_c'])
})

test('a connection made again that tells the same list moves nothing and says nothing', () => {
  const again = sampleUpdate([a, b, c], { reset: true })
  const feed = after(update(first, false), update(second, false), update(again, true))
  expect(ids(feed)).toEqual(['off_a', 'off_b', 'off_c'])
  expect(feed.pending).toBeNull()
})

test('counts belong to the list they were counted for: those of what waits do not stand beside what is shown', () => {
  const counted = after(update(first, false), { type: 'facets', facets: stops(1) })
  expect(counted.shown?.facets).toEqual(stops(1))
  const waiting = [update(second, true), { type: 'facets', facets: stops(3) } as FeedEvent].reduce(nextFeed, counted)
  expect(waiting.shown?.facets).toEqual(stops(1))
  expect(nextFeed(waiting, { type: 'show_pending' }).shown?.facets).toEqual(stops(3))
})

test('a further page appends what is not there yet and ends the list when it was the last', () => {
  const d = offer('off_d', '220.00')
  const page = { after: 'cursor', has_more: true }
  const feed = after(update(sampleUpdate([a, b, c], { reset: true, page }), false), { type: 'more', list: sampleList([c, d]) })
  expect(ids(feed)).toEqual(['off_a', 'off_b', 'off_c', 'off_d'])
  expect(feed.after).toBeNull()
})

test('old prices checked again wait when they would move rows, and keep the pages loaded when they do not', () => {
  const stale = sampleList([a, b], { prices: { checked_at: 'old', fresh_until: 'old', is_stale: true }, after: 'cursor' })
  const reading = after({ type: 'refreshed', list: stale, sources: [] }, { type: 'more', list: sampleList([c]) })
  const same = nextFeed(reading, { type: 'rechecked', list: sampleList([a, b]), sources: [], isHeld: true })
  expect(ids(same)).toEqual(['off_a', 'off_b', 'off_c'])
  expect(same.shown?.prices.is_stale).toBe(false)
  const other = nextFeed(reading, { type: 'rechecked', list: sampleList([b, a]), sources: [], isHeld: true })
  expect(ids(other)).toEqual(['off_a', 'off_b', 'off_c'])
  expect(other.pending).not.toBeNull()
})

test('a partial answer is still asking, until every source has answered or been given up', () => {
  const source = (state: 'asked' | 'answered' | 'failed') => ({ ...unanswered, provider: state, name: state, state })
  const partial = after({ type: 'refreshed', list: sampleList([b]), sources: [source('asked'), source('answered')] })
  expect(partial.isAsking).toBe(true)
  const whole: FeedEvent = { type: 'rechecked', list: sampleList([b]), sources: [source('failed'), source('answered')], isHeld: true }
  expect(nextFeed(partial, whole).isAsking).toBe(false)
})

const unanswered = { offers: 0, solutions: 0, ms: 0, fault: null, left_out: { duplicates: 0, unusable: 0, unpriced: 0 } }

test('a source keeps its place while its state changes', () => {
  const source = (provider: string, state: 'asked' | 'answered') => ({
    type: 'source' as const,
    source: { ...unanswered, provider, name: provider, state },
  })
  const feed = after(source('duffel', 'asked'), source('travelport', 'asked'), source('travelport', 'answered'))
  expect(feed.sources.map((each) => [each.provider, each.state])).toEqual([
    ['duffel', 'asked'],
    ['travelport', 'answered'],
  ])
})

test('the first counts are there to filter by, even when a longer list waits already', () => {
  const feed = after(update(first, false), update(second, true), { type: 'facets', facets: stops(3) })
  expect(ids(feed)).toEqual(['off_b'])
  expect(feed.shown?.facets).toEqual(stops(3))
  expect(nextFeed(feed, { type: 'show_pending' }).shown?.facets).toEqual(stops(3))
})
