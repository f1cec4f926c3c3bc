/** Uniform in [0, 1), the same sequence for the same seed. */
export type Random = () => number

/** Mulberry32: 32 bits of state, good enough to draw requests and prices from. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One of the list, each as likely. */
export function pick<T>(random: Random, list: readonly T[]): T {
  const one = list[Math.floor(random() * list.length)]
  if (one === undefined) throw new RangeError('nothing to pick from')
  return one
}

/** A whole number from `from` to `to`, both included. */
export function between(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1))
}

/** Draws places 0 … count - 1, the n-th as often as 1/n: a few routes are what most people ask for. */
export function createZipf(random: Random, count: number): () => number {
  const cumulative = new Float64Array(count)
  let sum = 0
  for (let place = 0; place < count; place += 1) cumulative[place] = sum += 1 / (place + 1)
  return () => {
    const target = random() * sum
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (cumulative[middle]! > target) high = middle
      else low = middle + 1
    }
    return low
  }
}
