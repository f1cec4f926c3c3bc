import { toMoneyText, type Money, type MoneyText } from '../../src/kernel/money.ts'
import type { NumberRange, Selection } from '../../src/search/engine/column-schema.ts'
import { toOfferView, type OfferView } from '../../src/travel/offer-view.ts'
import { findCarrier } from '../../src/travel/places.ts'
import { NUMBERS, TEXTS } from '../../test/support/reference-columns.ts'
import { FACETS, type FacetName } from '../../test/support/reference-search.ts'
import { clockMinutes, toFacts, type Facts, type ShownOffer } from './facts.ts'

/*
 * What a good programmer writes who keeps offers as objects: facts read out of each offer once, one pass over the offers
 * for filters and facets together, the page as plain objects, JSON.stringify. Both peers of the benchmark are made of it.
 */

/** Offers ready to be asked about, cheapest first, and the values of each facet in the order they are told. */
export type Prepared = {
  readonly offers: readonly Facts[]
  readonly values: Readonly<Record<FacetName, readonly string[]>>
  readonly supplierNames: Readonly<Record<string, string>>
}

export type ObjectPage = {
  readonly total: number
  readonly matching: number
  readonly facets: Readonly<Record<string, unknown>>
  readonly offers: readonly Facts[]
  /** Where the next page begins; null on the last. */
  readonly last: { readonly sortValue: number; readonly price: number; readonly index: number } | null
}

/** As the engine writes what is not known, so that the cursors are the same. */
const UNKNOWN_LAST = 2_147_483_648
export const FACET_NAMES = Object.keys(FACETS) as FacetName[]
const carrierName = (code: string) => findCarrier(code)?.name

export function prepareOffers(shown: readonly ShownOffer[], supplierNames: Readonly<Record<string, string>>): Prepared {
  const offers = shown.map(toFacts).sort((a, b) => a.shown.amount - b.shown.amount || a.index - b.index)
  return { offers, values: recordOf(FACET_NAMES, (name) => valuesOf(offers, name)), supplierNames }
}

function recordOf<Name extends string, Value>(names: readonly Name[], valueOf: (name: Name) => Value): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, Value>
}

function valuesOf(offers: readonly Facts[], facet: FacetName): string[] {
  const counts = new Map<string, number>()
  for (const { texts } of offers) for (const value of texts[facet]) counts.set(value, (counts.get(value) ?? 0) + 1)
  counts.delete('none')
  const { order } = FACETS[facet]
  const found = [...counts.keys()]
  if (order === 'number') return found.sort((a, b) => Number(a) - Number(b))
  if (order === 'frequency') return found.sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1))
  return order.filter((value) => counts.has(value))
}

export type Step = { readonly group: string; readonly keeps: (offer: Facts) => boolean }

/** Filters, counts, sorts and cuts a page. */
export function askObjects(prepared: Prepared, selection: Selection, limit: number): ObjectPage {
  const steps = toSteps(selection)
  const counting = startCounting(prepared)
  const matching: Facts[] = []
  for (const offer of prepared.offers) {
    // Which groups turn the offer away: none, exactly one, or more, and then it counts nowhere.
    let failing: string | null = null
    let isOut = false
    for (const step of steps) {
      if (step.keeps(offer)) continue
      isOut = failing !== null && failing !== step.group
      failing = step.group
      if (isOut) break
    }
    if (isOut) continue
    if (failing === null) matching.push(offer)
    counting.add(offer, failing)
  }
  const sorted = sortOffers(prepared, matching, selection.sort)
  const page = sorted.slice(0, limit)
  const last = page.at(-1)
  const value = sortValueOf(prepared, selection.sort)
  return {
    total: prepared.offers.length,
    matching: matching.length,
    facets: counting.facets(),
    offers: page,
    last: sorted.length > limit && last !== undefined ? { sortValue: value(last), price: last.shown.amount, index: last.index } : null,
  }
}

/** The offers of a page as they travel. No two sellers of the data set sell the same, and these peers need not look. */
export function viewsOf(page: Pick<ObjectPage, 'offers'>): (OfferView & { alternatives: readonly never[] })[] {
  return page.offers.map(({ offer, shown }) => {
    const { id, provider, solution, ...more } = toOfferView(offer, { total: shown, carrierName })
    return { id, provider, solution, alternatives: [], ...more }
  })
}

/** One condition per filter. */
export function toSteps({ only, without, ranges, price }: Selection): Step[] {
  const steps: Step[] = []
  for (const [name, chosen] of Object.entries(only) as [keyof typeof TEXTS, readonly string[]][]) {
    const allowed = new Set(chosen)
    steps.push({ group: TEXTS[name].group, keeps: ({ texts }) => texts[name].every((value) => allowed.has(value)) })
  }
  for (const [name, refused] of Object.entries(without) as [keyof typeof TEXTS, readonly string[]][]) {
    const unwanted = new Set(refused)
    steps.push({ group: TEXTS[name].group, keeps: ({ texts }) => !texts[name].some((value) => unwanted.has(value)) })
  }
  for (const [name, range] of Object.entries(ranges)) {
    steps.push({ group: NUMBERS[name]!.group, keeps: ({ numbers }) => isWithin(numbers[name]!, range) })
  }
  if (price.min !== null || price.max !== null) {
    const [low, high] = [price.min ?? 0, price.max ?? Infinity]
    steps.push({ group: 'price', keeps: ({ shown }) => shown.amount >= low && shown.amount <= high })
  }
  return steps
}

