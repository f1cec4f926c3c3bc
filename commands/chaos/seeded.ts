/** Chance that comes out the same for the same seed. */
export type Seeded = {
  /** A whole number from 0 to below `below`. */
  readonly int: (below: number) => number
  readonly pick: <T>(list: readonly T[]) => T
  /** True so often out of one. */
  readonly chance: (of: number) => boolean
  /** `count` lower-case letters. */
  readonly letters: (count: number) => string
  readonly digits: (count: number) => string
  /** In another order. */
  readonly shuffle: <T>(list: readonly T[]) => T[]
}

/** mulberry32, begun from a text: rows and repetitions each have one of their own, so that one row alone plays as it does among all. */
export function seededBy(text: string): Seeded {
  let state = [...text].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619), 2_166_136_261)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (below: number): number => Math.floor(next() * below)
  const word = (alphabet: string, count: number): string => Array.from({ length: count }, () => alphabet[int(alphabet.length)]!).join('')
  return {
    int,
    pick: (list) => list[int(list.length)]!,
    chance: (of) => next() < of,
    letters: (count) => word('abcdefghijklmnopqrstuvwxyz', count),
    digits: (count) => word('0123456789', count),
    shuffle: (list) => {
      const order = [...list]
      for (let at = order.length - 1; at > 0; at -= 1) {
        const other = int(at + 1)
        ;[order[at], order[other]] = [order[other]!, order[at]!]
      }
      return order
    },
  }
}
