import { hasBit, setBit, trailingZeros, type Bits } from './bits.ts'
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

/** Whether the walk meets the group of this position for the first time; it has met it then. */
export function isMetFirst({ of, metBy }: Groups, position: number, walk: number): boolean {
  const group = of[position]!
  if (metBy[group] === walk) return false
  metBy[group] = walk
  return true
}

/** How many groups have an offer in the set; with a second set, in both. */
export function countGroups(groups: Groups, offers: Bits, alone: Bits | null = null): number {
  const walk = beginWalk(groups)
  let count = 0
  for (let word = 0; word < offers.length; word += 1) {
    let left = alone === null ? offers[word]! : offers[word]! & alone[word]!
    for (; left !== 0; left &= left - 1) if (isMetFirst(groups, (word << 5) + trailingZeros(left), walk)) count += 1
  }
  return count
}

/** Of these offers the cheapest of each group. */
export function firstOfGroups(groups: Groups, offers: Bits): Bits {
  const walk = beginWalk(groups)
  const firsts = new Uint32Array(offers.length)
  for (let word = 0; word < offers.length; word += 1) {
    for (let left = offers[word]!; left !== 0; left &= left - 1) {
      const position = (word << 5) + trailingZeros(left)
      if (isMetFirst(groups, position, walk)) setBit(firsts, position)
    }
  }
  return firsts
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
