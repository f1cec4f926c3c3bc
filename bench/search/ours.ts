import type { Clock } from '../../src/kernel/time.ts'
import { createRequestRedis } from '../../src/platform/redis.ts'
import type { Provider } from '../../src/providers/contract.ts'
import { createCursorCodec } from '../../src/search/question/cursor.ts'
import { createSearch, SEARCH_DEFAULTS, type Search } from '../../src/search/index.ts'
import { cursorBinding, type CursorPosition, type ParsedSearch } from '../../src/search/question/search-query.ts'
import { pricing } from './prices.ts'

/*
 * Everything the benchmark knows of how a search is put together. Who changes the composition of src/search changes this
 * file, and nothing else here.
 */

const CURSOR_SECRET = 'a secret of the benchmark'

export type OursOptions = {
  readonly clock: Clock
  readonly redisUrl: string | null
  /** Memory for rendered answers; 0 turns that cache off. */
  readonly answersBytesMax: number
  /** Memory for supersets; without it more than any row needs. */
  readonly memoryBytesMax?: number
  readonly providers: readonly Provider[]
}

/** The search as it is in production, with these suppliers. */
export function openOurs(options: OursOptions): { search: Search; ready: () => Promise<void>; close: () => Promise<void> } {
  const { clock, redisUrl, answersBytesMax, memoryBytesMax = 2 ** 31, providers } = options
  const cacheRedis = redisUrl === null ? null : createRequestRedis(redisUrl)
  const search = createSearch({
    providers,
    cacheRedis,
    looksRedis: null,
    clock,
    pricing,
    config: { ...SEARCH_DEFAULTS, answersBytesMax, memoryBytesMax, cursorSecret: CURSOR_SECRET },
  })
  return {
    search,
    // A search whose cache is not connected yet asks suppliers, as it should, and as nobody wants to measure.
    ready: async () => {
      while (cacheRedis !== null && cacheRedis.status !== 'ready') await new Promise((resolve) => setTimeout(resolve, 10))
    },
    close: async () => {
      await search.close()
      cacheRedis?.disconnect()
    },
  }
}

/** What the peers take over from us, because it is not what is compared: reading the parameters and signing cursors. */
export function openWire(clock: Clock) {
  const { search } = openOurs({ clock, redisUrl: null, answersBytesMax: 0, providers: [] })
  const cursors = createCursorCodec(CURSOR_SECRET)
  return {
    parse: (rawQuery: string): ParsedSearch => search.parse(rawQuery),
    cursor: (asked: ParsedSearch, position: CursorPosition): string => cursors.write(position, cursorBinding(asked.search, asked.view)),
  }
}
