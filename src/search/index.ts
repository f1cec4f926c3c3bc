import type { Redis } from 'ioredis'
import type { Clock } from '../kernel/time.ts'
import type { Pricing } from '../pricing/index.ts'
import type { Provider } from '../providers/contract.ts'
import type { FlightQuery } from '../travel/flight.ts'
import { createCursorCodec } from './cursor.ts'
import type { SearchParts } from './deps.ts'
import { createFanOut } from './fan-out.ts'
import { findOffer } from './find-offer.ts'
import { listAlternatives } from './list-alternatives.ts'
import { silentLogger, type SearchLogger } from './logger.ts'
import { createPageMemo } from './page-memo.ts'
import { parseSearch } from './parse-search.ts'
import { createPricedViews } from './priced-superset.ts'
import { searchOffers } from './search-offers.ts'
import type { SearchView } from './search-query.ts'
import { createSingleflight } from './singleflight.ts'
import { streamOffers, type SearchUpdate } from './stream-offers.ts'
import { createSupersetMemory } from './superset-memory.ts'
import { createSupersetStore } from './superset-store.ts'
import { createSupersets, type Obtained } from './supersets.ts'

export type { SearchLogger } from './logger.ts'
export { wholeView } from './search-query.ts'
export type { SearchUpdate } from './stream-offers.ts'
export { searchRoutes, type SearchRoutesOptions } from './routes.ts'

export type SearchConfig = {
  /** How long a search waits for its suppliers. Slower ones join the superset afterwards. */
  readonly deadlineMs: number
  /** How long an offer can be resolved at most; a supplier's own limit may be shorter. */
  readonly retentionMs: number
  /** Memory for supersets in this process. */
  readonly memoryBytesMax: number
  /** Signs page cursors; the same in every process. */
  readonly cursorSecret: string
}

/** For a single process; `cursorSecret` has no default. */
export const SEARCH_DEFAULTS = {
  deadlineMs: 8_000,
  retentionMs: 30 * 60_000,
  memoryBytesMax: 256 * 1024 * 1024,
} as const satisfies Partial<SearchConfig>

export type SearchDeps = {
  readonly providers: readonly Provider[]
  /** A connection that fails fast (platform/redis.ts createRequestRedis); null is a search without a shared cache. */
  readonly cacheRedis: Redis | null
  readonly clock: Clock
  readonly pricing: Pricing
  readonly config: SearchConfig
  readonly logger?: SearchLogger
  /** Uniform in [0, 1); for tests. */
  readonly random?: () => number
}

/** What the rest of Farewire may ask of search. None of it fails because a supplier or the cache did. */
export type Search = ReturnType<typeof createSearch>

export function createSearch(deps: SearchDeps) {
  const { clock, pricing, config } = deps
  const logger = deps.logger ?? silentLogger
  const fanOut = createFanOut({ providers: deps.providers, clock, logger, deadlineMs: config.deadlineMs, retentionMs: config.retentionMs })
  const supersets = createSupersets({
    clock,
    fanOut,
    memory: createSupersetMemory({ bytesMax: config.memoryBytesMax }),
    store: createSupersetStore({ redis: deps.cacheRedis, clock, logger }),
    singleflight: createSingleflight<Obtained>(),
    random: deps.random ?? Math.random,
  })
  const cursors = createCursorCodec(config.cursorSecret)
  const parts: SearchParts = { clock, pricing, supersets, cursors, priced: createPricedViews(pricing), page: createPageMemo() }

  return {
    /** Reads query parameters; throws invalid-search or invalid-cursor. */
    parse: (parameters: Record<string, unknown>) => parseSearch({ clock, cursors, displayCurrency: pricing.displayCurrency }, parameters),
    searchOffers: (query: FlightQuery, view: SearchView) => searchOffers(parts, query, view),
    streamOffers: (query: FlightQuery, view: SearchView, onUpdate: (update: SearchUpdate) => void, signal: AbortSignal) =>
      streamOffers(parts, { query, view, onUpdate, signal }),
    findOffer: (offerId: string) => findOffer(parts, offerId),
    alternativesTo: (offerId: string, limit: number) => listAlternatives(parts, offerId, limit),
    /** Settles when late answers have come and the cache has been written. */
    idle: () => supersets.idle(),
    /** Gives up calls to suppliers and waits for what is left. */
    close: async () => {
      fanOut.close()
      await supersets.idle()
    },
  }
}
