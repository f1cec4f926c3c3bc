import { expect, test } from 'vitest'
import { sampleAnswer, sampleOffer } from '../test/samples.ts'
import { emptyFeed, lateNews, nextFeed, type FeedEvent } from './offer-feed.ts'

const offer = (id: string, amount: string) => sampleOffer({ id, total: { amount, currency: 'USD' } })
const first = sampleAnswer([offer('off_b', '200.00')])
const merged = sampleAnswer([offer('off_a', '79.00'), offer('off_b', '200.00'), offer('off_c', '210.00')])
const after = (...events: FeedEvent[]) => events.reduce(nextFeed, emptyFeed)
const ids = (feed: ReturnType<typeof after>) => feed.offers.map((each) => each.id)

test('rows do not move once the reader has begun: what comes late waits, counted, with its cheapest price', () => {
  const feed = after({ type: 'answer', answer: first, isHeld: false, atMs: 1 }, { type: 'answer', answer: merged, isHeld: true, atMs: 2 })
  expect(ids(feed)).toEqual(['off_b'])
  expect(lateNews(feed)).toEqual({ count: 2, from: { amount: '79.00', currency: 'USD' } })
  const shown = nextFeed(feed, { type: 'show_pending' })
  expect(ids(shown)).toEqual(['off_a', 'off_b', 'off_c'])
  expect(lateNews(shown)).toBeNull()
})

test('rows fill in by themselves while nobody reads them', () => {
  expect(
    ids(after({ type: 'answer', answer: first, isHeld: false, atMs: 1 }, { type: 'answer', answer: merged, isHeld: false, atMs: 2 })),
  ).toHaveLength(3)
})

test('the first fares are shown at once, even to a reader who has touched the page', () => {
  expect(
    ids(
      after({ type: 'answer', answer: sampleAnswer([]), isHeld: true, atMs: 1 }, { type: 'answer', answer: first, isHeld: true, atMs: 2 }),
    ),
  ).toEqual(['off_b'])
})

test('a late answer that adds nothing says nothing', () => {
  const feed = after({ type: 'answer', answer: first, isHeld: false, atMs: 1 }, { type: 'answer', answer: first, isHeld: true, atMs: 2 })
  expect(lateNews(feed)).toBeNull()
})

test('a further page appends what is not there yet and ends the list when it was the last', () => {
  const more = sampleAnswer([offer('off_c', '210.00'), offer('off_d', '220.00')])
  const feed = after(
    { type: 'answer', answer: sampleAnswer(merged.data, { page: { after: 'cursor', has_more: true } }), isHeld: false, atMs: 1 },
    { type: 'more', answer: more },
  )
  expect(ids(feed)).toEqual(['off_a', 'off_b', 'off_c', 'off_d'])
  expect(feed.after).toBeNull()
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
