import type { Currency } from '../kernel/currency.ts'
import { parseMoney, type Money } from '../kernel/money.ts'
import type { FieldFault } from '../kernel/problems.ts'
import { daysBetween, isLocalDate, utcDate, type Clock, type LocalDate } from '../kernel/time.ts'
import { CABIN_CLASSES, type FlightQuery } from '../travel/flight.ts'
import { airportsOf, findPlace, type Place } from '../travel/places.ts'
import type { CursorCodec } from './cursor.ts'
import { todayIn } from './origin-day.ts'
import { invalidCursor, invalidSearch } from './problems.ts'
import { readParameters, type ParameterReader } from './read-parameters.ts'
import {
  cacheKeyOf,
  canonicalSelection,
  OFFER_SORTS,
  type OfferFilters,
  type SearchView,
  type SliceWindows,
  type TimeWindow,
} from './search-query.ts'

/** Airlines file their schedules 361 days ahead. */
export const DAYS_AHEAD_MAX = 361
/** What one reservation can hold. */
export const TRAVELLERS_MAX = 9
export const PAGE_MAX = 100
const PAGE_DEFAULT = 25
const AIRLINES_MAX = 50
const STOPS_MAX = 9

const WINDOW_NAMES = ['departure_after', 'departure_before', 'arrival_after', 'arrival_before'] as const

/** Every parameter a search knows; any other is refused, so that a misspelt filter is not silently ignored. */
export const SEARCH_PARAMETERS: readonly string[] = [
  ...['origin', 'destination', 'departure_date', 'return_date', 'adults', 'children', 'infants', 'cabin'],
  ...['max_stops', 'airlines', 'min_price', 'max_price', 'sort', 'limit', 'after'],
  ...WINDOW_NAMES,
  ...WINDOW_NAMES.map((name) => `return_${name}`),
]

export type ParseSearchDeps = { readonly clock: Clock; readonly displayCurrency: Currency; readonly cursors: CursorCodec }

export type ParsedSearch = { readonly query: FlightQuery; readonly view: SearchView }

/**
 * Reads the parameters of a search. Throws invalid-search with every fault at once, each naming its parameter, or
 * invalid-cursor when the rest is in order and `after` was not written by us for this search.
 */
export function parseSearch(deps: ParseSearchDeps, parameters: Record<string, unknown>): ParsedSearch {
  const read = readParameters(parameters, SEARCH_PARAMETERS)
  const query = readQuery(deps.clock, read)
  const filters = readFilters(deps.displayCurrency, read, query?.slices.length ?? 1)
  const sort = read.choice('sort', OFFER_SORTS) ?? 'price'
  const limit = read.whole('limit', 1, PAGE_MAX) ?? PAGE_DEFAULT
  const cursor = read.text('after')
  if (query === null || read.faults.length > 0) throw invalidSearch({ detail: describe(read.faults), errors: read.faults })

  const view = { filters, sort, limit, after: null }
  if (cursor === undefined) return { query, view }
  const after = deps.cursors.read(cursor, cursorBinding(query, view))
  if (after === null) {
    throw invalidCursor({
      errors: [{ pointer: 'after', code: 'invalid-cursor', message: 'is not a cursor of this search, selection and sort' }],
    })
  }
  return { query, view: { ...view, after } }
}

/** What a cursor is good for: this search, these filters, this sort; any page size. */
export function cursorBinding(query: FlightQuery, view: SearchView): string {
  return `${cacheKeyOf(query)}\n${canonicalSelection(view)}`
}

function readQuery(clock: Clock, read: ParameterReader): FlightQuery | null {
  const origin = readPlace(read, 'origin')
  const destination = readPlace(read, 'destination')
  if (origin && destination && isSamePlace(origin, destination)) {
    read.refuse('destination', 'same-place', `${destination.code} is where the journey begins`)
  }
  const today = origin ? todayIn(origin.timeZone, clock) : utcDate(clock.now())
  const departureDate = readDate(read, 'departure_date', { required: true, today, isToday: origin !== null })
  const returnDate = readDate(read, 'return_date', { required: false, today, isToday: origin !== null })
  if (departureDate && returnDate && returnDate < departureDate) {
    read.refuse('return_date', 'return-before-departure', `${returnDate} is before the departure on ${departureDate}`)
  }
  const passengers = readPassengers(read)
  const cabin = read.choice('cabin', CABIN_CLASSES) ?? 'economy'
  if (!origin || !destination || !departureDate || read.faults.length > 0) return null
  const outbound = { origin: origin.code, destination: destination.code, departureDate }
  const inbound = returnDate === null ? [] : [{ origin: destination.code, destination: origin.code, departureDate: returnDate }]
  return { slices: [outbound, ...inbound], passengers, cabin }
}

