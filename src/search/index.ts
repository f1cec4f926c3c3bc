import type { Redis } from 'ioredis'
import type { Clock } from '../kernel/time.ts'
import type { RequestRedis } from '../platform/redis.ts'
import type { Pricing } from '../pricing/index.ts'
import type { Provider } from '../providers/contract.ts'
import { createAnswers } from './answer/answers.ts'
import { createCombinations } from './answer/combine-search.ts'
import { createCursorCodec } from './question/cursor.ts'
import type { FlightParts } from './answer/deps.ts'
import { createRenderer } from './engine/render.ts'
import { createFanOut } from './suppliers/fan-out.ts'
import { findOffer, type ShownOffer } from './answer/find-offer.ts'
import { FLIGHT_COLUMNS } from './flights/flight-columns.ts'
import { readFlightOffer } from './flights/flight-part.ts'
import { createFlightPricer } from './flights/flight-pricer.ts'
import { FLIGHT_QUERIES } from './flights/flight-query-kind.ts'
import { createFlightKind } from './flights/flight-search.ts'
import { createFlightWording } from './flights/flight-wording.ts'
import { listAlternatives } from './answer/list-alternatives.ts'
import { silentLogger, type SearchLogger } from './logger.ts'
import { noteCheapest } from './answer/note-cheapest.ts'
import { createSearchParser } from './question/parse-search.ts'
import { createPartReader } from './part-reader/part-reader.ts'
import { createPriceHistory } from './price-history/index.ts'
import { createBroadReader } from './question/read-broad-search.ts'
import { searchOffers, type SearchOptions } from './answer/search-offers.ts'
import type { ParsedSearch } from './question/search-query.ts'
import { createSingleflight } from './supersets/singleflight.ts'
import { streamOffers, type StreamInput } from './answer/stream-offers.ts'
import { createSupersetMemory } from './supersets/superset-memory.ts'
import { createSupersetSharing } from './supersets/superset-sharing.ts'
import { createSupersets, type Obtained } from './supersets/supersets.ts'
import { createSuppliers } from './suppliers/suppliers.ts'
import { FLIGHT_TRADE } from './suppliers/trade.ts'
import { parseOfferId } from './supersets/superset.ts'
import { noHouses, type Houses } from './stays/content/houses.ts'
import { createStays } from './stays/create-stays.ts'
import { createViews } from './answer/views.ts'

export { opsRoutes } from './ops-routes.ts'
export { priceRoutes } from './price-routes.ts'
export type { SearchLogger } from './logger.ts'
export type { ShownOffer } from './answer/find-offer.ts'
export { searchRoutes, type SearchRoutesOptions } from './routes.ts'
export { stayRoutes, type StayRoutesOptions } from './stay-routes.ts'
export { createStayContent, type ImportProgress, type StayContent } from './stays/content/index.ts'

export type SearchConfig = {
  /** How long a search waits for its suppliers. Slower ones join the superset afterwards. */
  readonly deadlineMs: number
  /** After so long a search answers with what it has, if that is anything. */
  readonly softDeadlineMs: number
  /** How long an offer can be resolved at most; a supplier's own limit may be shorter. */
  readonly retentionMs: number
  /** Memory for supersets in this process (L1). */
  readonly memoryBytesMax: number
  /** Memory for rendered answers in this process (L0); 0 keeps none. */
  readonly answersBytesMax: number
  /** Threads that read suppliers' large replies; 0 reads them in this one. Null is one less than there are processors. */
  readonly readingThreads: number | null
  /** How far those threads stand back behind the one that answers searches, 0 to 19. */
  readonly readingNiceness: number
  /** Signs page cursors; the same in every process. */
  readonly cursorSecret: string
  /** Where guests of stays live who do not say, ISO 3166-1 alpha-2. */
  readonly guestCountry: string
}

/** For a single process; `cursorSecret` has no default. */
export const SEARCH_DEFAULTS = {
  deadlineMs: 8_000,
  softDeadlineMs: 2_000,
  retentionMs: 30 * 60_000,
  memoryBytesMax: 256 * 1024 * 1024,
  answersBytesMax: 128 * 1024 * 1024,
  readingThreads: null,
  readingNiceness: 10,
  guestCountry: 'US',
} as const satisfies Partial<SearchConfig>

