import type { Instant } from '../../kernel/time.ts'
import { NONE, UNKNOWN, type ColumnSchema, type NumberColumn, type RankedOffers } from './column-schema.ts'
import { packFacets, type FacetBits } from './facet-bits.ts'
import type { Groups } from './groups.ts'
import type { Sellers } from './merge-sellers.ts'
import type { Part } from './part.ts'
import { mergeOffers } from './results.ts'

/** A part with where it stands: `version` and `firstIndex` name its offers. */
export type PlacedPart = {
  readonly part: Part
  readonly provider: string
  readonly version: string
  /** The number of its first offer within its superset. */
  readonly firstIndex: number
  /** The number of its first offer within everything searched together. */
  readonly firstNumber: number
}

/** The price shown for a net amount of one currency of one provider, in minor units; null for offers without a price. */
export type Pricer = (currency: string, provider: string) => ((netAmount: number) => number | null) | null

/** A column in the order of the view, and, made when first needed, its positions by value. */
export type NumberView = {
  readonly group: string
  readonly bySeller?: true | undefined
  readonly values: Int32Array
  readonly sorted: () => SortedColumn
}

/** A text column: the texts that occur in any part, and which of them each position has. */
export type TextView = { readonly texts: readonly string[]; readonly codes: Uint32Array }

/** Positions by value, equal values by position; unknown ones last, {@link NONE} not at all among the `known`. */
export type SortedColumn = { readonly order: Uint32Array; readonly values: Float64Array; readonly known: number }

/**
 * One or more supersets of one kind with shown prices, packed anew in the order of the price: a price filter is a range of
 * positions, and the lowest price of a facet value is its first bit. Equal prices keep the order of the supersets. Every
 * offer has a position, whatever it is one result with: at which of them a result is shown depends on what is asked (select.ts).
 */
export type PricedView = {
  readonly schema: ColumnSchema
  readonly count: number
  /** How many results they are: offers, or what several of them are together. */
  readonly results: number
  /** The offers that belong together; null in kinds that do not group them. */
  readonly groups: Groups | null
  /** The products that several providers sell; null when there is none. */
  readonly sellers: Sellers | null
  /** Shown prices in minor units, ascending. */
  readonly prices: Float64Array
  readonly parts: readonly PlacedPart[]
  /** Where each position comes from: the part's place in `parts`, and the offer's in the part. */
  readonly partOf: Uint16Array
  readonly indexOf: Uint32Array
  readonly numbers: ReadonlyMap<string, NumberView>
  readonly facets: ReadonlyMap<string, FacetBits>
  readonly texts: ReadonlyMap<string, TextView>
  /** Positions in the order of a sort, and what it sorts by. `price` is the order of the positions itself. */
  readonly sort: (name: string) => SortedColumn
  /** How many offers of each provider have no price. */
  readonly unpriced: ReadonlyMap<string, number>
  /** When the next of its offers is withdrawn, and a new view is due. */
  readonly validUntil: Instant | null
}

/** The parts as they may be shown at `now`: what has been withdrawn by then, or has no price, is not in it. */
export function priceParts(schema: ColumnSchema, parts: readonly PlacedPart[], pricer: Pricer, now: Instant): PricedView {
  const { order, prices, unpriced, validUntil } = sortByPrice(parts, pricer, now)
  const count = order.length
  const [partOf, indexOf] = [new Uint16Array(count), new Uint32Array(count)]
  for (let position = 0; position < count; position += 1) {
    const place = partAt(parts, order[position]!)
    partOf[position] = place
    indexOf[position] = order[position]! - parts[place]!.firstNumber
  }
  const placed = { parts, partOf, indexOf, count }
  const numbers = new Map(schema.numbers.map((column) => [column.name, packNumbers(placed, column)]))
  const texts = new Map((schema.texts ?? []).map((name) => [name, packTexts(placed, name)]))
  const merged = mergeOffers(schema, placed, texts)
  const facets = packFacets(schema, placed, merged)
  const sort = createSorts(schema, { count, prices, numbers, facets })
  return { schema, ...placed, ...merged, prices, numbers, facets, texts, sort, unpriced, validUntil }
}

/** Where the offers of a view come from. */
export type Placed = Pick<PricedView, 'parts' | 'partOf' | 'indexOf' | 'count'>

