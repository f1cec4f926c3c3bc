import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { startRedis } from '../../commands/servers/index.ts'
import { pinClient, startServer, type ServerProcess } from '../servers.ts'
import { benchOffsetMs, createBenchClock } from './clock.ts'
import type { Clock } from '../../src/kernel/time.ts'
import type { ServerConfig } from './server.ts'

/** Of servers that find everything in the cache: there for their names. */
const NOBODY_ASKED = { kind: 'offers', offers: 0, delayMs: 0 } as const
const SERVER_SCRIPT = fileURLToPath(new URL('server.ts', import.meta.url))

/** What all rows of a run share: a Redis of their own, a clock, and the way to start servers. */
export type Stage = {
  readonly redis: Redis
  /** Of this run alone; gone when it ends. */
  readonly directory: string
  readonly redisUrl: string
  readonly clock: Clock
  readonly pinned: boolean
  readonly say: (line: string) => void
  readonly start: (name: string, config: StageConfig) => Promise<ServerProcess>
  /** Ends the servers started so far. */
  readonly clear: () => Promise<void>
  readonly close: () => Promise<void>
}

export type StageConfig = Pick<ServerConfig, 'kind'> &
  Partial<ServerConfig> & { readonly pinned?: boolean; readonly nodeOptions?: readonly string[] }

export async function openStage(say: (line: string) => void): Promise<Stage> {
  const pinned = pinClient()
  const directory = await mkdtemp(path.join(tmpdir(), 'farewire-bench-'))
  // Also when the run is interrupted.
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  const server = await startRedis({ directory, persistence: 'none', eviction: 'noeviction' })
  const redis = new Redis(server.url)
  const offsetMs = benchOffsetMs()
  const started = new Set<ServerProcess>()

  async function clear(): Promise<void> {
    await Promise.all([...started].map((one) => one.close()))
    started.clear()
  }

  return {
    redis,
    directory,
    redisUrl: server.url,
    clock: createBenchClock(offsetMs),
    pinned,
    say,
    async start(name, { pinned: wantsCore = true, nodeOptions = [], ...config }) {
      const complete: ServerConfig = { redisUrl: server.url, offsetMs, routes: 1, answersBytesMax: 0, sellers: NOBODY_ASKED, ...config }
      const place = pinned ? (wantsCore ? 'server core' : 'any core') : 'as it is'
      const one = await startServer({ name, script: SERVER_SCRIPT, config: complete, place, nodeOptions })
      started.add(one)
      return one
    },
    clear,
    async close() {
      await clear()
      redis.disconnect()
      await server.close()
    },
  }
}
