import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from '../../../src/platform/migrate.ts'
import { bookingBody } from '../../demo/journey.ts'
import type { Process } from '../processes.ts'
import type { Row, RowFacts, RowScene } from '../row.ts'
import { startBalancer } from '../balancer.ts'
import { until } from '../until.ts'
import { idsOf } from './suppliers.ts'

const ENDED_MS = 30_000
/** A machine at its limit takes seconds to open the first connections of a fresh process; such a request is told to come back. */
const PUT_OFF_SHARE_MAX = 0.01

/** F39 and F45: every process is replaced, and a secret is changed, while travellers come and go. */
export const rollingRows: readonly Row[] = [
  {
    id: 'F39',
    fault: 'every API and every worker is replaced, one after the other, under load and with jobs in hand, while the migrations run again',
    run: (scene) => replaceAll(scene, (old) => old.stop()),
    control: {
      without: 'draining: the old processes are killed',
      disarm: async () => async () => undefined,
      shows: ({ detail }) => /^[1-9]\d* of \d+ requests failed/.test(detail),
      run: (scene) => replaceAll(scene, (old) => old.kill()),
    },
  },
  {
    id: 'F45',
    fault: 'the secret of the webhooks is changed under load: both are known here, then the gateway signs with both, then with the new one',
    run: rotateSecret,
    control: {
      without: 'two live secrets: the processes know the new one only',
      disarm: async () => async () => undefined,
      shows: ({ detail }) => detail.includes('genuine'),
      run: (scene) => changeAtOnce(scene),
    },
  },
]

async function replaceAll(scene: RowScene, leave: (old: Process) => Promise<void>): Promise<RowFacts> {
  const { stack, travellers, say } = scene
  const offers = await travellers.verified(8)
  const known = await travellers.book(offers.shift()!)
  const balancer = startBalancer(stack)
  let isOver = false
  let failed = 0
  let putOff = 0
  let asked = 0
  const statuses: Record<string, number> = {}
  const ask = async (path: string, init?: RequestInit): Promise<void> => {
    asked += 1
    const { status, said } = await balancer.send(path, init)
    if (status !== 0 && status < 500) return
    if (status === 503) putOff += 1
    else failed += 1
    statuses[status] = (statuses[status] ?? 0) + 1
    if (failed + putOff <= 5) say(`${status} ${said}`)
  }
  const load = Promise.all(
    Array.from({ length: 4 }, async (_, at) => {
      for (let turn = 0; !isOver; turn += 1) {
        if (at === 0 && turn % 10 === 9)
          await ask('/v1/bookings', {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'idempotency-key': `rolling-${known.booking!.id}-${turn}` },
            body: JSON.stringify(bookingBody(known.offer, travellers.next())),
          })
        else await ask(`/v1/bookings/${known.booking!.id}`)
        await sleep(20)
      }
    }),
  )
  // Slow enough that workers and requests are caught with something in hand.
  stack.supplier.control.fault('book', 'slow', { count: offers.length, delayMs: 600 })
  const buying = Promise.all(
    offers.map(async (offer, at) => {
      await sleep(at * 700)
      return travellers.buy(offer)
    }),
  )
  const migrating = migrate(stack.postgres.url)
  const olds = [...stack.processes('api'), ...stack.processes('worker')]
  for (const [api, worker] of olds
    .filter(({ role }) => role === 'api')
    .map((one, at) => [one, olds.filter(({ role }) => role === 'worker')[at]] as const)) {
    await Promise.all([stack.start('api'), stack.start('worker')])
    await Promise.all([leave(api), worker && leave(worker)])
    say(`${api.name} has gone; ${asked} requests, ${failed} failed`)
  }
  await migrating
  await sleep(300)
  isOver = true
  await load
  await buying
  balancer.close()
  return {
    faultEndedAt: stack.clock.now(),
    broken:
      failed === 0 && putOff <= asked * PUT_OFF_SHARE_MAX
        ? []
        : [`${failed} of ${asked} requests failed, ${putOff} were put off: ${JSON.stringify(statuses)}`],
    figures: { requests: asked, failed, put_off: putOff },
  }
}

async function rotateSecret({ stack, travellers, say }: RowScene): Promise<RowFacts> {
  const offers = await travellers.verified(6)
  const old = stack.webhookSecret
  const fresh = `whsec_${offers[0]!.id.slice(-12)}fresh`
  const before = stack.gateway.control.deliveries().length
  const buy = (count: number): Promise<unknown> =>
    Promise.all(offers.splice(0, count).map(async (offer) => travellers.buy(offer))).then((journeys) =>
      until(
        async () =>
          (await stack.sql(`select from booking.bookings where id = any($1) and status = 'TICKETED'`, [idsOf(journeys)])).length ===
          journeys.length,
        ENDED_MS,
      ),
    )
  try {
    const apis = stack.processes('api')
    const deploying = Promise.all(
      apis.map(async (api) => {
        await stack.start('api', { STRIPE_WEBHOOK_SECRET: `${fresh},${old}` })
        await api.stop()
      }),
    )
    await buy(2)
    await deploying
    stack.gateway.control.signWith([fresh, old])
    await buy(2)
    stack.gateway.control.signWith([fresh])
    await buy(2)
  } finally {
    stack.gateway.control.signWith([old])
  }
  const refused = stack.gateway.control
    .deliveries()
    .slice(before)
    .filter(({ status }) => status !== null && status >= 400 && status < 500)
  const sent = stack.gateway.control.deliveries().length - before
  say(`${sent} webhooks, ${refused.length} refused`)
  return {
    broken: [
      ...(refused.length === 0 ? [] : [`${refused.length} of ${sent} genuine webhooks were refused`]),
      ...(sent > 6 ? [] : ['hardly a webhook came']),
    ],
    figures: { webhooks: sent, refused: refused.length },
  }
}

async function changeAtOnce({ stack, travellers }: RowScene): Promise<RowFacts> {
  const [offer] = await travellers.verified(1)
  const before = stack.gateway.control.deliveries().length
  const apis = stack.processes('api')
  const changed = await stack.start('api', { STRIPE_WEBHOOK_SECRET: 'whsec_only_the_fresh_one' })
  await Promise.all(apis.map((api) => api.stop()))
  await travellers.buy(offer!)
  await until(() => stack.gateway.control.deliveries().length > before, 10_000)
  await changed.stop()
  const refused = stack.gateway.control
    .deliveries()
    .slice(before)
    .filter(({ status }) => status !== null && status >= 400 && status < 500)
  return { broken: refused.length === 0 ? [] : [`${refused.length} genuine webhooks were refused`] }
}
