import type { Clock } from '../kernel/time.ts'
import type { Pricing } from '../pricing/index.ts'
import type { CursorCodec } from './cursor.ts'
import type { OfferPage } from './query-offers.ts'
import type { PricedSuperset } from './priced-superset.ts'
import type { SearchView } from './search-query.ts'
import type { Superset } from './superset.ts'
import type { Supersets } from './supersets.ts'
import type { Instant } from '../kernel/time.ts'

/** What the use cases of search share. */
export type SearchParts = {
  readonly clock: Clock
  readonly pricing: Pricing
  readonly supersets: Supersets
  readonly cursors: CursorCodec
  /** The superset with shown prices, made once. */
  readonly priced: (superset: Superset, now: Instant) => PricedSuperset
  /** A page of it, made once while it is asked for again and again. */
  readonly page: (priced: PricedSuperset, view: SearchView) => OfferPage
}
