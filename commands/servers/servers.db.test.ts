import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { makeTemporaryHome } from '../stack/temporary-home.ts'
import { startPostgres, startRedis } from './index.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function directory(): Promise<string> {
  const home = await makeTemporaryHome('servers')
  closers.push(home.remove)
  return path.join(home.directory, 'data')
}

async function ask(url: string, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<{ answer: unknown }>(statement)).rows[0]?.answer
  } finally {
    await client.end()
  }
}

async function isAnswering(url: string): Promise<boolean> {
  return ask(url, 'select true as answer').then(
    () => true,
    () => false,
  )
}

test('Postgres keeps its data from one start to the next, and its password out of reach', async () => {
  const place = await directory()
  const first = await startPostgres({ directory: place, fsync: true })
  await ask(first.url, 'create table kept as select 42 as answer')
  await first.close()
  expect(await isAnswering(first.url)).toBe(false)
  const second = await startPostgres({ directory: place, fsync: true })
  closers.push(second.close)
  expect(await ask(second.url, 'select answer from kept')).toBe(42)
  const stranger = new URL(second.url)
  stranger.password = 'guessed'
  await expect(ask(stranger.href, 'select 1')).rejects.toThrow(/password authentication failed/)
})

test('Postgres starts over what a crash left, although the old process number has another owner by now', async () => {
  const place = await directory()
  await (await startPostgres({ directory: place, fsync: false })).close()
  await writeFile(path.join(place, 'data/postmaster.pid'), `${process.pid}\n${place}/data\n1700000000\n5432\n\n127.0.0.1\n`)
  const server = await startPostgres({ directory: place, fsync: false })
  closers.push(server.close)
  expect(await isAnswering(server.url)).toBe(true)
})

test('a second server on the same data is refused in words, and the first goes on', async () => {
  const place = await directory()
  const server = await startPostgres({ directory: place, fsync: false })
  closers.push(server.close)
  await expect(startPostgres({ directory: place, fsync: false })).rejects.toThrow(/Another `npm start` is running on the data/)
  expect(await isAnswering(server.url)).toBe(true)
})

test('a port that is taken is passed over', async () => {
  const holder = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await new Promise((resolve) => holder.once('listening', resolve))
  closers.push(() => new Promise((resolve) => holder.close(() => resolve())))
  const { port } = holder.address() as AddressInfo
  const place = await directory()
  const [postgres, redis] = await Promise.all([
    startPostgres({ directory: `${place}-postgres`, port, fsync: false }),
    startRedis({ directory: `${place}-redis`, port, persistence: 'none', eviction: 'noeviction' }),
  ])
  closers.push(postgres.close, redis.close)
  expect(new URL(postgres.url).port).not.toBe(String(port))
  expect(new URL(redis.url).port).not.toBe(String(port))
})

test('a Redis that somebody else runs on the wanted port is never taken for ours', async () => {
  const place = await directory()
  const theirs = await startRedis({ directory: `${place}-theirs`, persistence: 'none', eviction: 'noeviction' })
  closers.push(theirs.close)
  const ours = await startRedis({
    directory: `${place}-ours`,
    port: Number(new URL(theirs.url).port),
    persistence: 'none',
    eviction: 'noeviction',
  })
  closers.push(ours.close)
  expect(ours.url).not.toBe(theirs.url)
})

test('Redis with an append-only file keeps what it was told, and the one without forgets', async () => {
  const place = await directory()
  const answers: (string | null)[] = []
  for (const persistence of ['aof', 'none'] as const) {
    for (const word of ['kept', null]) {
      const server = await startRedis({ directory: `${place}-${persistence}`, persistence, eviction: 'noeviction' })
      const redis = new Redis(server.url)
      if (word) await redis.set('word', word)
      else answers.push(await redis.get('word'))
      await redis.quit()
      await server.close()
    }
  }
  expect(answers).toEqual(['kept', null])
})

test('servers are gone soon after the process that started them was killed with SIGKILL', async () => {
  const place = await directory()
  const program = `
    import { startPostgres, startRedis } from ${JSON.stringify(path.resolve('commands/servers/index.ts'))}
    const servers = await Promise.all([
      startPostgres({ directory: '${place}-postgres', fsync: false }),
      startRedis({ directory: '${place}-redis', persistence: 'none', eviction: 'noeviction' }),
    ])
    process.stdout.write(JSON.stringify(servers.map((server) => server.url)))
    setInterval(() => undefined, 1_000)
  `
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [postgres, redis] = JSON.parse(String(await new Promise((resolve) => owner.stdout.once('data', resolve)))) as [string, string]
  expect(await isAnswering(postgres)).toBe(true)
  const pid = Number((await readFile(`${place}-postgres/data/postmaster.pid`, 'utf8')).split('\n')[0])
  owner.kill('SIGKILL')
  for (let waited = 0; waited < 10_000 && isAlive(pid); waited += 50) await sleep(50)
  expect(isAlive(pid)).toBe(false)
  for (let waited = 0; waited < 10_000 && (await isListening(redis)); waited += 50) await sleep(50)
  expect(await isListening(redis)).toBe(false)
})

async function isListening(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    client.disconnect()
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
