import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { createPostgres, type Db } from '../../src/platform/postgres.ts'

export type TestDatabase = {
  /** Logs in as the owner; createPostgres then acts as the application's role. */
  readonly url: string
  readonly db: Db
  readonly close: () => Promise<void>
}

/** A migrated, empty database of this test file's own. Only in *.db.test.ts and journeys, where the servers run. */
export async function createTestDatabase(options: { connectionsMax?: number } = {}): Promise<TestDatabase> {
  const { postgres, template } = inject('servers')
  const name = `test_${randomBytes(8).toString('hex')}`
  await asAdmin(postgres, `create database ${name} template ${template} strategy file_copy`)
  const url = new URL(postgres)
  url.pathname = name
  const connection = createPostgres({ url: url.href, connectionsMax: options.connectionsMax ?? 10 })
  return {
    url: url.href,
    db: connection.db,
    close: async () => {
      await connection.close()
      await asAdmin(postgres, `drop database ${name} with (force)`)
    },
  }
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
