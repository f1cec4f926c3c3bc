import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'

/** Looks at this process once a second. */
export type OverloadWatch = {
  /** What there is too much of, in words; null while there is not. */
  readonly reason: () => string | null
  readonly close: () => void
}

export type OverloadOptions = {
  /** The longest delay of the event loop in a second that is borne; 0 bears any. */
  readonly loopDelayMaxMs: number
  readonly heapShareMax?: number
  readonly lookMs?: number
}

/** One slow second is a large reply or a collection of garbage; this many in a row are too much work. */
const LOOKS = 3

/** Tells when requests come faster than they can be served, before all of them are late together. */
export function watchOverload({ loopDelayMaxMs, heapShareMax = 0.95, lookMs = 1_000 }: OverloadOptions): OverloadWatch {
  const resolution = 20
  const delays = monitorEventLoopDelay({ resolution })
  delays.enable()
  let slow = 0
  let full = 0
  let lookedAt = performance.now()
  const look = (): void => {
    const now = performance.now()
    // While the loop stands still nothing is recorded; how late this look is says it too.
    const delayMs = Math.max(delays.max / 1e6 - resolution, now - lookedAt - lookMs)
    lookedAt = now
    delays.reset()
    slow = loopDelayMaxMs > 0 && delayMs > loopDelayMaxMs ? slow + 1 : 0
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
    full = used > limit * heapShareMax ? full + 1 : 0
  }
  const timer = setInterval(look, lookMs).unref()
  return {
    reason: () => {
      if (slow >= LOOKS) return 'the event loop is late'
      return full >= LOOKS ? 'the memory is used up' : null
    },
    close: () => {
      clearInterval(timer)
      delays.disable()
    },
  }
}
