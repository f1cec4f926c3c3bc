import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { findFreePort, lastLines, startChild, waitUntilReady, type Child, type SystemUser } from './child.ts'
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts'
import { clearPostmasterFile } from './postmaster-file.ts'
import { canRun, findServerUser } from './system-user.ts'

const run = promisify(execFile)

const INITDB_MS = 120_000
const READY_MS = 60_000
const STOP_MS = 20_000
const PORT_ATTEMPTS = 5

export type PostgresServerOptions = {
  /** Holds the data, the password and the log; made when it is missing. */
  readonly directory: string
  /** Taken when it is free; otherwise, and without one, any free port. */
  readonly port?: number
  /** False only where the data may be lost with the machine: in tests. */
  readonly fsync: boolean
}

export type PostgresServer = { readonly url: string; readonly close: () => Promise<void> }

/**
 * A Postgres server of our own on 127.0.0.1, ready for connections, whose data survive in `directory`. The url logs in
 * as the superuser of database "postgres". Throws when another living process serves the same directory.
 */
export async function startPostgres(options: PostgresServerOptions): Promise<PostgresServer> {
  const user = findServerUser()
  const binaries = await findPostgresBinaries(user)
  const { directory } = options
  await prepareDirectory(directory, user)
  const password = await initialise(directory, binaries, user)
  await clearPostmasterFile(path.join(directory, 'data'))

  let port = options.port ?? (await findFreePort())
  for (let attempt = 1; ; attempt += 1) {
    const started = await launch({ ...options, port, password, binaries, user })
    if (started.child) return { url: urlOf(port, password), close: started.child.stop }
    const portWasTaken = /Address already in use/i.test(started.log)
    if (!portWasTaken || attempt === PORT_ATTEMPTS) throw new Error(`Postgres did not start in ${directory}:\n${started.log}`)
    port = await findFreePort()
  }
}

function urlOf(port: number, password: string): string {
  return `postgres://farewire:${password}@127.0.0.1:${port}/postgres`
}

async function prepareDirectory(directory: string, user: SystemUser | undefined): Promise<void> {
  await mkdir(directory, { recursive: true })
  if (!user) return
  await chown(directory, user.uid, user.gid)
  await chmod(directory, 0o700)
  if (canRun('test', ['-w', directory], user)) return
  throw new Error(
    `Postgres runs as "${user.name}" when started by root, and that user cannot reach ${directory}. ` +
      'Set FAREWIRE_HOME to a folder every user can enter, such as /var/lib/farewire/here.',
  )
}

/** Makes the cluster once, beside its final place, so that a start that was interrupted leaves no half of one. */
async function initialise(directory: string, binaries: PostgresBinaries, user: SystemUser | undefined): Promise<string> {
  const passwordFile = path.join(directory, 'password')
  const data = path.join(directory, 'data')
  if (existsSync(data)) {
    await refuseOtherVersion(data, binaries)
    return (await readFile(passwordFile, 'utf8')).trim()
  }
  const password = randomBytes(24).toString('hex')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user) await chown(passwordFile, user.uid, user.gid)
  const unfinished = path.join(directory, 'data.unfinished')
  await rm(unfinished, { recursive: true, force: true })
  await run(
    binaries.initdb,
    [
      `--pgdata=${unfinished}`,
      '--username=farewire',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      ...(await localeOptions(binaries)),
      '--no-instructions',
      '--no-sync', // a crash of the machine in this second costs nothing: there is no data yet
    ],
    {
      cwd: directory,
      timeout: INITDB_MS,
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
      ...(user && { uid: user.uid, gid: user.gid }),
    },
  )
  await rename(unfinished, data)
  return password
}

/** From version 17 on the server brings C.UTF-8 itself; before, the system's is used. Both sort by code point. */
async function localeOptions(binaries: PostgresBinaries): Promise<string[]> {
  const major = await majorVersion(binaries)
  return major >= 17 ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : ['--locale=C.UTF-8']
}

async function majorVersion(binaries: PostgresBinaries): Promise<number> {
  const { stdout } = await run(binaries.postgres, ['--version'], { timeout: 10_000 })
  return Number(/(\d+)[.\d]*/.exec(stdout)?.[1])
}

async function refuseOtherVersion(data: string, binaries: PostgresBinaries): Promise<void> {
  const written = Number((await readFile(path.join(data, 'PG_VERSION'), 'utf8')).trim())
  const running = await majorVersion(binaries)
  if (written === running) return
  throw new Error(
    `${data} was written by Postgres ${written}, and the server here is Postgres ${running}. Move that folder away, or set FAREWIRE_HOME to another one.`,
  )
}

type Launch = PostgresServerOptions & { port: number; password: string; binaries: PostgresBinaries; user: SystemUser | undefined }

async function launch(options: Launch): Promise<{ child: Child; log: '' } | { child: undefined; log: string }> {
  const logFile = path.join(options.directory, 'server.log')
  await writeFile(logFile, '', { mode: 0o600 })
  const durability = options.fsync ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${options.port}`,
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    'log_timezone=UTC',
    ...durability,
  ]
  const child = startChild({
    command: options.binaries.postgres,
    args: ['-D', path.join(options.directory, 'data'), ...settings.flatMap((setting) => ['-c', setting])],
    logFile,
    stopSignal: 'INT', // "fast": ends sessions, writes a checkpoint
    stopMs: STOP_MS,
    workingDirectory: options.directory,
    ...(options.user && { user: options.user }),
  })
  if (await waitUntilReady(child, () => answers(urlOf(options.port, options.password)), READY_MS)) return { child, log: '' }
  await child.stop()
  return { child: undefined, log: (await lastLines(logFile)) || 'it wrote nothing' }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
