import { setTimeout as sleep } from 'node:timers/promises'
import type { ChaosStack } from './stack.ts'

/** What somebody saw who asked again and again and never tried twice. */
export type Watched = {
  readonly asked: number
  /** How often each status came; "none" is a connection that failed or no answer in time. */
  readonly statuses: Readonly<Record<string, number>>
  readonly p50Ms: number
  readonly p99Ms: number
  readonly slowestMs: number
  /** Answers of 503 that did not say when to come back; a load balancer, which asks for health, decides that for itself. */
  readonly withoutRetryAfter: number
}

export type WatchOptions = {
  readonly paths: readonly string[]
  readonly everyMs?: number
  /** Whom to ask; every API that is alive, unless said. */
  readonly urls?: () => readonly string[]
  /** How many ask at once. */
  readonly atOnce?: number
}

const ANSWER_MS = 20_000

/** Somebody who keeps asking for the same few things, without patience, and notes what comes back. */
export function watch(stack: Pick<ChaosStack, 'processes'>, options: WatchOptions): { readonly stop: () => Promise<Watched> } {
  const { paths, everyMs = 40, atOnce = 2, urls = () => stack.processes('api').map(({ url }) => url) } = options
  const statuses: Record<string, number> = {}
  const took: number[] = []
  let withoutRetryAfter = 0
  let isOver = false
  let turn = 0
  const ask = async (): Promise<void> => {
    const apis = urls()
    if (apis.length === 0) return
    turn += 1
    const path = paths[turn % paths.length]!
    const begun = performance.now()
    const answer = await fetch(`${apis[turn % apis.length]}${path}`, { signal: AbortSignal.timeout(ANSWER_MS) })
      .then(async (reply) => {
        await reply.arrayBuffer()
        if (reply.status === 503 && path.startsWith('/v1/') && reply.headers.get('retry-after') === null) withoutRetryAfter += 1
        return String(reply.status)
      })
      .catch(() => 'none')
    took.push(performance.now() - begun)
    statuses[answer] = (statuses[answer] ?? 0) + 1
  }
  const loop = async (): Promise<void> => {
    while (!isOver) {
      await ask()
      await sleep(everyMs)
    }
  }
  const running = Promise.all(Array.from({ length: atOnce }, loop))
  return {
    stop: async () => {
      isOver = true
      await running
      const sorted = took.toSorted((a, b) => a - b)
      const quantile = (q: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0)
      return {
        asked: took.length,
        statuses,
        p50Ms: quantile(0.5),
        p99Ms: quantile(0.99),
        slowestMs: Math.round(sorted.at(-1) ?? 0),
        withoutRetryAfter,
      }
    },
  }
}

/** What was wrong with what somebody saw: statuses that are not among these, and answers that took too long. */
export function complaints(who: string, watched: Watched, wanted: { statuses: readonly string[]; withinMs: number }): string[] {
  const others = Object.entries(watched.statuses).filter(([status]) => !wanted.statuses.includes(status))
  return [
    ...(watched.asked === 0 ? [`${who} asked for nothing`] : []),
    ...others.map(([status, times]) => `${who} got ${status} ${times} times of ${watched.asked}`),
    ...(watched.slowestMs > wanted.withinMs ? [`${who} waited ${watched.slowestMs} ms for an answer`] : []),
    ...(watched.withoutRetryAfter > 0 ? [`${who} was not told when to come back, ${watched.withoutRetryAfter} times`] : []),
  ]
}

/** An answer of 500 says "this is broken here"; what is away for a while is 503. */
export function faultsOf(byStatus: Readonly<Record<string, number>>): string[] {
  return Object.entries(byStatus)
    .filter(([status]) => Number(status) >= 500 && status !== '503')
    .map(([status, times]) => `${times} answers were ${status}`)
}
