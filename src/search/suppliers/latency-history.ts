import { createRecentValues } from './recent-values.ts'

/** How long a supplier took of late, in this process, and what follows from that for the next search. */
export type LatencyHistory = {
  /**
   * One call's time until its answer. A call that was never answered counts with the time it was given, at least: else a
   * supplier that became slow would be judged by its fast days for ever and never be waited for again.
   */
  readonly note: (ms: number) => void
  readonly samples: () => number
  /** Null until there are enough samples to judge by. */
  readonly percentileMs: (percent: number) => number | null
  /** How long a search waits for this supplier, `longestMs` being the most that it may. */
  readonly deadlineMs: (longestMs: number) => number
}

const SAMPLES_KEPT = 200
/** Below this a percentile is an anecdote. */
const SAMPLES_MIN = 20
const DEADLINE_MIN_MS = 1_000
const SLACK_FACTOR = 1.5
const SLACK_MS = 250

export function createLatencyHistory(): LatencyHistory {
  const times = createRecentValues(SAMPLES_KEPT)
  const percentileMs = (percent: number) => (times.count() < SAMPLES_MIN ? null : times.percentile(percent))

  return {
    note: times.add,
    samples: times.count,
    percentileMs,
    deadlineMs(longestMs) {
      const p95 = percentileMs(95)
      if (p95 === null) return longestMs
      return Math.round(Math.min(longestMs, Math.max(DEADLINE_MIN_MS, p95 * SLACK_FACTOR + SLACK_MS)))
    },
  }
}
