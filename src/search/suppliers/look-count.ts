import type { Redis } from 'ioredis'
import { instant, utcDate, type Clock } from '../../kernel/time.ts'
import type { SearchLogger } from '../logger.ts'

/** Searches sent to a supplier and bookings it confirmed. */
export type Tally = { readonly looks: number; readonly bookings: number }

/** One supplier's looks and bookings of all processes, as this process knows them: others' looks are a second late. */
export type LookCount = {
  /** The hour that is running and the 23 before it. */
  readonly lastDay: () => Tally
  /** Since midnight UTC. */
  readonly today: () => Tally
  /** Counts one at once, without asking anybody; the others hear of it within a second. */
  readonly noteLook: () => void
  /** Counts a booking once, however often it is told. Rejects when the shared count cannot be reached: tell it again. */
  readonly noteBooking: (bookingId: string) => Promise<void>
  /** Sees to it that the counts will be exchanged within a second; does not wait for it. */
  readonly stayCurrent: () => void
  /** Exchanges the counts now. Never rejects: unreachable, they stay as they were. */
  readonly exchange: () => Promise<void>
  /** Tells what is left to tell, for half a second at most. */
  readonly close: () => Promise<void>
}

export type LookCountDeps = {
  readonly provider: string
  /** Shared by all processes; null is a count of our own looks only. */
  readonly redis: Redis | null
  readonly clock: Clock
  readonly logger: SearchLogger
  /** Names this process, among all that ever count in one day. */
  readonly process: string
  /** Told how many looks of other processes the shared count has grown by. */
  readonly onOthersLooked?: (looks: number) => void
}

const HOUR_MS = 3_600_000
const DAY_HOURS = 24
const EXCHANGE_EVERY_MS = 1_000
const CLOSE_MS = 500
/** The rolling day reaches into yesterday, whose hash must outlive it. */
const KEPT_SECONDS = 50 * 3_600

/*
 * A batch whose reply was lost is sent again under the same number and then only read: it is counted once. Each returns
 * what all processes have counted in that hour.
 */
const ADD_LOOKS = `
local seen = tonumber(redis.call('HGET', KEYS[1], 'seen:' .. ARGV[1]) or '0')
if tonumber(ARGV[2]) <= seen then return tonumber(redis.call('HGET', KEYS[1], ARGV[3]) or '0') end
redis.call('HSET', KEYS[1], 'seen:' .. ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return redis.call('HINCRBY', KEYS[1], ARGV[3], ARGV[4])`

const ADD_BOOKING = `
if redis.call('SISMEMBER', KEYS[3], ARGV[1]) == 1 or redis.call('SADD', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1`

type Batch = { readonly hour: number; readonly number: number; readonly looks: number }

