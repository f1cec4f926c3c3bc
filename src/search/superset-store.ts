import type { Redis } from 'ioredis'
import type { Clock } from '../kernel/time.ts'
import { decodeSuperset, encodeSuperset, isSupersetBlock, VERSION_AT } from './codec.ts'
import type { SearchLogger } from './logger.ts'
import { VERSION_LENGTH, type Superset } from './superset.ts'

/** Supersets shared by all processes. Every fault of the cache reads as "not there"; none is thrown. */
export type SupersetStore = {
  /** The superset a search of this key answers from now, fresh or not. */
  readonly findCurrent: (key: string) => Promise<Superset | null>
  /** The superset of this version, replaced or not, while it is retained. */
  readonly findVersion: (version: string) => Promise<Superset | null>
  /** Makes it the current one of its key, unless a newer one already is; the one replaced stays under its version. */
  readonly publish: (superset: Superset) => Promise<void>
}

/** A Redis that hangs is left alone this long after it made somebody wait. */
const REST_MS = 2_000
/** What a traveller waits at most for the cache. Less than the connection's own limit of 300 ms, so that it is noticed here. */
const ANSWER_MS = 250

const versionKey = (version: string) => `flight:v:${version}`

/*
 * The block lies under its key while it is current and `flight:v:<version>` points there. The script moves a replaced
 * block to its own `flight:v:` (its remaining time to live moves with it) before it writes the new one, so that
 * an offer shown from it can still be resolved. Versions sort by time: a late answer to an older search
 * grows the older block and never takes the place of a newer one. Whatever else lies under the key is overwritten.
 */
const PUBLISH = `
local head = redis.pcall('GETRANGE', KEYS[1], 0, ${VERSION_AT + VERSION_LENGTH - 1})
local held = ''
if type(head) == 'string' and string.sub(head, 1, 4) == 'FWSS' then held = string.sub(head, ${VERSION_AT + 1}) end
if held > ARGV[3] then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
  return 0
end
if held ~= '' and held ~= ARGV[3] then redis.call('RENAME', KEYS[1], 'flight:v:' .. held) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[2], KEYS[1], 'PX', ARGV[2])
return 1`

/** The store in Redis; without one, a store that is always empty. */
export function createSupersetStore(deps: { redis: Redis | null; clock: Clock; logger: SearchLogger }): SupersetStore {
  const { redis, clock, logger } = deps
  if (redis === null) return { findCurrent: async () => null, findVersion: async () => null, publish: async () => undefined }

  let restUntil = 0
  async function ask<T>(what: string, command: () => Promise<T>): Promise<T | null> {
    if (clock.now() < restUntil) return null
    try {
      return await within(ANSWER_MS, command())
    } catch (error) {
      if (error instanceof TooSlow) restUntil = clock.now() + REST_MS
      logger.warn({ what, error: (error as Error).message }, 'the search cache did not answer')
      return null
    }
  }
  const read = (key: string) => ask('read', () => redis.getBuffer(key))

  return {
    async findCurrent(key) {
      const block = await read(key)
      const superset = block === null ? null : await decodeSuperset(block)
      return superset?.key === key ? superset : null
    },
    async findVersion(version) {
      // Twice: the superset may be replaced, and so moved, between reading the pointer and following it.
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const held = await read(versionKey(version))
        if (held === null) return null
        const block = isSupersetBlock(held) ? held : await read(held.toString('latin1'))
        const superset = block === null ? null : await decodeSuperset(block)
        if (superset?.version === version) return superset
      }
      return null
    },
    async publish(superset) {
      const ttlMs = superset.retainedUntil - clock.now()
      if (ttlMs <= 0) return
      const block = await encodeSuperset(superset)
      if (block === null)
        return logger.warn({ key: superset.key, offers: superset.offers.length }, 'the superset is too large for the cache')
      await ask('publish', () => redis.eval(PUBLISH, 2, superset.key, versionKey(superset.version), block, ttlMs, superset.version))
    },
  }
}

class TooSlow extends Error {}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooSlow(`no answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
