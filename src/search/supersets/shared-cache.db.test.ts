import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestRedis, type TestRedis } from '../../../test/support/redis.ts'
import { createRequestRedis } from '../../platform/redis.ts'
import { silentLogger } from '../logger.ts'
import { createSharedCache } from './shared-cache.ts'

let server: TestRedis
let redis: ReturnType<typeof createRequestRedis>

beforeEach(async () => {
  server = await createTestRedis({ server: 'cache' })
  redis = createRequestRedis(server.url)
  await new Promise<void>((resolve) => redis.once('ready', () => resolve()))
})
afterEach(async () => {
  redis.disconnect()
  await server.close()
})

/** Holds up the event loop, as reading something large does. */
function stall(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('an answer that has come while this process was busy is not the cache’s fault', async () => {
  const cache = createSharedCache({ redis, logger: silentLogger })
  const asked = cache.ask('read', (one) => one.set('key', 'value'))
  await new Promise((resolve) => setImmediate(resolve)) // the command has left
  stall(280)
  expect(await asked).toBe('OK')
  expect(await cache.ask('read', (one) => one.get('key'))).toBe('value')
})

test('a cache that really is slow is left alone for a while', async () => {
  const cache = createSharedCache({ redis, logger: silentLogger })
  const other = createRequestRedis(server.url)
  await new Promise<void>((resolve) => other.once('ready', () => resolve()))
  await other.call('CLIENT', 'PAUSE', '600', 'ALL')
  expect(await cache.ask('read', (one) => one.get('key'))).toBeUndefined()
  const begun = performance.now()
  expect(await cache.ask('read', (one) => one.get('key'))).toBeUndefined()
  expect(performance.now() - begun).toBeLessThan(50)
  other.disconnect()
  await new Promise((resolve) => setTimeout(resolve, 700)) // the server is other tests' too
})
