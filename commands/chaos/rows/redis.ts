import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { startRedis } from '../../servers/index.ts'
import { reactionsQueue } from '../reactions-queue.ts'
import type { Row, RowFacts, RowScene } from '../row.ts'
import type { Journey } from '../travellers.ts'
import { until } from '../until.ts'
import { complaints, faultsOf, watch } from '../watch.ts'
import { withoutRequeue } from '../without.ts'
import { badAnswers, underTraffic } from './traffic.ts'

const FROZEN_MS = 20_000
const TRAFFIC = { buyers: 8, everyMs: 250 }
/** A traveller is answered within this whatever Redis does; the rest is patience with a busy machine. */
const ANSWER_MS_MAX = 9_000
/** What an answer may take with a Redis that is not there: its own deadline is 300 ms, the rest is a machine at work. */
const ANSWER_MS = 6_000

/** F22 to F25: the two Redis forget, die, are full, and stand still. */
export const redisRows: readonly Row[] = [
  {
    id: 'F22',
    fault: 'both Redis forget everything while jobs wait in them',
    run: runFlush,
    control: {
      without: 'queueing again what was queued too long ago',
      disarm: withoutRequeue,
      shows: ({ invariant, detail }) => invariant === 'I9' && detail.includes('still to be done'),
    },
  },
  {
    id: 'F23',
    fault: 'both Redis are killed, stay away and come back',
    run: async (scene) => {
      const { cache, state } = scene.stack
      const outageMs = 2_500 * Math.min(scene.scale, 4)
      await underTraffic(scene, TRAFFIC, async () => {
        await Promise.all([cache.kill(), state.kill()])
        await sleep(outageMs)
        await Promise.all([cache.start(), state.start()])
      })
      const { slowestMs } = scene.travellers.seen()
      return {
        faultEndedAt: scene.stack.clock.now(),
        broken: [...badAnswers(scene), ...(slowestMs > ANSWER_MS_MAX ? [`a request took ${Math.round(slowestMs)} ms`] : [])],
        figures: { outage_ms: outageMs, slowest_answer_ms: Math.round(slowestMs) },
      }
    },
  },
  {
    id: 'F24',
    fault: 'both Redis are full and take nothing more',
    run: async (scene) => {
      const { stack, travellers } = scene
      const offers = await travellers.verified(4)
      const servers = [stack.state.admin, stack.cache.admin]
      const policy = 'maxmemory-policy'
      try {
        await stack.cache.admin.config('SET', policy, 'noeviction')
        for (const admin of servers) await admin.config('SET', 'maxmemory', '1mb')
        const refused = await stack.state.admin.set('{farewire:chaos}:full', 'x').then(
          () => false,
          (error: Error) => error.message.includes('OOM'),
        )
        if (!refused) return { broken: ['Redis was not full'] }
        const watching = watch(stack, {
          paths: ['/health/live', '/health/ready', '/v1/flights/offers?origin=CGK&destination=SIN&departure_date=2027-06-01&adults=1'],
        })
        const journeys = await Promise.all(offers.map((offer) => travellers.buy(offer)))
        await sleep(1_000)
        const watched = await watching.stop()
        return {
          broken: [
            ...notPaid(journeys),
            ...badAnswers(scene),
            ...faultsOf(watched.statuses),
            ...(watched.slowestMs > 15_000 + ANSWER_MS ? [`an answer took ${watched.slowestMs} ms`] : []),
          ],
          figures: { read_p99_ms: watched.p99Ms },
        }
      } finally {
        for (const admin of servers) await admin.config('SET', 'maxmemory', admin === stack.cache.admin ? '256mb' : '0')
        await stack.cache.admin.config('SET', policy, 'allkeys-lru')
      }
    },
  },
  {
    id: 'F25',
    fault: `both Redis stand still for ${FROZEN_MS / 1_000} s; then one is replaced by a replica that lacks the last jobs`,
    run: async (scene) => {
      const frozen = await standStill(scene)
      const failover = await failOver(scene)
      return { broken: [...frozen.broken, ...failover.broken], figures: { ...frozen.figures, ...failover.figures } }
    },
  },
]

