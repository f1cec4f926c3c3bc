import { closedLoop, openLoop, type Run } from '../../load/generator.ts'
import type { ServerProcess, Usage } from '../../servers.ts'
import { latencies, median } from '../../statistics.ts'

/** One round of one server. */
export type Sample = {
  readonly cpuMicros: number
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
  readonly bodyBytes: number
  readonly run: Run
  readonly usage: Usage
}

/** Loads a server and asks it before and after what it has used. */
export async function measure(
  server: ServerProcess,
  load: { draw: () => Buffer; seconds: number; perSecond?: number; requestsMax?: number },
): Promise<Sample> {
  const before = await server.usage()
  const { perSecond, ...rest } = load
  const run = await (perSecond === undefined
    ? closedLoop({ port: server.port, ...rest })
    : openLoop({ port: server.port, ...rest, perSecond }))
  const usage = await server.usage()
  return {
    cpuMicros: (usage.cpuMicros - before.cpuMicros) / run.requests,
    perSecond: run.requests / run.seconds,
    ...latencies(run.latencies),
    bodyBytes: run.bodyBytes / run.requests,
    run,
    usage,
  }
}

/** The median of one figure over the rounds. */
export function medianOf(samples: readonly Sample[], figure: (sample: Sample) => number): number {
  return median(samples.map(figure))
}

/** One decimal. */
export function tenth(value: number): number {
  return Math.round(value * 10) / 10
}

/** Two decimals. */
export function hundredth(value: number): number {
  return Math.round(value * 100) / 100
}
