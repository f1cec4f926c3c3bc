import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from './postgres.ts'
import { createTestRedis } from './redis.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

test('a test file gets a migrated database, and acts in it as the role that owns nothing', async () => {
  const { rows } = await sql<{ who: string; tables: number }>`
    select current_user as who, (select count(*)::int from pg_tables where schemaname in ('platform', 'booking')) as tables
  `.execute(database.db)
  expect(rows[0]?.who).toBe('farewire_app')
  expect(rows[0]?.tables).toBeGreaterThan(3)
  await expect(sql`drop table booking.bookings`.execute(database.db)).rejects.toThrow(/must be owner/)
})

test('two test databases do not see each other', async () => {
  const other = await createTestDatabase()
  await sql`insert into platform.work_items (id, kind, subject_id, summary, details) values ('w', 'k', 's', 'x', '{}')`.execute(database.db)
  const { rows } = await sql`select * from platform.work_items`.execute(other.db)
  await other.close()
  expect(rows).toEqual([])
})

test('text is stored as UTF-8 and sorted by code point, whatever the locale of the machine', async () => {
  const { rows } = await sql<{ name: string }>`select name from (values ('Đặng'), ('de'), ('Zoë')) as t (name) order by name`.execute(
    database.db,
  )
  expect(rows.map((row) => row.name)).toEqual(['Zoë', 'de', 'Đặng'])
})

test('the server for queues refuses to forget, the one for the cache forgets the oldest', async () => {
  const policies = await Promise.all(
    (['state', 'cache'] as const).map(async (server) => {
      const testRedis = await createTestRedis({ server })
      const redis = new Redis(testRedis.url)
      const [, policy] = (await redis.config('GET', 'maxmemory-policy')) as string[]
      await redis.quit()
      await testRedis.close()
      return policy
    }),
  )
  expect(policies).toEqual(['noeviction', 'allkeys-lru'])
})

test('two test Redis databases do not see each other', async () => {
  const [one, two] = await Promise.all([createTestRedis(), createTestRedis()])
  const writer = new Redis(one.url)
  const reader = new Redis(two.url)
  await writer.set('a', '1')
  expect(await reader.get('a')).toBeNull()
  await Promise.all([writer.quit(), reader.quit()])
  await Promise.all([one.close(), two.close()])
})
