import { Redis } from 'ioredis'
import { inject } from 'vitest'

export type TestRedis = { readonly url: string; readonly close: () => Promise<void> }

/** Database 0 only counts; the others are handed out in turn, far more of them than test files run at once. */
const DATABASES = 255

/**
 * An empty Redis database of this test file's own: on the server for queues and holds, or on the one that evicts.
 * Only in *.db.test.ts and journeys, where the servers run.
 */
export async function createTestRedis(options: { server?: 'state' | 'cache' } = {}): Promise<TestRedis> {
  const servers = inject('servers')
  const server = options.server === 'cache' ? servers.redisCache : servers.redisState
  const counter = new Redis(server)
  const turn = await counter.incr('databases-handed-out')
  await counter.quit()
  const url = `${server}/${((turn - 1) % DATABASES) + 1}`
  await flush(url)
  return { url, close: () => flush(url) }
}

async function flush(url: string): Promise<void> {
  const redis = new Redis(url)
  await redis.flushdb()
  await redis.quit()
}
