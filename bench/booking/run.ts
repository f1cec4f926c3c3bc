import { cpuUsage } from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { startPostgres } from '../../commands/servers/index.ts'
import { makeTemporaryHome } from '../../commands/stack/temporary-home.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { createPostgres } from '../../src/platform/postgres.ts'
import { describeMachine, toRow, type Report, type Row } from '../report.ts'
import { latencies, median, NOISE_MAX, spread } from '../statistics.ts'
import { openDesk, TRANSITIONS, type Desk } from './desk.ts'
import { recordStatements, toReplay, type Sent } from './recording.ts'

export type BookingPlan = { readonly rounds: number; readonly roundMs: number; readonly readSeconds: number; readonly readRounds: number }

const QUICK: BookingPlan = { rounds: 9, roundMs: 1_000, readSeconds: 5, readRounds: 3 }
const FULL: BookingPlan = { rounds: 25, roundMs: 2_000, readSeconds: 15, readRounds: 5 }

/** Bookings under way at once, each over a connection of its own. */
const AT_ONCE = 8
const READS_PER_SECOND = 60
const BOOKINGS_PER_SECOND = 50

/** How fast bookings are written by the real code, beside the same SQL in bare pg; and what readers notice of it. */
export async function runBookingBench(options: { isQuick: boolean; say: (line: string) => void }): Promise<Report> {
  const plan = options.isQuick ? QUICK : FULL
  const home = await makeTemporaryHome('bench')
  // Without fsync, which both sides would wait for alike: what is left is what our code adds.
  const server = await startPostgres({ directory: home.postgresDirectory, fsync: false })
  try {
    await migrate(server.url)
    const postgres = createPostgres({ url: server.url, connectionsMax: AT_ONCE })
    // As in production: who reads and who sells do not wait for each other's connections.
    const readers = createPostgres({ url: server.url, connectionsMax: AT_ONCE })
    const clients = Array.from({ length: AT_ONCE }, () => new pg.Client({ connectionString: server.url, options: '-c role=farewire_app' }))
    try {
      await Promise.all(clients.map((client) => client.connect()))
      const desk = await openDesk(postgres.db)
      const write = await measureWrites(desk, clients, plan, options.say)
      options.say(`booking.write ${write.rows[0]?.figure} x bare pg`)
      const read = await measureReads(desk, (await openDesk(readers.db)).bookings, plan, options.say)
      return { machine: describeMachine({ pinned: false, noisy: write.noisy }), rows: [...write.rows, read] }
    } finally {
      await Promise.all(clients.map((client) => client.end()))
      await Promise.all([postgres.close(), readers.close()])
    }
  } finally {
    await server.close()
    await home.remove()
  }
}

type Round = { readonly perSecond: number; readonly cpuMillis: number }

async function measureWrites(
  desk: Desk,
  clients: readonly pg.Client[],
  plan: BookingPlan,
  say: (line: string) => void,
): Promise<{ rows: Row[]; noisy: boolean }> {
  for (let i = 0; i < 200; i += 1) await desk.buy()
  const sent = await recordStatements(desk.buy)
  const replay = toReplay(sent)
  await assertSameEffect(clients[0]!, replay())
  const ours: Round[] = []
  const bare: Round[] = []
  for (let round = 0; round <= plan.rounds; round += 1) {
    say(`bookings: round ${round} of ${plan.rounds}`)
    const real = await measure(plan.roundMs, Array(AT_ONCE).fill(desk.buy) as (() => Promise<unknown>)[])
    const same = await measure(
      plan.roundMs,
      clients.map((client) => () => sendAll(client, replay())),
    )
    // The first round only warms up.
    if (round > 0) {
      ours.push(real)
      bare.push(same)
    }
  }
  const of = (rounds: readonly Round[], what: keyof Round): number => median(rounds.map((round) => round[what]))
  const detail = {
    'bookings/s ours': Math.round(of(ours, 'perSecond')),
    'bookings/s bare': Math.round(of(bare, 'perSecond')),
    'transitions/s ours': Math.round(of(ours, 'perSecond') * TRANSITIONS),
    'CPU ms per booking ours/bare': `${of(ours, 'cpuMillis').toFixed(2)}/${of(bare, 'cpuMillis').toFixed(2)}`,
    'round trips per booking': sent.length,
    'at once': AT_ONCE,
  }
  const ratios = ours.map((round, i) => round.perSecond / bare[i]!.perSecond)
  return {
    rows: [toRow({ name: 'booking.write', figure: median(ratios), goal: '>= 0.75', unit: 'x bare pg', detail })],
    noisy: spread(bare.map(({ perSecond }) => perSecond)) > NOISE_MAX,
  }
}

