import type { RequestRedis } from '../../platform/redis.ts'
import type { SearchLogger } from '../logger.ts'

/** The Redis that all processes share, asked with little patience. */
export type SharedCache = {
  /** What the command answered; undefined when the cache failed, was too slow, or is being left alone. Never throws. */
  readonly ask: <T>(what: string, command: (redis: RequestRedis) => Promise<T>) => Promise<T | undefined>
}

/** A Redis that hangs is left alone this long after it made somebody wait. */
const REST_MS = 2_000
/** What a traveller waits at most for the cache. Less than the connection's own limit of 300 ms, so that it is noticed here. */
const ANSWER_MS = 250
/** Every search notices that the cache is away; one line a second says it. */
const LOG_MS = 1_000

/** Asks Redis, and leaves it alone for 2 s after it took longer than 250 ms. */
export function createSharedCache(deps: { redis: RequestRedis; logger: SearchLogger }): SharedCache {
  let restUntil = 0
  let silentUntil = 0
  return {
    async ask(what, command) {
      if (performance.now() < restUntil) return undefined
      try {
        return await within(ANSWER_MS, command(deps.redis))
      } catch (error) {
        const now = performance.now()
        if (error instanceof TooSlow) restUntil = now + REST_MS
        if (now >= silentUntil) {
          silentUntil = now + LOG_MS
          deps.logger.warn({ what, error: (error as Error).message }, 'the search cache did not answer')
        }
        return undefined
      }
    },
  }
}

class TooSlow extends Error {}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    // A loop that was held up runs its timers before it reads what has come meanwhile: the answer may be there, unread.
    timer = setTimeout(() => setImmediate(() => reject(new TooSlow(`no answer within ${ms} ms`))), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