function sortByPrice(parts: readonly PlacedPart[], pricer: Pricer, now: Instant) {
  const unpriced = new Map<string, number>()
  const found: { number: number[]; price: number[] } = { number: [], price: [] }
  let validUntil: Instant | null = null
  for (const { part, provider, firstNumber } of parts) {
    const pricers = part.currencies.map((currency) => pricer(currency, provider))
    for (let i = 0; i < part.count; i += 1) {
      const expiresAt = part.expiresAt[i]! as Instant
      if (expiresAt !== 0) {
        if (expiresAt <= now) continue
        if (validUntil === null || expiresAt < validUntil) validUntil = expiresAt
      }
      const price = pricers[part.currencyCodes[i]!]?.(part.net[i]!) ?? null
      if (price === null) unpriced.set(provider, (unpriced.get(provider) ?? 0) + 1)
      else {
        found.number.push(firstNumber + i)
        found.price.push(price)
      }
    }
  }
  const places = sortPlaces(Float64Array.from(found.price))
  const order = Uint32Array.from(places, (place) => found.number[place]!)
  const prices = Float64Array.from(places, (place) => found.price[place]!)
  return { order, prices, unpriced, validUntil }
}

/**
 * The places of the values in ascending order, equal ones as they stand. Value and place are packed into one number, which
 * the machine sorts ten times faster than a comparison in JavaScript; values too large for that are compared.
 */
export function sortPlaces(values: Float64Array): Uint32Array {
  const width = 2 ** Math.ceil(Math.log2(Math.max(2, values.length)))
  let greatest = 0
  for (const value of values) greatest = Math.max(greatest, Math.abs(value))
  if (greatest * width >= Number.MAX_SAFE_INTEGER) {
    return Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b)
  }
  return Uint32Array.from(values.map((value, place) => value * width + place).sort(), (packed) => ((packed % width) + width) % width)
}

/** The part an offer's number falls into. */
function partAt(parts: readonly PlacedPart[], number: number): number {
  let place = parts.length - 1
  while (place > 0 && parts[place]!.firstNumber > number) place -= 1
  return place
}

function packNumbers(placed: Placed, { name, group, bySeller }: NumberColumn): NumberView {
  const columns = placed.parts.map(({ part }) => part.numbers.get(name))
  const values = new Int32Array(placed.count)
  for (let position = 0; position < placed.count; position += 1) {
    values[position] = columns[placed.partOf[position]!]?.[placed.indexOf[position]!] ?? UNKNOWN
  }
  let sorted: SortedColumn | undefined
  return { group, bySeller, values, sorted: () => (sorted ??= sortColumn(Float64Array.from(values))) }
}

function packTexts(placed: Placed, name: string): TextView {
  const places = new Map<string, number>()
  const placeOf = (text: string): number => {
    const known = places.get(text)
    if (known !== undefined) return known
    places.set(text, places.size)
    return places.size - 1
  }
  // Only texts that a position has: what has been withdrawn, or has no price, is no result.
  const parts = placed.parts.map(({ part }) => {
    const column = part.texts.get(name)
    return { codes: column?.codes, texts: column?.texts ?? [''], places: (column?.texts ?? ['']).map((): number => -1) }
  })
  const codes = new Uint32Array(placed.count)
  for (let position = 0; position < placed.count; position += 1) {
    const part = parts[placed.partOf[position]!]!
    const code = part.codes?.[placed.indexOf[position]!] ?? 0
    if (part.places[code]! < 0) part.places[code] = placeOf(part.texts[code]!)
    codes[position] = part.places[code]!
  }
  return { texts: [...places.keys()], codes }
}

/** Unknown values go to the end; so do those where there is nothing to measure, before them. */
function sortColumn(values: Float64Array): SortedColumn {
  const keys = values.map((value) => (value === UNKNOWN ? NONE + 1 : value))
  const order = sortPlaces(keys)
  const sorted = Float64Array.from(order, (place) => keys[place]!)
  let known = sorted.length
  while (known > 0 && sorted[known - 1]! >= NONE) known -= 1
  return { order, values: sorted, known }
}

function createSorts(schema: ColumnSchema, view: Pick<PricedView, 'count' | 'prices' | 'numbers' | 'facets'>): PricedView['sort'] {
  const made = new Map<string, SortedColumn>()
  const ranked: RankedOffers = {
    count: view.count,
    prices: view.prices,
    number: (name) => view.numbers.get(name)!.values,
    has: (facet, value, position) => view.facets.get(facet)?.has(value, position) ?? false,
  }
  const make = (name: string): SortedColumn => {
    const sort = schema.sorts.find((one) => one.name === name)
    if (sort === undefined) return { order: Uint32Array.from({ length: view.count }, (_, i) => i), values: view.prices, known: view.count }
    return sort.by === 'number' ? view.numbers.get(sort.column)!.sorted() : sortColumn(sort.rank(ranked))
  }
  return (name) => {
    const known = made.get(name)
    if (known !== undefined) return known
    const sorted = make(name)
    made.set(name, sorted)
    return sorted
  }
}