function isWithin(value: number | null | 'nothing', { from, to }: NumberRange): boolean {
  if (value === 'nothing') return true
  if (value === null) return false
  return from <= to ? from <= value && value <= to : value >= from || value <= to
}

export type Count = { count: number; from: MoneyText | null }
type Range = { min: number; max: number; unknown: number }

/** One pass in price order: the first one counted is the cheapest. */
function startCounting(prepared: Prepared) {
  const counts = FACET_NAMES.map((name) => {
    const { group } = TEXTS[name]
    return { name, group, byValue: new Map(prepared.values[name].map((value): [string, Count] => [value, { count: 0, from: null }])) }
  })
  const ranges = [
    { name: 'duration', group: 'duration', least: 'longest_slice', greatest: 'longest_slice', ...noRange() },
    { name: 'emissions', group: 'emissions', least: 'emissions', greatest: 'emissions', ...noRange() },
    { name: 'connection_minutes', group: 'connection_time', least: 'connection_min', greatest: 'connection_max', ...noRange() },
  ]
  let price: { min: Money; max: Money } | null = null
  return {
    add(offer: Facts, failing: string | null) {
      for (const { name, group, byValue } of counts) {
        if (failing !== null && failing !== group) continue
        const values = offer.texts[name]
        const count = values.length === 1 ? byValue.get(values[0]!) : undefined
        if (count === undefined) continue
        count.count += 1
        count.from ??= toMoneyText(offer.shown)
      }
      if (failing === null || failing === 'price') price = { min: price?.min ?? offer.shown, max: offer.shown }
      for (const range of ranges) {
        if (failing !== null && failing !== range.group) continue
        const [low, high] = [offer.numbers[range.least], offer.numbers[range.greatest]]
        if (low === null) range.unknown += 1
        if (typeof low === 'number') range.min = Math.min(range.min, low)
        if (typeof high === 'number') range.max = Math.max(range.max, high)
      }
    },
    facets(): Record<string, unknown> {
      const texts = counts.map(({ name, byValue }) => [
        name,
        [...byValue].map(([value, count]) => toFacetValue(prepared, name, value, count)),
      ])
      return {
        ...(Object.fromEntries(texts) as Record<string, unknown>),
        price: price && { min: toMoneyText(price.min), max: toMoneyText(price.max) },
        ...Object.fromEntries(ranges.map(({ name, min, max, unknown }) => [name, min === Infinity ? null : { min, max, unknown }])),
      }
    },
  }
}

const noRange = (): Range => ({ min: Infinity, max: -Infinity, unknown: 0 })

/** A facet value as it travels. */
export function toFacetValue(prepared: Prepared, facet: FacetName, value: string, { count, from }: Count): Record<string, unknown> {
  const { order, name } = FACETS[facet]
  return { value: order === 'number' ? Number(value) : value, ...(name && { name: name(value, prepared) }), count, from }
}

/** The offers in the order asked for; they come cheapest first. */
export function sortOffers(prepared: Prepared, offers: Facts[], sort: string): Facts[] {
  if (sort === 'price') return offers
  const value = sortValueOf(prepared, sort)
  return offers
    .map((offer) => ({ offer, value: value(offer) }))
    .sort((a, b) => a.value - b.value)
    .map(({ offer }) => offer)
}

function sortValueOf({ offers }: Prepared, sort: string): (offer: Facts) => number {
  switch (sort) {
    case 'price':
      return ({ shown }) => shown.amount
    case 'duration':
      return ({ minutes }) => minutes ?? UNKNOWN_LAST
    case 'departure':
      return ({ offer }) => clockMinutes(offer.slices[0]!.segments[0]!.departure.local)
    case 'arrival':
      return ({ offer }) => clockMinutes(offer.slices[0]!.segments.at(-1)!.arrival.local)
    case 'price_with_bag':
      return ({ texts }) => (texts.bags[0] === '0' ? 2 : texts.bags[0] === 'unknown' ? 1 : 0)
    default:
      return bestValueOf(offers)
  }
}

function bestValueOf(offers: readonly Facts[]): (offer: Facts) => number {
  const cheapest = Math.max(1, offers[0]?.shown.amount ?? 1)
  let [shortest, longest] = [Infinity, 0]
  for (const { minutes } of offers) {
    if (minutes === null) continue
    shortest = Math.min(shortest, minutes)
    longest = Math.max(longest, minutes)
  }
  return ({ offer, shown, minutes, texts, numbers }) => {
    const price = Math.round((1_000 * shown.amount) / cheapest)
    const time = shortest === Infinity ? 0 : Math.round((400 * (minutes ?? longest)) / Math.max(1, shortest))
    const extra = 60 * Number(numbers['stops']) + (texts.overnight[0] === 'yes' ? 150 : 0) + (offer.selfTransfer === null ? 0 : 200)
    return Math.min(2_000_000_000, price + time + extra)
  }
}
