import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { bookingBody } from '../../demo/journey.ts'
import type { Row, RowFacts, RowScene } from '../row.ts'
import { COMMITTED } from '../tcp-proxy.ts'
import { letThrough } from '../let-through.ts'
import { until } from '../until.ts'
import { complaints, watch, type Watched } from '../watch.ts'
import { badAnswers, underTraffic } from './traffic.ts'

const TRAFFIC = { buyers: 8, everyMs: 250 }
const TROUBLE_MS = 3_000
const LOGIN = 'farewire_server'
/** The wait for a connection is 5 s and a lost COMMIT is asked after for 3 s; the rest is a machine at work. */
const ANSWER_MS = 12_000

/** F26 to F29: Postgres goes away, loses a reply, has no room for more, and refuses. */
export const postgresRows: readonly Row[] = [
  {
    id: 'F26',
    fault: 'Postgres restarts in the middle of it, once in order ("fast") and once as after a crash ("immediate")',
    run: runRestarts,
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
    fault: 'no connection is to be had from Postgres; then every connection of an API waits for a lock',
    run: runStarvation,
  },
  {
    id: 'F29',
    fault: 'serialization failures and deadlocks, at writes and at COMMIT, while backends are terminated',
    run: runStorm,
  },
]

async function runRestarts(scene: RowScene): Promise<RowFacts> {
  const { stack, travellers, say } = scene
  const offers = await travellers.verified(6)
  const known = await travellers.book(offers.shift()!)
  const watching = watch(stack, { paths: [`/v1/bookings/${known.booking!.id}`, '/health/live', '/health/ready'] })
  const buying = Promise.all(
    offers.map(async (offer, at) => {
      await sleep(at * 250)
      return travellers.buy(offer)
    }),
  )
  let recoveryMs = 0
  for (const mode of ['fast', 'immediate'] as const) {
    await sleep(400)
    await stack.postgres.stop(mode)
    await sleep(400)
    await stack.postgres.start()
    const begun = performance.now()
    const areReady = await until(() => allReady(stack.processes('api').map(({ url }) => url)), 30_000)
    if (!areReady) return { broken: [`an API was not ready within 30 s after a restart (${mode})`] }
    recoveryMs = Math.max(recoveryMs, performance.now() - begun)
    say(`ready ${Math.round(performance.now() - begun)} ms after a restart (${mode})`)
  }
  const faultEndedAt = stack.clock.now()
  await letThrough(stack, buying)
  const watched = await watching.stop()
  return {
    faultEndedAt,
    broken: [...complaints('a reader', watched, { statuses: ['200', '503'], withinMs: ANSWER_MS }), ...badAnswers(scene)],
    figures: { ready_after_ms: Math.round(recoveryMs), refused: watched.statuses['503'] ?? 0 },
  }
}

async function allReady(urls: readonly string[]): Promise<boolean> {
  const answers = await Promise.all(
    urls.map((url) =>
      fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
        (reply) => reply.ok,
        () => false,
      ),
    ),
  )
  return answers.every(Boolean)
}

