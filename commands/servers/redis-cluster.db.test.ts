import path from 'node:path'
import { Cluster } from 'ioredis'
import { afterEach, expect, test } from 'vitest'
import { makeTemporaryHome } from '../stack/temporary-home.ts'
import { startRedisCluster } from './index.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

test('a Redis Cluster serves all slots from three masters, and keeps what it was told when one of them is killed', async () => {
  const home = await makeTemporaryHome('servers')
  closers.push(home.remove)
  const servers = await startRedisCluster({ directory: path.join(home.directory, 'cluster') })
  closers.push(servers.close)
  const cluster = new Cluster([...servers.nodes])
  cluster.on('error', () => undefined)
  closers.push(async () => cluster.disconnect())

  const keys = Array.from({ length: 30 }, (_, i) => `key-${i}`)
  for (const key of keys) await cluster.set(key, `value of ${key}`)
  const holders = await Promise.all(cluster.nodes('master').map((node) => node.dbsize()))
  expect(holders.length).toBe(3)
  expect(holders.reduce((sum, count) => sum + count, 0)).toBe(30)
  for (const replica of cluster.nodes('slave')) await expect.poll(() => replica.dbsize()).toBeGreaterThan(0)

  await servers.killMasterOf(keys[0]!)
  await expect.poll(() => cluster.get(keys[0]!).catch(() => null), { timeout: 15_000 }).toBe(`value of ${keys[0]}`)
  for (const key of keys) expect(await cluster.get(key)).toBe(`value of ${key}`)
})
