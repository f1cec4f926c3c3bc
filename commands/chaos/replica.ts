import { execFile } from 'node:child_process'
import { appendFile, chown, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { startPostgres } from '../servers/index.ts'
import type { PostgresHere } from './servers.ts'
import { until } from './until.ts'

const run = promisify(execFile)
const FOLLOW_MS = 30_000

/** A second Postgres that is sent everything the first one commits, a moment later, as a hot standby is. */
export type Replica = {
  /** False when what is committed by now is not there in time. */
  readonly hasCaughtUp: () => Promise<boolean>
  /** From now on it is sent nothing more, and the first one does not mind. */
  readonly stopReceiving: () => Promise<void>
  /** It is promoted with what it has, and takes the place of the first one, which must be dead, at its address. */
  readonly takeOver: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Makes it of a copy of the data, for which the first one is stopped for a moment. */
export async function startReplica(primary: PostgresHere): Promise<Replica> {
  const directory = `${primary.directory}-replica`
  const data = path.join(directory, 'data')
  await rm(directory, { recursive: true, force: true })
  await primary.stop('fast')
  // With owners and modes: Postgres insists on both.
  await run('cp', ['-a', primary.directory, directory])
  await primary.start()
  const { username, password } = new URL(primary.url)
  const signal = path.join(data, 'standby.signal')
  await writeFile(signal, '', { mode: 0o600 })
  const { uid, gid } = await stat(data)
  await chown(signal, uid, gid)
  const way = `host=127.0.0.1 port=${primary.port} user=${username} password=${password} application_name=replica`
  await appendFile(path.join(data, 'postgresql.auto.conf'), `primary_conninfo = '${way}'\n`)
  const server = await startPostgres({ directory, fsync: true })
  const ask = async <Row extends object>(url: string, text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query<Row>(text, [...values])).rows
    } finally {
      await client.end()
    }
  }
  let isOver = false
  const close = async (): Promise<void> => {
    if (!isOver) await server.close()
    isOver = true
    await rm(directory, { recursive: true, force: true })
  }
  return {
    hasCaughtUp: async () => {
      const [at] = await ask<{ lsn: string }>(primary.url, 'select pg_current_wal_flush_lsn()::text as lsn')
      return until(
        async () =>
          (await ask(server.url, 'select where pg_is_in_recovery() and pg_last_wal_replay_lsn() >= $1::pg_lsn', [at!.lsn])).length > 0,
        FOLLOW_MS,
      )
    },
    stopReceiving: async () => {
      await ask(server.url, `alter system set primary_conninfo = ''`)
      await ask(server.url, 'select pg_reload_conf()')
      const receives = (): Promise<object[]> => ask(server.url, 'select from pg_stat_wal_receiver')
      if (!(await until(async () => (await receives()).length === 0, FOLLOW_MS))) throw new Error('the replica goes on receiving')
    },
    takeOver: async () => {
      if (primary.isRunning()) throw new Error('the first one is alive')
      const [promoted] = await ask<{ is_done: boolean }>(server.url, 'select pg_promote(true, 30) as is_done')
      if (!promoted!.is_done) throw new Error('the replica was not promoted')
      await server.close()
      isOver = true
      const place = path.join(primary.directory, 'data')
      await rename(place, path.join(directory, 'data.dead'))
      await rename(data, place)
      await primary.start()
    },
    close,
  }
}
