import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startMailInbox, type MailInbox } from '../../fixtures/mail/index.ts'
import { startStripeMock, type StripeMock } from '../../fixtures/stripe/index.ts'
import { startTestwire, type TestwireServer } from '../../fixtures/testwire/index.ts'
import { instant, systemClock, type Clock } from '../../src/kernel/time.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { createLogin } from '../stack/databases.ts'
import { readSecrets } from '../stack/home.ts'
import { makeTemporaryHome } from '../stack/temporary-home.ts'
import type { ReservationLine } from './books.ts'
import { startProcess, type Process } from './processes.ts'
import { KEPT_LOG, startPostgresHere, startRedisHere, type PostgresHere, type RedisHere } from './servers.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** Everything of Farewire, each part a process or a server of its own, with a proxy on every way between them. */
export type ChaosStack = {
  readonly postgres: PostgresHere
  readonly cache: RedisHere
  readonly state: RedisHere
  /** The ways of the application to its database, its two Redis, its supplier and its payment gateway, and of webhooks to the API. */
  readonly proxies: Readonly<Record<'database' | 'cache' | 'state' | 'supplier' | 'gateway' | 'door', TcpProxy>>
  readonly supplier: TestwireServer
  /** What other suppliers know of our bookings; those that a row brings in. */
  readonly otherReservations: () => readonly ReservationLine[]
  /** One more supplier whose word counts, to the end of the run. */
  readonly alsoSells: (reservations: () => readonly ReservationLine[]) => void
  readonly gateway: StripeMock
  readonly inbox: MailInbox
  /** What must never be in a log. */
  readonly secrets: readonly string[]
  readonly webhookSecret: string
  /** Processes that ended without anybody asking them to, each told once: "api-3 (code 1)". */
  readonly deaths: () => readonly string[]
  /** Those that are alive. */
  readonly processes: (role?: Process['role']) => readonly Process[]
  /** Starts one more process and waits until it works; `extra` is added to its environment. */
  readonly start: (role: Process['role'], extra?: Readonly<Record<string, string>>, under?: readonly string[]) => Promise<Process>
  /**
   * Replaces every process of these roles by one whose statements are rewritten on their way to Postgres, to take away a guard that
   * stands in them; resolves to the way back. Those that are started meanwhile are like that too.
   */
  readonly rewrite: (rewrites: readonly Rewrite[], roles: readonly Process['role'][]) => Promise<() => Promise<void>>
  /** The environment of the application's processes, for those that are started otherwise. */
  readonly environment: Readonly<Record<string, string>>
  /** One statement as the superuser, past every proxy. */
  readonly sql: <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>
  /** What the clock of the sandbox shows; suppliers and gateway go by it too. */
  readonly clock: Clock
  /** Puts it forward. */
  readonly advance: (seconds: number) => Promise<void>
  /** Undoes every fault that is left, and brings the stack back to two APIs and two workers that work. */
  readonly heal: () => Promise<void>
  /** All that was logged: by the application, Postgres and both Redis, each by its name. */
  readonly logs: () => Promise<Readonly<Record<string, string>>>
  readonly close: () => Promise<void>
}

/** Text in a statement, as a regular expression, and what stands there instead; {{clock}} is the process's own time of day, in seconds. */
export type Rewrite = { readonly text: string; readonly by: string }

export type StackSettings = {
  readonly apis: number
  readonly workers: number
  /** Added to the environment of every process. */
  readonly environment?: Readonly<Record<string, string>>
  readonly onStep: (what: string) => void
}

const READY_MS = 180_000
/** Long enough for a job that waits for a lock, short enough to see what follows when a worker dies. */
const QUEUE_LOCK_MS = 3_000

