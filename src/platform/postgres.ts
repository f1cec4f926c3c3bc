import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { fromDate, type Instant } from '../kernel/time.ts'
import type { DB as Database } from './tables.gen.ts'

export type Db = Kysely<Database>
export type Tx = Transaction<Database>

export type PostgresOptions = {
  readonly url: string
  readonly connectionsMax: number
  /** Told of the loss of an idle connection; the pool replaces it by itself. */
  readonly onConnectionLost?: (error: Error) => void
}

/** An int8 as a number; amounts beyond 2^53 are refused rather than rounded. */
function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a safe integer`)
  return value
}

const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, parseInt8)

/**
 * A pool of connections that act as the role `farewire_app`, whoever logs in: it owns nothing, and may insert into
 * append-only tables but not change them. Waiting for a connection and running a statement both have a deadline.
 */
export function createPostgres(options: PostgresOptions): { db: Db; close: () => Promise<void> } {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 15_000,
    options: '-c role=farewire_app',
    application_name: 'farewire',
    types,
  })
  // Without a listener the loss of an idle connection would end the process.
  let isClosing = false
  pool.on('error', (error) => {
    if (!isClosing) options.onConnectionLost?.(error)
  })
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  const close = (): Promise<void> => {
    isClosing = true
    return db.destroy()
  }
  return { db, close }
}

const RETRYABLE = new Set(['40001', '40P01'])

/**
 * Runs `work` in one transaction. A serialization failure or deadlock, which Postgres has already rolled back, is run
 * again at most three times; every other error is the caller's. `work` must hold no side effect outside the database.
 */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (attempt > 3 || !RETRYABLE.has((error as { code?: string }).code ?? '')) throw error
    }
  }
}

/** True when `error` is a violation of the named unique constraint or index. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  const fault = error as { code?: string; constraint?: string }
  return fault.code === '23505' && fault.constraint === constraint
}

/** The database's clock, as far ahead as a sandbox's was put: what decides where several processes, each with a clock of its own, race for a deadline. */
export async function databaseNow(tx: Tx): Promise<Instant> {
  const { rows } = await sql<{ now: Date }>`select platform.now() as now`.execute(tx)
  return fromDate(rows[0]!.now)
}
