import { sql } from 'kysely'
import { fromDate, instant, systemClock, type Clock, type Instant } from '../kernel/time.ts'
import type { Db } from './postgres.ts'

const LOOK_MS = 5_000
/** What two readings may differ by and still be the same time. */
const TOLERANCE_MS = 20

export type DatabaseClock = Clock & {
  /** Resolves when the database has been asked for the first time, whether or not it answered. */
  readonly ready: Promise<void>
  readonly close: () => void
}

/**
 * The database's clock, kept going in between by this machine's steady one: what all processes agree on, and what decides in
 * transactions too (semantics S6), however wrong the time of day of one machine is, and when it is put right. Asked for again
 * every 5 s; until the first answer it is the machine's.
 */
export function createDatabaseClock({ db, local = systemClock }: { readonly db: Db; readonly local?: Clock }): DatabaseClock {
  let base: { readonly at: number; readonly steady: number } | null = null
  const read = (): number => (base === null ? local.now() : base.at + (performance.now() - base.steady))
  const look = async (): Promise<void> => {
    const asked = performance.now()
    const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db)
    const answered = performance.now()
    // Their time was true somewhere between asking and being answered: who is that near needs no putting right.
    const doubtMs = (answered - asked) / 2
    const at = fromDate(rows[0]!.now) + doubtMs
    if (base === null || Math.abs(at - read()) > doubtMs + TOLERANCE_MS) base = { at, steady: answered }
  }
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS).unref()
  return {
    now: (): Instant => instant(Math.round(read())),
    ready: look().catch(() => undefined),
    close: () => clearInterval(timer),
  }
}
