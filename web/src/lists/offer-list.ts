import type { OffersPage } from '../api/offers.ts'
import type { PriceAge } from '../api/price-age.ts'
import type { Facets, OffersAnswer, OffersUpdate, Result } from '../api/types.ts'

/** What a row must say to stand in a list: which it is, what it costs at least, and, where others sell the same, who. */
export type Row = Pick<Result, 'id' | 'total'> & { readonly alternatives?: Result['alternatives'] }

/** The first page of a search as one state of it stands: fares unless another kind of row is named, with its counts. */
export type OfferList<R extends Row = Result, F = Facets> = {
  readonly offers: readonly R[]
  readonly total: number
  readonly matching: number
  readonly currency: string
  readonly prices: OffersAnswer['prices']
  readonly age: PriceAge
  /** Null until they have been counted. */
  readonly facets: F | null
  /** Where the next page begins; null when this is all. */
  readonly after: string | null
}

/** The list a plain answer holds. */
export function toOfferList({ answer, age }: OffersPage): OfferList {
  const { data, total, matching, currency, prices, facets, page } = answer
  return { offers: data, total, matching, currency, prices, age, facets, after: page.has_more ? page.after : null }
}

/** What a stream says has changed in a list. */
export type ListUpdate<R extends Row = Result> = Omit<OffersUpdate, 'upsert'> & { readonly upsert: readonly R[] }

/** The list after what a stream says has changed in it. `reset` forgets all that was told; the counts are told apart. */
export function updateList<R extends Row, F>(list: OfferList<R, F> | null, update: ListUpdate<R>, age: PriceAge): OfferList<R, F> {
  const known = new Map(update.reset || list === null ? [] : list.offers.map((offer) => [offer.id, offer]))
  for (const id of update.remove) known.delete(id)
  for (const offer of update.upsert) known.set(offer.id, offer)
  const { total, matching, currency, prices, page } = update
  return {
    offers: update.order.flatMap((id) => known.get(id) ?? []),
    ...{ total, matching, currency, prices, age },
    facets: list?.facets ?? null,
    after: page.has_more ? page.after : null,
  }
}

/** Whether two lists show the same rows with the same sellers. */
export function isSameList<R extends Row, F>(a: OfferList<R, F>, b: OfferList<R, F>): boolean {
  return (
    a.matching === b.matching &&
    a.offers.length === b.offers.length &&
    a.offers.every((offer, i) => rowName(offer) === rowName(b.offers[i]))
  )
}

function rowName(offer: Row | undefined): string {
  return offer === undefined ? '' : [offer.id, ...(offer.alternatives ?? []).map((one) => one.offer_id)].join()
}
