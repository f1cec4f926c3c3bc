/** So many of something per minute. */
export type TokenBucket = {
  /** Whole ones to be had now. */
  readonly left: () => number
  /** Takes one, if there is one. */
  readonly take: () => boolean
  /** Takes what others have used, there or not. */
  readonly spend: (count: number) => void
}

/** A quarter may go at once; the rest comes evenly. */
const BURST = 1 / 4

/**
 * Gives out at most `perMinuteMax` in any 60 seconds, wherever they begin: what may go at once and what comes within a
 * minute are that many together. `milliseconds` is a clock that only goes forward.
 */
export function createTokenBucket(perMinuteMax: number, milliseconds: () => number): TokenBucket {
  const capacity = Math.max(1, perMinuteMax * BURST)
  const perMs = Math.max(perMinuteMax - capacity, 0.5) / 60_000
  let tokens = capacity
  let filledAt = milliseconds()

  function fill(): void {
    const now = milliseconds()
    tokens = Math.min(capacity, tokens + (now - filledAt) * perMs)
    filledAt = now
  }

  return {
    left() {
      fill()
      return Math.max(0, Math.floor(tokens))
    },
    take() {
      fill()
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
    spend(count) {
      fill()
      // A debt is bounded, so that others who overdrew once do not silence this process for long.
      tokens = Math.max(-capacity, tokens - count)
    },
  }
}
