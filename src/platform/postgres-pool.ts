import { setTimeout as pause } from 'node:timers/promises'
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type pg from 'pg'
import { CommitUnknown, DatabaseUnavailable, isStorageFault, isWorthAnotherTry, sqlStateOf, TransactionLost } from './postgres-faults.ts'

export type PoolWatch = {
  /** Where lost COMMITs are asked after: who asks still has a connection of the pool itself, which would wait for itself. */
  readonly askPool: pg.Pool
  /** How many may wait for a connection at once; one more is refused without waiting. */
  readonly waitingMax: number
  /** Told when the server says that its disk or memory is full. */
  readonly onStorageFault: () => void
}

/** How long a lost COMMIT is asked after before it is called unknown. */
const ASK_MS = 3_000
const ASK_AGAIN_MS = 50

/**
 * A pool as Kysely uses it, over one of pg's, which adds what pg leaves to its callers: a bound on the queue of those who
 * wait, connections that broke or did not answer are not used again, and a COMMIT whose reply was lost is asked after.
 * Each transaction learns its own id in the round trip of its BEGIN; the database knows for long what became of an id.
 */
export function watchPool(pool: pg.Pool, watch: PoolWatch): PostgresPool {
  // Used again one after the other: Kysely makes a connection of its own for each that it has not seen.
  const spare: WatchedClient[] = []
  // A connection that breaks while somebody has it, between two statements, tells nobody else, and would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return {
    connect: async () => {
      if (pool.waitingCount >= watch.waitingMax) throw new DatabaseUnavailable('too many wait for a connection')
      const client = await connect(pool)
      const watched = spare.pop() ?? watchClient(pool, watch, (unused) => spare.push(unused))
      watched.take(client)
      return watched
    },
    end: async () => void (await Promise.all([pool.end(), watch.askPool.end()])),
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    if (sqlStateOf(error) !== undefined && !isUnreachable(error)) throw error
    throw new DatabaseUnavailable('no connection to the database', error)
  }
}

/** Too many connections, starting up or shutting down. */
function isUnreachable(error: unknown): boolean {
  return /^(53|57P|08)/.test(sqlStateOf(error) ?? '')
}

type Result<R> = PostgresQueryResult<R>

type WatchedClient = PostgresPoolClient & { readonly take: (client: pg.PoolClient) => void }

function watchClient(pool: pg.Pool, watch: PoolWatch, onRelease: (self: WatchedClient) => void): WatchedClient {
  let client: pg.PoolClient
  let transactionId: string | null = null
  let isInTransaction = false
  let isBroken = false
  let isReleased = false

  async function send<R>(text: string, values: readonly unknown[]): Promise<Result<R>> {
    try {
      // pg's types do not know that it leaves the values alone.
      return (await client.query(text, values as unknown[])) as unknown as Result<R>
    } catch (error) {
      if (isStorageFault(error)) watch.onStorageFault()
      if (sqlStateOf(error) !== undefined) throw error
      isBroken = true
      throw new DatabaseUnavailable('the connection to the database was lost', error)
    }
  }

  /** A connection may have ended while nobody used it; what only reads is asked again over another one, once. */
  async function ask<R>(text: string, values: readonly unknown[]): Promise<Result<R>> {
    try {
      return await send(text, values)
    } catch (error) {
      if (!isWorthAnotherTry(error)) throw error
      client.release(true)
      isReleased = true
      client = await connect(pool)
      isReleased = isBroken = false
      return send(text, values)
    }
  }

  async function begin<R>(): Promise<Result<R>> {
    transactionId = null
    const [begun, id] = (await send('begin; select pg_current_xact_id()::text as id', [])) as unknown as [Result<R>, Result<{ id: string }>]
    transactionId = id.rows[0]!.id
    isInTransaction = true
    return begun
  }

  async function commit<R>(): Promise<Result<R>> {
    try {
      return await send('commit', [])
    } catch (error) {
      // Refused for what was done in it, such as a deferred constraint: that is an answer, and everything else is none.
      if (/^(2[0-9]|40|P0)/.test(sqlStateOf(error) ?? '')) throw error
      isBroken = true
      // It had broken before: the COMMIT was never sent, and without one nothing is kept.
      if (wasNeverSent(error)) throw error
      if (await becameOf(watch.askPool, transactionId, error)) return { command: 'COMMIT', rowCount: 0, rows: [] } as unknown as Result<R>
      throw new TransactionLost(transactionId!, error)
    }
  }

  /** Never fails, so that it cannot hide why: a connection that does not take it is thrown away, which rolls back as well. */
  async function rollBack<R>(): Promise<Result<R>> {
    const done = { command: 'ROLLBACK', rowCount: 0, rows: [] } as unknown as Result<R>
    if (isBroken) return done
    return send<R>('rollback', []).catch(() => {
      isBroken = true
      return done
    })
  }

  const self: WatchedClient = {
    take: (taken) => {
      client = taken
      transactionId = null
      isInTransaction = isBroken = isReleased = false
    },
    query: ((text: string, values: readonly unknown[]) => {
      if (text === 'begin') return begin()
      if (text === 'commit') return commit()
      if (text === 'rollback') return rollBack()
      return isInTransaction || !text.startsWith('select ') ? send(text, values) : ask(text, values)
    }) as PostgresPoolClient['query'],
    release: () => {
      if (!isReleased) client.release(isBroken)
      onRelease(self)
    },
  }
  return self
}

function wasNeverSent(error: unknown): boolean {
  const { cause } = error as { cause?: unknown }
  return cause instanceof Error && cause.message.includes('not queryable')
}

/** True when the transaction was committed, false when it was rolled back; throws {@link CommitUnknown} when nobody says in time. */
async function becameOf(pool: pg.Pool, transactionId: string | null, cause: unknown): Promise<boolean> {
  if (transactionId === null) throw new CommitUnknown(null, cause)
  const deadline = performance.now() + ASK_MS
  do {
    const status = await statusOf(pool, transactionId).catch(() => 'not to be had')
    if (status === 'committed') return true
    if (status === 'aborted') return false
    await pause(ASK_AGAIN_MS)
  } while (performance.now() < deadline)
  throw new CommitUnknown(transactionId, cause)
}

async function statusOf(pool: pg.Pool, transactionId: string): Promise<string | null> {
  const { rows } = await pool.query<{ status: string | null }>('select pg_xact_status($1::xid8) as status', [transactionId])
  return rows[0]?.status ?? null
}
