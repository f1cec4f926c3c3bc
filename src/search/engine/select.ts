import { allBits, countBits, hasBit, intersect, noBits, setBit, setRange, trailingZeros, type Bits } from './bits.ts'
import { NONE, UNKNOWN, type NumberRange, type Selection } from './column-schema.ts'
import { dropValues, keepChosen } from './facet-bits.ts'
import { toResults } from './merge-sellers.ts'
import type { PricedView, SortedColumn } from './priced-view.ts'

/** A place in a sorted view: after every offer with a lower value, price or number. */
export type Place = { readonly sortValue: number; readonly price: number; readonly number: number }

export type Page = {
  /** How many results pass all filters. */
  readonly matching: number
  /** The positions to show, in the order asked for. */
  readonly positions: Uint32Array
  readonly hasMore: boolean
  /** Offers that pass every filter, and, for each group that is filtered by, those that pass all but its own. */
  readonly passing: Passing
  readonly passingBut: ReadonlyMap<string, Passing>
}

/** What passes some filters, with what counting it asks for. */
export type Passing = {
  /** Every offer that passes, whoever sells it. */
  readonly offers: Bits
  /** Of each product among them the cheapest: what is shown. The same set where no product has two sellers. */
  readonly results: Bits
  /** How many results there are. */
  readonly count: number
  /** Whether every offer of the view passes. */
  readonly isAll: boolean
  /** All offers that pass lie in the words from the first up to and without the second. */
  readonly from: number
  readonly to: number
}

const NO_GROUPS: ReadonlyMap<string, Passing> = new Map()
const everything = new WeakMap<PricedView, Passing>()

/**
 * Filters a view and cuts a page out of it. Every filter becomes a set of positions, those of one group one set; what
 * passes is where they overlap, and what a facet counts is where all but its own group's do. A product is then shown at the
 * cheapest of its sellers that pass, so that no filter hides one seller behind another. Copies no offer.
 */
export function selectPage(view: PricedView, selection: Selection, options: { limit: number; after: Place | null }): Page {
  const groups = filterGroups(view, selection)
  const passing = groups.size === 0 ? allOf(view) : overlap(view, groups, null)
  const taken =
    selection.sort === 'price'
      ? takeInPriceOrder(view, passing.results, options)
      : takeInOrder(view, passing.results, view.sort(selection.sort), options)
  return { matching: passing.count, ...taken, passing, passingBut: groups.size === 0 ? NO_GROUPS : passingBut(view, groups) }
}

/** Offers that pass every filter except those of the group: what its facets count. */
export function passingFor({ passing, passingBut }: Page, group: string): Passing {
  return passingBut.get(group) ?? passing
}

/** One mask per group that is filtered by. */
type Groups = ReadonlyMap<string, Mask>
type Mask = {
  readonly bits: Bits
  /** Whether it may leave a seller of a product and take a cheaper one. */
  isBySeller: boolean
}

function passingBut(view: PricedView, groups: Groups): Map<string, Passing> {
  const result = new Map<string, Passing>()
  for (const group of groups.keys()) result.set(group, groups.size === 1 ? allOf(view) : overlap(view, groups, group))
  return result
}

function allOf(view: PricedView): Passing {
  const known = everything.get(view)
  if (known !== undefined) return known
  const made = toPassing(view, allBits(view.count), true)
  everything.set(view, made)
  return made
}

/** Where all groups overlap, one of them perhaps left out. */
function overlap(view: PricedView, groups: Groups, except: string | null): Passing {
  const offers = allBits(view.count)
  let isWhole = true
  for (const [group, { bits, isBySeller }] of groups) {
    if (group === except) continue
    intersect(offers, bits)
    isWhole &&= !isBySeller
  }
  return toPassing(view, offers, isWhole)
}

function toPassing({ sellers, results: all, count: offersInView }: PricedView, offers: Bits, isWhole: boolean): Passing {
  let [from, to] = [0, offers.length]
  while (to > 0 && offers[to - 1] === 0) to -= 1
  while (from < to && offers[from] === 0) from += 1
  const results = toResults(sellers, offers, isWhole)
  const count = countBits(results)
  const isAll = count === all && (sellers === null || countBits(offers) === offersInView)
  return { offers, results, count, isAll, from, to }
}