async function runStarvation(scene: RowScene): Promise<RowFacts> {
  const { stack, travellers, say } = scene
  const offers = await travellers.verified(6)
  const known = await travellers.openPayment(await travellers.book(offers.shift()!))
  const paths = [`/v1/bookings/${known.booking!.id}`, '/health/live', '/health/ready']
  const broken: string[] = []
  const figures: Record<string, number> = {}
  const note = (what: string, watched: Watched): void => {
    broken.push(...complaints(`a reader, ${what}`, watched, { statuses: ['200', '503'], withinMs: ANSWER_MS }))
    figures[`refused_${what.replaceAll(' ', '_')}`] = watched.statuses['503'] ?? 0
  }
  // Two connections for two APIs and two workers.
  try {
    await stack.sql(`alter role ${LOGIN} connection limit 2`)
    await stack.sql('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [LOGIN])
    const watching = watch(stack, { paths, atOnce: 4 })
    const buying = Promise.all(offers.slice(0, 2).map((offer) => travellers.buy(offer)))
    await sleep(4_000)
    await stack.sql(`alter role ${LOGIN} connection limit -1`)
    note('without connections', await watching.stop())
    await letThrough(stack, buying)
    if (figures['refused_without_connections'] === 0) broken.push('nobody was refused while there were no connections')
  } finally {
    await stack.sql(`alter role ${LOGIN} connection limit -1`)
  }
  say('connections are back')
  // Requests hold every connection that they have; what was paid before must go on all the same.
  const hog = new pg.Client({ connectionString: stack.postgres.url })
  await hog.connect()
  try {
    travellers.pay(known)
    const isAnnounced = (): Promise<boolean> =>
      stack
        .sql(`select from platform.events where name = 'payment.notified' and subject_id = $1`, [known.payment!.id])
        .then((rows) => rows.length > 0)
    if (!(await until(isAnnounced, 20_000, 5))) broken.push('the payment was not announced')
    await hog.query('begin; lock table platform.idempotency_keys in access exclusive mode')
    const watching = watch(stack, { paths, atOnce: 4 })
    const posting = Promise.all(
      Array.from({ length: 60 }, () => travellers.post('/v1/bookings', bookingBody(offers.at(-1)!, travellers.next()), { withinMs: 1 })),
    )
    const isTicketed = await until(
      async () => (await stack.sql(`select from booking.bookings where id = $1 and status = 'TICKETED'`, [known.booking!.id])).length === 1,
      20_000,
    )
    if (!isTicketed) broken.push('workers waited for what requests were waiting for')
    await hog.query('rollback')
    note('behind a lock', await watching.stop())
    await posting
  } finally {
    await hog.end()
  }
  return { broken: [...broken, ...badAnswers(scene)], figures }
}

const STORM_MS = 5_000
const STORM_TABLES = [
  'booking.bookings',
  'booking.attempts',
  'payments.payments',
  'payments.refunds',
  'platform.events',
  'platform.idempotency_keys',
]

/** One write in so many is refused, half of them only when the transaction commits. */
async function runStorm(scene: RowScene): Promise<RowFacts> {
  const { stack, travellers, seeded } = scene
  const offers = await travellers.verified(6)
  await stack.sql(`create sequence chaos.refusals;
    create function chaos.refuse() returns trigger language plpgsql security definer as $$ begin
      if random() < tg_argv[0]::float then
        perform nextval('chaos.refusals');
        if random() < 0.5 then raise exception 'could not serialize access' using errcode = '40001'; end if;
        raise exception 'deadlock detected' using errcode = '40P01';
      end if;
      return null; end $$`)
  let terminated = 0
  let buying: Promise<unknown> = Promise.resolve()
  try {
    for (const table of STORM_TABLES) {
      await stack.sql(`create trigger chaos_refuse after insert or update on ${table} for each row execute function chaos.refuse('0.05')`)
      await stack.sql(
        `create constraint trigger chaos_refuse_late after insert or update on ${table} deferrable initially deferred for each row execute function chaos.refuse('0.05')`,
      )
    }
    buying = Promise.all(offers.map((offer, at) => travellers.buy(offer, at === 5 ? 'SOLDOUT' : undefined)))
    const begun = performance.now()
    while (performance.now() - begun < STORM_MS) {
      const victims = await stack.sql<{ pid: number }>('select pid from pg_stat_activity where usename = $1 order by random() limit 1', [
        LOGIN,
      ])
      for (const { pid } of victims) {
        await stack.sql('select pg_terminate_backend($1)', [pid])
        terminated += 1
      }
      await sleep(40 + seeded.int(80))
    }
  } finally {
    for (const table of STORM_TABLES)
      await stack.sql(`drop trigger if exists chaos_refuse on ${table}; drop trigger if exists chaos_refuse_late on ${table}`)
  }
  await letThrough(stack, buying)
  const [row] = await stack.sql<{ refusals: string }>('select last_value::text as refusals from chaos.refusals')
  await stack.sql('drop function chaos.refuse(); drop sequence chaos.refusals')
  const refusals = Number(row!.refusals)
  return {
    broken: [...(refusals > 1 && terminated > 0 ? [] : ['there was no storm']), ...badAnswers(scene)],
    figures: { refusals, terminated },
  }
}
