import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { findRedisBinary, startPostgres, startRedis } from '../../commands/servers/index.ts'
import { makeTemporaryHome } from '../../commands/stack/temporary-home.ts'
import { migrate } from '../../src/platform/migrate.ts'

/** Where the servers of this run listen, and the migrated database that each test file gets a copy of. */
export type TestServers = { readonly postgres: string; readonly template: string; readonly redisCache: string; readonly redisState: string }

declare module 'vitest' {
  interface ProvidedContext {
    servers: TestServers
  }
}

const TEMPLATE = 'farewire_template'

/** One ephemeral Postgres and two Redis for the run, on ports of their own; gone, data and all, when it ends. */
export default async function startTestServers(project: TestProject): Promise<() => Promise<void>> {
  const home = await makeTemporaryHome('test')
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    await Promise.all(closers.map((closeOne) => closeOne()))
    await home.remove()
  }
  try {
    const binary = await findRedisBinary((message) => process.stderr.write(`${message}\n`))
    const started = await Promise.allSettled([
      startPostgres({ directory: home.postgresDirectory, fsync: false }),
      startRedis({
        directory: path.join(home.directory, 'cache'),
        persistence: 'none',
        eviction: 'allkeys-lru',
        memoryMegabytesMax: 256,
        binary,
        databases: 256,
      }),
      startRedis({ directory: path.join(home.directory, 'state'), persistence: 'none', eviction: 'noeviction', binary, databases: 256 }),
    ])
    for (const result of started) if (result.status === 'fulfilled') closers.push(result.value.close)
    const [postgres, cache, state] = started.map((result) => {
      if (result.status === 'rejected') throw result.reason
      return result.value.url
    })
    await makeTemplate(postgres!)
    project.provide('servers', { postgres: postgres!, template: TEMPLATE, redisCache: cache!, redisState: state! })
  } catch (error) {
    await close()
    throw error
  }
  return close
}

async function makeTemplate(url: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  try {
    await admin.query(`create database ${TEMPLATE}`)
    const template = new URL(url)
    template.pathname = TEMPLATE
    await migrate(template.href)
    await admin.query(`alter database ${TEMPLATE} with allow_connections false is_template true`)
  } finally {
    await admin.end()
  }
}
