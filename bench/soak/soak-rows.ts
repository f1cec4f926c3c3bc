import { notMeasured, toRow, type Row } from '../report.ts'
import { hundredth } from '../search/rows/measure.ts'
import { median, percentile } from '../statistics.ts'
import { growthOf, thirdsOf, type ServerFacts, type SoakSample } from './samples.ts'
import type { Visitors } from './visitors.ts'

export type SoakOutcome = {
  readonly seconds: number
  /** Before the first request. */
  readonly start: ServerFacts
  /** When each hot route had been asked once, before the load. */
  readonly warm: ServerFacts
  readonly samples: readonly SoakSample[]
  readonly tallies: Visitors['tallies']
  readonly errors: number
  readonly faults: readonly string[]
  readonly promise: { readonly minutes: number; readonly hotRoutes: number; readonly replyBytes: number }
  readonly redis: { readonly evicted: number; readonly megabytes: number }
}

const GOALS = { growth: '<= 1.1', loop: '< 10', errors: '= 0' } as const

/** What a soak has shown. */
export function toRows(outcome: SoakOutcome): Row[] {
  return [growthRow(outcome), loopRow(outcome), errorsRow(outcome)]
}

function growthRow({ seconds, start, warm, samples, tallies, promise, redis }: SoakOutcome): Row {
  const figure = growthOf(samples, seconds, ({ rssBytes }) => rssBytes)
  if (figure === null) return notMeasured('soak.memory.growth', GOALS.growth, 'x', 'the middle or the last third has no sample')
  const third = thirdsOf(samples, seconds).first.at(-1)
  const end = samples.at(-1)!
  const course = (bytes: (facts: ServerFacts) => number) =>
    [start, warm, third, end].map((facts) => (facts === undefined ? '–' : Math.round(bytes(facts) / 1024 / 1024))).join(' → ')
  const minutes = seconds / 60
  return toRow({
    name: 'soak.memory.growth',
    figure,
    goal: GOALS.growth,
    unit: 'x',
    detail: {
      minutes: hundredth(minutes),
      ...(minutes < promise.minutes && {
        note: `shorter than the ${promise.minutes} min that are promised: the caches may still be filling`,
      }),
      'RSS MB at start → warmed up → after a third → at the end': course(({ rssBytes }) => rssBytes),
      'highest RSS MB': Math.round(Math.max(...samples.map(({ rssBytes }) => rssBytes)) / 1024 / 1024),
      'heap MB': course(({ heapBytes }) => heapBytes),
      'external MB': course(({ externalBytes }) => externalBytes),
      'array buffers MB': course(({ arrayBufferBytes }) => arrayBufferBytes),
      'kept answers MB': course(({ answersBytes }) => answersBytes),
      'kept answers hit': hundredth(end.answersHitShare),
      'distinct keys': (tallies.get('cold')?.answered ?? 0) + (tallies.get('large')?.answered ?? 0) + promise.hotRoutes,
      'Redis MB': redis.megabytes,
      'Redis evicted': redis.evicted,
    },
  })
}

function loopRow({ samples, warm, seconds }: SoakOutcome): Row {
  if (samples.length === 0) return notMeasured('soak.loop.p99', GOALS.loop, 'ms', 'there is no sample')
  const p99s = samples.map(({ loopP99Ms }) => loopP99Ms)
  return toRow({
    name: 'soak.loop.p99',
    figure: median(p99s),
    goal: GOALS.loop,
    unit: 'ms',
    detail: {
      'worst sample': hundredth(Math.max(...p99s)),
      'longest delay': hundredth(Math.max(...samples.map(({ loopMaxMs }) => loopMaxMs))),
      'loop busy, median': hundredth(median(samples.map(({ loopBusyShare }) => loopBusyShare))),
      'CPU s per second, all threads': hundredth((samples.at(-1)!.cpuSeconds - warm.cpuSeconds) / seconds),
      samples: samples.length,
    },
  })
}

function errorsRow({ tallies, errors, faults, promise }: SoakOutcome): Row {
  const detail: Record<string, string | number> = {}
  for (const [name, { asked, answered, partial, incomplete, latencies }] of tallies) {
    detail[name] = `${answered} of ${asked} answered`
    if (latencies.length > 0) detail[`${name} p50, p99 ms`] = [0.5, 0.99].map((share) => hundredth(percentile(latencies, share))).join(', ')
    if (partial > 0) detail[`${name} before all suppliers had answered`] = partial
    if (incomplete > 0) detail[`${name} without some supplier`] = incomplete
  }
  const large = tallies.get('large')
  if (large !== undefined && large.answered > 0) {
    detail['bytes of a large reply'] = promise.replyBytes
    detail['offers read from each'] = Math.round((large.replies.get('travelport') ?? 0) / large.answered)
  }
  if (faults.length > 0) detail['the first'] = faults[0]!.slice(0, 300)
  return toRow({ name: 'soak.errors', figure: errors, goal: GOALS.errors, unit: 'replies', detail })
}
