/** The value that `share` of all values do not exceed (nearest rank). Values need no order; there is at least one. */
export function percentile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) throw new RangeError('no values have no percentile')
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values have no median')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** How far apart values are, in parts of their median: 0 when all are equal. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values)
}

/** Above this spread of the canary, the other figures say little. */
export const NOISE_MAX = 0.25

/** The latencies of a run as they are told. */
export function latencies(values: ArrayLike<number>): { p50: number; p95: number; p99: number; p999: number; max: number } {
  const [p50, p95, p99, p999, max] = [0.5, 0.95, 0.99, 0.999, 1].map((share) => percentile(values, share))
  return { p50: p50!, p95: p95!, p99: p99!, p999: p999!, max: max! }
}
