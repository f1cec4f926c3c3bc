import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'

/** A database as a release before left it: the migrations up to there, and a way to run one more. */
export type OldDatabase = {
  readonly url: string
  /** A connection as the owner. */
  readonly owner: pg.Client
  readonly migrate: (migration: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** The migrations of 0.1.0. */
const FIRST_RELEASE = ['0001-platform', '0002-booking', '0003-payments', '0004-stay-content', '0005-test-clock']

/** An empty database of this test's own with the schema of 0.1.0. Only in *.db.test.ts, where the servers run. */
export async function createOldDatabase(): Promise<OldDatabase> {
  const { postgres } = inject('servers')
  const name = `test_${randomBytes(8).toString('hex')}`
  const admin = new pg.Client({ connectionString: postgres })
  await admin.connect()
  await admin.query(`create database ${name}`)
  const url = Object.assign(new URL(postgres), { pathname: name }).href
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  const migrate = async (migration: string): Promise<void> => {
    const file = path.join(import.meta.dirname, '../../migrations', `${migration}.sql`)
    await owner.query(await readFile(file, 'utf8'))
  }
  for (const migration of FIRST_RELEASE) await migrate(migration)
  return {
    url,
    owner,
    migrate,
    close: async () => {
      await owner.end()
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
    },
  }
}
