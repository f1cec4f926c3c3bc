import { toRequest } from '../../load/connection.ts'
import { ask } from '../../load/generator.ts'
import { toRow, type Row } from '../../report.ts'
import type { ServerProcess } from '../../servers.ts'
import { NOISE_MAX, spread } from '../../statistics.ts'
import { listRoutes, type Route } from '../data-set.ts'
import { createDraws, pathOf } from '../draws.ts'
import type { Plan } from '../plan.ts'
import { seedCache, type Seed } from '../seed.ts'
import { BODIES_KEY } from '../server-keys.ts'
import type { Stage } from '../stage.ts'
import { gatePaths, passGate } from './gate.ts'
import { hundredth, measure, medianOf, tenth, type Sample } from './measure.ts'
import { measureOpenLoop } from './open-loop.ts'
import { measurePageBytes } from './page-bytes.ts'

const ANSWERS_BYTES_MAX = 256 * 1024 * 1024
const WARM_SECONDS_MAX = 30
/** Only answers that are kept: what a hit costs. */
const HIT_PATHS = 50
const GOALS: Readonly<Record<number, { naive: string; bare: string }>> = {
  400: { naive: '>= 80', bare: '<= 2' },
  2_000: { naive: '>= 300', bare: '<= 2.5' },
}

export type MixedRows = { readonly rows: readonly Row[]; readonly noisy: boolean }

/** Naive, object cache, ours without and with kept answers, and bare Fastify, side by side on one set of supersets. */
export async function measureMixed(stage: Stage, plan: Plan, size: Plan['sizes'][number]): Promise<MixedRows> {
  const { offers } = size
  const routes = listRoutes(size.routes)
  stage.say(`${offers} offers: preparing ${size.routes} routes`)
  await stage.redis.flushall()
  const seed = await seedCache(stage.redis, stage.clock, { routes, offers })
  const [ours, kept, naive, objects] = await Promise.all([
    stage.start('ours', { kind: 'ours', routes: size.routes }),
    stage.start('ours, answers kept', { kind: 'ours', routes: size.routes, answersBytesMax: ANSWERS_BYTES_MAX }),
    stage.start('naive', { kind: 'naive' }),
    stage.start('objects', { kind: 'objects', routes: size.routes }),
  ])
  stage.say(`${offers} offers: the gate`)
  const paths = gatePaths(routes, plan.gateDraws)
  const bodies = await passGate([ours, kept, naive, objects], paths)
  await stage.redis.set(BODIES_KEY, JSON.stringify(bodies))
  const bare = await stage.start('bare', { kind: 'bare', routes: size.routes })
  await passGate([ours, bare], paths)

  const draws = createDraws(routes, 1)
  stage.say(`${offers} offers: warming up`)
  for (const server of [ours, kept, objects]) await visitAll(server, routes)
  for (const server of [ours, kept, bare])
    await measure(server, { draw: draws.request, seconds: WARM_SECONDS_MAX, requestsMax: plan.warmRequests })
  const servers = { bare, ours, kept, objects, naive }
  const samples: Record<keyof typeof servers, Sample[]> = { bare: [], ours: [], kept: [], objects: [], naive: [] }
  for (let round = 1; round <= plan.rounds; round += 1) {
    stage.say(`${offers} offers: round ${round} of ${plan.rounds}`)
    for (const [name, server] of Object.entries(servers) as [keyof typeof servers, ServerProcess][]) {
      const seconds = name === 'naive' ? plan.naiveSeconds : plan.seconds
      const stopSwapping = startSwapping(seed, routes.length, objects)
      const sample = await measure(server, { draw: draws.request, seconds })
      await stopSwapping()
      samples[name].push(sample)
    }
  }
  const isFirst = size === plan.sizes[0]
  const hits = isFirst ? await measureHits(plan, [bare, kept], routes) : []
  const open = isFirst ? await measureOpenLoop(stage, plan, { bare, kept, seed, draws }) : []
  const bytes = isFirst ? await measurePageBytes(kept.port, routes) : []
  await stage.clear()

  const cpu = (name: keyof typeof servers) => medianOf(samples[name], (sample) => sample.cpuMicros)
  const noise = spread(samples.bare.map((sample) => sample.cpuMicros))
  const setting = { 'data set': seed.hash, routes: size.routes, rounds: plan.rounds, 'repeated requests': hundredth(draws.repeated()) }
  const unit = 'x'
  return {
    noisy: noise > NOISE_MAX,
    rows: [
      toRow({
        name: `search.cpu.naive.${offers}`,
        figure: cpu('naive') / cpu('ours'),
        goal: GOALS[offers]?.naive ?? null,
        unit,
        detail: { naive: describe(samples.naive), ours: describe(samples.ours), ...setting },
      }),
      toRow({
        name: `search.cpu.objects.${offers}`,
        figure: cpu('objects') / cpu('ours'),
        goal: null,
        unit,
        detail: { objects: describe(samples.objects), ...setting },
      }),
      toRow({
        name: `search.cpu.bare.${offers}`,
        figure: cpu('ours') / cpu('bare'),
        goal: GOALS[offers]?.bare ?? null,
        unit,
        detail: { bare: describe(samples.bare), ours: describe(samples.ours), 'spread of bare': hundredth(noise) },
      }),
      toRow({
        name: `search.cpu.kept.${offers}`,
        figure: cpu('kept') / cpu('bare'),
        goal: null,
        unit,
        detail: { kept: describe(samples.kept), ...setting },
      }),
      ...hits,
      ...open,
      ...bytes,
    ],
  }
}

