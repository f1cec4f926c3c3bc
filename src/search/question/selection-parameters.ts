import { minorDigits, type Currency } from '../../kernel/currency.ts'
import type { FieldFault } from '../../kernel/problems.ts'
import { CABIN_CLASSES } from '../../travel/flight.ts'
import { ALLIANCES } from '../../travel/alliances.ts'
import { airportsOf } from '../../travel/places.ts'
import type { NumberRange } from '../engine/column-schema.ts'
import {
  decimalOf,
  insert,
  isAirlineCode,
  isPlaceCode,
  isSupplierId,
  listOf,
  minorUnitsOf,
  minuteOfDayOf,
  type ListRule,
} from './parameter-values.ts'
import { outOfRange, quoted, unknownValue, wholeNumberOf } from './read-parameters.ts'
import { SLICES_MAX } from './read-broad-search.ts'
import { OFFER_FORMS, OFFER_SORTS, type OfferForm, type OfferSort } from './search-query.ts'

export const PAGE_MAX = 100
export const PAGE_DEFAULT = 25
export const STOPS_MAX = 9
/** A week: nothing that is sold lasts longer. */
export const DURATION_MAX = 10_080
export const EMISSIONS_MAX = 999_999
export const WINDOW_NAMES = ['departure_after', 'departure_before', 'arrival_after', 'arrival_before'] as const

/** A selection as it is being read. Null is "not asked". */
export type SelectionDraft = {
  readonly currency: Currency
  readonly faults: FieldFault[]
  readonly only: Record<string, readonly string[]>
  readonly without: Record<string, readonly string[]>
  readonly ranges: Record<string, NumberRange>
  minPrice: number | null
  maxPrice: number | null
  minConnection: number | null
  maxConnection: number | null
  /** For each slice the four bounds of WINDOW_NAMES as minutes of the day, -1 where there is none. */
  windows: number[] | null
  sort: OfferSort
  limit: number
  form: OfferForm
  cursor: string | null
}

/** A parameter of the selection, the page or the form. */
export type SelectionParameter = {
  readonly name: string
  /** Where it stands in the one spelling of a query; two names of one thing have the same place. */
  readonly place: number
  /** The slice it is about, counted from 0; null when it is about the whole journey. */
  readonly slice: number | null
  /** Part of the selection, and not only of the page. */
  readonly selects: boolean
  /** Puts what `text` says into the draft, or the fault. Returns its one spelling; "" when it asks for nothing. */
  readonly read: (draft: SelectionDraft, text: string, name: string) => string
}

type Read = SelectionParameter['read']

const AIRLINES: ListRule = {
  has: isAirlineCode,
  inCapitals: true,
  code: 'invalid-airline',
  message: 'is not a two-character airline code; separate codes by commas',
  tooMany: 'too-many-airlines',
}
const AIRPORTS: ListRule = {
  has: isPlaceCode,
  inCapitals: true,
  code: 'invalid-airport',
  message: 'is not a three-letter airport code; separate codes by commas',
  tooMany: 'too-many-airports',
}
const SUPPLIERS: ListRule = {
  has: isSupplierId,
  inCapitals: false,
  code: 'invalid-supplier',
  message: 'is not the id of a supplier as sources tell it; separate ids by commas',
  tooMany: 'too-many-suppliers',
}
const oneOf = (words: readonly string[]): ListRule => ({
  has: (value) => words.includes(value),
  inCapitals: false,
  code: 'unknown-value',
  message: `is none of ${words.join(', ')}; separate several by commas`,
  tooMany: 'too-many-values',
})

/** Every offer has one value or a set of them in the column; what is chosen is all it may have. */
const only = (column: string, rule: ListRule): Read => {
  return (draft, text, name) => {
    const values = listOf(draft.faults, name, text, rule)
    if (values === null) return ''
    const wanted = rule === AIRPORTS ? airportsIn(values) : values
    draft.only[column] = wanted
    return wanted.join(',')
  }
}

const without = (column: string, rule: ListRule): Read => {
  return (draft, text, name) => {
    const values = listOf(draft.faults, name, text, rule)
    if (values === null) return ''
    const unwanted = rule === AIRPORTS ? airportsIn(values) : values
    draft.without[column] = unwanted
    return unwanted.join(',')
  }
}

const atMost = (column: string, max: number): Read => {
  return (draft, text, name) => {
    const number = readWhole(draft, text, name, [0, max])
    if (number === null) return ''
    draft.ranges[column] = { from: 0, to: number }
    return String(number)
  }
}

const price = (end: 'minPrice' | 'maxPrice'): Read => {
  return (draft, text, name) => {
    const digits = minorDigits(draft.currency)
    const amount = minorUnitsOf(text, digits)
    if (Number.isNaN(amount)) {
      const message = `${quoted(text)} is not an amount of ${draft.currency} such as 178${digits === 0 ? '' : ` or 178.${'50'.padEnd(digits, '0')}`}`
      draft.faults.push({ pointer: name, code: 'invalid-amount', message })
      return ''
    }
    // Nothing costs less than nothing.
    if (end === 'minPrice' && amount === 0) return ''
    draft[end] = amount
    return decimalOf(amount, digits)
  }
}

const connection = (end: 'minConnection' | 'maxConnection'): Read => {
  return (draft, text, name) => {
    const minutes = readWhole(draft, text, name, [0, DURATION_MAX])
    if (minutes === null) return ''
    draft[end] = minutes
    return String(minutes)
  }
}

