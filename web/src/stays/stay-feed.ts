import { awaitStays, getStays, type StaysPage } from '../api/stays.ts'
import { stayIdentity, toStayQuery, type StaySearch } from '../api/stay-search.ts'
import type { Money, StayFacets, StayOffer, StayResult } from '../api/types.ts'
import type { OfferList, Row } from '../lists/offer-list.ts'
import type { FeedPage, FeedSource } from '../lists/use-feed.ts'

/** A house as a row of the list, at the price of its cheapest rate. */
export type HouseRow = StayResult & { id: string; total: Money }

/** The houses of a search. */
export function housesOf(search: StaySearch): FeedSource<HouseRow, StayFacets> {
  return sourceOf(search, null, ({ answer }) => ({ rows: toRows(answer.data), total: answer.total, matching: answer.matching }))
}

/** The rates of one house; filters of houses have no say there. */
export function ratesOf(search: StaySearch, house: string): FeedSource<StayOffer, StayFacets> {
  return sourceOf(search, house, ({ answer }) => {
    const rates = answer.data.flatMap(({ offers }) => offers)
    const matching = answer.data.reduce((sum, { offers, more_offers }) => sum + offers.length + more_offers, 0)
    return { rows: rates, total: matching, matching }
  })
}

type Counted<R> = { rows: readonly R[]; total: number; matching: number }

function sourceOf<R extends Row>(
  search: StaySearch,
  house: string | null,
  count: (page: StaysPage) => Counted<R>,
): FeedSource<R, StayFacets> {
  const question = { search, house }
  const toPage = (page: StaysPage): FeedPage<R, StayFacets> => ({
    list: toList(page, count(page)),
    sources: page.answer.sources,
    tag: page.tag,
  })
  const of = house === null ? '' : `${house}?`
  return {
    kind: house === null ? 'houses' : 'rates',
    query: of + toStayQuery(search),
    identity: of + stayIdentity(search),
    page: async (options) => toPage(await getStays(question, options)),
    next: async (tag, signal) => {
      const page = await awaitStays(question, tag, signal)
      return page === null ? null : toPage(page)
    },
  }
}

function toList<R extends Row>({ answer, age }: StaysPage, { rows, total, matching }: Counted<R>): OfferList<R, StayFacets> {
  const { currency, prices, facets, page } = answer
  return { offers: rows, total, matching, currency, prices, age, facets, after: page.has_more ? page.after : null }
}

/** A house without a rate has nothing to be listed for. */
function toRows(data: readonly StayResult[]): HouseRow[] {
  return data.flatMap((result) => {
    const [cheapest] = result.offers
    return cheapest === undefined ? [] : [{ ...result, id: result.house.id, total: cheapest.total }]
  })
}