export function createLookCount(deps: LookCountDeps): LookCount {
  const { redis, clock, provider } = deps
  /** By hour since 1970. What all have counted, as last heard, and what of ours is not in it yet. */
  let shared = new Map<number, Tally>()
  const own = new Map<number, number>()
  let sent: Batch[] = []
  let batches = 0
  const toldBookings = new Map<string, number>()

  const hourNow = () => Math.floor(clock.now() / HOUR_MS)
  const keyOf = (hour: number) => `farewire:looks:{${provider}}:${utcDate(instant(hour * HOUR_MS))}`
  const fieldOf = (what: keyof Tally, hour: number) => `${what}:${hour % DAY_HOURS}`

  function sumSince(first: number): Tally {
    let looks = 0
    let bookings = 0
    for (let hour = first; hour <= hourNow(); hour += 1) {
      looks += (shared.get(hour)?.looks ?? 0) + (own.get(hour) ?? 0)
      bookings += shared.get(hour)?.bookings ?? 0
    }
    for (const batch of sent) if (batch.hour >= first) looks += batch.looks
    return { looks, bookings }
  }

  async function tellOwn(to: Redis): Promise<number> {
    for (const [hour, looks] of own) {
      sent.push({ hour, number: (batches += 1), looks })
      own.delete(hour)
    }
    let told = 0
    for (let batch = sent[0]; batch !== undefined; batch = sent[0]) {
      const { hour, number, looks } = batch
      const total = await to.eval(ADD_LOOKS, 1, keyOf(hour), deps.process, number, fieldOf('looks', hour), looks, KEPT_SECONDS)
      shared.set(hour, { bookings: shared.get(hour)?.bookings ?? 0, looks: Number(total) })
      sent = sent.slice(1)
      told += looks
    }
    return told
  }

  async function readAll(from: Redis): Promise<Map<number, Tally>> {
    const now = hourNow()
    const midnight = now - (now % DAY_HOURS)
    const [today, yesterday] = await Promise.all([from.hgetall(keyOf(now)), from.hgetall(keyOf(midnight - 1))])
    const tallies = new Map<number, Tally>()
    for (let hour = now - DAY_HOURS + 1; hour <= now; hour += 1) {
      const fields = hour >= midnight ? today : yesterday
      tallies.set(hour, { looks: Number(fields[fieldOf('looks', hour)] ?? 0), bookings: Number(fields[fieldOf('bookings', hour)] ?? 0) })
    }
    return tallies
  }

  let isFirst = true
  async function exchangeWith(all: Redis): Promise<void> {
    const before = new Map(shared)
    const told = await tellOwn(all)
    shared = await readAll(all)
    const grown = [...shared].reduce((sum, [hour, tally]) => sum + tally.looks - (before.get(hour)?.looks ?? 0), 0)
    if (!isFirst && grown > told) deps.onOthersLooked?.(grown - told)
    isFirst = false
  }

  let isUnreachable = false
  let exchanging: Promise<void> | null = null
  function exchange(): Promise<void> {
    if (redis === null) return Promise.resolve()
    exchanging ??= exchangeWith(redis)
      .then(
        () => (isUnreachable = false),
        (error: Error) => {
          if (!isUnreachable) deps.logger.warn({ provider, error: error.message }, 'the shared count of looks cannot be reached')
          isUnreachable = true
        },
      )
      .then(() => {
        exchanging = null
        // A failed exchange leaves looks untold, and looks may have come while it ran.
        if (own.size > 0 || sent.length > 0) stayCurrent()
      })
    return exchanging
  }

  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let wasCurrent = false
  function stayCurrent(): void {
    if (redis === null || isClosed || timer !== undefined || exchanging !== null) return
    // A process that has just begun knows nothing of the others yet.
    timer = setTimeout(
      () => {
        timer = undefined
        void exchange()
      },
      wasCurrent ? EXCHANGE_EVERY_MS : 0,
    )
    timer.unref()
    wasCurrent = true
  }

  return {
    lastDay: () => sumSince(hourNow() - DAY_HOURS + 1),
    today: () => sumSince(hourNow() - (hourNow() % DAY_HOURS)),
    noteLook() {
      const hour = hourNow()
      own.set(hour, (own.get(hour) ?? 0) + 1)
      // Without anybody to tell, they would be kept for ever.
      if (redis === null) own.delete(hour - DAY_HOURS)
      stayCurrent()
    },
    async noteBooking(bookingId) {
      const hour = hourNow()
      if (redis !== null) {
        const yesterday = keyOf(hour - DAY_HOURS)
        const keys = [keyOf(hour), `${keyOf(hour)}:bookings`, `${yesterday}:bookings`]
        await redis.eval(ADD_BOOKING, 3, ...keys, bookingId, fieldOf('bookings', hour), KEPT_SECONDS)
        return stayCurrent()
      }
      for (const [id, since] of toldBookings) if (since <= hour - 2 * DAY_HOURS) toldBookings.delete(id)
      if (toldBookings.has(bookingId)) return
      toldBookings.set(bookingId, hour)
      const tally = shared.get(hour) ?? { looks: 0, bookings: 0 }
      shared.set(hour, { ...tally, bookings: tally.bookings + 1 })
      shared.delete(hour - DAY_HOURS)
    },
    stayCurrent,
    exchange,
    async close() {
      isClosed = true
      clearTimeout(timer)
      if (redis === null || (own.size === 0 && sent.length === 0 && exchanging === null)) return
      let giveUp: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => (giveUp = setTimeout(resolve, CLOSE_MS)))
      await Promise.race([Promise.resolve(exchanging).then(exchange), late])
      clearTimeout(giveUp)
    },
  }
}
