import type { OffersPage } from '../api/offers.ts'
import type { PriceAge } from '../api/price-age.ts'
import type { Facets, OffersAnswer, OffersUpdate, Result } from '../api/types.ts'

/** The first page of a search as one state of it stands. */
export type OfferList = {
  readonly offers: readonly Result[]
  readonly total: number
  readonly matching: number
  readonly currency: string
  readonly prices: OffersAnswer['prices']
  readonly age: PriceAge
  /** Null until they have been counted. */
  readonly facets: Facets | null
  /** Where the next page begins; null when this is all. */
  readonly after: string | null
}

/** The list a plain answer holds. */
export function toOfferList({ answer, age }: OffersPage): OfferList {
  const { data, total, matching, currency, prices, facets, page } = answer
  return { offers: data, total, matching, currency, prices, age, facets, after: page.has_more ? page.after : null }
}

/** The list after what a stream says has changed in it. `reset` forgets all that was told; the counts are told apart. */
export function updateList(list: OfferList | null, update: OffersUpdate, age: PriceAge): OfferList {
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
export function isSameList(a: OfferList, b: OfferList): boolean {
  return (
    a.matching === b.matching &&
    a.offers.length === b.offers.length &&
    a.offers.every((offer, i) => rowName(offer) === rowName(b.offers[i]))
  )
}

function rowName(offer: Result | undefined): string {
  return offer === undefined ? '' : [offer.id, ...offer.alternatives.map((one) => one.offer_id)].join()
}