async function sendAll(client: pg.Client, statements: readonly Sent[]): Promise<void> {
  for (const { text, values } of statements) await client.query(text, values as unknown[])
}

/** A replay that changed nothing would be fast, and worth nothing. */
async function assertSameEffect(client: pg.Client, statements: readonly Sent[]): Promise<void> {
  for (const { text, values, rows } of statements) {
    const { rowCount } = await client.query(text, values as unknown[])
    if ((rowCount ?? null) !== rows) throw new Error(`${rows} rows became ${rowCount} with: ${text}`)
  }
  const { rows } = await client.query<{ statuses: number }>(
    `select count(*)::int as statuses from booking.bookings where status <> 'TICKETED'`,
  )
  if (rows[0]!.statuses > 0) throw new Error('a booking of the replay is not ticketed')
}

/** Each worker does its work again and again for `ms`; what all of them have done together. */
async function measure(ms: number, workers: readonly (() => Promise<unknown>)[]): Promise<Round> {
  const cpu = cpuUsage()
  const begun = performance.now()
  let done = 0
  await Promise.all(
    workers.map(async (work) => {
      while (performance.now() - begun < ms) {
        await work()
        done += 1
      }
    }),
  )
  const { user, system } = cpuUsage(cpu)
  return { perSecond: (done * 1_000) / (performance.now() - begun), cpuMillis: (user + system) / 1_000 / done }
}

async function measureReads(desk: Desk, bookings: Desk['bookings'], plan: BookingPlan, say: (line: string) => void): Promise<Row> {
  const ids = await Promise.all(Array.from({ length: 50 }, () => desk.buy()))
  const calm: number[] = []
  const busy: number[] = []
  let sold = 0
  for (let round = 1; round <= plan.readRounds; round += 1) {
    say(`reads beside bookings: round ${round} of ${plan.readRounds}`)
    calm.push(latencies(await readOpenly(bookings, ids, plan.readSeconds)).p99)
    const selling = sellOpenly(desk, plan.readSeconds)
    busy.push(latencies(await readOpenly(bookings, ids, plan.readSeconds)).p99)
    sold += await selling
  }
  const detail = {
    'p99 ms alone': Number(median(calm).toFixed(1)),
    'p99 ms beside': Number(median(busy).toFixed(1)),
    'bookings/s reached': Math.round(sold / (plan.readRounds * plan.readSeconds)),
    'reads/s': READS_PER_SECOND,
  }
  return toRow({ name: 'booking.read.p99', figure: median(busy) / median(calm), goal: null, unit: 'x without load', detail })
}

/** Each read is due at its own moment and is charged from then on, whoever kept it waiting. */
async function readOpenly(bookings: Desk['bookings'], ids: readonly string[], seconds: number): Promise<number[]> {
  const taken: number[] = []
  await atEach(READS_PER_SECOND, seconds, async (i, dueAt) => {
    await bookings.view(ids[i % ids.length]!)
    taken.push(performance.now() - dueAt)
  })
  return taken
}

async function sellOpenly(desk: Desk, seconds: number): Promise<number> {
  let sold = 0
  await atEach(BOOKINGS_PER_SECOND, seconds, async () => {
    await desk.buy()
    sold += 1
  })
  return sold
}

async function atEach(perSecond: number, seconds: number, work: (index: number, dueAt: number) => Promise<void>): Promise<void> {
  const begun = performance.now()
  const running: Promise<void>[] = []
  for (let i = 0; i < perSecond * seconds; i += 1) {
    const dueAt = begun + (i * 1_000) / perSecond
    while (performance.now() < dueAt) await pause(1)
    running.push(work(i, dueAt))
  }
  await Promise.all(running)
}
