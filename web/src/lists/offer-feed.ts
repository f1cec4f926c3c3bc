import type { PriceAge } from '../api/price-age.ts'
import type { Facets, Money, Result, Source } from '../api/types.ts'
import { compareMoney } from '../ui/money-words.ts'
import { isSameList, updateList, type ListUpdate, type OfferList, type Row } from './offer-list.ts'

/**
 * What the list shows and what has arrived behind it. `shown` never changes under the reader: a later list waits in
 * `pending` until it is asked for.
 */
export type OfferFeed<R extends Row = Result, F = Facets> = {
  shown: OfferList<R, F> | null
  /** The rows: those of `shown` and of the pages loaded after it. */
  offers: readonly R[]
  after: string | null
  pending: OfferList<R, F> | null
  /** The list as the stream has told it so far; the next event says what changes in it. */
  told: OfferList<R, F> | null
  sources: readonly Source[]
  isAsking: boolean
  isRefreshing: boolean
  problem: unknown
}

export type FeedEvent<R extends Row = Result, F = Facets> =
  | { type: 'asked' }
  | { type: 'restored'; feed: OfferFeed<R, F> }
  | { type: 'source'; source: Source }
  | { type: 'update'; update: ListUpdate<R>; age: PriceAge; isHeld: boolean }
  | { type: 'facets'; facets: F }
  | { type: 'done' }
  | { type: 'refreshing' }
  | { type: 'refreshed'; list: OfferList<R, F>; sources: readonly Source[] }
  /** A newer state of the search that is shown: it waits when the reader reads. */
  | { type: 'rechecked'; list: OfferList<R, F>; sources: readonly Source[]; isHeld: boolean }
  | { type: 'show_pending' }
  | { type: 'more'; list: OfferList<R, F> }
  | { type: 'failed'; problem: unknown }

export const emptyFeed: OfferFeed<never, never> = {
  shown: null,
  offers: [],
  after: null,
  pending: null,
  told: null,
  sources: [],
  isAsking: true,
  isRefreshing: false,
  problem: null,
}

/** The feed after an event. */
export function nextFeed<R extends Row, F>(feed: OfferFeed<R, F>, event: FeedEvent<R, F>): OfferFeed<R, F> {
  switch (event.type) {
    case 'asked':
      return emptyFeed
    case 'restored':
      return event.feed
    case 'source':
      return { ...feed, sources: withSource(feed.sources, event.source) }
    case 'update': {
      const told = updateList(feed.told, event.update, event.age)
      return arriving({ ...feed, told }, told, event.isHeld)
    }
    case 'facets':
      return withFacets(feed, event.facets)
    case 'done':
      return { ...feed, isAsking: false }
    case 'refreshing':
      return { ...feed, isRefreshing: true, told: null, pending: null }
    case 'refreshed':
      return showing({ ...feed, sources: event.sources, isAsking: isUnanswered(event.sources), problem: null }, event.list)
    case 'rechecked':
      return arriving({ ...feed, sources: event.sources, isAsking: isUnanswered(event.sources) }, event.list, event.isHeld)
    case 'show_pending':
      return feed.pending === null ? feed : showing(feed, feed.pending)
    case 'more': {
      const known = new Set(feed.offers.map((offer) => offer.id))
      const fresh = event.list.offers.filter((offer) => !known.has(offer.id))
      return { ...feed, offers: [...feed.offers, ...fresh], after: event.list.after }
    }
    case 'failed':
      return { ...feed, isAsking: false, isRefreshing: false, problem: event.problem }
  }
}

/**
 * What waits behind the list: how many more fares, the cheapest of those that would be new on the first page, and how many more
 * sellers of the fares that are shown.
 */
export function lateNews<R extends Row, F>(feed: OfferFeed<R, F>): { count: number; from: Money | null; sellers: number } | null {
  if (feed.pending === null || feed.shown === null) return null
  const known = new Set(feed.offers.map((offer) => offer.id))
  const fresh = feed.pending.offers.filter((offer) => !known.has(offer.id))
  const count = Math.max(feed.pending.matching - feed.shown.matching, 0)
  const sellers = Math.max(countSellers(feed.pending.offers) - countSellers(feed.shown.offers), 0)
  if (count === 0 && fresh.length === 0 && sellers === 0) return null
  const from = fresh.reduce<Money | null>(
    (least, offer) => (least === null || compareMoney(offer.total, least) < 0 ? offer.total : least),
    null,
  )
  return { count: Math.max(count, fresh.length), from, sellers }
}

function countSellers(offers: readonly Row[]): number {
  return offers.reduce((sum, offer) => sum + (offer.alternatives?.length ?? 0), 0)
}

/** Shows a list, or lets it wait when that would move rows under the reader. What the reader has just asked for never waits. */
function arriving<R extends Row, F>(feed: OfferFeed<R, F>, list: OfferList<R, F>, isHeld: boolean): OfferFeed<R, F> {
  const known = { ...feed, problem: null }
  const moves = feed.shown !== null && feed.offers.length > 0 && !isSameList(feed.shown, list)
  if (isHeld && moves && !feed.isRefreshing) return { ...known, pending: list }
  // The same rows again: the pages loaded after them stay.
  if (feed.shown !== null && !moves && !feed.isRefreshing && feed.offers.length > list.offers.length)
    return { ...known, shown: { ...list, facets: list.facets ?? feed.shown.facets }, pending: null }
  return showing(known, list)
}

function showing<R extends Row, F>(feed: OfferFeed<R, F>, list: OfferList<R, F>): OfferFeed<R, F> {
  const shown = { ...list, facets: list.facets ?? feed.shown?.facets ?? null }
  return { ...feed, shown, offers: list.offers, after: list.after, pending: null, isRefreshing: false }
}

/** Whether some source has neither answered nor been given up. */
export function isUnanswered(sources: readonly Source[]): boolean {
  return sources.some((source) => source.state === 'asked')
}

/**
 * Counts belong to the list told last: to the one shown only when nothing waits behind it, or when it has none yet, because
 * without any there are no filters.
 */
function withFacets<R extends Row, F>(feed: OfferFeed<R, F>, facets: F): OfferFeed<R, F> {
  const told = feed.told === null ? null : { ...feed.told, facets }
  if (feed.pending !== null) {
    const shown = feed.shown === null || feed.shown.facets !== null ? feed.shown : { ...feed.shown, facets }
    return { ...feed, told, shown, pending: { ...feed.pending, facets } }
  }
  return { ...feed, told, shown: feed.shown === null ? null : { ...feed.shown, facets } }
}

function withSource(sources: readonly Source[], source: Source): readonly Source[] {
  const isKnown = sources.some((each) => each.provider === source.provider)
  return isKnown ? sources.map((each) => (each.provider === source.provider ? { ...each, ...source } : each)) : [...sources, source]
}
