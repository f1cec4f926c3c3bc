import { allBits, intersect, noBits, setBit, setRange, type Bits } from './bits.ts'
import { NONE, UNKNOWN, type NumberRange, type Selection } from './column-schema.ts'
import { dropValues, keepChosen } from './facet-bits.ts'
import type { PricedView, TextView } from './priced-view.ts'

/** One mask for each group of columns that is filtered by. */
export type Masks = ReadonlyMap<string, Mask>
type Mask = {
  readonly bits: Bits
  /** Whether it may leave a seller of a product and take a cheaper one. */
  isBySeller: boolean
}

/** For each group of columns that is filtered by the offers that pass its filters, whatever they are one result with. */
export function filterMasks(view: PricedView, selection: Selection): Masks {
  const masks = new Map<string, Mask>()
  for (const name in selection.only) {
    const facet = view.facets.get(name)
    if (facet !== undefined) keepChosen(maskOf(masks, view, facet.column), facet, selection.only[name]!)
  }
  for (const name in selection.without) {
    const facet = view.facets.get(name)
    if (facet !== undefined) dropValues(maskOf(masks, view, facet.column), facet, selection.without[name]!)
  }
  for (const name in selection.ranges) {
    const column = view.numbers.get(name)
    if (column !== undefined) intersect(maskOf(masks, view, column), inRange(column.values, selection.ranges[name]!))
  }
  for (const name in selection.words) {
    const column = view.texts.get(name)
    if (column !== undefined) intersect(maskOf(masks, view, { group: name }), withWords(column, selection.words[name]!))
  }
  if (selection.group !== undefined && view.groups !== null) {
    const wanted = view.groups.ids.indexOf(selection.group)
    masks.set('group', { bits: positionsWhere(view.groups.of, (group) => group === wanted), isBySeller: false })
  }
  const [from, to] = priceRange(view, selection)
  if (from > 0 || to < view.count) {
    const bits = noBits(view.count)
    setRange(bits, from, to)
    // An upper bound leaves the cheapest seller if it leaves any.
    masks.set('price', { bits, isBySeller: from > 0 })
  }
  return masks
}

function maskOf(masks: Map<string, Mask>, view: PricedView, column: { group: string; bySeller?: true | undefined }): Bits {
  let mask = masks.get(column.group)
  if (mask === undefined) masks.set(column.group, (mask = { bits: allBits(view.count), isBySeller: false }))
  mask.isBySeller ||= column.bySeller === true
  return mask.bits
}

function inRange(values: Int32Array, { from, to }: NumberRange): Bits {
  const bits = noBits(values.length)
  if (from <= to) {
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i]!
      if ((value >= from && value <= to && value !== UNKNOWN) || value === NONE) setBit(bits, i)
    }
    return bits
  }
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!
    if (((value >= from || value <= to) && value !== UNKNOWN) || value === NONE) setBit(bits, i)
  }
  return bits
}

/** Looks at each text once, however many offers have it. */
function withWords({ texts, codes }: TextView, words: readonly string[]): Bits {
  const matches = texts.map((text) => words.every((word) => ` ${text}`.includes(` ${word}`)))
  return positionsWhere(codes, (code) => matches[code]!)
}

function positionsWhere(values: Uint32Array, isWanted: (value: number) => boolean): Bits {
  const bits = noBits(values.length)
  for (let i = 0; i < values.length; i += 1) if (isWanted(values[i]!)) setBit(bits, i)
  return bits
}

/** The positions whose shown price is within the bounds: from the first up to and without the second. */
export function priceRange(view: PricedView, { price }: Pick<Selection, 'price'>): [from: number, to: number] {
  const from = price.min === null ? 0 : lowerBound(view.prices, price.min, view.count)
  const to = price.max === null ? view.count : lowerBound(view.prices, price.max + 1, view.count)
  return [from, Math.max(from, to)]
}

/** The first place among `count` ascending values that holds at least `value`. */
export function lowerBound(values: Float64Array, value: number, count: number): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
