import { setTimeout as pause } from 'node:timers/promises'
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { fromDate, type Instant } from '../kernel/time.ts'
import { isWorthAnotherTry } from './postgres-faults.ts'
import { watchPool } from './postgres-pool.ts'
import type { DB as Database } from './tables.gen.ts'

export type Db = Kysely<Database>
export type Tx = Transaction<Database>

export type PostgresOptions = {
  readonly url: string
  readonly connectionsMax: number
  /** Longest wait for a connection; 5 s unless said. */
  readonly waitMs?: number
  /** Longest a statement may take; 15 s unless said. A server that says nothing is given up two seconds later. */
  readonly statementMs?: number
  /** How the server lists these connections. */
  readonly name?: string
  /** Told of the loss of an idle connection; the pool replaces it by itself. */
  readonly onConnectionLost?: (error: Error) => void
}

export type Postgres = {
  readonly db: Db
  /** Resolves when the database answers and, after it said that its disk or memory is full, takes writes again. */
  readonly check: () => Promise<void>
  readonly close: () => Promise<void>
}

/** An int8 as a number; amounts beyond 2^53 are refused rather than rounded. */
function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a safe integer`)
  return value
}

const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, parseInt8)

const STATEMENT_MS = 15_000
const LOCK_MS = 5_000
/** Beyond this many nobody would be served in time. */
const WAITING_MAX = 1_000

/**
 * A pool of connections that act as the role `farewire_app`, whoever logs in: it owns nothing, and may insert into
 * append-only tables but not change them. Waiting for a connection, for a lock, for a statement and for a server that
 * says nothing all have a deadline; who finds none gets DatabaseUnavailable. A COMMIT whose reply was lost is asked
 * after: what was rolled back is run again by {@link inTransaction}, and what nobody can tell is CommitUnknown.
 */
export function createPostgres(options: PostgresOptions): Postgres {
  const statementMs = options.statementMs ?? STATEMENT_MS
  const settings: pg.PoolConfig = {
    connectionString: options.url,
    max: options.connectionsMax,
    connectionTimeoutMillis: options.waitMs ?? 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementMs,
    lock_timeout: Math.min(LOCK_MS, statementMs),
    idle_in_transaction_session_timeout: STATEMENT_MS,
    // The server keeps to its own deadline; this is for one that is frozen, or no longer reached.
    query_timeout: statementMs + 2_000,
    keepAlive: true,
    options: '-c role=farewire_app',
    application_name: options.name ?? 'farewire',
    types,
  }
  const pool = new pg.Pool(settings)
  const askPool = new pg.Pool({ ...settings, max: 2, idleTimeoutMillis: 1_000 })
  // Without a listener the loss of an idle connection would end the process.
  let isClosing = false
  for (const one of [pool, askPool])
    one.on('error', (error) => {
      if (!isClosing) options.onConnectionLost?.(error)
    })
  let isFull = false
  const watched = watchPool(pool, { askPool, waitingMax: WAITING_MAX, onStorageFault: () => (isFull = true) })
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: watched }) })
  return {
    db,
    check: async () => {
      await sql`select 1`.execute(db)
      if (!isFull) return
      await tryWriting(db)
      isFull = false
    },
    close: () => {
      isClosing = true
      return db.destroy()
    },
  }
}

/** Writes enough that a table has to grow, and takes it back. */
async function tryWriting(db: Db): Promise<void> {
  const trial = await db.startTransaction().execute()
  try {
    await sql`insert into platform.idempotency_keys (scope, key, request_hash, locked_until)
      select 'trial', gen_random_uuid()::text, string_agg(md5(random()::text), ''), now() from generate_series(1, 4000)`.execute(trial)
  } finally {
    await trial.rollback().execute()
  }
}

const ATTEMPTS = 4
const PAUSE_MS = 15

/**
 * Runs `work` in one transaction. What Postgres has surely rolled back — a serialization failure, a deadlock, a
 * connection that was lost before its COMMIT was sent — is run again at most three times, after a pause that grows and
 * varies; every other error is the caller's. `work` must hold no side effect outside the database.
 */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (attempt >= ATTEMPTS || !isWorthAnotherTry(error)) throw error
      await pause(PAUSE_MS * 2 ** attempt * (0.5 + Math.random()))
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
