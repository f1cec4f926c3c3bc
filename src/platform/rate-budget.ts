import type { Redis } from 'ioredis'
import { createRedisScript } from './redis.ts'

/** How often all processes together may call a partner. */
export type RateBudget = {
  /**
   * Resolves when a call may go, at most after `waitMs`; false when there would be none by then. Without Redis each
   * process keeps to its own share of a quarter, so that a fleet without it stays near the limit and is not silenced.
   */
  readonly take: (waitMs: number, signal: AbortSignal) => Promise<boolean>
}

export type RateBudgetOptions = {
  readonly name: string
  readonly perSecondMax: number
  /** Calls that may go at once after a pause; a second's worth when not given. */
  readonly burst?: number
  /** Shared by all processes; null is a budget of this process alone. */
  readonly redis: Redis | null
}

/*
 * The generic cell rate algorithm on Redis's own clock: KEYS[1] holds the moment (µs) at which the bucket is full again. Gives
 * back 0 when the call may go now, the µs after which it may (its place is taken), or -1 when that is later than ARGV[3].
 */
const TAKE = createRedisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local every, burst, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = math.max(0, full + every - burst - now)
if wait > longest then return -1 end
redis.call('SET', KEYS[1], string.format('%.0f', full + every), 'PX', math.ceil((full + every - now) / 1000) + 1000)
return wait`)

const REDIS_MS = 250
/** The share of one process while nobody can count for all. */
const ALONE_SHARE = 4

/** A budget under one name; every process with that name keeps to it together. */
export function createRateBudget({ name, perSecondMax, redis, burst = perSecondMax }: RateBudgetOptions): RateBudget {
  const everyMicros = 1_000_000 / perSecondMax
  const alone = createOwnPace(
    redis === null ? everyMicros : everyMicros * ALONE_SHARE,
    Math.max(1, redis === null ? burst : burst / ALONE_SHARE),
  )

  async function waitMicros(longestMicros: number): Promise<number> {
    if (redis === null || redis.status !== 'ready') return alone(longestMicros)
    try {
      const values = [Math.round(everyMicros), Math.round(burst * everyMicros), Math.round(longestMicros)]
      return Number(await within(TAKE(redis, [`farewire:rate:{${name}}`], values), REDIS_MS))
    } catch {
      return alone(longestMicros)
    }
  }

  return {
    take: async (waitMs, signal) => {
      const wait = await waitMicros(waitMs * 1_000)
      if (wait < 0) return false
      if (wait > 0) await pause(wait / 1_000, signal)
      return !signal.aborted
    },
  }
}

/** The same algorithm for one process, on a clock that only goes forward. */
function createOwnPace(everyMicros: number, burst: number): (longestMicros: number) => number {
  let full = 0
  return (longestMicros) => {
    const now = performance.now() * 1_000
    const next = Math.max(full, now) + everyMicros
    const wait = Math.max(0, next - burst * everyMicros - now)
    if (wait > longestMicros) return -1
    full = next
    return wait
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
