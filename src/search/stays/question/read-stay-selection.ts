import { minorDigits, type Currency } from '../../../kernel/currency.ts'
import { AMENITIES } from '../../../travel/property.ts'
import { fold } from '../../../travel/search-places.ts'
import { BOARD_BASES } from '../../../travel/stay.ts'
import type { NumberRange, Selection } from '../../engine/column-schema.ts'
import { decimalOf, isSupplierId, listOf, minorUnitsOf, type ListRule } from '../../question/parameter-values.ts'
import { quoted, type ParameterReader } from '../../question/read-parameters.ts'

export const STAY_SORTS = ['best', 'price', 'distance', 'rating', 'stars'] as const
export const PROPERTY_TYPES = ['hotel', 'apartment', 'hostel', 'resort', 'guest_house', 'other'] as const
export const STAR_VALUES = ['1', '2', '3', '4', '5', 'unknown'] as const
export const BOARD_VALUES = [...BOARD_BASES, 'unknown'] as const
export const TRI_STATE = ['yes', 'no', 'unknown'] as const
export const PAY_AT_VALUES = ['booking', 'property', 'unknown'] as const

export const PAGE_MAX = 100
export const PAGE_DEFAULT = 25
export const RATES_MAX = 20
export const RATES_DEFAULT = 3
/** Of one house that is looked at by itself. */
export const HOUSE_RATES_MAX = 500
export const DISTANCE_M_MAX = 100_000
export const NAME_LENGTH_MAX = 64

/** The parameters that say which of the stays to show, in the order of their one spelling. */
export const STAY_SELECTION_PARAMETERS = [
  ...['stars', 'boards', 'refundable', 'pay_at', 'amenities', 'districts', 'property_types', 'suppliers'],
  ...['min_price', 'max_price', 'max_distance', 'min_rating', 'name', 'sort', 'limit', 'rates', 'after'],
] as const

export type StaySelectionReading = {
  readonly selection: Selection
  /** One text for equal selections. */
  readonly selectionName: string
  readonly limit: number
  readonly rates: number
  readonly cursor: string | null
  /** The one spelling of what says only how much to show; "" when it is as usual. */
  readonly pageName: string
}

/** Above every number of a column, and none of its marks. */
const NO_LIMIT = 2_147_483_646

const DISTRICTS: ListRule = {
  has: (value) => value.length > 0 && value.length <= 80 && !value.includes('|'),
  inCapitals: false,
  code: 'invalid-district',
  message: 'is not the name of a district as facets tell it; separate names by commas',
  tooMany: 'too-many-districts',
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

const LISTS: readonly (readonly [name: string, rule: ListRule])[] = [
  ['stars', oneOf(STAR_VALUES)],
  ['boards', oneOf(BOARD_VALUES)],
  ['refundable', oneOf(TRI_STATE)],
  ['pay_at', oneOf(PAY_AT_VALUES)],
  ['amenities', oneOf(AMENITIES)],
  ['districts', DISTRICTS],
  ['property_types', oneOf(PROPERTY_TYPES)],
  ['suppliers', SUPPLIERS],
]

/** Reads the parameters of the selection and the page; adds what is wrong with them to the reader's faults. */
export function readStaySelection(read: ParameterReader, currency: Currency): StaySelectionReading {
  const names: string[] = []
  const only: Record<string, readonly string[]> = {}
  for (const [name, rule] of LISTS) {
    const text = read.text(name)
    const values = text === undefined ? null : listOf(read.faults, name, text, rule)
    if (values === null) continue
    only[name] = values
    names.push(`${name}=${values.map(encodeURIComponent).join(',')}`)
  }
  const price = priceOf(read, currency, names)
  const ranges: Record<string, NumberRange> = {}
  const distance = read.whole('max_distance', 0, DISTANCE_M_MAX)
  if (distance !== undefined) {
    ranges['distance_m'] = { from: 0, to: distance }
    names.push(`max_distance=${distance}`)
  }
  const rating = ratingOf(read)
  if (rating !== null) {
    ranges['rating'] = { from: rating, to: NO_LIMIT }
    names.push(`min_rating=${decimalOf(rating, 1)}`)
  }
  const words = wordsOf(read)
  if (words !== null) names.push(`name=${words.map(encodeURIComponent).join('+')}`)
  const sort = read.choice('sort', STAY_SORTS) ?? 'price'
  if (sort !== 'price') names.push(`sort=${sort}`)
  const limit = read.whole('limit', 1, PAGE_MAX) ?? PAGE_DEFAULT
  const rates = read.whole('rates', 1, RATES_MAX) ?? RATES_DEFAULT
  const pageName = (limit === PAGE_DEFAULT ? '' : `&limit=${limit}`) + (rates === RATES_DEFAULT ? '' : `&rates=${rates}`)
  return {
    selection: { only, without: {}, ranges, price, ...(words !== null && { words: { name: words } }), sort },
    selectionName: names.join('&'),
    ...{ limit, rates, pageName },
    cursor: read.text('after') ?? null,
  }
}

function priceOf(read: ParameterReader, currency: Currency, names: string[]): Selection['price'] {
  const digits = minorDigits(currency)
  const bound = (name: string): number | null => {
    const text = read.text(name)
    if (text === undefined) return null
    const amount = minorUnitsOf(text, digits)
    if (Number.isNaN(amount)) {
      const example = digits === 0 ? '178' : `178 or 178.${'50'.padEnd(digits, '0')}`
      read.refuse(name, 'invalid-amount', `${quoted(text)} is not an amount of ${currency} such as ${example}`)
      return null
    }
    // Nothing costs less than nothing.
    if (name === 'min_price' && amount === 0) return null
    names.push(`${name}=${decimalOf(amount, digits)}`)
    return amount
  }
  const [min, max] = [bound('min_price'), bound('max_price')]
  if (min !== null && max !== null && min > max) read.refuse('min_price', 'min-above-max', 'min_price is above max_price')
  return { min, max }
}

/** Tenths of a point. */
function ratingOf(read: ParameterReader): number | null {
  const text = read.text('min_rating')
  if (text === undefined) return null
  const tenths = minorUnitsOf(text, 1)
  if (tenths >= 0 && tenths <= 100) return tenths
  read.refuse('min_rating', 'out-of-range', `${quoted(text)} is not a number from 0 to 10 with at most one decimal`)
  return null
}

/** Each of them begins a word of the name. */
function wordsOf(read: ParameterReader): readonly string[] | null {
  const text = read.text('name')
  if (text === undefined) return null
  const words = fold(text.slice(0, NAME_LENGTH_MAX)).split(' ')
  if (text.length <= NAME_LENGTH_MAX && words[0] !== '') return [...new Set(words)].sort()
  read.refuse(
    'name',
    'invalid-name',
    text.length > NAME_LENGTH_MAX ? `is longer than ${NAME_LENGTH_MAX} characters` : 'holds no letter and no digit',
  )
  return null
}
