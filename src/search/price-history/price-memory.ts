import { LRUCache } from 'lru-cache'
import type { PriceFact, PricePlace } from './price-fact.ts'

/** What this process has learnt itself: answers at once after a search, and without any Redis. */
export type PriceMemory = {
  readonly find: (place: PricePlace) => PriceFact | null
  readonly keep: (place: PricePlace, fact: PriceFact) => void
}

/** About 4 MB. */
const FACTS_MAX = 10_000

/** A memory of the facts used last. Of two about the same days the one checked later stays. */
export function createPriceMemory(factsMax: number = FACTS_MAX): PriceMemory {
  const facts = new LRUCache<string, PriceFact>({ max: factsMax })
  const nameOf = (place: PricePlace) => `${place.key} ${place.field}`
  return {
    find: (place) => facts.get(nameOf(place)) ?? null,
    keep(place, fact) {
      const held = facts.peek(nameOf(place))
      if (held === undefined || held.checkedAt <= fact.checkedAt) facts.set(nameOf(place), fact)
    },
  }
}
