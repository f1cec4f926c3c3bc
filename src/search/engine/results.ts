import { countBits, type Bits } from './bits.ts'
import type { ColumnSchema } from './column-schema.ts'
import { countGroups, firstOfGroups, toGroups } from './groups.ts'
import { cheapestAmong, countFirsts, mergeSellers } from './merge-sellers.ts'
import type { Placed, PricedView, TextView } from './priced-view.ts'

/*
 * What is one result, in either of two ways: the offers of one group (groups.ts), or one product of several sellers
 * (merge-sellers.ts). A view has at most one of the two; without either each offer is a result. A result stands where the
 * cheapest of its offers does that pass.
 */

/** Which offers of a view are one result, and how many results they are. */
export type Merged = Pick<PricedView, 'results' | 'groups' | 'sellers'>

/** Merges a view that is in the order of the price. */
export function mergeOffers(schema: ColumnSchema, placed: Placed, texts: ReadonlyMap<string, TextView>): Merged {
  if (schema.group !== undefined) {
    const groups = toGroups(texts.get(schema.group)!)
    return { results: groups.ids.length, groups, sellers: null }
  }
  const sellers = mergeSellers(schema, placed)
  return { results: sellers?.results ?? placed.count, groups: null, sellers }
}

/** How many results a set of offers has that holds all sellers of a product or none. */
export function countResults({ groups, sellers }: Omit<Merged, 'results'>, offers: Bits): number {
  if (groups !== null) return countGroups(groups, offers)
  return sellers === null ? countBits(offers) : countFirsts(sellers, offers)
}

/**
 * Of these offers the results, each once, at its cheapest; the same set where each offer is a result. `isWhole` says that the
 * offers hold all sellers of a product, or its cheapest, or none of them.
 */
export function resultsAmong({ groups, sellers }: Omit<Merged, 'results'>, offers: Bits, isWhole: boolean): Bits {
  if (groups !== null) return firstOfGroups(groups, offers)
  return sellers === null ? offers : cheapestAmong(sellers, offers, isWhole)
}