/** "61.2 us, 15,800/s, p50/95/99/99.9 1.9/2.4/4.1/6.0 ms, 650 MB (12 heap)". */
function describe(samples: readonly Sample[]): string {
  const [p50, p95, p99, p999] = [
    medianOf(samples, (one) => one.p50),
    medianOf(samples, (one) => one.p95),
    medianOf(samples, (one) => one.p99),
    medianOf(samples, (one) => one.p999),
  ].map(hundredth)
  const { usage } = samples.at(-1)!
  const megabytes = (bytes: number) => Math.round(bytes / 1_048_576)
  const micros = tenth(medianOf(samples, (one) => one.cpuMicros))
  const perSecond = Math.round(medianOf(samples, (one) => one.perSecond))
  return `${micros} us ${perSecond}/s p50/95/99/99.9 ${p50}/${p95}/${p99}/${p999} ms ${megabytes(usage.rssBytes)} MB (heap ${megabytes(usage.heapBytes)})`
}

/** A superset is replaced each second, as prices are refreshed in production. */
function startSwapping(seed: Seed, routes: number, objects: ServerProcess): () => Promise<void> {
  let turn = 0
  let underWay: Promise<unknown> = Promise.resolve()
  const swap = async () => {
    const route = turn++ % routes
    await seed.publish(route)
    await objects.tell({ kind: 'swap', route })
  }
  const timer = setInterval(() => (underWay = swap()), 1_000)
  return async () => {
    clearInterval(timer)
    await underWay
  }
}

/** Each route once: what is measured is not the first visitor's way through the shared cache. */
async function visitAll(server: ServerProcess, routes: readonly Route[]): Promise<void> {
  for (const route of routes) await ask(server.port, toRequest(pathOf(route)))
}

async function measureHits(plan: Plan, [bare, kept]: readonly [ServerProcess, ServerProcess], routes: readonly Route[]): Promise<Row[]> {
  const requests = routes.slice(0, HIT_PATHS).map((route) => toRequest(pathOf(route)))
  let turn = 0
  const draw = () => requests[(turn = (turn + 1) % requests.length)]!
  const [bareSamples, keptSamples]: Sample[][] = [[], []]
  for (let round = 0; round <= plan.rounds; round += 1) {
    const [one, other] = [await measure(bare, { draw, seconds: plan.seconds }), await measure(kept, { draw, seconds: plan.seconds })]
    if (round === 0) continue
    bareSamples!.push(one)
    keptSamples!.push(other)
  }
  const [bareMicros, keptMicros] = [bareSamples!, keptSamples!].map((samples) => medianOf(samples, (one) => one.cpuMicros))
  const detail = { 'hit us': tenth(keptMicros!), 'bare us': tenth(bareMicros!), paths: requests.length }
  return [toRow({ name: 'search.hit.bare', figure: keptMicros! / bareMicros!, goal: '<= 1.15', unit: 'x', detail })]
}