async function runFlush({ stack, travellers, say }: RowScene): Promise<RowFacts> {
  const offers = await travellers.verified(5)
  const queue = reactionsQueue(stack)
  try {
    const buying = Promise.all(offers.map((offer, at) => travellers.buy(offer, at === 4 ? 'SOLDOUT' : undefined)))
    // Nobody takes jobs, so that they lie in Redis when it forgets them; it forgets this order as well.
    await queue.pause()
    await buying
    const waiting = (): Promise<number> => queue.count('waiting', 'delayed')
    if (!(await until(async () => (await waiting()) >= 3, 20_000))) return { broken: ['no jobs were waiting to be lost'] }
    const jobs = await waiting()
    await Promise.all([stack.state.admin.flushall(), stack.cache.admin.flushall()])
    say(`${jobs} jobs were forgotten`)
    return { figures: { jobs_forgotten: jobs } }
  } finally {
    await queue.close()
  }
}

async function standStill(scene: RowScene): Promise<{ broken: string[]; figures: Record<string, number> }> {
  const { stack, travellers, say } = scene
  const offers = await travellers.verified(4)
  const known = await travellers.book(offers.shift()!)
  await Promise.all([stack.state.freeze(), stack.cache.freeze()])
  const begun = performance.now()
  const watching = watch(stack, { paths: [`/v1/bookings/${known.booking!.id}`, '/health/live'], everyMs: 100 })
  const journeys = await Promise.all(offers.map((offer) => travellers.buy(offer)))
  await sleep(Math.max(0, FROZEN_MS - (performance.now() - begun)))
  const watched = await watching.stop()
  stack.state.thaw()
  stack.cache.thaw()
  say(`answers took at most ${watched.slowestMs} ms while Redis stood still`)
  return {
    broken: [...complaints('a reader', watched, { statuses: ['200'], withinMs: ANSWER_MS }), ...notPaid(journeys), ...badAnswers(scene)],
    figures: { read_p99_ms: watched.p99Ms },
  }
}

/** A replica follows, is cut off, and takes over: what was queued in between exists nowhere any more. */
async function failOver({ stack, travellers, say }: RowScene): Promise<{ broken: string[]; figures: Record<string, number> }> {
  const offers = await travellers.verified(3)
  const [, directory] = (await stack.state.admin.config('GET', 'dir')) as [string, string]
  const server = await startRedis({
    directory: path.join(path.dirname(directory), `replica-${offers[0]!.id.slice(-8)}`),
    persistence: 'none',
    eviction: 'noeviction',
  })
  const replica = new Redis(server.url, { maxRetriesPerRequest: 2 })
  replica.on('error', () => undefined)
  const queue = reactionsQueue(stack)
  try {
    await replica.replicaof('127.0.0.1', stack.state.port)
    const follows = await until(async () => (await replica.info('replication')).includes('master_link_status:up'), 15_000)
    if (!follows) return { broken: ['the replica never followed'], figures: {} }
    await replica.replicaof('NO', 'ONE')
    await queue.pause()
    await Promise.all(offers.map((offer) => travellers.buy(offer)))
    const waiting = (): Promise<number> => queue.count('waiting')
    await until(async () => (await waiting()) >= offers.length, 15_000)
    const jobs = await waiting()
    await stack.state.kill()
    stack.proxies.state.redirect(Number(new URL(server.url).port))
    say(`${jobs} jobs are not on the replica that took over`)
    // Long enough to work with what took over; then the old one comes back, with jobs that have been done since.
    const isDone = await until(
      async () =>
        (
          await stack.sql(`select from booking.bookings where id = any($1) and status = 'TICKETED'`, [
            travellers.journeys.slice(-offers.length).flatMap(({ booking }) => (booking ? [booking.id] : [])),
          ])
        ).length === offers.length,
      25_000,
    )
    stack.proxies.state.redirect(null)
    await stack.state.start()
    const old = reactionsQueue(stack)
    await old.resume()
    await old.close()
    return {
      broken: [
        ...(jobs > 0 ? [] : ['no jobs were lost by the failover']),
        ...(isDone ? [] : ['what the failover lost was not done within 25 s']),
      ],
      figures: { jobs_lost_by_failover: jobs },
    }
  } finally {
    await queue.close()
    replica.disconnect()
    await server.close()
  }
}

function notPaid(journeys: readonly Journey[]): string[] {
  const left = journeys.filter(({ hasPaid }) => !hasPaid).length
  return left === 0 ? [] : [`${left} of ${journeys.length} travellers could not pay`]
}
