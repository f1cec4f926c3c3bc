import { median } from '../statistics.ts'

/** What the server says of itself, once per stretch; the loop's delay is of this stretch alone. */
export type ServerFacts = {
  readonly rssBytes: number
  readonly heapBytes: number
  readonly externalBytes: number
  readonly arrayBufferBytes: number
  /** Of rendered answers (L0). */
  readonly answersBytes: number
  readonly answersHitShare: number
  /** How much of the stretch the loop was busy: near 1, requests come faster than they are answered. */
  readonly loopBusyShare: number
  /** Of all threads, since the process began. */
  readonly cpuSeconds: number
  readonly loopP99Ms: number
  readonly loopMaxMs: number
}

/** What the server said, and when: seconds since the load began. */
export type SoakSample = ServerFacts & { readonly second: number }

export type Thirds<T> = { readonly first: readonly T[]; readonly middle: readonly T[]; readonly last: readonly T[] }

/** Samples by the time they tell of; a sample tells of the stretch that ends with it. */
export function thirdsOf<T extends { readonly second: number }>(samples: readonly T[], seconds: number): Thirds<T> {
  const within = (from: number, to: number) => samples.filter(({ second }) => second > (seconds * from) / 3 && second <= (seconds * to) / 3)
  return { first: within(0, 1), middle: within(1, 2), last: within(2, Infinity) }
}

/** The median of the last third in parts of the median of the middle one: 1 is flat. Null when a third has no sample. */
export function growthOf<T extends { readonly second: number }>(
  samples: readonly T[],
  seconds: number,
  figure: (sample: T) => number,
): number | null {
  const { middle, last } = thirdsOf(samples, seconds)
  return middle.length === 0 || last.length === 0 ? null : median(last.map(figure)) / median(middle.map(figure))
}

const BARS = [...'▁▂▃▄▅▆▇█']

/** Values as bars from nothing to the highest of them; of more than `width` values, the highest of each group. */
export function sparkline(values: readonly number[], width = 40): string {
  const size = Math.max(1, Math.ceil(values.length / width))
  const groups: number[] = []
  for (let from = 0; from < values.length; from += size) groups.push(Math.max(...values.slice(from, from + size)))
  const top = Math.max(...groups, Number.MIN_VALUE)
  return groups.map((value) => BARS[Math.min(BARS.length - 1, Math.floor((Math.max(0, value) / top) * BARS.length))]).join('')
}
