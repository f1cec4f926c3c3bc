import path from 'node:path'
import pg from 'pg'
import { migrate } from '../../src/platform/migrate.ts'
import { findRedisBinary, startPostgres, startRedis } from '../servers/index.ts'
import type { Home, LocalSecrets } from './home.ts'

export type Databases = {
  /** Logs in as a role that may do no more than the application must. */
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly redisStateUrl: string
  /** The migrations that were run just now. */
  readonly migrated: readonly string[]
  readonly close: () => Promise<void>
}

export type DatabasesOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: Home
  readonly secrets: LocalSecrets
  readonly fsync: boolean
  readonly say: (message: string) => void
}

const CACHE_MEGABYTES_MAX = 512

/** Postgres, migrated, and the two Redis: those the environment names, and servers of our own for those it does not. */
export async function startDatabases(options: DatabasesOptions): Promise<Databases> {
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    await Promise.all(closers.map((closeOne) => closeOne()))
  }
  const [postgres, redis] = await Promise.allSettled([connectPostgres(options, closers), connectRedis(options, closers)])
  if (postgres.status === 'fulfilled' && redis.status === 'fulfilled') return { ...postgres.value, ...redis.value, close }
  await close()
  throw postgres.status === 'rejected' ? postgres.reason : (redis as PromiseRejectedResult).reason
}

async function connectPostgres(
  options: DatabasesOptions,
  closers: (() => Promise<void>)[],
): Promise<{ databaseUrl: string; migrated: readonly string[] }> {
  const given = options.environment.DATABASE_URL
  if (given) return { databaseUrl: given, migrated: await migrate(options.environment.DATABASE_OWNER_URL || given) }
  const server = await startPostgres({ directory: options.home.postgresDirectory, fsync: options.fsync })
  closers.push(server.close)
  await query(server.url, async (client) => {
    const { rowCount } = await client.query("select from pg_database where datname = 'farewire'")
    if (rowCount === 0) await client.query('create database farewire')
  })
  const owner = new URL(server.url)
  owner.pathname = 'farewire'
  const migrated = await migrate(owner.href)
  const login = new URL(owner)
  login.username = 'farewire_server'
  login.password = options.secrets.databasePassword
  await createLogin(owner.href, login.href)
  return { databaseUrl: login.href, migrated }
}

/**
 * Lets the login named in `loginUrl`, made when it is missing, act as the application's role. It cannot become the owner
 * even when its password is stolen.
 */
export async function createLogin(ownerUrl: string, loginUrl: string): Promise<void> {
  const { username, password } = new URL(loginUrl)
  const [name, secret] = [pg.escapeIdentifier(decodeURIComponent(username)), pg.escapeLiteral(decodeURIComponent(password))]
  await query(ownerUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [decodeURIComponent(username)])
    await client.query(`${rowCount === 0 ? 'create' : 'alter'} role ${name} login password ${secret}`)
    await client.query(`grant farewire_app to ${name}`)
  })
}

async function query(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 30_000 })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

async function connectRedis(
  options: DatabasesOptions,
  closers: (() => Promise<void>)[],
): Promise<{ redisUrl: string; redisStateUrl: string }> {
  const { environment, home } = options
  const [cacheUrl, stateUrl] = [environment.REDIS_URL, environment.REDIS_STATE_URL]
  if (cacheUrl && stateUrl) return { redisUrl: cacheUrl, redisStateUrl: stateUrl }
  const binary = await findRedisBinary(options.say)
  const start = async (
    given: string | undefined,
    folder: string,
    options: { persistence: 'none' | 'aof'; eviction: 'noeviction' | 'allkeys-lru'; memoryMegabytesMax?: number },
  ) => {
    if (given) return given
    const server = await startRedis({ directory: path.join(home.directory, folder), binary, ...options })
    closers.push(server.close)
    return server.url
  }
  const [cache, state] = await Promise.allSettled([
    start(cacheUrl, 'redis-cache', { persistence: 'none', eviction: 'allkeys-lru', memoryMegabytesMax: CACHE_MEGABYTES_MAX }),
    start(stateUrl, 'redis-state', { persistence: 'aof', eviction: 'noeviction' }),
  ])
  if (cache.status === 'rejected') throw cache.reason
  if (state.status === 'rejected') throw state.reason
  return { redisUrl: cache.value, redisStateUrl: state.value }
}
