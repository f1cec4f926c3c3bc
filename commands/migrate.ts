// node commands/run.mjs migrate: brings DATABASE_OWNER_URL to the newest schema, and lets the login of DATABASE_URL act in it.
import { migrate } from '../src/platform/migrate.ts'
import { createLogin } from './stack/databases.ts'

const ownerUrl = process.env.DATABASE_OWNER_URL ?? process.env.DATABASE_URL
if (!ownerUrl) {
  process.stderr.write(
    'DATABASE_OWNER_URL is missing: Postgres, as the role that owns the schema, for example postgres://owner@db/farewire\n',
  )
  process.exit(2)
}
const migrated = await migrate(ownerUrl)
const { DATABASE_URL: url } = process.env
if (url && url !== ownerUrl) await createLogin(ownerUrl, url)
process.stdout.write(migrated.length > 0 ? `migrated: ${migrated.join(', ')}\n` : 'up to date\n')
