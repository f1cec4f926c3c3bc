import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Row, RowScene } from '../row.ts'
import { COMMITTED } from '../tcp-proxy.ts'
import { badAnswers, underTraffic } from './traffic.ts'

const TRAFFIC = { buyers: 8, everyMs: 250 }
const TROUBLE_MS = 3_000
const FILL_MS = 20_000

/** F26 to F29: Postgres restarts, loses a reply, has no connection left, ends sessions. */
export const postgresRows: readonly Row[] = [
  {
    id: 'F26',
    fault: 'Postgres is restarted, once properly and once at once',
    run: async (scene) => {
      const { postgres } = scene.stack
      await underTraffic(scene, { buyers: 12, everyMs: 400 }, async () => {
        for (const mode of scene.seeded.shuffle(['fast', 'immediate'] as const)) {
          await postgres.stop(mode)
          await sleep(300)
          await postgres.start()
          await sleep(1_200)
        }
      })
      return { faultEndedAt: scene.stack.clock.now(), broken: badAnswers(scene) }
    },
  },
  {
    id: 'F27',
    fault: 'the reply to COMMIT is lost',
    run: async (scene) => {
      const { database } = scene.stack.proxies
      const before = database.lost()
      await underTraffic(scene, TRAFFIC, async () => {
        for (let turn = 0; turn < 10; turn += 1) {
          database.loseReply(COMMITTED, 1)
          await sleep(TROUBLE_MS / 10)
        }
      })
      const lost = database.lost() - before
      return { broken: [...badAnswers(scene), ...(lost > 0 ? [] : ['no reply to a COMMIT was lost'])], figures: { commits_lost: lost } }
    },
  },
  {
    id: 'F28',
    fault: 'Postgres has no connection left, and then every statement waits for a lock',
    run: async (scene) => {
      let refused = 0
      await underTraffic(scene, TRAFFIC, async () => {
        refused = await hogConnections(scene)
        await holdTable(scene)
      })
      const { slowestMs } = scene.travellers.seen()
      return {
        faultEndedAt: scene.stack.clock.now(),
        broken: [
          ...badAnswers(scene),
          ...(refused > 0 ? [] : ['Postgres had a connection left']),
          ...(slowestMs > 20_000 ? [`a request took ${Math.round(slowestMs)} ms`] : []),
        ],
        figures: { slowest_answer_ms: Math.round(slowestMs) },
      }
    },
  },
  {
    id: 'F29',
    fault: 'sessions are ended at random, and others take the same locks in another order',
    run: async (scene) => {
      let ended = 0
      await underTraffic(scene, TRAFFIC, async () => {
        const deadline = performance.now() + TROUBLE_MS
        await Promise.all([
          (async () => {
            for (; performance.now() < deadline; await sleep(150)) ended += await endSession(scene)
          })(),
          quarrel(scene, deadline),
        ])
      })
      return { broken: [...badAnswers(scene), ...(ended > 0 ? [] : ['no session was ended'])], figures: { sessions_ended: ended } }
    },
  },
]

/** Takes every connection that is left, for a while; resolves to how many times one was refused. */
async function hogConnections({ stack }: RowScene): Promise<number> {
  const hogs: pg.Client[] = []
  let refused = 0
  const take = async (): Promise<void> => {
    const hog = new pg.Client({ connectionString: stack.postgres.url, application_name: 'hog' })
    hog.on('error', () => undefined)
    try {
      await hog.connect()
      hogs.push(hog)
    } catch {
      refused += 1
      await hog.end().catch(() => undefined)
    }
  }
  try {
    for (const deadline = performance.now() + FILL_MS; refused === 0 && performance.now() < deadline;)
      await Promise.all(Array.from({ length: 10 }, take))
    for (const deadline = performance.now() + TROUBLE_MS; performance.now() < deadline; await sleep(200)) await take()
  } finally {
    await Promise.all(hogs.map((hog) => hog.end().catch(() => undefined)))
  }
  return refused
}

/** Everything that touches a booking waits, until each pool has given all it has. */
async function holdTable({ stack }: RowScene): Promise<void> {
  const holder = new pg.Client({ connectionString: stack.postgres.url, application_name: 'holder' })
  await holder.connect()
  try {
    await holder.query('begin')
    await holder.query('lock table booking.bookings in access exclusive mode')
    await sleep(TROUBLE_MS)
    await holder.query('rollback')
  } finally {
    await holder.end().catch(() => undefined)
  }
}

async function endSession({ stack, seeded }: RowScene): Promise<number> {
  const sessions = await stack.sql<{ pid: number }>(`select pid from pg_stat_activity where application_name ~ '^(api|worker)-'`)
  if (sessions.length === 0) return 0
  await stack.sql('select pg_terminate_backend($1)', [seeded.pick(sessions).pid])
  return 1
}

/** Locks what the application locks, the other way round, so that some transactions deadlock. */
async function quarrel({ stack }: RowScene, deadline: number): Promise<void> {
  const client = new pg.Client({ connectionString: stack.postgres.url, application_name: 'quarrel', statement_timeout: 2_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    for (; performance.now() < deadline; await sleep(50)) {
      try {
        await client.query('begin')
        const { rows } = await client.query(`select id from booking.bookings order by created_at desc limit 4 for update`)
        await sleep(30)
        await client.query('select from payments.payments where booking_id = any($1) for update', [
          rows.map(({ id }: { id: string }) => id),
        ])
        await client.query('commit')
      } catch {
        await client.query('rollback').catch(() => undefined)
      }
    }
  } finally {
    await client.end().catch(() => undefined)
  }
}