function filterGroups(view: PricedView, selection: Selection): Groups {
  const groups = new Map<string, Mask>()
  for (const name in selection.only) {
    const facet = view.facets.get(name)
    if (facet !== undefined) keepChosen(maskOf(groups, view, facet.column), facet, selection.only[name]!)
  }
  for (const name in selection.without) {
    const facet = view.facets.get(name)
    if (facet !== undefined) dropValues(maskOf(groups, view, facet.column), facet, selection.without[name]!)
  }
  for (const name in selection.ranges) {
    const column = view.numbers.get(name)
    if (column !== undefined) intersect(maskOf(groups, view, column), inRange(column.values, selection.ranges[name]!))
  }
  const [from, to] = priceRange(view, selection)
  if (from > 0 || to < view.count) {
    const bits = noBits(view.count)
    setRange(bits, from, to)
    // An upper bound leaves the cheapest seller if it leaves any.
    groups.set('price', { bits, isBySeller: from > 0 })
  }
  return groups
}

function maskOf(groups: Map<string, Mask>, view: PricedView, column: { group: string; bySeller?: true | undefined }): Bits {
  let mask = groups.get(column.group)
  if (mask === undefined) groups.set(column.group, (mask = { bits: allBits(view.count), isBySeller: false }))
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

type Cut = { readonly limit: number; readonly after: Place | null }
type Taken = Pick<Page, 'positions' | 'hasMore'>

/** Positions are in price order already: the page is the next set bits. */
function takeInPriceOrder(view: PricedView, passing: Bits, { limit, after }: Cut): Taken {
  const start = after === null ? 0 : firstPositionAfter(view, after)
  const positions = new Uint32Array(limit)
  let taken = 0
  for (let word = start >> 5; word < passing.length; word += 1) {
    let bits = passing[word]!
    if (word === start >> 5) bits &= 0xffff_ffff << (start & 31)
    while (bits !== 0) {
      if (taken === limit) return { positions, hasMore: true }
      positions[taken] = (word << 5) + trailingZeros(bits)
      taken += 1
      bits &= bits - 1
    }
  }
  return { positions: positions.subarray(0, taken), hasMore: false }
}

function takeInOrder(view: PricedView, passing: Bits, sorted: SortedColumn, { limit, after }: Cut): Taken {
  const positions = new Uint32Array(limit)
  let taken = 0
  for (let i = after === null ? 0 : firstPlaceAfter(view, sorted, after); i < sorted.order.length; i += 1) {
    const position = sorted.order[i]!
    if (!hasBit(passing, position)) continue
    if (taken === limit) return { positions, hasMore: true }
    positions[taken] = position
    taken += 1
  }
  return { positions: positions.subarray(0, taken), hasMore: false }
}

/** The first position whose price and number come after the place. */
function firstPositionAfter(view: PricedView, { price, number }: Place): number {
  let position = lowerBound(view.prices, price, view.count)
  while (position < view.count && view.prices[position] === price && numberOf(view, position) <= number) position += 1
  return position
}

/** The first place of the order after the given one; equal values are ordered by position. */
function firstPlaceAfter(view: PricedView, sorted: SortedColumn, after: Place): number {
  const position = firstPositionAfter(view, after)
  let [low, high] = [0, sorted.order.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const isAfter = sorted.values[middle]! - after.sortValue || sorted.order[middle]! - position
    if (isAfter >= 0) high = middle
    else low = middle + 1
  }
  return low
}

/** The number of an offer among all that were searched together. */
export function numberOf(view: PricedView, position: number): number {
  return view.parts[view.partOf[position]!]!.firstNumber + view.indexOf[position]!
}

/** Where a list goes on after this position. */
export function placeOf(view: PricedView, sort: string, position: number): Place {
  const price = view.prices[position]!
  return { sortValue: sort === 'price' ? price : sortValueOf(view.sort(sort), position), price, number: numberOf(view, position) }
}

function sortValueOf({ order, values }: SortedColumn, position: number): number {
  return values[order.indexOf(position)]!
}
