import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Kysely, Migrator, PostgresDialect, sql, type Migration, type MigrationProvider } from 'kysely'
import pg from 'pg'

const MIGRATIONS_DIRECTORY = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../migrations')

/** Each SQL file is one migration, named by its file and run whole in a transaction. There is no way back, only forward. */
const sqlFiles: MigrationProvider = {
  async getMigrations() {
    const files = (await readdir(MIGRATIONS_DIRECTORY)).filter((file) => file.endsWith('.sql')).sort()
    const migrations: Record<string, Migration> = {}
    for (const file of files) {
      const statements = await readFile(path.join(MIGRATIONS_DIRECTORY, file), 'utf8')
      migrations[file.replace(/\.sql$/, '')] = { up: async (db) => void (await sql.raw(statements).execute(db)) }
    }
    return migrations
  },
}

/**
 * Brings the database at `url` to the newest schema as the role that owns it, and returns the names of the migrations
 * that were run. Several processes may call it at once: the migrator takes a lock. Throws when a migration fails.
 */
export async function migrate(url: string): Promise<string[]> {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 10_000 })
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    const migrator = new Migrator({ db, provider: sqlFiles, migrationTableSchema: 'migrations' })
    const { error, results = [] } = await migrator.migrateToLatest()
    if (error) {
      const failed = results.find((result) => result.status === 'Error')?.migrationName ?? 'a migration'
      throw new Error(`${failed} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
    return results.map((result) => result.migrationName)
  } finally {
    await db.destroy()
  }
}
