import type { Clock } from '../../kernel/time.ts'

/**
 * `calls`: shop calls sent, second ones included, which `hedged` counts by themselves. Every search that asked ends as one
 * of `answered`, `timed_out`, `failed` and `throttled`; of the answered, `late` came after the search had stopped waiting.
 */
export const COUNTED = ['calls', 'hedged', 'answered', 'late', 'timed_out', 'failed', 'throttled'] as const

export type Counted = (typeof COUNTED)[number]
export type Counts = Readonly<Record<Counted, number>>

/** What became of a supplier's calls, by sliding windows of whole minutes. */
export type OutcomeCounts = {
  readonly add: (what: Counted) => void
  /** In this minute and those before it, so many in all and at most 60. */
  readonly lastMinutes: (minutes: number) => Counts
}

const MINUTES_KEPT = 60
const none = (): Record<Counted, number> => ({ calls: 0, hedged: 0, answered: 0, late: 0, timed_out: 0, failed: 0, throttled: 0 })

export function createOutcomeCounts(clock: Clock): OutcomeCounts {
  const buckets = Array.from({ length: MINUTES_KEPT }, () => ({ minute: -1, counts: none() }))
  const thisMinute = () => Math.floor(clock.now() / 60_000)

  return {
    add(what) {
      const minute = thisMinute()
      const bucket = buckets[minute % MINUTES_KEPT]!
      if (bucket.minute !== minute) Object.assign(bucket, { minute, counts: none() })
      bucket.counts[what] += 1
    },
    lastMinutes(minutes) {
      const now = thisMinute()
      const sum = none()
      for (const { minute, counts } of buckets)
        if (minute > now - Math.min(minutes, MINUTES_KEPT) && minute <= now) for (const what of COUNTED) sum[what] += counts[what]
      return sum
    },
  }
}
