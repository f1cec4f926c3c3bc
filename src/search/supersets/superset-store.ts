import type { Clock } from '../../kernel/time.ts'
import { createRedisScript } from '../../platform/redis.ts'
import { decodeSuperset, encodeSuperset } from './codec.ts'
import type { SearchLogger } from '../logger.ts'
import type { SharedCache } from './shared-cache.ts'
import type { QueryKind } from './query-kind.ts'
import { LUA_HEAD, versionIn } from './superset-head.ts'
import { leaseKeyOf } from './superset-lease.ts'
import { NOTICE_CHANNEL } from './superset-notices.ts'
import { isAnswered } from './superset-state.ts'
import { isComplete, offersIn, type Superset } from './superset.ts'

/** Supersets shared by all processes. Every fault of the cache reads as "not there"; none is thrown. */
export type SupersetStore = {
  /** The superset that is the answer to searches of this key, fresh or not. */
  readonly findCurrent: (key: string) => Promise<Superset | null>
  /** The superset of this version, replaced or not, while it is retained. */
  readonly findVersion: (kind: Kind, version: string) => Promise<Superset | null>
  /** The same, by one who knows its key and, perhaps, that it is the current one. */
  readonly findOf: (key: string, version: string, isCurrent?: boolean) => Promise<Superset | null>
  /**
   * Stores it and tells all processes. It becomes the current one of its key when everybody asked has said something and
   * no newer one is there; the one replaced stays under its version. Gives the lease back in the same step. False when the
   * cache could not take it.
   */
  readonly publish: (superset: Superset, leaseToken?: string) => Promise<boolean>
}

type Kind = QueryKind<never>['name']

/** A store without a Redis: always empty. */
export const emptyStore: SupersetStore = {
  findCurrent: async () => null,
  findVersion: async () => null,
  findOf: async () => null,
  publish: async () => false,
}

/** A fan-out nobody answered holds no offer that could be resolved; it is kept for those who wait for it now. */
const UNANSWERED_MS = 10_000
const POINTER_BYTES_MAX = 200

const apartKey = (key: string, version: string) => `${key}:v:${version}`
/** A superset's own key says its kind: `flight:s:{…}`. */
const pointerKey = (kind: string, version: string) => `${kind}:v:${version}`
const kindIn = (key: string) => key.slice(0, key.indexOf(':'))

/*
 * One step in one slot. The block lies under its key while it is current and under `<key>:v:<version>` before and after; a
 * pointer elsewhere, `<kind>:v:<version>`, names the key. What is replaced is moved with its remaining time to live, so
 * that an offer shown from it can still be resolved. Versions sort by time: a late answer to an older search grows the
 * older block and never takes the place of a newer one, and no revision takes the place of a later one. Whatever else
 * lies under these keys is overwritten. KEYS: current, apart, lease.
 */
const publishScript = createRedisScript(`${LUA_HEAD}
local block, ttl, version, revision, mayBeCurrent, token, channel = unpack(ARGV)
if token ~= '' and redis.pcall('GET', KEYS[3]) == token then redis.call('DEL', KEYS[3]) end
local currentVersion, currentRevision = head(KEYS[1])
local apartVersion, apartRevision = head(KEYS[2])
if currentVersion == version and currentRevision > tonumber(revision) then return 'refused' end
if apartVersion == version and apartRevision > tonumber(revision) then return 'refused' end
local isCurrent = mayBeCurrent == '1' and currentVersion <= version
if isCurrent then
  if currentVersion ~= '' and currentVersion ~= version then redis.call('RENAME', KEYS[1], KEYS[1] .. ':v:' .. currentVersion) end
  redis.call('SET', KEYS[1], block, 'PX', ttl)
  redis.call('DEL', KEYS[2])
else
  redis.call('SET', KEYS[2], block, 'PX', ttl)
end
redis.call('PUBLISH', channel, KEYS[1] .. ' ' .. version .. ' ' .. revision .. ' ' .. (isCurrent and '1' or '0'))
return isCurrent and 'current' or 'apart'`)

/** The store in Redis. */
export function createSupersetStore(deps: { cache: SharedCache; clock: Clock; logger: SearchLogger }): SupersetStore {
  const { cache, clock, logger } = deps
  const read = async (key: string) => (await cache.ask('read', (redis) => redis.getBuffer(key))) ?? null

  async function findOf(key: string, version: string, isCurrent = false): Promise<Superset | null> {
    const places = isCurrent ? [key, apartKey(key, version)] : [apartKey(key, version), key]
    // Twice: it may be moved between the two while we look.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      for (const place of places) {
        const block = await read(place)
        if (block === null || versionIn(block) !== version) continue
        const superset = await decodeSuperset(block)
        if (superset?.version === version && superset.key === key) return superset
      }
    }
    return null
  }

  return {
    findOf,
    async findCurrent(key) {
      const block = await read(key)
      const superset = block === null ? null : await decodeSuperset(block)
      return superset?.key === key ? superset : null
    },
    async findVersion(kind, version) {
      const pointer = await read(pointerKey(kind, version))
      return pointer === null || pointer.length > POINTER_BYTES_MAX ? null : findOf(pointer.toString('latin1'), version)
    },
    async publish(superset, leaseToken = '') {
      const { key, version, revision } = superset
      const hasAnswer = isAnswered(superset)
      const retainedMs = superset.retainedUntil - clock.now()
      const ttlMs = hasAnswer ? retainedMs : Math.min(retainedMs, UNANSWERED_MS)
      if (ttlMs <= 0) return false
      const block = encodeSuperset(superset)
      if (block === null) {
        logger.warn({ key, offers: offersIn(superset) }, 'the superset is too large for the cache')
        return false
      }
      if (hasAnswer) await cache.ask('point', (redis) => redis.set(pointerKey(kindIn(key), version), key, 'PX', ttlMs))
      const keys = [key, apartKey(key, version), leaseKeyOf(key)] as const
      const mayBeCurrent = hasAnswer && isComplete(superset) ? 1 : 0
      const values = [block, ttlMs, version, revision, mayBeCurrent, leaseToken, NOTICE_CHANNEL]
      return (await cache.ask('publish', (redis) => publishScript(redis, keys, values))) !== undefined
    },
  }
}