/** Starts all of it on data of its own, which is thrown away. */
export async function startChaosStack(settings: StackSettings): Promise<ChaosStack> {
  const closers: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    for (const closeOne of closers.splice(0).toReversed()) await closeOne().catch(() => undefined)
  }
  try {
    return await build(settings, closers, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function build(settings: StackSettings, closers: (() => Promise<unknown>)[], close: () => Promise<void>): Promise<ChaosStack> {
  const home = await makeTemporaryHome('chaos')
  closers.push(home.remove)
  const secrets = await readSecrets(home)
  const own = async <T extends { close: () => Promise<unknown> }>(starting: Promise<T>): Promise<T> => {
    const started = await starting
    closers.push(() => started.close())
    return started
  }
  let offsetMs = 0
  const clock: Clock = { now: () => instant(systemClock.now() + offsetMs) }

  const processes: Process[] = []
  const others: (() => readonly ReservationLine[])[] = []
  const mourned = new Set<Process>()
  let turn = 0
  const nextApi = (): number | null => {
    const apis = processes.filter((one) => one.role === 'api' && one.isAlive())
    return apis.length === 0 ? null : apis[(turn += 1) % apis.length]!.port
  }
  const door = await own(startTcpProxy(nextApi))
  const [postgres, cache, state, supplier, gateway, inbox] = await Promise.all([
    own(startPostgresHere(home.postgresDirectory)),
    own(startRedisHere(path.join(home.directory, 'redis-cache'), 'cache')),
    own(startRedisHere(path.join(home.directory, 'redis-state'), 'state')),
    own(startTestwire({ clock, key: createHmac('sha256', secrets.sealKey).update('testwire').digest('base64url').slice(0, 24) })),
    own(
      startStripeMock({
        clock,
        secretKey: secrets.stripeSecretKey,
        webhookSecret: secrets.stripeWebhookSecret,
        webhookUrl: `http://127.0.0.1:${door.port}/v1/webhooks/stripe`,
        webhookRetryMs: 250,
        refundDelayMs: 1_000,
      }),
    ),
    own(startMailInbox()),
  ])
  settings.onStep('Postgres, two Redis, supplier, gateway and inbox run')
  const setUp = new pg.Client({ connectionString: postgres.url.replace(/\/farewire$/, '/postgres') })
  await setUp.connect()
  await setUp.query('create database farewire')
  await setUp.end()
  await migrate(postgres.url)
  const login = Object.assign(new URL(postgres.url), { username: 'farewire_server', password: secrets.databasePassword })
  await createLogin(postgres.url, login.href)
  const pool = new pg.Pool({ connectionString: postgres.url, max: 4, application_name: 'chaos', connectionTimeoutMillis: 5_000 })
  pool.on('error', () => undefined)
  closers.push(() => pool.end())
  const sql: ChaosStack['sql'] = async (text, values = []) => (await pool.query(text, [...values])).rows
  await sql(await readFile(new URL('./audit.sql', import.meta.url), 'utf8'))

  const [database, cacheWay, stateWay, supplierWay, gatewayWay] = await Promise.all(
    [postgres.port, cache.port, state.port, Number(new URL(supplier.url).port), Number(new URL(gateway.url).port)].map((port) =>
      own(startTcpProxy(port)),
    ),
  )
  const at = (proxy: TcpProxy): string => `127.0.0.1:${proxy.port}`
  const environment: Record<string, string> = {
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://127.0.0.1:${door.port}`,
    REDIS_URL: `redis://${at(cacheWay!)}`,
    REDIS_STATE_URL: `redis://${at(stateWay!)}`,
    SEAL_KEY: secrets.sealKey,
    STORAGE_DIRECTORY: path.join(home.directory, 'documents'),
    SMTP_URL: inbox.smtpUrl,
    DISPLAY_CURRENCY: 'USD',
    SANDBOX: 'true',
    LOG_LEVEL: 'info',
    READING_NICENESS: '0',
    // What is looked at is faults, and not how busy the machine is that they are injected on.
    LOOP_DELAY_MAX_MS: '0',
    SEARCH_DEADLINE_MS: '15000',
    QUEUE_LOCK_MS: String(QUEUE_LOCK_MS),
    TESTWIRE_URL: `http://${at(supplierWay!)}`,
    TESTWIRE_KEY: supplier.key,
    STRIPE_URL: `http://${at(gatewayWay!)}`,
    STRIPE_SECRET_KEY: secrets.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
    ...settings.environment,
  }
  const logFile = path.join(home.directory, 'processes.log')

  let count = 0
  const rewritten = new Map<Process['role'], string>()
  const start: ChaosStack['start'] = async (role, extra = {}, under = []) => {
    count += 1
    const name = `${role}-${count}`
    // Who is connected is seen in pg_stat_activity: that is how a worker shows that it works.
    const url = Object.assign(new URL(login), { host: at(database!) })
    url.searchParams.set('application_name', name)
    const started = await startProcess({
      name,
      role,
      logFile,
      under,
      environment: {
        ...environment,
        DATABASE_URL: url.href,
        ...(rewritten.has(role) && { CHAOS_REWRITES: rewritten.get(role)! }),
        ...extra,
      },
    })
    processes.push(started)
    await ready(started, sql)
    return started
  }
  closers.push(async () => {
    await Promise.all(alive().map((one) => one.kill()))
  })
  const alive = (role?: Process['role']): readonly Process[] =>
    processes.filter((one) => one.isAlive() && (role === undefined || one.role === role))
  const proxies = { database: database!, cache: cacheWay!, state: stateWay!, supplier: supplierWay!, gateway: gatewayWay!, door }

  const stack: ChaosStack = {
    postgres,
    cache,
    state,
    proxies,
    supplier,
    otherReservations: () => others.flatMap((reservations) => reservations()),
    alsoSells: (reservations) => void others.push(reservations),
    gateway,
    inbox,
    secrets: [secrets.sealKey, secrets.databasePassword, secrets.stripeSecretKey, secrets.stripeWebhookSecret, supplier.key],
    webhookSecret: secrets.stripeWebhookSecret,
    deaths: () =>
      processes.flatMap((one) => {
        const cause = one.diedOf()
        if (cause === null || mourned.has(one)) return []
        mourned.add(one)
        return [`${one.name} (${cause})`]
      }),
    processes: alive,
    start,
    rewrite: async (rewrites, roles) => {
      const replaceAll = async (): Promise<void> => {
        await Promise.all(roles.flatMap((role) => alive(role).map((one) => one.stop())))
        await stack.heal()
      }
      for (const role of roles) rewritten.set(role, JSON.stringify(rewrites))
      await replaceAll()
      return async () => {
        for (const role of roles) rewritten.delete(role)
        await replaceAll()
      }
    },
    environment,
    sql,
    clock,
    advance: async (seconds) => {
      // By the public way; where nobody answers, as that way would do it.
      const api = alive('api')[0]
      const reply = await fetch(`${api?.url}/v1/test-clocks/default/advance`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ seconds }),
        signal: AbortSignal.timeout(3_000),
      }).catch(() => undefined)
      if (!reply?.ok) await sql('update platform.test_clock set offset_ms = offset_ms + $1', [seconds * 1_000])
      const [row] = await sql<{ offset_ms: string }>('select offset_ms from platform.test_clock')
      offsetMs = Number(row!.offset_ms)
    },
    heal: async () => {
      for (const proxy of Object.values(proxies)) proxy.heal()
      supplier.control.clear()
      gateway.control.clear()
      for (const server of [postgres, cache, state]) server.thaw()
      await Promise.all([postgres.start(), cache.start(), state.start()])
      for (const one of alive()) one.thaw()
      await Promise.all(
        (['api', 'worker'] as const).flatMap((role) => {
          const missing = (role === 'api' ? settings.apis : settings.workers) - alive(role).length
          return Array.from({ length: Math.max(0, missing) }, () => start(role))
        }),
      )
    },
    logs: async () => {
      const folders = {
        postgres: home.postgresDirectory,
        cache: path.join(home.directory, 'redis-cache'),
        state: path.join(home.directory, 'redis-state'),
      }
      const files = Object.entries({
        processes: logFile,
        ...Object.fromEntries(
          Object.entries(folders).flatMap(([name, folder]) => [
            [name, path.join(folder, 'server.log')],
            [`${name} before`, path.join(folder, KEPT_LOG)],
          ]),
        ),
      })
      return Object.fromEntries(
        await Promise.all(files.map(async ([name, file]) => [name, await readFile(file, 'utf8').catch(() => '')] as const)),
      )
    },
    close,
  }
  await stack.heal()
  settings.onStep(`${settings.apis} API processes and ${settings.workers} workers run`)
  return stack
}

async function ready(started: Process, sql: ChaosStack['sql']): Promise<void> {
  const deadline = performance.now() + READY_MS
  while (started.isAlive() && performance.now() < deadline) {
    const isReady =
      started.role === 'api'
        ? await fetch(`${started.url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
            (reply) => reply.ok,
            () => false,
          )
        : await sql('select from pg_stat_activity where application_name = $1', [started.name]).then(
            (rows) => rows.length > 0,
            () => false,
          )
    if (isReady) return
    await sleep(50)
  }
  // One that was armed to die may be gone before anybody saw it work.
  if (started.isAlive()) throw new Error(`${started.name} did not become ready within ${READY_MS} ms`)
}
