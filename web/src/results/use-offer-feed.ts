import { searchIdentity, toQueryString, type FlightSearch } from '../api/flight-search.ts'
import { streamOffers } from '../api/offer-stream.ts'
import { awaitOffers, getOffers, type OffersPage } from '../api/offers.ts'
import type { Facets, Result } from '../api/types.ts'
import { toOfferList } from '../lists/offer-list.ts'
import { useFeed, type FeedPage, type FeedSource } from '../lists/use-feed.ts'

/** The fares of a search, live. `isHeld` says whether the reader has begun to read. */
export function useOfferFeed(search: FlightSearch, isHeld: () => boolean) {
  return useFeed(faresOf(search), isHeld)
}

function faresOf(search: FlightSearch): FeedSource<Result, Facets> {
  return {
    kind: 'offers',
    query: toQueryString(search),
    identity: searchIdentity(search),
    page: async (options) => toPage(await getOffers(search, options)),
    next: async (tag, signal) => {
      const page = await awaitOffers(search, tag, signal)
      return page === null ? null : toPage(page)
    },
    stream: (listener) => streamOffers(search, listener),
  }
}

function toPage(page: OffersPage): FeedPage<Result, Facets> {
  return { list: toOfferList(page), sources: page.answer.sources, tag: page.tag }
}
