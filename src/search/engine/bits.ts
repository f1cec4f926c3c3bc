/** A set of positions, 32 to a word: position p is bit p & 31 of word p >> 5. */
export type Bits = Uint32Array

/** An empty set of `count` positions. */
export function noBits(count: number): Bits {
  return new Uint32Array((count + 31) >> 5)
}

/** The set of all positions below `count`. */
export function allBits(count: number): Bits {
  const bits = noBits(count)
  setRange(bits, 0, count)
  return bits
}

/** Adds the positions from `from` up to and without `to`. */
export function setRange(bits: Bits, from: number, to: number): void {
  if (from >= to) return
  const [first, last] = [from >> 5, (to - 1) >> 5]
  const head = 0xffff_ffff << (from & 31)
  const tail = 0xffff_ffff >>> (31 - ((to - 1) & 31))
  if (first === last) {
    bits[first]! |= head & tail
    return
  }
  bits[first]! |= head
  for (let word = first + 1; word < last; word += 1) bits[word] = 0xffff_ffff
  bits[last]! |= tail
}

export function setBit(bits: Bits, position: number): void {
  bits[position >> 5]! |= 1 << (position & 31)
}

export function hasBit(bits: Bits, position: number): boolean {
  return ((bits[position >> 5]! >>> (position & 31)) & 1) === 1
}

/** Keeps in `target` what is in `other` too. */
export function intersect(target: Bits, other: Bits): void {
  for (let word = 0; word < target.length; word += 1) target[word]! &= other[word]!
}

/** Adds to `target` what is in `other`. */
export function unite(target: Bits, other: Bits): void {
  for (let word = 0; word < target.length; word += 1) target[word]! |= other[word]!
}

/** Takes from `target` what is in `other`. */
export function subtract(target: Bits, other: Bits): void {
  for (let word = 0; word < target.length; word += 1) target[word]! &= ~other[word]!
}

/** How many positions are in the set. */
export function countBits(bits: Bits): number {
  let count = 0
  for (let word = 0; word < bits.length; word += 1) count += popcount(bits[word]!)
  return count
}

/** The lowest position in the set, -1 when it is empty. */
export function firstBit(bits: Bits): number {
  for (let word = 0; word < bits.length; word += 1) if (bits[word] !== 0) return (word << 5) + trailingZeros(bits[word]!)
  return -1
}

/** The lowest position that is in both sets, -1 when none is. */
export function firstInBoth(one: Bits, other: Bits): number {
  for (let word = 0; word < one.length; word += 1) {
    const both = one[word]! & other[word]!
    if (both !== 0) return (word << 5) + trailingZeros(both)
  }
  return -1
}

/** The highest position in the set, -1 when it is empty. */
export function lastBit(bits: Bits): number {
  for (let word = bits.length - 1; word >= 0; word -= 1) if (bits[word] !== 0) return (word << 5) + 31 - Math.clz32(bits[word]!)
  return -1
}

/** How many of the 32 bits are set (Hacker's Delight, 5-2). */
export function popcount(word: number): number {
  let x = word - ((word >>> 1) & 0x5555_5555)
  x = (x & 0x3333_3333) + ((x >>> 2) & 0x3333_3333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}

export function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word)
}
