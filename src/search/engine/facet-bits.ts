import { firstBit, hasBit, noBits, setBit, subtract, unite, type Bits } from './bits.ts'
import type { ColumnSchema, FacetColumn } from './column-schema.ts'
import type { Groups } from './groups.ts'
import { toSet } from './part.ts'
import type { Placed } from './priced-view.ts'
import { countResults, type Merged } from './results.ts'

/** One value of a facet in a view. */
export type FacetValue = {
  readonly value: string
  /** Offers that have the value, alone or among others. */
  readonly touches: Bits
  /** Offers that are left when it alone is chosen: those that have this value and no other; for `has`, all that have it. */
  readonly alone: Bits
  /** How many results are in `alone`, and the first of them, -1 when there is none. */
  readonly count: number
  readonly first: number
  /** The positions in `alone` when they are so few that looking each up is quicker than going through the words. */
  readonly few: Uint32Array | null
}

/** A facet of a view: its values in the order they are told, each with the offers that have it. */
export type FacetBits = {
  readonly column: FacetColumn
  /** What is counted of offers that are grouped. */
  readonly groups: Groups | null
  readonly values: readonly FacetValue[]
  readonly find: (value: string) => FacetValue | undefined
  readonly has: (value: string, position: number) => boolean
}

/** Every facet of the schema as bits in the order of the view. */
export function packFacets(schema: ColumnSchema, placed: Placed, merged: Merged): ReadonlyMap<string, FacetBits> {
  // Of a column in which sellers differ each of them is counted.
  const bySeller = { ...merged, sellers: null }
  return new Map(schema.facets.map((column) => [column.name, packFacet(column, placed, column.bySeller === true ? bySeller : merged)]))
}

type Found = { readonly touches: Bits; readonly alone: Bits }

function packFacet(column: FacetColumn, placed: Placed, merged: Merged): FacetBits {
  const found = new Map<string, Found>()
  const foundOf = (value: string): Found => {
    const known = found.get(value)
    if (known !== undefined) return known
    const made = { touches: noBits(placed.count), alone: noBits(placed.count) }
    found.set(value, made)
    return made
  }
  // The sets of each part, looked up once per distinct set and not once per offer.
  const parts = placed.parts.map(({ part }) => {
    const facet = part.facets.get(column.name)
    const texts = facet?.texts ?? [column.kind === 'one' ? 'unknown' : '']
    return { codes: facet?.codes, texts, sets: texts.map((): Found[] | undefined => undefined) }
  })
  for (let position = 0; position < placed.count; position += 1) {
    const part = parts[placed.partOf[position]!]!
    const code = part.codes?.[placed.indexOf[position]!] ?? 0
    const set = (part.sets[code] ??= toSet(part.texts[code]!).map(foundOf))
    for (const one of set) {
      setBit(one.touches, position)
      if (set.length === 1 || column.kind === 'has') setBit(one.alone, position)
    }
  }
  const entries = [...found].map(([value, one]): Entry => ({ value, ...one, frequency: countResults(merged, one.touches) }))
  const values = entries.sort(comparisonOf(column)).map(({ value, touches, alone }) => ({
    ...{ value, touches, alone },
    ...{ count: countResults(merged, alone), first: firstBit(alone), few: fewOf(alone) },
  }))
  const byValue = new Map(values.map((value) => [value.value, value]))
  return {
    column,
    groups: merged.groups,
    values,
    find: (value) => byValue.get(value),
    has: (value, position) => {
      const one = byValue.get(value)
      return one !== undefined && hasBit(one.touches, position)
    },
  }
}

type Entry = Found & { readonly value: string; readonly frequency: number }

function comparisonOf({ order }: FacetColumn): (a: Entry, b: Entry) => number {
  if (order === 'frequency') return (a, b) => b.frequency - a.frequency || (a.value < b.value ? -1 : 1)
  if (order === 'number') return (a, b) => Number(a.value) - Number(b.value)
  const rank = (value: string) => (order.includes(value) ? order.indexOf(value) : order.length)
  return (a, b) => rank(a.value) - rank(b.value) || (a.value < b.value ? -1 : 1)
}

function fewOf(bits: Bits): Uint32Array | null {
  const positions: number[] = []
  for (let word = 0; word < bits.length; word += 1) {
    if (bits[word] === 0) continue
    for (let bit = 0; bit < 32; bit += 1) if (((bits[word]! >>> bit) & 1) === 1) positions.push((word << 5) + bit)
    if (positions.length > bits.length) return null
  }
  return Uint32Array.from(positions)
}

/** Takes from `target` every offer that does not pass `chosen`. */
export function keepChosen(target: Bits, facet: FacetBits, chosen: readonly string[]): void {
  if (facet.column.kind === 'has') {
    for (const value of chosen) {
      const bits = facet.find(value)?.touches
      for (let word = 0; word < target.length; word += 1) target[word]! &= bits?.[word] ?? 0
    }
    return
  }
  // For `every`, an offer leaves for a single value that was not chosen; one without any value stays.
  if (facet.column.kind === 'every') {
    for (const { value, touches } of facet.values) if (!chosen.includes(value)) subtract(target, touches)
    return
  }
  const union = new Uint32Array(target.length)
  for (const value of chosen) {
    const bits = facet.find(value)?.touches
    if (bits !== undefined) unite(union, bits)
  }
  for (let word = 0; word < target.length; word += 1) target[word]! &= union[word]!
}

/** Takes from `target` every offer that has one of the values. */
export function dropValues(target: Bits, facet: FacetBits, values: readonly string[]): void {
  for (const value of values) {
    const bits = facet.find(value)?.touches
    if (bits !== undefined) subtract(target, bits)
  }
}
