import { plusDays, utcDate, type Clock } from '../../kernel/time.ts'
import { createRedisScript, type RequestRedis } from '../../platform/redis.ts'
import type { SearchLogger } from '../logger.ts'
import { createSharedCache } from '../supersets/shared-cache.ts'
import { AHEAD_MS, decodePriceFact, encodePriceFact, type PriceFact } from './price-fact.ts'

/** Prices shared by all processes. Every fault of Redis reads as "nothing known"; none is thrown. */
export type PriceStore = {
  /** In the order of the fields; null where nothing is known. */
  readonly read: (key: string, fields: readonly string[]) => Promise<readonly (PriceFact | null)[]>
  /** Of two facts about the same days the one checked later stays, whoever writes last. */
  readonly write: (key: string, facts: ReadonlyMap<string, PriceFact>) => Promise<void>
}

export type PriceStoreDeps = {
  /** A connection that fails fast (platform/redis.ts); null is a store that is always empty. */
  readonly redis: RequestRedis | null
  readonly clock: Clock
  readonly logger: SearchLogger
  readonly fieldsMax?: number
}

/** After this long without a search of the route nothing of it is known any more. */
const KEPT_SECONDS = 40 * 86_400
/** Days of a route that are kept: 361 one way, of round trips those that were checked last. About 200 kB. */
const FIELDS_MAX = 4_000

/*
 * One script, so that comparing and writing are one step: a slow process that learnt its price earlier never undoes what
 * another has learnt since. A time in the future is no time (a clock gone wrong would otherwise win for ever). Days gone
 * by are swept once per day and route, and when the hash is full; then the eighth that was checked longest ago goes too.
 * The field "swept" holds the day of the last sweep.
 */
const WRITE = createRedisScript(`
local key, kept, floor, believable, most = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local kind = redis.call('TYPE', key)['ok']
if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', key) end
local function secondsOf(value)
  local seconds = tonumber(string.match(value, '^%d+') or '') or 0
  if seconds > believable then return 0 end
  return seconds
end
for i = 5, #ARGV, 2 do
  local held = redis.call('HGET', key, ARGV[i])
  if not held or secondsOf(held) <= secondsOf(ARGV[i + 1]) then redis.call('HSET', key, ARGV[i], ARGV[i + 1]) end
end
if redis.call('HGET', key, 'swept') ~= floor or redis.call('HLEN', key) > most then
  redis.call('HSET', key, 'swept', floor)
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if field < floor then redis.call('HDEL', key, field) end
  end
  if redis.call('HLEN', key) > most then
    local all, facts = redis.call('HGETALL', key), {}
    for i = 1, #all, 2 do
      if all[i] ~= 'swept' then facts[#facts + 1] = { all[i], secondsOf(all[i + 1]) } end
    end
    table.sort(facts, function(a, b) if a[2] ~= b[2] then return a[2] < b[2] end return a[1] < b[1] end)
    for i = 1, #facts - (most - math.ceil(most / 8)) do redis.call('HDEL', key, facts[i][1]) end
  end
end
redis.call('EXPIRE', key, kept)
return 1`)

/** The store in Redis, one node or a cluster: every command names one key. */
export function createPriceStore(deps: PriceStoreDeps): PriceStore {
  const { redis, clock, logger, fieldsMax = FIELDS_MAX } = deps
  if (redis === null) return { read: async (_, fields) => fields.map(() => null), write: async () => undefined }

  const cache = createSharedCache({ redis, logger })
  return {
    async read(key, fields) {
      const values = await cache.ask('read prices', (connection) => connection.hmget(key, ...fields))
      const believable = clock.now() + AHEAD_MS
      return fields.map((_, i) => {
        const fact = decodePriceFact(values?.[i] ?? '')
        return fact === null || fact.checkedAt > believable ? null : fact
      })
    },
    async write(key, facts) {
      if (facts.size === 0) return
      const now = clock.now()
      // Where the date line is passed last, yesterday at UTC is still today.
      const floor = plusDays(utcDate(now), -1)
      const believable = Math.floor((now + AHEAD_MS) / 1000)
      const values = [...facts].flatMap(([field, fact]) => [field, encodePriceFact(fact)])
      await cache.ask('note prices', (connection) => WRITE(connection, [key], [KEPT_SECONDS, floor, believable, fieldsMax, ...values]))
    },
  }
}
