/**
 * What can be asked of the offers of one kind (flights, stays, trips): the columns they are filtered, counted and sorted
 * by. The engine knows nothing else about a kind.
 */
export type ColumnSchema = {
  readonly kind: string
  readonly facets: readonly FacetColumn[]
  readonly numbers: readonly NumberColumn[]
  readonly reports: readonly RangeReport[]
  readonly sorts: readonly SortOrder[]
  /** Columns of texts that many offers share, each kept once: what an offer belongs to. Not counted; searched by words. */
  readonly texts?: readonly string[]
  /** The text column whose equal values are one result, of as many offers. A kind has this or `product`; without either every offer is a result. */
  readonly group?: string
  /**
   * Columns of whole numbers that together name what is sold: offers of several providers that have them all equal are one
   * result, at the cheapest of them. All columns of such offers are equal but those marked `bySeller`. An offer that has none
   * of them is not merged.
   */
  readonly product?: readonly string[]
}

/**
 * A column of texts. `one`: each offer has exactly one value, and passes when it is among those chosen. `every`: each
 * offer has a set, and passes when all of it is among those chosen. `has`: each offer has a set, and passes when all
 * those chosen are in it.
 */
export type FacetColumn = {
  readonly name: string
  readonly kind: 'one' | 'every' | 'has'
  /** Filters of one group do not narrow the counts of that group's facets. */
  readonly group: string
  /** The order its values are told in; `frequency` is by how many results have a value, then by the value. */
  readonly order: 'frequency' | 'number' | readonly string[]
  /** False for a column that is only filtered by. */
  readonly isReported: boolean
  /** A value that stands for having none, and is not told. */
  readonly unlisted?: string
  /** Sellers of one product may differ in it. When it is told, a product counts for each of its sellers' values. */
  readonly bySeller?: true
}

/** A column of whole numbers of 32 bits, {@link UNKNOWN} or {@link NONE} where there is none. */
export type NumberColumn = {
  readonly name: string
  readonly group: string
  /** Sellers of one product may differ in it. */
  readonly bySeller?: true
}

/** A range told with every answer: the least of one column and the greatest of another that the other filters leave. */
export type RangeReport = { readonly name: string; readonly least: string; readonly greatest: string }

/**
 * An order offers can be asked in. `number`: by a column, unknown values last. `rank`: by what a function makes of the
 * priced offers, for orders that depend on prices. Equal values come cheapest first. Price itself is always there.
 */
export type SortOrder =
  | { readonly name: string; readonly by: 'number'; readonly column: string }
  | { readonly name: string; readonly by: 'rank'; readonly rank: (offers: RankedOffers) => Float64Array }

/** What a rank is made of: shown prices in minor units, ascending, and the columns in the same order. */
export type RankedOffers = {
  readonly count: number
  readonly prices: Float64Array
  readonly number: (column: string) => Int32Array
  /** Whether the offer at this position has this value in the facet. */
  readonly has: (facet: string, value: string, position: number) => boolean
}

/** The value is not known: no bound is met, and it sorts last. */
export const UNKNOWN = -2_147_483_648
/** There is nothing to measure (a nonstop has no connection): every bound is met, and it is not reported. */
export const NONE = 2_147_483_647

/** One offer as it is encoded. Texts are JSON members ready to be sent, or, for `net` and `token`, our own. */
export type OfferRow = {
  /** `currency` is what the pricer of the kind is asked for: a currency, with what else decides about the price. */
  readonly net: { readonly amount: number; readonly currency: string }
  /** When it is withdrawn, as epoch milliseconds; null when nobody says. */
  readonly expiresAt: number | null
  /** A text for `one`; a set for `every` and `has`. A column that is missing has the value "unknown", or the empty set. */
  readonly facets: Readonly<Record<string, string | readonly string[]>>
  /** A column that is missing is unknown. */
  readonly numbers: Readonly<Record<string, number>>
  /** A column that is missing has the empty text. */
  readonly texts?: Readonly<Record<string, string>>
  /** What the price shown is made into when the offer is rendered; never sent as it is. */
  readonly netFare: string
  /** The end of the JSON object, after the price: `"slices":[…]}`. */
  readonly full: string
  /** The supplier's own words for buying it; never sent, and kept apart from what searches read. */
  readonly token: string
}

/** What is asked of the offers. Names are those of the schema's columns; a column that is absent is not asked about. */
export type Selection = {
  readonly only: Readonly<Record<string, readonly string[]>>
  /** Values of which no offer may have any. */
  readonly without: Readonly<Record<string, readonly string[]>>
  /** Both ends included. `from` above `to` reaches round the end of the day: 22:00 to 06:00 is the night. */
  readonly ranges: Readonly<Record<string, NumberRange>>
  /** Shown price in minor units, both ends included. */
  readonly price: { readonly min: number | null; readonly max: number | null }
  /** Of a text column: each of these begins one of its words. */
  readonly words?: Readonly<Record<string, readonly string[]>>
  /** The one result that is asked about. */
  readonly group?: string
  readonly sort: string
}

export type NumberRange = { readonly from: number; readonly to: number }
