import { toMoneyText, type Money, type MoneyText } from '../../src/kernel/money.ts'
import type { NumberRange, Selection } from '../../src/search/engine/column-schema.ts'
import type { FlightOffer } from '../../src/travel/flight.ts'
import { findCarrier, findPlace } from '../../src/travel/places.ts'
import {
  bagsOf,
  clockMinutes,
  firstOf,
  isOvernight,
  lastOf,
  mostStops,
  once,
  productOf,
  NUMBERS,
  TEXTS,
  totalMinutes,
  type NumberColumn,
  type TextColumn,
} from './reference-columns.ts'

/*
 * What filters, facets, sorts and pages of flights mean, said in the slowest and plainest way: every question is put to
 * the offers themselves, and nothing is remembered but who sells the same. The engine is compared with this; it uses nothing of the engine's.
 *
 * Offers of several suppliers that are one product are one result: the cheapest of them that passes. Of each supplier its
 * cheapest of a product takes part; what it offers again is a result of its own.
 */

export type ShownOffer = { readonly offer: FlightOffer; readonly shown: Money }

export type ReferenceQuestion = {
  /** In the order of the superset: an offer's place here is its index. */
  readonly offers: readonly ShownOffer[]
  readonly selection: Selection
  readonly limit: number
  /** The index of the offer the page before ended with. */
  readonly after?: number | null
  /** How suppliers are called, by their ids. */
  readonly supplierNames?: Readonly<Record<string, string>>
}

export type ReferenceFacetValue = { value: string | number; name?: string | null; count: number; from: MoneyText | null }
export type ReferenceNumberFacet = { min: number; max: number; unknown: number } | null
export type ReferenceFacets = Record<FacetName, ReferenceFacetValue[]> & {
  price: { min: MoneyText; max: MoneyText } | null
  duration: ReferenceNumberFacet
  emissions: ReferenceNumberFacet
  connection_minutes: ReferenceNumberFacet
}

/** Another seller of a result. */
export type ReferenceAlternative = { readonly offer_id: string; readonly provider: string; readonly total: MoneyText }

export type ReferenceAnswer = {
  readonly total: number
  readonly matching: number
  readonly facets: ReferenceFacets
  /** The page: indexes of offers, and their ids. */
  readonly indexes: readonly number[]
  readonly ids: readonly string[]
  /** For each of the page, who else sells it. */
  readonly alternatives: readonly (readonly ReferenceAlternative[])[]
  readonly hasMore: boolean
}

/** Filters, counts, sorts and cuts one page. */
export function referenceAnswer(question: ReferenceQuestion): ReferenceAnswer {
  const { offers, selection, limit, after = null } = question
  const matching = resultsOf(
    offers,
    offers.filter(({ offer, shown }) => passes(offer, shown, selection, null)),
  )
  const order = inOrder(offers, selection.sort)
  const start = after === null ? 0 : order.findIndex((one) => one === offers[after]) + 1
  const rest = order.slice(start).filter((one) => matching.includes(one))
  const page = rest.slice(0, limit)
  return {
    total: resultsOf(offers, offers).length,
    matching: matching.length,
    facets: referenceFacets(question),
    indexes: page.map((one) => offers.indexOf(one)),
    ids: page.map(({ offer }) => offer.id),
    alternatives: page.map((one) => alternativesTo(offers, one)),
    hasMore: rest.length > limit,
  }
}

type Sellers = ReadonlyMap<ShownOffer, readonly ShownOffer[]>
const known = new WeakMap<readonly ShownOffer[], Sellers>()

/** For each offer who sells the same, itself among them, cheapest first; only itself where nobody takes part with it. */
function sellersOf(offers: readonly ShownOffer[]): Sellers {
  const before = known.get(offers)
  if (before !== undefined) return before
  const byProduct = new Map<string | ShownOffer, ShownOffer[]>()
  for (const one of cheapestFirst(offers)) {
    const product = productOf(one.offer) ?? one
    byProduct.set(product, [...(byProduct.get(product) ?? []), one])
  }
  const sellers = new Map(offers.map((one): [ShownOffer, readonly ShownOffer[]] => [one, [one]]))
  for (const same of byProduct.values()) {
    const cheapest = same.filter((one) => same.find(({ offer }) => offer.provider === one.offer.provider) === one)
    for (const one of cheapest) sellers.set(one, cheapest)
  }
  known.set(offers, sellers)
  return sellers
}

/** What is shown of the offers that are left: each product at the cheapest of its sellers that is left. */
function resultsOf(offers: readonly ShownOffer[], left: readonly ShownOffer[]): ShownOffer[] {
  const among = new Set(left)
  return left.filter(
    (one) =>
      sellersOf(offers)
        .get(one)!
        .find((seller) => among.has(seller)) === one,
  )
}