export type SearchDeps = {
  readonly providers: readonly Provider[]
  /** A connection that fails fast (platform/redis.ts createRequestRedis); null is a search without a shared cache. */
  readonly cacheRedis: RequestRedis | null
  /** Where processes count looks and bookings together; null counts this process's alone. */
  readonly looksRedis?: Redis | null
  /** The houses that suppliers of stays sell; without them no stay is found. */
  readonly houses?: Houses
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
  const { clock, pricing, config, providers } = deps
  const logger = deps.logger ?? silentLogger
  const suppliers = createSuppliers({ providers, redis: deps.looksRedis ?? null, clock, logger, deadlineMs: config.deadlineMs })
  const reader = createPartReader({
    ...(config.readingThreads !== null && { threads: config.readingThreads }),
    // A reply that is still read when its search has ended is of no use to that search.
    deadlineMs: config.deadlineMs,
    niceness: config.readingNiceness,
  })
  const { deadlineMs, softDeadlineMs, retentionMs } = config
  const random = deps.random ?? Math.random
  const prices = createPriceHistory({ redis: deps.cacheRedis, clock, pricing, logger })
  const memory = createSupersetMemory({ bytesMax: config.memoryBytesMax })
  const sharing = createSupersetSharing({ redis: deps.cacheRedis, clock, logger })
  const cursors = createCursorCodec(config.cursorSecret)
  const answers = createAnswers({ bytesMax: config.answersBytesMax })

  const fanOut = createFanOut({
    ...{ suppliers, clock, logger, deadlineMs, retentionMs },
    trade: FLIGHT_TRADE,
    readReply: reader.read,
  })
  const supersets = createSupersets({
    kind: FLIGHT_QUERIES,
    ...{ clock, fanOut, memory, ...sharing, random, deadlineMs },
    singleflight: createSingleflight<Obtained>(),
    onBuilt: (query, superset) => noteCheapest({ pricing, prices, clock }, query, superset),
  })
  const parse = createSearchParser({ clock, readBroad: createBroadReader(clock), displayCurrency: pricing.displayCurrency, cursors })
  const names = new Map(providers.map((provider) => [provider.id, provider.name]))
  const parts: FlightParts = {
    ...{ clock, pricing, supersets, cursors, answers, softDeadlineMs },
    kind: createFlightKind(() => parts),
    views: createViews({ columns: FLIGHT_COLUMNS, pricer: createFlightPricer(pricing) }),
    renderer: createRenderer(createFlightWording(pricing.displayCurrency, (id) => names.get(id) ?? null)),
    combinations: createCombinations(),
  }
  const stays = createStays({
    ...{ clock, pricing, providers, logger, suppliers, reader, memory, sharing, cursors, answers, random, config },
    houses: deps.houses ?? noHouses,
  })
  const shelves = { flight: { findVersion: supersets.findVersion, readOffer: readFlightOffer }, stay: stays.shelf }

  async function alternativesTo(offerId: string, limit: number): Promise<readonly ShownOffer[]> {
    const id = parseOfferId(offerId)
    if (id === null) return []
    return id.kind === 'stay' ? stays.alternativesTo(id, limit) : listAlternatives(parts, id, limit)
  }

  return {
    now: clock.now,
    /** Reads a query string; throws invalid-search or invalid-cursor. */
    parse,
    searchOffers: (asked: ParsedSearch, options: SearchOptions) => searchOffers(parts, asked, options),
    streamOffers: (input: StreamInput) => streamOffers(parts, input),
    /** The offer with this id, a flight or a stay. */
    findOffer: (offerId: string) => findOffer({ clock, pricing, shelves }, offerId),
    /** Those nearest to an offer that is gone, of its own kind. */
    alternativesTo,
    /** Searching stays. */
    stays,
    /** Prices of earlier searches; no supplier is asked for them. */
    prices,
    /** How each supplier does. */
    scorecard: suppliers.scorecard,
    /** Says that a supplier has confirmed a booking. */
    noteBooking: suppliers.noteBooking,
    /** How often answers lay ready. */
    answerFacts: answers.facts,
    /** Settles when late answers have come and the cache has been written. */
    idle: async () => {
      await supersets.idle()
      await stays.idle()
    },
    /** Gives up calls to suppliers and waits for what is left. */
    close: async () => {
      fanOut.close()
      await Promise.all([supersets.close(), stays.close()])
      await prices.idle()
      await Promise.all([reader.close(), suppliers.close()])
    },
  }
}
