import { firstBit, firstInBoth, hasBit, lastBit, popcount, trailingZeros, type Bits } from './bits.ts'
import { NONE } from './column-schema.ts'
import type { FacetBits, FacetValue } from './facet-bits.ts'
import { beginWalk, countGroups, isMetFirst } from './groups.ts'
import type { NumberView, PricedView } from './priced-view.ts'
import type { Passing } from './select.ts'

/** What choosing a value alone would leave, given the other filters; `from` is the position of the cheapest, -1 when none is left. */
export type FacetCount = { count: number; from: number }

/** The least and the greatest value the other filters leave, and for how many offers it is not known; null when it is known for none. */
export type RangeCount = { readonly min: number; readonly max: number; readonly unknown: number } | null

/** Counts into `result`, so that the thousands of values a second are counted into one object. Where offers are grouped, groups are counted. */
export function countValue(value: FacetValue, passing: Passing, { column, groups }: FacetBits, result: FacetCount): void {
  if (passing.isAll) {
    result.count = value.count
    result.from = value.first
    return
  }
  if (groups !== null) {
    result.count = countGroups(groups, passing.offers, value.alone)
    result.from = firstInBoth(passing.offers, value.alone)
    return
  }
  const counted = column.bySeller === true ? passing.offers : passing.results
  if (value.few !== null) countFew(value.few, counted, result)
  else countMany(value.alone, counted, passing, result)
}

function countFew(few: Uint32Array, bits: Bits, result: FacetCount): void {
  let count = 0
  let from = -1
  for (let i = 0; i < few.length; i += 1) {
    const position = few[i]!
    if (((bits[position >> 5]! >>> (position & 31)) & 1) === 0) continue
    count += 1
    if (from < 0) from = position
  }
  result.count = count
  result.from = from
}

function countMany(alone: Bits, bits: Bits, { from: begin, to }: Passing, result: FacetCount): void {
  let count = 0
  let from = -1
  for (let word = begin; word < to; word += 1) {
    const both = bits[word]! & alone[word]!
    if (both === 0) continue
    count += popcount(both)
    if (from < 0) from = (word << 5) + trailingZeros(both)
  }
  result.count = count
  result.from = from
}

/** What ranges span: a product is shown at one of its sellers, a group with all its offers. */
function shownOf({ groups }: PricedView, { offers, results }: Passing): Bits {
  return groups === null ? results : offers
}

/** The positions of the cheapest and the dearest that pass; null when none does. */
export function priceBounds(view: PricedView, passing: Passing): { min: number; max: number } | null {
  const bits = shownOf(view, passing)
  return passing.count === 0 ? null : { min: firstBit(bits), max: lastBit(bits) }
}

/** The range of one or two columns over what passes. */
export function countRange(view: PricedView, least: string, greatest: string, passing: Passing): RangeCount {
  const bits = shownOf(view, passing)
  const [low, high] = [view.numbers.get(least)!, view.numbers.get(greatest)!]
  const first = outermost(low, bits, 1)
  const last = outermost(high, bits, -1)
  if (first < 0 || last < 0) return null
  return { min: low.values[first]!, max: high.values[last]!, unknown: countUnknown(view, low, bits) }
}

/** The passing position with the least (step 1) or greatest (step -1) known value. */
function outermost(column: NumberView, bits: Bits, step: 1 | -1): number {
  const { order, known } = column.sorted()
  for (let i = step === 1 ? 0 : known - 1; i >= 0 && i < known; i += step) if (hasBit(bits, order[i]!)) return order[i]!
  return -1
}

function countUnknown({ groups }: PricedView, column: NumberView, bits: Bits): number {
  const { order, known, values } = column.sorted()
  const walk = groups === null ? 0 : beginWalk(groups)
  let count = 0
  for (let i = order.length - 1; i >= known && values[i]! > NONE; i -= 1) {
    if (hasBit(bits, order[i]!) && (groups === null || isMetFirst(groups, order[i]!, walk))) count += 1
  }
  return count
}