const windowBound = (place: number): Read => {
  return (draft, text, name) => {
    const minute = minuteOfDayOf(text)
    if (minute === -1)
      draft.faults.push({ pointer: name, code: 'invalid-time', message: `${quoted(text)} is not a time of day such as 06:30` })
    else (draft.windows ??= Array.from({ length: SLICES_MAX * WINDOW_NAMES.length }, () => -1))[place] = minute
    // The two bounds of a window have one spelling together: read-selection.ts writes it.
    return ''
  }
}

const sort: Read = (draft, text, name) => {
  const choice = readChoice(draft, text, name, OFFER_SORTS)
  if (choice === null || choice === 'price') return ''
  draft.sort = choice
  return choice
}
const limit: Read = (draft, text, name) => {
  const number = readWhole(draft, text, name, [1, PAGE_MAX])
  if (number === null || number === PAGE_DEFAULT) return ''
  draft.limit = number
  return String(number)
}
const form: Read = (draft, text, name) => {
  const choice = readChoice(draft, text, name, OFFER_FORMS)
  if (choice === null || choice === 'full') return ''
  draft.form = choice
  return choice
}
const cursor: Read = (draft, text) => {
  draft.cursor = text
  return text
}

const TRI_STATE = ['yes', 'no', 'unknown']

const PARAMETERS: readonly (readonly [name: string, read: Read])[] = [
  ['max_stops', atMost('stops', STOPS_MAX)],
  ['airlines', only('airlines', AIRLINES)],
  ['exclude_airlines', without('carriers', AIRLINES)],
  ['alliances', only('alliances', oneOf(ALLIANCES))],
  ['min_price', price('minPrice')],
  ['max_price', price('maxPrice')],
  ['max_duration', atMost('longest_slice', DURATION_MAX)],
  ['connections', only('connections', AIRPORTS)],
  ['exclude_connections', without('connections', AIRPORTS)],
  ['min_connection', connection('minConnection')],
  ['max_connection', connection('maxConnection')],
  ['cabins', only('cabins', oneOf([...CABIN_CLASSES, 'mixed', 'unknown']))],
  ['bags', only('bags', oneOf(['0', '1', '2', 'unknown']))],
  ['refundable', only('refundable', oneOf(TRI_STATE))],
  ['changeable', only('changeable', oneOf(TRI_STATE))],
  ['suppliers', only('suppliers', SUPPLIERS)],
  ['overnight', only('overnight', oneOf(['yes', 'no']))],
  ['origin_airports', only('origin_airports', AIRPORTS)],
  ['destination_airports', only('destination_airports', AIRPORTS)],
  ['max_emissions', atMost('emissions', EMISSIONS_MAX)],
  ['sort', sort],
]
const PAGE_PARAMETERS: readonly (readonly [name: string, read: Read])[] = [
  ['limit', limit],
  ['view', form],
  ['after', cursor],
]

/** A slice's number in words of the parameters: "" for the first, "return_" for the second, "slice_3_". */
export function slicePrefix(slice: number): string {
  return slice === 0 ? '' : slice === 1 ? 'return_' : `slice_${slice + 1}_`
}

function listParameters(): SelectionParameter[] {
  const plain = (selects: boolean, first: number) => (entry: readonly [string, Read], index: number) => ({
    ...{ name: entry[0], read: entry[1], place: first + index, slice: null, selects },
  })
  const filters = PARAMETERS.map(plain(true, 0))
  const windows = Array.from({ length: SLICES_MAX }, (_, slice) => slice).flatMap((slice) =>
    WINDOW_NAMES.flatMap((window, bound) => {
      const place = slice * WINDOW_NAMES.length + bound
      const parameter = { place: filters.length + place, slice, selects: true, read: windowBound(place) }
      const names = new Set([`${slicePrefix(slice)}${window}`, `slice_${slice + 1}_${window}`])
      return [...names].map((name) => ({ ...parameter, name }))
    }),
  )
  return [...filters, ...windows, ...PAGE_PARAMETERS.map(plain(false, filters.length + SLICES_MAX * WINDOW_NAMES.length))]
}

/** Every parameter that suppliers are not told of, by name. */
export const SELECTION_PARAMETERS: ReadonlyMap<string, SelectionParameter> = new Map(
  listParameters().map((parameter) => [parameter.name, parameter]),
)

/** Cities stand for their airports, which is what an offer names. */
function airportsIn(codes: readonly string[]): readonly string[] {
  if (codes.every((code) => airportsOf(code).length <= 1 && (airportsOf(code)[0] ?? code) === code)) return codes
  const airports: string[] = []
  for (const code of codes) for (const airport of airportsOf(code).length === 0 ? [code] : airportsOf(code)) insert(airports, airport)
  return airports
}

function readWhole(draft: SelectionDraft, text: string, name: string, range: readonly [min: number, max: number]): number | null {
  const number = wholeNumberOf(text)
  if (number >= range[0] && number <= range[1]) return number
  const [code, message] = outOfRange(text, ...range)
  draft.faults.push({ pointer: name, code, message })
  return null
}

function readChoice<T extends string>(draft: SelectionDraft, text: string, name: string, choices: readonly T[]): T | null {
  for (const choice of choices) if (choice === text) return choice
  const [code, message] = unknownValue(text, choices)
  draft.faults.push({ pointer: name, code, message })
  return null
}
