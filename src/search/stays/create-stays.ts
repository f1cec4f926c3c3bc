import type { Clock } from '../../kernel/time.ts'
import type { Pricing } from '../../pricing/index.ts'
import type { Provider } from '../../providers/contract.ts'
import type { Answers } from '../answer/answers.ts'
import type { SearchKind, SearchParts } from '../answer/deps.ts'
import type { OfferShelf } from '../answer/find-offer.ts'
import { searchOffers, type SearchOptions } from '../answer/search-offers.ts'
import { createViews } from '../answer/views.ts'
import { createRenderer } from '../engine/render.ts'
import type { SearchLogger } from '../logger.ts'
import type { PartReader } from '../part-reader/part-reader.ts'
import type { CursorCodec } from '../question/cursor.ts'
import { createFanOut } from '../suppliers/fan-out.ts'
import type { Suppliers } from '../suppliers/suppliers.ts'
import { createSingleflight } from '../supersets/singleflight.ts'
import type { parseOfferId } from '../supersets/superset.ts'
import type { SupersetMemory } from '../supersets/superset-memory.ts'
import type { SupersetSharing } from '../supersets/superset-sharing.ts'
import { createSupersets, type Obtained } from '../supersets/supersets.ts'
import type { House } from './content/house.ts'
import type { Houses } from './content/houses.ts'
import { listStayAlternatives } from './list-stay-alternatives.ts'
import { createStayParser, type ParsedStaySearch } from './question/parse-stay-search.ts'
import { STAY_COLUMNS } from './stay-columns.ts'
import { readStayOffer } from './stay-part.ts'
import { createStayTrade } from './stay-question.ts'
import { STAY_QUERIES, tellStaySearch, type StaySearch } from './stay-search.ts'
import { createStayWording } from './stay-wording.ts'
import { createStayPricer } from './stay-pricer.ts'

/** What stays share with flights: one memory, one cache, one count of looks, one signature of cursors. */
export type StaysDeps = {
  readonly clock: Clock
  readonly pricing: Pricing
  readonly providers: readonly Provider[]
  readonly houses: Houses
  readonly logger: SearchLogger
  readonly suppliers: Suppliers
  readonly reader: PartReader
  readonly memory: SupersetMemory
  readonly sharing: SupersetSharing
  readonly cursors: CursorCodec
  readonly answers: Answers
  readonly random: () => number
  readonly config: {
    readonly deadlineMs: number
    readonly softDeadlineMs: number
    readonly retentionMs: number
    /** Where guests live who do not say. */
    readonly guestCountry: string
  }
}

export type Stays = ReturnType<typeof createStays>

/** Searching stays. None of it fails because a supplier, the cache or the database did, but for what `findHouse` and `findProperty` say. */
export function createStays(deps: StaysDeps) {
  const { clock, pricing, houses, logger, suppliers, config, cursors, answers, sharing } = deps
  const providers = deps.providers.filter((provider) => provider.stays !== undefined)
  const ids = providers.map((provider) => provider.id)
  const { deadlineMs, retentionMs } = config
  const fanOut = createFanOut({
    ...{ suppliers, clock, logger, deadlineMs, retentionMs },
    trade: createStayTrade({ houses, providers: ids, currency: pricing.displayCurrency }),
    readReply: deps.reader.readStays,
  })
  const supersets = createSupersets({
    kind: STAY_QUERIES,
    ...{ clock, fanOut, ...sharing, deadlineMs },
    memory: deps.memory,
    singleflight: createSingleflight<Obtained>(),
    random: deps.random,
  })
  const names = new Map(providers.map((provider) => [provider.id, provider.name]))
  const kind: SearchKind<StaySearch> = { queriesOf: ({ query }) => [query], combinerOf: () => null, tell: tellStaySearch }
  const parts: SearchParts<StaySearch> = {
    ...{ kind, clock, pricing, supersets, cursors, answers },
    views: createViews({ columns: STAY_COLUMNS, pricer: createStayPricer(pricing) }),
    renderer: createRenderer(createStayWording(pricing.displayCurrency, (id) => names.get(id) ?? null)),
    softDeadlineMs: config.softDeadlineMs,
  }
  const parse = createStayParser({ clock, guestCountry: config.guestCountry, displayCurrency: pricing.displayCurrency, cursors })
  const shelf: OfferShelf = { findVersion: supersets.findVersion, readOffer: readStayOffer }

  return {
    /** Reads a query string, of a list or of one house; throws invalid-search or invalid-cursor. */
    parse,
    searchOffers: (asked: ParsedStaySearch, options: SearchOptions) => searchOffers(parts, asked, options),
    /** A house with all there is to tell of it; null when nobody sells it. Rejects when the database does. */
    findHouse: (house: string): Promise<House | null> => houses.find(house, ids),
    /** What a supplier's static content says of its property; null when nothing. Rejects when the database does. */
    findProperty: houses.findProperty,
    alternativesTo: (id: NonNullable<ReturnType<typeof parseOfferId>>, limit: number) => listStayAlternatives(parts, id, limit),
    shelf,
    idle: supersets.idle,
    close: async () => {
      fanOut.close()
      await supersets.close()
    },
  }
}
