import { allBits, countBits, hasBit, intersect, trailingZeros, type Bits } from './bits.ts'
import type { Selection } from './column-schema.ts'
import { beginWalk, isMetFirst, rowsOf, type GroupRows } from './groups.ts'
import { filterMasks, lowerBound, type Masks } from './masks.ts'
import type { PricedView, SortedColumn } from './priced-view.ts'
import { resultsAmong } from './results.ts'

/** A place in a sorted view: after every offer with a lower value, price or number. */
export type Place = { readonly sortValue: number; readonly price: number; readonly number: number }

export type Page = {
  /** How many results pass all filters: an offer, or what several of them are together, of which one does. */
  readonly matching: number
  /** The positions to show, in the order asked for; of a group the first that passes. */
  readonly positions: Uint32Array
  /** What is shown of each group; null where offers are not grouped. */
  readonly groups: readonly GroupRows[] | null
  readonly hasMore: boolean
  /** Offers that pass every filter, and, for each group that is filtered by, those that pass all but its own. */
  readonly passing: Passing
  readonly passingBut: ReadonlyMap<string, Passing>
}

/** What passes some filters, with what counting it asks for. */
export type Passing = {
  /** Every offer that passes, whatever it is one result with. */
  readonly offers: Bits
  /** Of each result the cheapest of them: where it stands in the order of the price. The same set where each offer is a result. */
  readonly results: Bits
  /** How many results there are. */
  readonly count: number
  /** Whether every offer of the view passes. */
  readonly isAll: boolean
  /** All offers that pass lie in the words from the first up to and without the second. */
  readonly from: number
  readonly to: number
}

/** Offers shown of a group unless said. */
export const ROWS_DEFAULT = 3

const NO_MASKS: ReadonlyMap<string, Passing> = new Map()
const everything = new WeakMap<PricedView, Passing>()

/**
 * Filters a view and cuts a page out of it. Every filter becomes a set of positions, those of one group one set; what
 * passes is where they overlap, and what a facet counts is where all but its own group's do. Only then do offers come
 * together to results: a product is shown at the cheapest of its sellers that pass, so that no filter hides one seller behind
 * another, and a group with those of its offers that pass. Copies no offer.
 */
export function selectPage(
  view: PricedView,
  selection: Selection,
  options: { limit: number; after: Place | null; rowsPerGroup?: number },
): Page {
  const masks = filterMasks(view, selection)
  const passing = masks.size === 0 ? allOf(view) : overlap(view, masks, null)
  const taken = takePage(view, passing, selection.sort, options)
  const { groups } = view
  return {
    matching: passing.count,
    ...taken,
    groups: groups === null ? null : rowsOf(groups, passing.offers, taken.positions, options.rowsPerGroup ?? ROWS_DEFAULT),
    passing,
    passingBut: masks.size === 0 ? NO_MASKS : passingBut(view, masks),
  }
}

/** Offers that pass every filter except those of the group: what its facets count. */
export function passingFor({ passing, passingBut }: Page, group: string): Passing {
  return passingBut.get(group) ?? passing
}

function passingBut(view: PricedView, masks: Masks): Map<string, Passing> {
  const result = new Map<string, Passing>()
  for (const group of masks.keys()) result.set(group, masks.size === 1 ? allOf(view) : overlap(view, masks, group))
  return result
}

function allOf(view: PricedView): Passing {
  const known = everything.get(view)
  if (known !== undefined) return known
  const made = toPassing(view, allBits(view.count), true)
  everything.set(view, made)
  return made
}

/** Where all masks overlap, one of them perhaps left out. */
function overlap(view: PricedView, masks: Masks, except: string | null): Passing {
  const offers = allBits(view.count)
  let isWhole = true
  for (const [group, { bits, isBySeller }] of masks) {
    if (group === except) continue
    intersect(offers, bits)
    isWhole &&= !isBySeller
  }
  return toPassing(view, offers, isWhole)
}

function toPassing(view: PricedView, offers: Bits, isWhole: boolean): Passing {
  let [from, to] = [0, offers.length]
  while (to > 0 && offers[to - 1] === 0) to -= 1
  while (from < to && offers[from] === 0) from += 1
  const results = resultsAmong(view, offers, isWhole)
  const count = countBits(results)
  const isAll = count === view.results && (results === offers || countBits(offers) === view.count)
  return { offers, results, count, isAll, from, to }
}

type Cut = { readonly limit: number; readonly after: Place | null }
type Taken = Pick<Page, 'positions' | 'hasMore'>

function takePage(view: PricedView, { offers, results }: Passing, sort: string, cut: Cut): Taken {
  if (sort === 'price') return takeInPriceOrder(view, results, cut)
  return view.groups === null ? takeInOrder(view, results, view.sort(sort), cut) : takeLeaders(view, offers, view.sort(sort), cut)
}

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

/**
 * The first passing offer of each group, in the order asked for. Goes through the offers from the beginning also for a later
 * page: a group that stood before the place is not shown again for another of its offers.
 */
function takeLeaders(view: PricedView, passing: Bits, sorted: SortedColumn, { limit, after }: Cut): Taken {
  const groups = view.groups!
  const start = after === null ? 0 : firstPlaceAfter(view, sorted, after)
  const walk = beginWalk(groups)
  const positions = new Uint32Array(limit)
  let taken = 0
  for (let i = 0; i < sorted.order.length; i += 1) {
    const position = sorted.order[i]!
    if (!hasBit(passing, position) || !isMetFirst(groups, position, walk) || i < start) continue
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
