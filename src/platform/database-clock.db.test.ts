import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { fromDate, instant, plusMs, systemClock, type Clock } from '../kernel/time.ts'
import { createDatabaseClock } from './database-clock.ts'

const QUARTER_MS = 15 * 60_000
/** Two clocks of one machine, and a round trip on a busy one. */
const NEAR_MS = 2_000

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

async function databaseTime(): Promise<number> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(database.db)
  return fromDate(rows[0]!.now)
}

test.each([QUARTER_MS, -QUARTER_MS])('F32: a machine that is %d ms wrong goes by the database’s clock', async (wrongMs) => {
  const local: Clock = { now: () => plusMs(systemClock.now(), wrongMs) }
  const clock = createDatabaseClock({ db: database.db, local })
  expect(Math.abs(clock.now() - local.now())).toBeLessThan(NEAR_MS)
  await clock.ready
  expect(Math.abs(clock.now() - (await databaseTime()))).toBeLessThan(NEAR_MS)
  expect(Math.abs(clock.now() - local.now())).toBeGreaterThan(QUARTER_MS - NEAR_MS)
  clock.close()
})

test('F32: a machine whose time of day is put back goes on', async () => {
  let wrongMs = 0
  const clock = createDatabaseClock({ db: database.db, local: { now: () => instant(systemClock.now() + wrongMs) } })
  await clock.ready
  const before = clock.now()
  wrongMs = -2 * QUARTER_MS
  expect(clock.now()).toBeGreaterThanOrEqual(before)
  clock.close()
})

test('without a database the machine’s own time is better than none', async () => {
  const gone = await createTestDatabase()
  await gone.close()
  const clock = createDatabaseClock({ db: gone.db })
  await clock.ready
  expect(Math.abs(clock.now() - systemClock.now())).toBeLessThan(NEAR_MS)
  clock.close()
})
