import { mkdir, realpath, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Redis } from 'ioredis'
import { findFreePort, lastLines, startChild, waitUntilReady } from './child.ts'
import { findRedisBinary, type RedisBinary } from './redis-binary.ts'

const READY_MS = 60_000
const STOP_MS = 10_000
const PORT_ATTEMPTS = 5

export type RedisServerOptions = {
  /** Holds the append-only file and the log; made when it is missing. */
  readonly directory: string
  /** Taken when it is free; otherwise, and without one, any free port. */
  readonly port?: number
  /** "aof" survives the death of the process, losing at most the last second when the machine dies too. */
  readonly persistence: 'none' | 'aof'
  /** What a full server does: refuse writes, or forget what was used longest ago. */
  readonly eviction: 'noeviction' | 'allkeys-lru'
  readonly memoryMegabytesMax?: number
  /** How many numbered databases it has, 16 unless said. */
  readonly databases?: number
  /** The program to run, when it has been found already. */
  readonly binary?: RedisBinary
}

export type RedisServer = { readonly url: string; readonly close: () => Promise<void> }

/** A Redis server of our own on 127.0.0.1, ready for commands. */
export async function startRedis(options: RedisServerOptions): Promise<RedisServer> {
  const binary = options.binary ?? (await findRedisBinary())
  await mkdir(options.directory, { recursive: true })
  const directory = await realpath(options.directory)
  const logFile = path.join(directory, 'server.log')
  let port = options.port ?? (await findFreePort())
  for (let attempt = 1; ; attempt += 1) {
    await writeFile(logFile, '', { mode: 0o600 })
    const child = startChild({
      command: binary.command,
      args: argumentsFor(options, port),
      environment: binary.environment,
      logFile,
      stopSignal: 'TERM',
      stopMs: STOP_MS,
      workingDirectory: options.directory,
    })
    const url = `redis://127.0.0.1:${port}`
    if (await waitUntilReady(child, () => answers(url, directory), READY_MS)) return { url, close: child.stop }
    await child.stop()
    const log = await lastLines(logFile)
    if (!/Address already in use/i.test(log) || attempt === PORT_ATTEMPTS)
      throw new Error(`Redis did not start in ${options.directory}:\n${log || 'it wrote nothing'}`)
    port = await findFreePort()
  }
}

function argumentsFor(options: RedisServerOptions, port: number): string[] {
  const settings: Record<string, string> = {
    port: String(port),
    bind: '127.0.0.1',
    dir: options.directory,
    daemonize: 'no',
    save: '',
    appendonly: options.persistence === 'aof' ? 'yes' : 'no',
    appendfsync: 'everysec',
    'maxmemory-policy': options.eviction,
    maxmemory: `${options.memoryMegabytesMax ?? 0}mb`,
    databases: String(options.databases ?? 16),
  }
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
}

/** Whether the server on this port answers and is ours: where the port was taken, another Redis would answer in its place. */
async function answers(url: string, directory: string): Promise<boolean> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 1_000,
    commandTimeout: 1_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    await redis.ping() // refused while the append-only file is being read
    const [, home] = (await redis.config('GET', 'dir')) as string[]
    return home === directory
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}
