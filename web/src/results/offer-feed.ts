import { compareMoney } from '../ui/money-words.ts'
import type { Money, Offer, OffersAnswer, Source } from '../api/types.ts'

/**
 * What the list shows and what has arrived behind it. `shown` never changes under the reader: a later answer waits in
 * `pending` until it is asked for.
 */
export type OfferFeed = {
  shown: OffersAnswer | null
  offers: readonly Offer[]
  after: string | null
  pending: OffersAnswer | null
  sources: readonly Source[]
  /** When the newest answer arrived, on this machine's monotonic clock: the age of prices grows from there. */
  receivedAtMs: number
  isAsking: boolean
  isRefreshing: boolean
  problem: unknown
}

export type FeedEvent =
  | { type: 'asked' }
  | { type: 'restored'; feed: OfferFeed }
  | { type: 'source'; source: Source }
  | { type: 'answer'; answer: OffersAnswer; isHeld: boolean; atMs: number }
  | { type: 'done' }
  | { type: 'refreshing' }
  | { type: 'refreshed'; answer: OffersAnswer; atMs: number }
  | { type: 'show_pending' }
  | { type: 'more'; answer: OffersAnswer }
  | { type: 'failed'; problem: unknown }

export const emptyFeed: OfferFeed = {
  shown: null,
  offers: [],
  after: null,
  pending: null,
  sources: [],
  receivedAtMs: 0,
  isAsking: true,
  isRefreshing: false,
  problem: null,
}

/** The feed after an event. */
export function nextFeed(feed: OfferFeed, event: FeedEvent): OfferFeed {
  switch (event.type) {
    case 'asked':
      return emptyFeed
    case 'restored':
      return event.feed
    case 'source':
      return { ...feed, sources: withSource(feed.sources, event.source) }
    case 'answer': {
      const known = {
        ...feed,
        sources: mergeSources(feed.sources, event.answer.sources),
        receivedAtMs: event.atMs,
        problem: null,
        isRefreshing: false,
      }
      const hides = event.isHeld && feed.shown !== null && feed.offers.length > 0 && !isSameList(feed, event.answer)
      return hides ? { ...known, pending: event.answer } : showing(known, event.answer)
    }
    case 'done':
      return { ...feed, isAsking: false }
    case 'refreshing':
      return { ...feed, isRefreshing: true }
    case 'refreshed':
      return showing(
        { ...feed, sources: event.answer.sources, receivedAtMs: event.atMs, isAsking: false, isRefreshing: false, problem: null },
        event.answer,
      )
    case 'show_pending':
      return feed.pending === null ? feed : showing(feed, feed.pending)
    case 'more': {
      const known = new Set(feed.offers.map((offer) => offer.id))
      const fresh = event.answer.data.filter((offer) => !known.has(offer.id))
      return { ...feed, offers: [...feed.offers, ...fresh], after: event.answer.page.has_more ? event.answer.page.after : null }
    }
    case 'failed':
      return { ...feed, isAsking: false, isRefreshing: false, problem: event.problem }
  }
}

/** What waits behind the list: how many more fares, and the cheapest of those that would be new on the first page. */
export function lateNews(feed: OfferFeed): { count: number; from: Money | null } | null {
  if (feed.pending === null || feed.shown === null) return null
  const known = new Set(feed.offers.map((offer) => offer.id))
  const fresh = feed.pending.data.filter((offer) => !known.has(offer.id))
  const count = Math.max(feed.pending.matching - feed.shown.matching, 0)
  if (count === 0 && fresh.length === 0) return null
  const from = fresh.reduce<Money | null>(
    (least, offer) => (least === null || compareMoney(offer.total, least) < 0 ? offer.total : least),
    null,
  )
  return { count: Math.max(count, fresh.length), from }
}

function showing(feed: OfferFeed, answer: OffersAnswer): OfferFeed {
  return { ...feed, shown: answer, offers: answer.data, after: answer.page.has_more ? answer.page.after : null, pending: null }
}

function isSameList(feed: OfferFeed, answer: OffersAnswer): boolean {
  return feed.shown?.matching === answer.matching && answer.data.every((offer, i) => feed.offers[i]?.id === offer.id)
}

function withSource(sources: readonly Source[], source: Source): readonly Source[] {
  const isKnown = sources.some((each) => each.provider === source.provider)
  return isKnown ? sources.map((each) => (each.provider === source.provider ? { ...each, ...source } : each)) : [...sources, source]
}

function mergeSources(known: readonly Source[], told: readonly Source[]): readonly Source[] {
  return told.reduce(withSource, known)
}