/** The other sellers, whether or not they pass the filters, five at most. */
function alternativesTo(offers: readonly ShownOffer[], one: ShownOffer): ReferenceAlternative[] {
  const others = sellersOf(offers)
    .get(one)!
    .filter((seller) => seller !== one)
  return others.slice(0, 5).map(({ offer, shown }) => ({ offer_id: offer.id, provider: offer.provider, total: toMoneyText(shown) }))
}

/** Whether an offer passes every filter, those of one group left aside. */
function passes(offer: FlightOffer, shown: Money, selection: Selection, exceptGroup: string | null): boolean {
  const { only, without, ranges, price } = selection
  for (const [name, chosen] of Object.entries(only)) {
    const column = textColumn(name)
    if (column.group !== exceptGroup && !column.values(offer).every((value) => chosen.includes(value))) return false
  }
  for (const [name, refused] of Object.entries(without)) {
    const column = textColumn(name)
    if (column.group !== exceptGroup && column.values(offer).some((value) => refused.includes(value))) return false
  }
  for (const [name, range] of Object.entries(ranges)) {
    const column = numberColumn(name)
    if (column.group !== exceptGroup && !isWithin(column.value(offer), range)) return false
  }
  if (exceptGroup === 'price') return true
  return (price.min === null || shown.amount >= price.min) && (price.max === null || shown.amount <= price.max)
}

function isWithin(value: number | null | 'nothing', { from, to }: NumberRange): boolean {
  if (value === 'nothing') return true
  if (value === null) return false
  return from <= to ? from <= value && value <= to : value >= from || value <= to
}

function textColumn(name: string): TextColumn {
  const column = (TEXTS as Readonly<Record<string, TextColumn>>)[name]
  if (column === undefined) throw new RangeError(`offers have no texts "${name}"`)
  return column
}

function numberColumn(name: string): NumberColumn {
  const column = NUMBERS[name]
  if (column === undefined) throw new RangeError(`offers have no number "${name}"`)
  return column
}

export type FacetName = Exclude<keyof typeof TEXTS, 'carriers'>
type NameOf = (value: string, question: Pick<ReferenceQuestion, 'supplierNames'>) => string | null

const ALLIANCE_NAMES: Readonly<Record<string, string>> = { star: 'Star Alliance', oneworld: 'oneworld', skyteam: 'SkyTeam' }
const cityOf: NameOf = (code) => findPlace(code)?.city ?? null

/** Values are told in their natural order, or the most frequent first. Names only where a value does not speak for itself. */
export const FACETS: Readonly<Record<FacetName, { readonly order: readonly string[] | 'number' | 'frequency'; readonly name?: NameOf }>> = {
  stops: { order: 'number' },
  airlines: { order: 'frequency', name: (code) => findCarrier(code)?.name ?? null },
  alliances: { order: 'frequency', name: (alliance) => ALLIANCE_NAMES[alliance] ?? null },
  connections: { order: 'frequency', name: cityOf },
  cabins: { order: ['economy', 'premium_economy', 'business', 'first', 'mixed', 'unknown'] },
  bags: { order: ['0', '1', '2', 'unknown'] },
  refundable: { order: ['yes', 'no', 'unknown'] },
  changeable: { order: ['yes', 'no', 'unknown'] },
  suppliers: { order: 'frequency', name: (id, { supplierNames }) => supplierNames?.[id] ?? null },
  overnight: { order: ['yes', 'no'] },
  self_transfer: { order: ['yes', 'no'] },
  origin_airports: { order: 'frequency', name: cityOf },
  destination_airports: { order: 'frequency', name: cityOf },
}

function referenceFacets(question: ReferenceQuestion): ReferenceFacets {
  const names = Object.keys(FACETS) as FacetName[]
  const texts = Object.fromEntries(names.map((name) => [name, textFacet(question, name)])) as Record<FacetName, ReferenceFacetValue[]>
  const shown = cheapestFirst(resultsFor(question, 'price')).map((one) => toMoneyText(one.shown))
  return {
    ...texts,
    price: shown.length === 0 ? null : { min: shown[0]!, max: shown[shown.length - 1]! },
    duration: numberFacet(question, 'longest_slice', 'longest_slice'),
    emissions: numberFacet(question, 'emissions', 'emissions'),
    connection_minutes: numberFacet(question, 'connection_min', 'connection_max'),
  }
}

/** The offers that all filters but those of one group leave. */
function leftFor({ offers, selection }: ReferenceQuestion, group: string): ShownOffer[] {
  return offers.filter(({ offer, shown }) => passes(offer, shown, selection, group))
}

