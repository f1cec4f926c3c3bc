import { randomUUID } from 'node:crypto'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { startTcpProxy, type TcpProxy } from '../../test/support/tcp-proxy.ts'
import { createPostgres, inTransaction, type Db, type Postgres, type Tx } from './postgres.ts'
import { CommitUnknown, DatabaseUnavailable, isDatabaseUnavailable } from './postgres-faults.ts'

let database: TestDatabase
let proxy: TcpProxy
let through: Postgres
let proxied: string

beforeAll(async () => {
  database = await createTestDatabase()
  const url = new URL(database.url)
  proxy = await startTcpProxy(Number(url.port))
  url.port = String(proxy.port)
  proxied = url.href
  through = createPostgres({ url: proxied, connectionsMax: 4, waitMs: 500 })
})
afterAll(async () => {
  await through?.close()
  await proxy?.close()
  await database?.close()
})
beforeEach(() => proxy.heal())

/** One effect of which a second one would be seen: nothing but the transaction keeps them apart. */
function place(db: Db, subject: string): Promise<unknown> {
  return inTransaction(db, (tx) =>
    tx
      .insertInto('platform.events')
      .values({ id: randomUUID(), name: 'test.placed', subject_id: subject, body: '{}', actor: 'test' })
      .execute(),
  )
}

async function effects(subject: string): Promise<number> {
  const rows = await database.db.selectFrom('platform.events').select('id').where('subject_id', '=', subject).execute()
  return rows.length
}

describe('a COMMIT whose reply is lost (F27)', () => {
  test('that was kept is told as done and is done once', async () => {
    proxy.cutCommits(1, 'replied')
    await place(through.db, 'kept')
    expect(await effects('kept')).toBe(1)
  })

  test('that never arrived is done again and is done once', async () => {
    proxy.cutCommits(1, 'sent')
    await place(through.db, 'never arrived')
    expect(await effects('never arrived')).toBe(1)
  })

  test('fifty of them, of both kinds and at once, are done once each', async () => {
    for (const when of ['replied', 'sent'] as const) {
      proxy.cutCommits(25, when)
      await Promise.all(Array.from({ length: 25 }, (_, i) => place(through.db, `many ${when} ${i}`)))
    }
    const counts = await database.db
      .selectFrom('platform.events')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('subject_id', 'like', 'many %')
      .groupBy('subject_id')
      .execute()
    expect(counts.map(({ count }) => Number(count))).toEqual(Array(50).fill(1))
  })

  test('of which nobody can say what became of it is unknown, and not failed', async () => {
    const ended = inTransaction(through.db, async (tx) => {
      await tx
        .insertInto('platform.events')
        .values({ id: randomUUID(), name: 'test.placed', subject_id: 'unsaid', body: '{}', actor: 'test' })
        .execute()
      proxy.cutCommits(1, 'replied')
      setTimeout(() => proxy.down(), 5)
    })
    await expect(ended).rejects.toThrow(CommitUnknown)
    expect(await effects('unsaid')).toBe(1)
  })

  test('is done twice by who takes it for a failure: the negative control', async () => {
    const pool = new pg.Pool({ connectionString: proxied, max: 1, options: '-c role=farewire_app' })
    pool.on('connect', (client) => client.on('error', () => undefined))
    pool.on('error', () => undefined)
    const naive = new Kysely({ dialect: new PostgresDialect({ pool }) }) as Db
    proxy.cutCommits(1, 'replied')
    await place(naive, 'twice').catch(() => place(naive, 'twice'))
    await naive.destroy()
    expect(await effects('twice')).toBe(2)
  })

  test('but refused by a deferred constraint is the caller’s to know', async () => {
    const unbalanced = inTransaction(database.db, async (tx) => {
      await sql`insert into payments.payments (id, client_ref, booking_id, attempt_key, provider, amount, currency, expires_at, provider_expires_at)
        values ('pay_x', 'pay_x', 'bkg_x', 'k', 'stripe', 100, 'EUR', now(), now())`.execute(tx)
      await sql`insert into payments.transactions (id, posting_id, booking_id, payment_id, account, event_type, amount, currency, payment_provider)
        values ('txn_x', 'p', 'bkg_x', 'pay_x', 'gateway', 'PAYMENT_SUCCESS', 100, 'EUR', 'stripe')`.execute(tx)
    })
    await expect(unbalanced).rejects.toThrow(/does not balance/)
  })
})

