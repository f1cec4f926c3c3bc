import type { Superset } from './superset.ts'

/** Publishes a growing superset so often that others can follow it, and no oftener. */
export type GrowthPublisher = {
  /** It has grown. Published at once, or with what grows until then when 150 ms have passed since the last time. */
  readonly grown: (superset: Superset) => void
  /** It is the answer now: published at once, in place of what was waiting. */
  readonly final: (superset: Superset) => void
}

const EVERY_MS = 150

/** `publish` must not throw. `inBackground` is told of everything that has not ended yet. */
export function createGrowthPublisher(
  publish: (superset: Superset, isFinal: boolean) => Promise<void>,
  inBackground: (work: Promise<unknown>) => void,
): GrowthPublisher {
  let publishedAt = Number.NEGATIVE_INFINITY
  let waiting: Superset | null = null

  function publishNow(superset: Superset, isFinal: boolean): void {
    waiting = null
    publishedAt = performance.now()
    inBackground(publish(superset, isFinal))
  }

  return {
    grown(superset) {
      const isWaited = waiting !== null
      waiting = superset
      const waitMs = publishedAt + EVERY_MS - performance.now()
      if (waitMs <= 0) return publishNow(superset, false)
      if (isWaited) return
      inBackground(
        new Promise<void>((resolve) => {
          setTimeout(() => {
            if (waiting !== null) publishNow(waiting, false)
            resolve()
          }, waitMs)
        }),
      )
    },
    final: (superset) => publishNow(superset, true),
  }
}
