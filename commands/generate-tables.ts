// npm run generate:tables [-- --check]: the types of the database's tables, from a database that was just migrated.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { migrate } from '../src/platform/migrate.ts'
import { startPostgres } from './servers/index.ts'
import { makeTemporaryHome } from './stack/temporary-home.ts'
import { repository } from './stack/home.ts'

const committed = path.join(repository, 'src/platform/tables.gen.ts')
const isCheck = process.argv.includes('--check')

const home = await makeTemporaryHome('tables')
const server = await startPostgres({ directory: home.postgresDirectory, fsync: false })
try {
  await migrate(server.url)
  const target = isCheck ? path.join(home.directory, 'tables.gen.ts') : committed
  const generator = path.join(repository, 'node_modules/kysely-codegen/dist/cli/bin.js')
  // createPostgres reads an int8 as a safe integer; the generator would expect the driver's string.
  const options = [
    '--url',
    server.url,
    '--dialect',
    'postgres',
    '--default-schema',
    'none',
    '--type-mapping',
    '{"int8":"number"}',
    '--out-file',
    target,
  ]
  await promisify(execFile)(process.execPath, [generator, ...options], { cwd: repository, timeout: 60_000 })
  if (isCheck && (await readFile(target, 'utf8')) !== (await readFile(committed, 'utf8'))) {
    process.stderr.write('src/platform/tables.gen.ts is not what the migrations make: run `npm run generate:tables`.\n')
    process.exitCode = 1
  }
} finally {
  await server.close()
  await home.remove()
}
