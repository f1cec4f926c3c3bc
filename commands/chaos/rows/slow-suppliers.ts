import { setTimeout as sleep } from 'node:timers/promises'
import { startDuffelMock } from '../../../fixtures/duffel/index.ts'
import { SUPPLIER_MOCKS } from '../../../fixtures/mocks.ts'
import { plusDays, utcDate } from '../../../src/kernel/time.ts'
import type { OfferView } from '../../../src/travel/offer-view.ts'
import type { Row, RowFacts, RowScene } from '../row.ts'
import { startSpoiler } from '../spoiler.ts'
import { startTcpProxy } from '../tcp-proxy.ts'
import { until } from '../until.ts'
import { watch } from '../watch.ts'
import { idsOf } from './suppliers.ts'

const DRIP_BYTES_PER_SECOND = 200
/** The other supplier may be slower by so much than it was, and by a machine at work. */
const RATIO_MAX = 3
const ROOM_MS = 400
const SEARCHES = 12
const STORM_CALLS = 60
const AMPLIFICATION_MAX = 1.2
/** A breaker tries again after 5 s. */
const RECOVERY_MS = 15_000
/** A loop that stands still longer loses the locks of its jobs. */
const LOOP_DELAY_MS = 200

/** F33 to F35: suppliers that drip, that storm, and that answer with what nobody can read. */
export const slowSupplierRows: readonly Row[] = [
  { id: 'F33', fault: `a supplier drips ${DRIP_BYTES_PER_SECOND} bytes a second into every search, beside one that is well`, run: runDrip },
  { id: 'F34', fault: 'a supplier answers everything with errors, then "too many", and then is well again', run: runOutage },
  {
    id: 'F35',
    fault: 'cut off, 40 MB, 100,000 deep, billions of laughs, a SOAP fault in a 200 and a page of HTML, to searches and to bookings',
    run: runNonsense,
  },
]

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

const quantile = (list: readonly number[], q: number): number =>
  Math.round(list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))]!)

async function runDrip({ stack, travellers, say }: RowScene): Promise<RowFacts> {
  // Before the slow supplier sells anything: this one is of the other.
  const [offer] = await travellers.verified(1)
  const duffel = await startDuffelMock({ clock: stack.clock })
  const way = await startTcpProxy(Number(new URL(duffel.url).port))
  const api = await stack.start('api', {
    DUFFEL_URL: `http://127.0.0.1:${way.port}`,
    DUFFEL_TOKEN: duffel.token,
    SEARCH_DEADLINE_MS: '6000',
  })
  try {
    const verify = (): Promise<number> =>
      timeOf(() =>
        fetch(`${api.url}/v1/offers/${offer!.id}/verifications`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
          signal: AbortSignal.timeout(20_000),
        }).then((reply) => reply.arrayBuffer()),
      )
    const shopCalls = (): number => duffel.control.state().calls['shop'] ?? 0
    const measure = async (): Promise<number[]> => {
      const took: number[] = []
      for (let turn = 0; turn < 30; turn += 1) took.push(await verify())
      return took
    }
    // The same load twice, so that only the dripping makes a difference.
    const searchFor = (days: number): Promise<Found[]> =>
      Promise.all(Array.from({ length: SEARCHES }, (_, at) => search(api.url, stack.clock.now(), 'CGK', 'SIN', days + at)))
    await measure()
    const [before] = await Promise.all([measure(), searchFor(20)])
    const asked = shopCalls()
    way.spoil({ replyBytesPerSecond: DRIP_BYTES_PER_SECOND })
    const searching = searchFor(20 + SEARCHES)
    await until(() => shopCalls() >= asked + SEARCHES / 2, 15_000)
    const during = await measure()
    const found = await searching
    const dripping = shopCalls() - asked
    const [p99Before, p99During] = [quantile(before, 0.99), quantile(during, 0.99)]
    const without = found.filter(({ offers }) => offers === 0).length
    say(`p99 of the other supplier ${p99Before} ms, then ${p99During} ms, with ${dripping} searches dripping`)
    return {
      broken: [
        ...(dripping >= SEARCHES / 2 ? [] : ['the slow supplier was hardly asked']),
        ...(p99During <= Math.max(p99Before * RATIO_MAX, p99Before + ROOM_MS)
          ? []
          : [`the other supplier went from ${p99Before} to ${p99During} ms at p99`]),
        ...(without === 0 ? [] : [`${without} of ${found.length} searches had nothing of the other supplier`]),
      ],
      figures: { p99_before_ms: p99Before, p99_during_ms: p99During, searches_dripping: dripping },
    }
  } finally {
    await api.kill()
    await way.close()
    await duffel.close()
  }
}

type Found = { readonly status: number; readonly offers: number; readonly sources: readonly { provider: string; state: string }[] }

async function search(url: string, now: Parameters<typeof utcDate>[0], origin: string, destination: string, days: number): Promise<Found> {
  const date = plusDays(utcDate(now), days)
  const path = `/v1/flights/offers?origin=${origin}&destination=${destination}&departure_date=${date}&adults=1&limit=10`
  for (let round = 0; ; round += 1) {
    const reply = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(30_000) }).catch(() => undefined)
    const body = (await reply?.json().catch(() => undefined)) as { data?: OfferView[]; sources?: Found['sources'] } | undefined
    const found = { status: reply?.status ?? 0, offers: body?.data?.length ?? 0, sources: body?.sources ?? [] }
    if (round === 40 || found.status !== 200 || found.sources.every(({ state }) => state !== 'asked')) return found
    await sleep(250)
  }
}