/** The results among them. */
function resultsFor(question: ReferenceQuestion, group: string): ShownOffer[] {
  return resultsOf(question.offers, leftFor(question, group))
}

/** Every value any offer has, counting what choosing it alone would show. */
function textFacet(question: ReferenceQuestion, facet: FacetName): ReferenceFacetValue[] {
  const { order, name } = FACETS[facet]
  const { group, values } = textColumn(facet)
  const left = cheapestFirst(leftFor(question, group))
  return inFacetOrder(question.offers, values, order).map((value) => {
    const having = left.filter(({ offer }) => values(offer).every((one) => one === value) && values(offer).length > 0)
    const counted = resultsOf(question.offers, having)
    const from = counted[0] === undefined ? null : toMoneyText(counted[0].shown)
    const told = order === 'number' ? Number(value) : value
    return { value: told, ...(name && { name: name(value, question) }), count: counted.length, from }
  })
}

function inFacetOrder(
  offers: readonly ShownOffer[],
  values: TextColumn['values'],
  order: readonly string[] | 'number' | 'frequency',
): string[] {
  // An offer outside every alliance is filtered by that, but it is nothing to choose.
  const all = once(offers.flatMap(({ offer }) => values(offer))).filter((value) => value !== 'none')
  if (order === 'number') return all.sort((a, b) => Number(a) - Number(b))
  if (order !== 'frequency') return order.filter((value) => all.includes(value))
  const frequency = (value: string) =>
    resultsOf(
      offers,
      offers.filter(({ offer }) => values(offer).includes(value)),
    ).length
  return all.sort((a, b) => frequency(b) - frequency(a) || (a < b ? -1 : 1))
}

/** The least of one column and the greatest of another; null when nothing is known. */
function numberFacet(question: ReferenceQuestion, least: string, greatest: string): ReferenceNumberFacet {
  const left = resultsFor(question, numberColumn(least).group).map(({ offer }) => offer)
  const known = (column: string) => left.map(numberColumn(column).value).filter((value) => typeof value === 'number')
  const unknown = left.filter((offer) => numberColumn(least).value(offer) === null).length
  if (known(least).length === 0) return null
  return { min: Math.min(...known(least)), max: Math.max(...known(greatest)), unknown }
}

/** All offers in the order asked for: ascending, what is unknown last, equals by price and then as in the superset. */
function inOrder(offers: readonly ShownOffer[], sort: string): ShownOffer[] {
  const value = sortValue(offers, sort)
  const known = (one: ShownOffer) => value(one) ?? Number.POSITIVE_INFINITY
  return cheapestFirst(offers).sort((a, b) => (known(a) === known(b) ? 0 : known(a) - known(b)))
}

/** JavaScript sorts stably: equal prices stay in the order of the superset. */
function cheapestFirst(offers: readonly ShownOffer[]): ShownOffer[] {
  return [...offers].sort((a, b) => a.shown.amount - b.shown.amount)
}

function sortValue(offers: readonly ShownOffer[], sort: string): (one: ShownOffer) => number | null {
  switch (sort) {
    case 'price':
      return ({ shown }) => shown.amount
    case 'duration':
      return ({ offer }) => totalMinutes(offer)
    case 'departure':
      return ({ offer }) => clockMinutes(firstOf(offer.slices[0]!).departure)
    case 'arrival':
      return ({ offer }) => clockMinutes(lastOf(offer.slices[0]!).arrival)
    case 'price_with_bag':
      return ({ offer }) => ({ '0': 2, unknown: 1 })[bagsOf(offer)] ?? 0
    case 'best':
      return bestValue(offers)
    default:
      throw new RangeError(`offers are not sorted by "${sort}"`)
  }
}

function bestValue(offers: readonly ShownOffer[]): (one: ShownOffer) => number {
  const lowestPrice = Math.min(...offers.map(({ shown }) => shown.amount))
  const durations = offers.map(({ offer }) => totalMinutes(offer)).filter((minutes) => minutes !== null)
  return ({ offer, shown }) => {
    const minutes = totalMinutes(offer) ?? Math.max(...durations)
    const price = Math.round((1_000 * shown.amount) / Math.max(lowestPrice, 1))
    const time = durations.length === 0 ? 0 : Math.round((400 * minutes) / Math.max(Math.min(...durations), 1))
    const overnight = isOvernight(offer) ? 150 : 0
    const selfTransfer = offer.selfTransfer === null ? 0 : 200
    return Math.min(2_000_000_000, price + time + 60 * mostStops(offer) + overnight + selfTransfer)
  }
}
