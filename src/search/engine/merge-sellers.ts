import { allBits, hasBit, noBits, popcount, setBit, trailingZeros, type Bits } from './bits.ts'
import { UNKNOWN, type ColumnSchema } from './column-schema.ts'
import type { Placed } from './priced-view.ts'

/**
 * Which positions of a view are one product of several providers. Of each provider the cheapest takes part: what one of
 * them offers again stands for itself.
 */
export type Sellers = {
  /** The results of the whole view: all positions but those with a cheaper seller. */
  readonly firsts: Bits
  /** How many those are. */
  readonly results: number
  /** The next cheaper and the next dearer seller of the product at each position, -1 where there is none. */
  readonly cheaper: Int32Array
  readonly dearer: Int32Array
}

/** Merges a view that is in the order of the price; null when no product in it has two sellers. */
export function mergeSellers({ product = [] }: ColumnSchema, placed: Placed): Sellers | null {
  const { parts, partOf, count } = placed
  const names = [...new Set(parts.map((part) => part.provider))]
  if (names.length < 2 || product.length === 0) return null
  const providerOf = parts.map((part) => names.indexOf(part.provider))
  const columns = product.map((name) => packProduct(placed, name))
  const isNamed = (position: number) => columns.some((column) => column[position] !== UNKNOWN)
  const isSame = (a: number, b: number) => columns.every((column) => column[a] === column[b])
  const [cheaper, dearer] = [new Int32Array(count).fill(-1), new Int32Array(count).fill(-1)]
  const last = new Int32Array(count).fill(-1)
  const firsts = allBits(count)
  let merged = 0

  // Open addressing: a map of objects takes ten times as long, and a view has thousands of positions.
  const mask = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * count))) - 1
  const slots = new Int32Array(mask + 1).fill(-1)
  const findFirst = (position: number): number => {
    let slot = columns[0]![position]! & mask
    while (slots[slot] !== -1 && !isSame(slots[slot]!, position)) slot = (slot + 1) & mask
    if (slots[slot] === -1) slots[slot] = position
    return slots[slot]!
  }
  const isSoldBy = (provider: number, from: number): boolean => {
    for (let seller = from; seller !== -1; seller = cheaper[seller]!) if (providerOf[partOf[seller]!] === provider) return true
    return false
  }

  for (let position = 0; position < count; position += 1) {
    if (!isNamed(position)) continue
    const first = findFirst(position)
    const before = last[first]!
    if (first === position) last[first] = position
    else if (!isSoldBy(providerOf[partOf[position]!]!, before)) {
      cheaper[position] = before
      dearer[before] = position
      last[first] = position
      firsts[position >> 5]! &= ~(1 << (position & 31))
      merged += 1
    }
  }
  return merged === 0 ? null : { firsts, results: count - merged, cheaper, dearer }
}

function packProduct({ parts, partOf, indexOf, count }: Placed, name: string): Int32Array {
  const columns = parts.map(({ part }) => part.product.get(name))
  const values = new Int32Array(count)
  for (let position = 0; position < count; position += 1) values[position] = columns[partOf[position]!]?.[indexOf[position]!] ?? UNKNOWN
  return values
}

/**
 * Of these offers each product once, at its cheapest seller among them. `isWhole` says that the offers hold all sellers of a
 * product, or its cheapest, or none of them.
 */
export function cheapestAmong({ firsts, cheaper }: Sellers, offers: Bits, isWhole: boolean): Bits {
  const results = noBits(offers.length << 5)
  for (let word = 0; word < offers.length; word += 1) {
    results[word] = offers[word]! & firsts[word]!
    if (isWhole) continue
    for (let others = offers[word]! & ~firsts[word]!; others !== 0; others &= others - 1) {
      const position = (word << 5) + trailingZeros(others)
      let before = cheaper[position]!
      while (before !== -1 && !hasBit(offers, before)) before = cheaper[before]!
      if (before === -1) setBit(results, position)
    }
  }
  return results
}

/** The other sellers of the product at a position, cheapest first, at most `limit`. */
export function otherSellers(sellers: Sellers | null, position: number, limit: number): number[] {
  if (sellers === null) return []
  let seller = position
  while (sellers.cheaper[seller] !== -1) seller = sellers.cheaper[seller]!
  const others: number[] = []
  for (; seller !== -1 && others.length < limit; seller = sellers.dearer[seller]!) if (seller !== position) others.push(seller)
  return others
}

/** How many products are in a set of offers that holds all sellers of a product or none. */
export function countFirsts({ firsts }: Sellers, offers: Bits): number {
  let count = 0
  for (let word = 0; word < offers.length; word += 1) count += popcount(offers[word]! & firsts[word]!)
  return count
}