async function runOutage({ stack, travellers, say }: RowScene): Promise<RowFacts> {
  const offers = await travellers.verified(6)
  const [api] = stack.processes('api')
  const broken: string[] = []
  const figures: Record<string, number> = {}
  const ask = async (at: number): Promise<number> => {
    const reply = await fetch(`${api!.url}/v1/offers/${offers[at % offers.length]!.id}/verifications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(30_000),
    }).catch(() => undefined)
    await reply?.arrayBuffer()
    return reply?.status ?? 0
  }
  for (const kind of ['server_error', 'throttled'] as const) {
    stack.supplier.control.clear()
    stack.supplier.control.fault('price', kind, { count: 100_000 })
    const statuses = await Promise.all(
      Array.from({ length: STORM_CALLS }, async (_, at) => {
        await sleep(at * 25)
        return ask(at)
      }),
    )
    const calls = stack.supplier.control.state().calls['price'] ?? 0
    const amplification = calls / STORM_CALLS
    figures[`calls_per_request_${kind}`] = Math.round(amplification * 100) / 100
    if (calls === 0) broken.push(`nobody asked the supplier while it answered ${kind}`)
    if (amplification > AMPLIFICATION_MAX) broken.push(`${STORM_CALLS} requests became ${calls} calls to a supplier that answers ${kind}`)
    const bad = statuses.filter((status) => status === 0 || status === 500 || status < 400)
    if (bad.length > 0) broken.push(`with ${kind} requests were answered ${[...new Set(bad)].join(', ')}`)
    stack.supplier.control.clear()
    const begun = performance.now()
    const isWell = await until(async () => (await ask(0)) === 200, RECOVERY_MS, 100)
    figures[`well_after_ms_${kind}`] = Math.round(performance.now() - begun)
    if (!isWell) broken.push(`${RECOVERY_MS} ms after ${kind} the supplier was still not asked again`)
    say(`${calls} calls for ${STORM_CALLS} requests with ${kind}, asked again after ${figures[`well_after_ms_${kind}`]} ms`)
  }
  return { broken, figures }
}

/** A seller that speaks XML, searched with each nonsense; and then bookings at the usual one, which speaks JSON. */
async function runNonsense(scene: RowScene): Promise<RowFacts> {
  const { stack, travellers, say } = scene
  const offers = await travellers.verified(4)
  const mock = await SUPPLIER_MOCKS.find(({ id }) => id === 'amadeus')!.start({
    port: 0,
    hasLatency: false,
    secret: (label) => `chaos-${label}`,
  })
  const spoiler = await startSpoiler(mock.url)
  const url = Object.entries(mock.environment).map(([name, value]) => [name, value.replace(new URL(mock.url).origin, spoiler.url)] as const)
  const api = await stack.start('api', { ...Object.fromEntries(url), SEARCH_DEADLINE_MS: '8000' })
  try {
    const calm = await search(api.url, stack.clock.now(), 'CGK', 'NRT', 25)
    const isAsked = calm.sources.some(({ provider, state }) => provider === 'amadeus' && state === 'ok') || spoiler.passed() > 0
    const resting = await lagOf(api.url, () => sleep(1_500))
    const broken: string[] = isAsked ? [] : [`the seller that speaks XML was not asked: ${JSON.stringify(calm.sources)}`]
    let worst = 0
    for (const [at, kind] of spoiler.kinds.entries()) {
      const spoilt = spoiler.spoilt()
      spoiler.spoil(kind)
      const lag = await lagOf(api.url, async () => {
        const found = await search(api.url, stack.clock.now(), 'CGK', 'NRT', 60 + at)
        if (found.status !== 200 || found.offers === 0)
          broken.push(`${kind}: the search was ${found.status} with ${found.offers} offers of the other seller`)
      })
      if (spoiler.spoilt() === spoilt) broken.push(`${kind}: nobody got it`)
      worst = Math.max(worst, lag)
      if (lag > Math.max(LOOP_DELAY_MS, resting * 2 + LOOP_DELAY_MS))
        broken.push(`${kind}: the API did not answer for ${Math.round(lag)} ms (${Math.round(resting)} at rest)`)
    }
    say(
      `an API answered within ${Math.round(worst)} ms with each of ${spoiler.kinds.length} kinds of nonsense (${Math.round(resting)} at rest)`,
    )
    for (const kind of ['garbage', 'html', 'huge', 'bomb'] as const) stack.supplier.control.fault('book', kind)
    const journeys = await Promise.all(offers.map((offer) => travellers.buy(offer)))
    const inDoubt = (): Promise<object[]> =>
      stack.sql(`select distinct subject_id from platform.events where name = 'booking.in_doubt' and subject_id = any($1)`, [
        idsOf(journeys),
      ])
    if (!(await until(async () => (await inDoubt()).length === journeys.length, 30_000)))
      broken.push(`${(await inDoubt()).length} of ${journeys.length} unreadable answers to a booking were taken for unknown`)
    return {
      faultEndedAt: stack.clock.now(),
      broken,
      figures: { loop_delay_max_ms: Math.round(worst), loop_delay_at_rest_ms: Math.round(resting) },
    }
  } finally {
    await api.kill()
    await spoiler.close()
    await mock.close()
  }
}

/** The longest that a process takes to say that it lives, while this is done. */
async function lagOf(url: string, work: () => Promise<unknown>): Promise<number> {
  const watching = watch({ processes: () => [] }, { paths: ['/health/live'], urls: () => [url], everyMs: 10, atOnce: 1 })
  await work()
  return (await watching.stop()).slowestMs
}
