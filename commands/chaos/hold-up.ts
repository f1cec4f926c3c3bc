import pg from 'pg'
import type { ChaosStack } from './stack.ts'
import { until } from './until.ts'

export type HeldUp = {
  readonly stack: ChaosStack
  /** Whose rows nobody may write meanwhile; they may be read. */
  readonly table: string
  /** What those who wait are at, as the beginning of their statement: a pattern of Postgres's. */
  readonly at: string
  /** So many must be waiting before they are let go. */
  readonly waiters: number
  /** Sends them there; what it resolves to may come after they are let go. */
  readonly begin: () => Promise<void>
}

/** Below every deadline of those who wait. */
const HOLD_MS_MAX = 9_000

/** Holds everybody up before the same write, and lets all of them go at once. Resolves to how many there were. */
export async function holdUp({ stack, table, at, waiters, begin }: HeldUp): Promise<number> {
  const holder = new pg.Client({ connectionString: stack.postgres.url, application_name: 'holder' })
  await holder.connect()
  try {
    await holder.query('begin')
    await holder.query(`lock table ${table} in exclusive mode`)
    await begin()
    const waiting = async (): Promise<number> =>
      (
        await stack.sql(
          `select from pg_stat_activity where application_name ~ '^(api|worker)-' and wait_event_type = 'Lock' and query ~ $1`,
          [at],
        )
      ).length
    await until(async () => (await waiting()) >= waiters, HOLD_MS_MAX)
    const count = await waiting()
    await holder.query('rollback')
    return count
  } finally {
    await holder.end().catch(() => undefined)
  }
}