function readPlace(read: ParameterReader, name: string): Place | null {
  const text = read.required(name)?.toUpperCase()
  if (text === undefined) return null
  const place = findPlace(text)
  if (place === undefined)
    read.refuse(
      name,
      'unknown-airport',
      `${JSON.stringify(text.slice(0, 20))} is not an IATA airport or city code we know; GET /v1/places?q= finds them`,
    )
  return place ?? null
}

/** One is the other, or the city the other lies in. Two airports of one city are two places. */
function isSamePlace(a: Place, b: Place): boolean {
  return a.code === b.code || airportsOf(a.code).includes(b.code) || airportsOf(b.code).includes(a.code)
}

function readDate(read: ParameterReader, name: string, rule: { required: boolean; today: LocalDate; isToday: boolean }): LocalDate | null {
  const text = rule.required ? read.required(name) : read.text(name)
  if (text === undefined) return null
  if (!isLocalDate(text)) {
    read.refuse(name, 'invalid-date', `${JSON.stringify(text.slice(0, 20))} is not a date such as 2026-12-01`)
    return null
  }
  const days = daysBetween(rule.today, text)
  // Without the origin's zone today is not certain: somewhere it may still be yesterday.
  if (days < (rule.isToday ? 0 : -1)) read.refuse(name, 'past-date', `${text} is past; it is ${rule.today} there`)
  else if (days > DAYS_AHEAD_MAX)
    read.refuse(name, 'too-far-ahead', `${text} is more than ${DAYS_AHEAD_MAX} days ahead, airlines do not sell it yet`)
  return text
}

function readPassengers(read: ParameterReader): FlightQuery['passengers'] {
  const adults = read.whole('adults', 0, 99) ?? 1
  const children = read.whole('children', 0, 99) ?? 0
  const infants = read.whole('infants', 0, 99) ?? 0
  const total = adults + children + infants
  if (adults === 0) read.refuse('adults', 'no-adult', 'at least one adult must travel')
  if (total > TRAVELLERS_MAX)
    read.refuse(
      adults > TRAVELLERS_MAX ? 'adults' : 'children',
      'too-many-travellers',
      `${total} travel, one booking holds ${TRAVELLERS_MAX}`,
    )
  if (infants > adults) read.refuse('infants', 'too-many-infants', `${infants} infants cannot sit on the laps of ${adults} adults`)
  return { adults, children, infants }
}

function readFilters(currency: Currency, read: ParameterReader, slices: number): OfferFilters {
  const minPrice = readPrice(currency, read, 'min_price')
  const maxPrice = readPrice(currency, read, 'max_price')
  if (minPrice && maxPrice && minPrice.amount > maxPrice.amount) read.refuse('min_price', 'min-above-max', 'min_price is above max_price')
  const maxStops = read.whole('max_stops', 0, STOPS_MAX) ?? null
  const airlines = readAirlines(read)
  const outbound = readWindows(read, '')
  const inbound = readWindows(read, 'return_')
  if (slices === 1 && !read.has('return_date')) {
    for (const name of WINDOW_NAMES.map((window) => `return_${window}`)) {
      if (read.has(name)) read.refuse(name, 'no-return', 'needs a return_date')
    }
  }
  return { maxStops, airlines, minPrice, maxPrice, windows: [outbound, inbound].slice(0, slices) }
}

function readPrice(currency: Currency, read: ParameterReader, name: string): Money | null {
  const text = read.text(name)
  if (text === undefined) return null
  try {
    if (!/^\d{1,12}(\.\d+)?$/.test(text)) throw new RangeError('not a decimal')
    return parseMoney(text, currency)
  } catch {
    read.refuse(name, 'invalid-amount', `${JSON.stringify(text.slice(0, 20))} is not an amount of ${currency} such as 178 or 178.50`)
    return null
  }
}

function readAirlines(read: ParameterReader): string[] {
  const text = read.text('airlines')
  if (text === undefined) return []
  const codes = [...new Set(text.toUpperCase().split(','))].sort()
  const wrong = codes.find((code) => !/^(?:[A-Z]{2}|[A-Z]\d|\d[A-Z])$/.test(code))
  if (wrong !== undefined)
    read.refuse(
      'airlines',
      'invalid-airline',
      `${JSON.stringify(wrong.slice(0, 20))} is not a two-character airline code; separate codes by commas`,
    )
  else if (codes.length > AIRLINES_MAX) read.refuse('airlines', 'too-many-airlines', `at most ${AIRLINES_MAX} can be chosen`)
  return codes
}

function readWindows(read: ParameterReader, prefix: '' | 'return_'): SliceWindows {
  const window = (kind: 'departure' | 'arrival'): TimeWindow | null => {
    const from = read.minuteOfDay(`${prefix}${kind}_after`)
    const to = read.minuteOfDay(`${prefix}${kind}_before`)
    return from === undefined && to === undefined ? null : { from: from ?? 0, to: to ?? 1439 }
  }
  return { departure: window('departure'), arrival: window('arrival') }
}

function describe(faults: readonly FieldFault[]): string {
  return faults.map((fault) => `${fault.pointer}: ${fault.message}.`).join(' ')
}
