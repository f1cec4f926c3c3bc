import { hasBit, trailingZeros, type Bits } from './bits.ts'
import type { TextView } from './priced-view.ts'

/** The results of a view whose offers belong together: an offer's group is the place of its text among those that occur. */
export type Groups = {
  readonly ids: readonly string[]
  /** By position. */
  readonly of: Uint32Array
  /** Scratch: which walk has met each group last, so that nothing has to be cleared between two walks. */
  readonly metBy: Uint32Array
  walks: number
}

/** The offers of one group that pass: the cheapest first, and how many more there are. */
export type GroupRows = { readonly positions: Uint32Array; readonly more: number }

export function toGroups({ texts, codes }: TextView): Groups {
  return { ids: texts, of: codes, metBy: new Uint32Array(texts.length), walks: 0 }
}

/** Begins a walk; returns what marks the groups it has met. */
export function beginWalk(groups: Groups): number {
  groups.walks += 1
  if (groups.walks > 0xffff_fff0) {
    groups.metBy.fill(0)
    groups.walks = 1
  }
  return groups.walks
}

/** How many groups have an offer in the set; with a second set, in both. */
export function countGroups(groups: Groups, bits: Bits, alone: Bits | null = null): { count: number; first: number } {
  const walk = beginWalk(groups)
  let count = 0
  let first = -1
  for (let word = 0; word < bits.length; word += 1) {
    let left = alone === null ? bits[word]! : bits[word]! & alone[word]!
    while (left !== 0) {
      const position = (word << 5) + trailingZeros(left)
      left &= left - 1
      const group = groups.of[position]!
      if (groups.metBy[group] === walk) continue
      groups.metBy[group] = walk
      count += 1
      if (first < 0) first = position
    }
  }
  return { count, first }
}

/** For the groups of these positions their passing offers in the order of the price, at most `limit` of each. */
export function rowsOf(groups: Groups, passing: Bits, leaders: Uint32Array, limit: number): GroupRows[] {
  const placeOf = new Map(Array.from(leaders, (position, place) => [groups.of[position]!, place]))
  const found = Array.from(leaders, () => ({ positions: [] as number[], more: 0 }))
  for (let position = 0; position < groups.of.length; position += 1) {
    if (!hasBit(passing, position)) continue
    const place = placeOf.get(groups.of[position]!)
    if (place === undefined) continue
    const rows = found[place]!
    if (rows.positions.length < limit) rows.positions.push(position)
    else rows.more += 1
  }
  return found.map(({ positions, more }) => ({ positions: Uint32Array.from(positions), more }))
}