describe('what Postgres has rolled back', () => {
  let operator: pg.Client
  beforeAll(async () => {
    operator = new pg.Client({ connectionString: database.url })
    await operator.connect()
  })
  afterAll(() => operator?.end())

  async function terminate(tx: Tx): Promise<void> {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
    await operator.query('select pg_terminate_backend($1)', [rows[0]!.pid])
  }

  test('because an operator ended the connection is run again (57P01)', async () => {
    let runs = 0
    await inTransaction(database.db, async (tx) => {
      runs += 1
      if (runs < 3) await terminate(tx)
      await sql`select 1`.execute(tx)
    })
    expect(runs).toBe(3)
  })

  test('because of a deadlock is run again (40P01), all of it', async () => {
    await sql`insert into platform.work_items (id, kind, subject_id, summary, details) values ('a','t','a','','{}'), ('b','t','b','','{}')`.execute(
      database.db,
    )
    let runs = 0
    const both = async (first: string, second: string): Promise<void> =>
      inTransaction(database.db, async (tx) => {
        runs += 1
        await sql`update platform.work_items set owner = ${first} where id = ${first}`.execute(tx)
        await new Promise((resolve) => setTimeout(resolve, 100))
        await sql`update platform.work_items set owner = ${first} where id = ${second}`.execute(tx)
      })
    await Promise.all([both('a', 'b'), both('b', 'a')])
    expect(runs).toBeGreaterThan(2)
  })

  test('is not run for ever', async () => {
    let runs = 0
    const ended = inTransaction(database.db, async (tx) => {
      runs += 1
      await terminate(tx)
      await sql`select 1`.execute(tx)
    })
    expect(isDatabaseUnavailable(await ended.catch((error: unknown) => error))).toBe(true)
    expect(runs).toBe(4)
  })

  test.each(['40001', '40P01', '55P03', '57014'])('is no fault of ours when it goes on: %s is "ask again later"', async (code) => {
    const ended = inTransaction(database.db, (tx) =>
      sql`do ${sql.raw(`$$ begin raise exception 'given up' using errcode = '${code}'; end $$`)}`.execute(tx),
    )
    expect(isDatabaseUnavailable(await ended.catch((error: unknown) => error))).toBe(true)
  })
})

describe('a database that cannot be had', () => {
  test('is told within the deadline when all connections are taken, and served again afterwards', async () => {
    const held = Array.from({ length: 4 }, () => sql`select pg_sleep(1.2)`.execute(through.db))
    const begun = performance.now()
    await expect(sql`select 1`.execute(through.db)).rejects.toThrow(DatabaseUnavailable)
    expect(performance.now() - begun).toBeLessThan(1_000)
    await Promise.all(held)
    await sql`select 1`.execute(through.db)
  })

  test('is told at once when it is down, and used again when it is back', async () => {
    proxy.down()
    const begun = performance.now()
    const fault = await sql`select 1`.execute(through.db).catch((error: unknown) => error)
    expect(isDatabaseUnavailable(fault)).toBe(true)
    expect(performance.now() - begun).toBeLessThan(500)
    proxy.heal()
    await sql`select 1`.execute(through.db)
  })

  test('does not end the process when it goes while a transaction is between two statements', async () => {
    const ended = inTransaction(through.db, async () => {
      proxy.down()
      await new Promise((resolve) => setTimeout(resolve, 50))
    })
    expect(isDatabaseUnavailable(await ended.catch((error: unknown) => error))).toBe(true)
  })

  test('is not ready while its disk is full, and ready by itself when there is room again (F30)', async () => {
    const owner = new pg.Client({ connectionString: database.url })
    await owner.connect()
    await owner.query(`create function fill() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`)
    for (const table of ['events', 'idempotency_keys'])
      await owner.query(`create trigger fill before insert on platform.${table} for each row execute function fill()`)
    await through.check()
    const fault = await place(through.db, 'full').catch((error: unknown) => error)
    expect(isDatabaseUnavailable(fault)).toBe(true)
    await expect(through.check()).rejects.toThrow(/No space left/)
    for (const table of ['events', 'idempotency_keys']) await owner.query(`drop trigger fill on platform.${table}`)
    await owner.end()
    await through.check()
    await place(through.db, 'full')
    expect(await effects('full')).toBe(1)
  })
})
