import type { Static } from 'typebox'
import type { Clock } from '../../src/kernel/time.ts'
import { createPricing, DEFAULT_RATES } from '../../src/pricing/index.ts'
import type { Provider } from '../../src/providers/contract.ts'
import { createSearch, SEARCH_DEFAULTS, type Search, type SearchConfig } from '../../src/search/index.ts'
import type { SearchReply } from '../../src/search/schemas.ts'
import type { AnswerFacts, SearchOptions } from '../../src/search/answer/search-offers.ts'
import type { Houses } from '../../src/search/stays/content/houses.ts'
import type { RequestRedis } from '../../src/platform/redis.ts'

export const ROUTE = 'origin=CGK&destination=NRT&departure_date=2026-12-01'

export type Searching = {
  readonly clock: Clock
  readonly config?: Partial<SearchConfig>
  readonly cacheRedis?: RequestRedis | null
  readonly houses?: Houses
}

/** A search of these suppliers in US dollars with one percent on top, which reads everything in this thread. */
export function searchOver(providers: readonly Provider[], { clock, config, cacheRedis = null, houses }: Searching): Search {
  return createSearch({
    providers,
    cacheRedis,
    ...(houses !== undefined && { houses }),
    clock,
    pricing: createPricing({
      version: '1',
      displayCurrency: 'USD',
      rates: DEFAULT_RATES,
      markups: [{ provider: null, basisPoints: 100, fee: null }],
    }),
    config: { ...SEARCH_DEFAULTS, deadlineMs: 5_000, memoryBytesMax: 20_000_000, readingThreads: 0, cursorSecret: 'secret', ...config },
    random: () => 0.5,
  })
}

export type Asked = AnswerFacts & { readonly body: Static<typeof SearchReply>; readonly bytes: Buffer }

/** Asks as a request would, and reads the answer. */
export async function ask(search: Search, query = ROUTE, options: Partial<SearchOptions> = {}): Promise<Asked> {
  const answer = await search.searchOffers(search.parse(query), { coding: null, waitMs: 0, knownTag: null, signal: null, ...options })
  const bytes = Buffer.from(answer.body)
  return { ...answer.facts, bytes, body: JSON.parse(bytes.toString('utf8')) as Static<typeof SearchReply> }
}
