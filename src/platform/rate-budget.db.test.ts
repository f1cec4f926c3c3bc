import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestRedis, type TestRedis } from '../../test/support/redis.ts'
import { createRateBudget } from './rate-budget.ts'

let server: TestRedis
const clients: Redis[] = []
const never = new AbortController().signal

beforeAll(async () => {
  server = await createTestRedis()
  clients.push(new Redis(server.url), new Redis(server.url), new Redis(server.url))
  await Promise.all(clients.map((client) => client.ping()))
})
afterAll(async () => {
  for (const client of clients) client.disconnect()
  await server.close()
})

/** How many of so many calls get through at once, over so many processes. */
async function through(redis: (process: number) => Redis | null, name: string): Promise<number> {
  const processes = clients.map((_, i) => createRateBudget({ name, perSecondMax: 10, burst: 10, redis: redis(i) }))
  const taken = await Promise.all(Array.from({ length: 60 }, (_, i) => processes[i % processes.length]!.take(0, never)))
  return taken.filter(Boolean).length
}

test('all processes together call no more often than allowed; without a common count each takes all of it', async () => {
  // A second call within the burst may be earned while the sixty are counted.
  const together = await through((i) => clients[i]!, 'shared')
  expect(together).toBeGreaterThanOrEqual(10)
  expect(together).toBeLessThanOrEqual(20)
  expect(await through(() => null, 'apart'), 'with the guard off').toBeGreaterThanOrEqual(30)
})

test('a call waits for its turn, and is refused at once when its turn would come too late', async () => {
  const budget = createRateBudget({ name: 'turns', perSecondMax: 5, burst: 1, redis: clients[0]! })
  expect(await budget.take(0, never)).toBe(true)
  const begun = performance.now()
  expect(await budget.take(5_000, never)).toBe(true)
  expect(performance.now() - begun).toBeGreaterThan(100)
  expect(await budget.take(5_000, never)).toBe(true)
  expect(await budget.take(20, never)).toBe(false)
})

test('a caller who goes away while waiting gets no leave', async () => {
  const budget = createRateBudget({ name: 'gone', perSecondMax: 1, burst: 1, redis: clients[0]! })
  await budget.take(0, never)
  expect(await budget.take(5_000, AbortSignal.timeout(20))).toBe(false)
})

test('without Redis a process goes on with a quarter of the rate, neither silent nor free', async () => {
  const dead = new Redis({ port: 1, lazyConnect: true, retryStrategy: () => null, enableOfflineQueue: false })
  dead.on('error', () => undefined)
  const budget = createRateBudget({ name: 'alone', perSecondMax: 40, redis: dead })
  const taken = await Promise.all(Array.from({ length: 100 }, () => budget.take(0, never)))
  expect(taken.filter(Boolean).length).toBeGreaterThanOrEqual(10)
  expect(taken.filter(Boolean).length).toBeLessThan(40)
  dead.disconnect()
})
