import { createRedisScript } from '../../platform/redis.ts'
import type { SharedCache } from './shared-cache.ts'
import { LUA_HEAD } from './superset-head.ts'

/** Which process asks the suppliers for a key. Its token is the version of the superset it is building. */
export type Leases = {
  /** Takes the lease unless someone holds it, or a current superset newer than `known` makes it needless. */
  readonly take: (key: string, token: string, known: string) => Promise<Taken>
  /** Keeps it from running out until the returned function is called. */
  readonly hold: (key: string, token: string) => () => void
  /** Gives it back, if it is still ours. */
  readonly giveBack: (key: string, token: string) => Promise<void>
}

/** `held`: by whom, and how far the superset of that version has been published; -1 is not at all. */
export type Taken =
  | { readonly outcome: 'won' }
  | { readonly outcome: 'held'; readonly version: string; readonly revision: number }
  | { readonly outcome: 'published'; readonly version: string; readonly revision: number }
  | { readonly outcome: 'unreachable' }

/** Leases of a process that shares its cache with nobody: always won. */
export const freeLeases: Leases = {
  take: async () => ({ outcome: 'won' }),
  hold: () => () => undefined,
  giveBack: async () => undefined,
}

/** How long the others wait for a leader that has died, at most. */
const LEASE_MS = 1_500
const RENEW_MS = 500

export const leaseKeyOf = (key: string) => `${key}:lease`

/*
 * Looks for a newer superset and takes the lease in one step: between the two a leader could publish and leave, and its
 * suppliers would be asked a second time. What lies under the lease's key without an end, or with too late a one, is not
 * a lease. KEYS: current, lease. ARGV: token, milliseconds, known version.
 */
const takeScript = createRedisScript(`${LUA_HEAD}
local version, revision = head(KEYS[1])
if version > ARGV[3] then return {'published', version, revision} end
local left = redis.call('PTTL', KEYS[2])
if left == -1 or left > tonumber(ARGV[2]) then redis.call('DEL', KEYS[2]) end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return {'won'} end
local holder = redis.pcall('GET', KEYS[2])
if type(holder) ~= 'string' then return {'held', '', -1} end
local builtVersion, builtRevision = head(KEYS[1] .. ':v:' .. holder)
return {'held', holder, builtVersion == holder and builtRevision or -1}`)

const renewScript = createRedisScript(`
if redis.pcall('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`)

const giveBackScript = createRedisScript(`
if redis.pcall('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`)

/** Leases in Redis, of 1.5 s, renewed every 500 ms. */
export function createLeases(cache: SharedCache): Leases {
  return {
    async take(key, token, known) {
      const reply = await cache.ask('take the lease', (redis) => takeScript(redis, [key, leaseKeyOf(key)], [token, LEASE_MS, known]))
      if (reply === undefined) return { outcome: 'unreachable' }
      const [outcome, version, revision] = reply as ['won' | 'held' | 'published', string, number]
      return outcome === 'won' ? { outcome } : { outcome, version, revision }
    },
    hold(key, token) {
      const timer = setInterval(
        () => void cache.ask('renew the lease', (redis) => renewScript(redis, [leaseKeyOf(key)], [token, LEASE_MS])),
        RENEW_MS,
      )
      timer.unref()
      return () => clearInterval(timer)
    },
    async giveBack(key, token) {
      await cache.ask('give the lease back', (redis) => giveBackScript(redis, [leaseKeyOf(key)], [token]))
    },
  }
}
