/** The last so many values of a measurement, for the middle and the tail of them. */
export type RecentValues = {
  readonly add: (value: number) => void
  readonly count: () => number
  /** The smallest value that so many percent of them do not exceed (nearest rank); null while there are none. */
  readonly percentile: (percent: number) => number | null
}

/** Forgets the oldest value for each one beyond `size`. */
export function createRecentValues(size: number): RecentValues {
  const ring: number[] = []
  let oldest = 0
  let sorted: Float64Array | null = null

  return {
    add(value) {
      if (ring.length < size) ring.push(value)
      else {
        ring[oldest] = value
        oldest = (oldest + 1) % size
      }
      sorted = null
    },
    count: () => ring.length,
    percentile(percent) {
      if (ring.length === 0) return null
      sorted ??= Float64Array.from(ring).toSorted()
      return sorted[Math.max(0, Math.ceil((percent / 100) * ring.length) - 1)] ?? null
    },
  }
}
