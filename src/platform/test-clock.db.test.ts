import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { createTestRedis, type TestRedis } from '../../test/support/redis.ts'
import { systemClock } from '../kernel/time.ts'
import { databaseNow, inTransaction } from './postgres.ts'
import { createTestClock, type TestClock } from './test-clock.ts'

let database: TestDatabase
let server: TestRedis
let redis: Redis
let clocks: TestClock[]

beforeAll(async () => {
  ;[database, server] = await Promise.all([createTestDatabase(), createTestRedis()])
  redis = new Redis(server.url)
  clocks = [1, 2].map(() => createTestClock({ db: database.db, redis }))
  await Promise.all(clocks.map((clock) => clock.ready))
})
afterAll(async () => {
  for (const clock of clocks) clock.close()
  redis.disconnect()
  await server.close()
  await database.close()
})

test('put forward in one process, every process and the database are ahead by as much, and nobody ever goes back', async () => {
  const [one, other] = clocks as [TestClock, TestClock]
  const hour = 3_600_000
  expect(Math.abs(one.now() - systemClock.now())).toBeLessThan(1_000)
  await one.advance(hour)
  expect(one.now() - systemClock.now()).toBeGreaterThanOrEqual(hour)
  const deadline = performance.now() + 15_000
  while (other.now() - systemClock.now() < hour && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(other.now() - systemClock.now()).toBeGreaterThanOrEqual(hour)
  const now = await inTransaction(database.db, databaseNow)
  expect(Math.abs(now - one.now())).toBeLessThan(10_000)
  await expect(one.advance(-2 * hour)).rejects.toThrow(/check/)
  expect(one.now() - systemClock.now()).toBeGreaterThanOrEqual(hour)
})
