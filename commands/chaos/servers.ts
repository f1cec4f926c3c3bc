import { appendFile, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { Redis } from 'ioredis'
import { startPostgres, startRedis } from '../servers/index.ts'

/** A database server that may be taken away and come back on the same port with what it still has. */
export type Server = {
  readonly port: number
  /** At once: what was not on disk is gone. */
  readonly kill: () => Promise<void>
  /** Comes back; does nothing when it is there. */
  readonly start: () => Promise<void>
  readonly isRunning: () => boolean
  /** It stands still, with every connection open. */
  readonly freeze: () => Promise<void>
  readonly thaw: () => void
  readonly close: () => Promise<void>
}

export type PostgresHere = Server & {
  /** Holds its data, its password and its log. */
  readonly directory: string
  /** As the superuser, past every proxy. */
  readonly url: string
  /** "fast" ends sessions and writes a checkpoint; "immediate" leaves the write-ahead log to be replayed. */
  readonly stop: (mode: 'fast' | 'immediate') => Promise<void>
}

/** Where a server's log is kept that was begun anew when it came back. */
export const KEPT_LOG = 'server.log.before'

async function keepLog(directory: string): Promise<void> {
  await appendFile(path.join(directory, KEPT_LOG), await readFile(path.join(directory, 'server.log')))
}

/** Postgres with every safety on: what it has acknowledged must survive. */
export async function startPostgresHere(directory: string): Promise<PostgresHere> {
  let server = await startPostgres({ directory, fsync: true })
  let isUp = true
  const { port } = new URL(server.url)
  const pid = async (): Promise<number> => Number((await readFile(path.join(directory, 'data/postmaster.pid'), 'utf8')).split('\n')[0])
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!isUp) return
    isUp = false
    const postmaster = await pid()
    process.kill(postmaster, signal)
    await gone(postmaster)
    await server.close()
  }
  let frozen: number | null = null
  return {
    directory,
    port: Number(port),
    url: Object.assign(new URL(server.url), { pathname: '/farewire' }).href,
    kill: () => end('SIGKILL'),
    stop: (mode) => end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT'),
    start: async () => {
      if (isUp) return
      await keepLog(directory)
      server = await startPostgres({ directory, port: Number(port), fsync: true })
      if (new URL(server.url).port !== port) throw new Error('Postgres came back on another port')
      isUp = true
    },
    isRunning: () => isUp,
    freeze: async () => {
      frozen = await pid()
      process.kill(frozen, 'SIGSTOP')
    },
    thaw: () => {
      if (frozen !== null) process.kill(frozen, 'SIGCONT')
      frozen = null
    },
    close: () => server.close(),
  }
}

export type RedisHere = Server & {
  readonly url: string
  /** Past every proxy. */
  readonly admin: Redis
  /** Throws away what it has on disk; only while it is down. */
  readonly forget: () => Promise<void>
}

/** Redis as this installation has it: the cache forgets what is old, the other one refuses writes when it is full and keeps a log. */
export async function startRedisHere(directory: string, kind: 'cache' | 'state'): Promise<RedisHere> {
  const options = {
    directory,
    persistence: kind === 'state' ? 'aof' : 'none',
    eviction: kind === 'state' ? 'noeviction' : 'allkeys-lru',
    ...(kind === 'cache' && { memoryMegabytesMax: 256 }),
  } as const
  let server = await startRedis(options)
  let isUp = true
  let pid = 0
  let frozen = false
  const { port } = new URL(server.url)
  const admin = new Redis(server.url, { maxRetriesPerRequest: 2, retryStrategy: (attempt) => Math.min(50 * attempt, 500) })
  admin.on('error', () => undefined)
  const learnPid = async (): Promise<void> => {
    pid = Number(/process_id:(\d+)/.exec(await admin.info('server'))?.[1])
  }
  await learnPid()
  return {
    port: Number(port),
    url: server.url,
    admin,
    kill: async () => {
      if (!isUp) return
      isUp = false
      process.kill(pid, 'SIGKILL')
      await gone(pid)
      await server.close()
    },
    start: async () => {
      if (isUp) return
      await keepLog(directory)
      server = await startRedis({ ...options, port: Number(port) })
      if (new URL(server.url).port !== port) throw new Error('Redis came back on another port')
      isUp = true
      await learnPid()
    },
    forget: () => rm(path.join(directory, 'appendonlydir'), { recursive: true, force: true }),
    isRunning: () => isUp,
    freeze: async () => {
      frozen = true
      process.kill(pid, 'SIGSTOP')
    },
    thaw: () => {
      if (frozen) process.kill(pid, 'SIGCONT')
      frozen = false
    },
    close: async () => {
      admin.disconnect()
      await server.close()
    },
  }
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
