import { LRUCache } from 'lru-cache'
import type { PricedSuperset } from './priced-superset.ts'
import { queryOffers, type OfferPage } from './query-offers.ts'
import { canonicalSelection, type SearchView } from './search-query.ts'

const PAGES_PER_SUPERSET = 64

/** `queryOffers` that remembers the pages of a superset as long as the superset lives: most travellers look at the same first page. */
export function createPageMemo(): (priced: PricedSuperset, view: SearchView) => OfferPage {
  const memo = new WeakMap<PricedSuperset, LRUCache<string, OfferPage>>()
  return (priced, view) => {
    let pages = memo.get(priced)
    if (pages === undefined) {
      pages = new LRUCache({ max: PAGES_PER_SUPERSET })
      memo.set(priced, pages)
    }
    const name = `${canonicalSelection(view)}|${view.limit}|${view.after === null ? '' : Object.values(view.after).join('.')}`
    const known = pages.get(name)
    if (known !== undefined) return known
    const page = queryOffers(priced, view)
    pages.set(name, page)
    return page
  }
}
