import { sql } from 'kysely'
import { instant, systemClock, type Clock, type Instant } from '../kernel/time.ts'
import type { Db } from './postgres.ts'
import { createSubscriber, type RequestRedis } from './redis.ts'

const CHANNEL = 'farewire:test-clock'
const POLL_MS = 5_000

/** The clock of a sandbox: the usual one, put forward for all processes together, and never back. */
export type TestClock = Clock & {
  /** Puts it forward and resolves to the time it then shows. Other processes follow within a moment. */
  readonly advance: (ms: number) => Promise<Instant>
  /** Resolves when the offset has been read for the first time. */
  readonly ready: Promise<void>
  readonly close: () => void
}

export type TestClockOptions = {
  readonly db: Db
  readonly redis: RequestRedis
  /** What is put forward: the machine's, unless said. */
  readonly base?: Clock
}

/**
 * A clock whose offset lies in the database, where transactions that race for a deadline read it too (platform.now()). A
 * message in Redis is only the hint to look; who missed it looks every 5 s.
 */
export function createTestClock({ db, redis, base = systemClock }: TestClockOptions): TestClock {
  let offsetMs = 0
  const read = async (): Promise<void> => {
    const row = await db.selectFrom('platform.test_clock').select('offset_ms').executeTakeFirstOrThrow()
    // Two reads may come back in the wrong order; the clock goes forward all the same.
    offsetMs = Math.max(offsetMs, row.offset_ms)
  }
  const look = (): void => void read().catch(() => undefined)
  const subscriber = createSubscriber(redis)
  subscriber.on('message', look)
  void subscriber.subscribe(CHANNEL).catch(() => undefined)
  const timer = setInterval(look, POLL_MS).unref()
  const ready = read()
  ready.catch(() => undefined)
  const now = (): Instant => instant(base.now() + offsetMs)
  return {
    now,
    ready,
    advance: async (ms) => {
      await db
        .updateTable('platform.test_clock')
        .set({ offset_ms: sql`offset_ms + ${Math.round(ms)}` })
        .execute()
      await read()
      await redis.publish(CHANNEL, 'advanced').catch(() => undefined)
      return now()
    },
    close: () => {
      clearInterval(timer)
      subscriber.disconnect()
    },
  }
}
