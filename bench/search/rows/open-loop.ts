import { toRow, type Row } from '../../report.ts'
import type { ServerProcess } from '../../servers.ts'
import type { Draws } from '../draws.ts'
import type { Plan } from '../plan.ts'
import type { Seed } from '../seed.ts'
import type { Stage } from '../stage.ts'
import { hundredth, measure, medianOf, type Sample } from './measure.ts'

/** Fewer than so many routes would be replaced over and over in a second. */
const SWAPPED_ROUTES = 20

/** 20,000 requests a second, each due at its own moment, with a superset replaced every second. */
export async function measureOpenLoop(
  stage: Stage,
  plan: Plan,
  { bare, kept, seed, draws }: { bare: ServerProcess; kept: ServerProcess; seed: Seed; draws: Draws },
): Promise<Row[]> {
  const { rounds, seconds, perSecond } = plan.open
  const [bareSamples, keptSamples]: Sample[][] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    stage.say(`open loop at ${perSecond}/s: round ${round + 1} of ${rounds}`)
    bareSamples!.push(await measure(bare, { draw: draws.request, seconds, perSecond }))
    let turn = round
    const timer = setInterval(() => void seed.publishOurs(turn++ % SWAPPED_ROUTES), 1_000)
    keptSamples!.push(await measure(kept, { draw: draws.request, seconds, perSecond }))
    clearInterval(timer)
  }
  const of = (samples: readonly Sample[], figure: 'p50' | 'p95' | 'p99' | 'p999') => medianOf(samples, (sample) => sample[figure])
  const told = (samples: readonly Sample[]) =>
    (['p50', 'p95', 'p99', 'p999'] as const).map((figure) => hundredth(of(samples, figure))).join('/')
  const detail = {
    'ours p50/95/99/99.9 ms': told(keptSamples!),
    'bare p50/95/99/99.9 ms': told(bareSamples!),
    'requests/s reached': Math.round(medianOf(keptSamples!, (one) => one.perSecond)),
    'repeated requests': hundredth(draws.repeated()),
  }
  return [
    toRow({ name: 'search.open.p99', figure: of(keptSamples!, 'p99') / of(bareSamples!, 'p99'), goal: '<= 1.5', unit: 'x', detail }),
    toRow({ name: 'search.open.p95', figure: of(keptSamples!, 'p95'), goal: '< 2', unit: 'ms', detail: { 'requests/s': perSecond } }),
  ]
}
