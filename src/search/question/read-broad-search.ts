import { LRUCache } from 'lru-cache'
import type { FieldFault } from '../../kernel/problems.ts'
import { daysBetween, instant, isLocalDate, utcDate, type Clock, type Instant, type LocalDate } from '../../kernel/time.ts'
import { CABIN_CLASSES, type FlightQuery, type SliceQuery } from '../../travel/flight.ts'
import { findPlace, isSamePlace, type Place } from '../../travel/places.ts'
import { dayIn } from './origin-day.ts'
import { quoted, readQueryText, type ParameterReader } from './read-parameters.ts'
import { cacheKeyOf, isThereAndBack, SELF_TRANSFER_WISHES, type FlightSearch } from './search-query.ts'

/** Airlines file their schedules 361 days ahead. */
export const DAYS_AHEAD_MAX = 361
/** What one reservation can hold. */
export const TRAVELLERS_MAX = 9
export const SLICES_MAX = 6
export const NEARBY_KM_MAX = 200

/** The parameters that say what suppliers are asked, and how widely. */
export const BROAD_PARAMETERS = [
  ...['origin', 'destination', 'departure_date', 'return_date', 'slice'],
  ...['adults', 'children', 'infants', 'cabin', 'nearby_km', 'self_transfer'],
] as const

/** The broad part of a search: what it asks, its one spelling, and what it says about the offers to show. */
export type BroadSearch = {
  readonly search: FlightSearch
  /** The broad parameters in their one spelling, but for the part of self_transfer that is told by `selfTransfer`. */
  readonly spelling: string
  /** Whether only offers of two joined tickets are wanted, or none of them; null when either may be shown. */
  readonly selfTransfer: 'yes' | 'no' | null
}

/** What the broad parameters say; `broad` is null exactly when there are faults. */
export type BroadReading = {
  readonly broad: BroadSearch | null
  readonly faults: readonly FieldFault[]
  /** How many slices are asked for, as far as can be told. */
  readonly slices: number
  /** While this holds: at most a minute, and no longer than the day at the first origin. */
  readonly span: Span
}

/** From the first instant up to and without the second. */
export type Span = { readonly from: Instant; readonly until: Instant }

export function isWithin(now: Instant, { from, until }: Span): boolean {
  return from <= now && now < until
}

/** Reads the broad parameters, and only those, out of the text of a query. */
export type BroadReader = (query: string) => BroadReading

const REMEMBERED = 5_000
const REMEMBERED_LENGTH_MAX = 400
const REMEMBERED_MS = 60_000

/** A reader that remembers for a minute what it has read without a fault. Equal texts are answered with the same object. */
export function createBroadReader(clock: Clock): BroadReader {
  const memo = new LRUCache<string, BroadReading>({ max: REMEMBERED })
  return (query) => {
    const now = clock.now()
    const known = memo.get(query)
    if (known !== undefined && isWithin(now, known.span)) return known
    const { dayEnds, ...read } = readBroad(clock, query)
    const reading = { ...read, span: { from: now, until: instant(Math.min(now + REMEMBERED_MS, dayEnds)) } }
    // A slice of a string keeps the whole of it alive; what is kept for a minute is a copy.
    if (reading.broad !== null && query.length <= REMEMBERED_LENGTH_MAX)
      memo.set(Buffer.from(query, 'utf16le').toString('utf16le'), reading)
    return reading
  }
}

function readBroad(clock: Clock, text: string): Omit<BroadReading, 'span'> & { readonly dayEnds: Instant } {
  const read = readQueryText(text, 'slice')
  const { slices, count, dayEnds } = read.isGiven('slice') ? readSlices(clock, read) : readRoute(clock, read)
  const passengers = readPassengers(read)
  const cabin = read.choice('cabin', CABIN_CLASSES) ?? 'economy'
  const nearbyKm = read.whole('nearby_km', 0, NEARBY_KM_MAX) ?? 0
  if (nearbyKm > 0 && slices !== null && slices.length > 1 && !isThereAndBack(slices))
    read.refuse('nearby_km', 'not-for-this-journey', 'is for one way and for there and back only')
  const wish = read.choice('self_transfer', SELF_TRANSFER_WISHES)
  const combinesTickets = wish === 'include' || wish === 'only'
  if (combinesTickets && count > 1)
    read.refuse('self_transfer', 'not-for-this-journey', `${wish} is for one way only; exclude is for every journey`)
  if (slices === null || read.faults.length > 0) return { broad: null, faults: read.faults, slices: count, dayEnds }

  const query = { slices, passengers, cabin }
  const spelling = spellingOf(query, nearbyKm)
  const name = combinesTickets ? `${spelling}&self_transfer=include` : spelling
  const isAlone = nearbyKm === 0 && !combinesTickets
  const search = { query, nearbyKm, combinesTickets, isAlone, name, key: cacheKeyOf(query) }
  const broad = { search, spelling: wish === 'only' ? spelling : name, selfTransfer: SELF_TRANSFER_VALUES[wish ?? 'include'] }
  return { broad, faults: [], slices: count, dayEnds }
}

const SELF_TRANSFER_VALUES = { include: null, exclude: 'no', only: 'yes' } as const

type Journey = {
  readonly slices: readonly SliceQuery[] | null
  readonly count: number
  readonly dayEnds: Instant
}

/** `origin`, `destination`, `departure_date` and perhaps `return_date`. */
function readRoute(clock: Clock, read: ParameterReader): Journey {
  const origin = placeOf(read.required('origin'), refuserOf(read, 'origin'))
  const destination = placeOf(read.required('destination'), refuserOf(read, 'destination'))
  if (origin && destination && isSamePlace(origin.code, destination.code))
    read.refuse('destination', 'same-place', `${destination.code} is where the journey begins`)
  const today = todayAt(clock, origin)
  const departureDate = dateOf(read.required('departure_date'), today, refuserOf(read, 'departure_date'))
  const returnDate = dateOf(read.text('return_date'), today, refuserOf(read, 'return_date'))
  if (departureDate && returnDate && returnDate < departureDate)
    read.refuse('return_date', 'return-before-departure', `${returnDate} is before the departure on ${departureDate}`)
  const count = read.has('return_date') ? 2 : 1
  if (!origin || !destination || !departureDate) return { slices: null, count, dayEnds: today.until }
  const outbound = { origin: origin.code, destination: destination.code, departureDate }
  const inbound = returnDate === null ? [] : [{ origin: destination.code, destination: origin.code, departureDate: returnDate }]
  return { slices: [outbound, ...inbound], count, dayEnds: today.until }
}

/** One to six times `slice`. */
function readSlices(clock: Clock, read: ParameterReader): Journey {
  for (const name of ['origin', 'destination', 'departure_date', 'return_date'])
    if (read.has(name)) read.refuse(name, 'not-with-slice', 'is told by slice already; give one or the other')
  const texts = read.list('slice')
  if (texts.length > SLICES_MAX) {
    read.refuse('slice', 'too-many-slices', `is given ${texts.length} times, at most ${SLICES_MAX} can be flown in one journey`)
    return { slices: null, count: SLICES_MAX, dayEnds: clock.now() }
  }
  const today = todayAt(clock, findPlace(texts[0]?.split('.')[0] ?? '') ?? null)
  const slices = texts.map((text, index) => {
    const prefix = texts.length === 1 ? '' : `number ${index + 1}: `
    return sliceOf(text, today, (code, message) => read.refuse('slice', code, prefix + message))
  })
  for (const [index, slice] of slices.entries()) {
    const before = slices[index - 1]?.departureDate
    if (slice && before !== undefined && slice.departureDate < before)
      read.refuse(
        'slice',
        'dates-not-in-order',
        `number ${index + 1}: ${slice.departureDate} is before the date of the slice before it, ${before}`,
      )
  }
  const known = slices.filter((slice) => slice !== null)
  // What is empty or cannot be decoded has been refused already.
  const isWhole = known.length === slices.length && known.length > 0
  return { slices: isWhole ? known : null, count: texts.length, dayEnds: today.until }
}

type Refuse = (code: string, message: string) => void

function refuserOf(read: ParameterReader, name: string): Refuse {
  return (code, message) => read.refuse(name, code, message)
}

function sliceOf(text: string, today: Today, refuse: Refuse): SliceQuery | null {
  const [from, to, date, ...more] = text.split('.')
  if (!from || !to || !date || more.length > 0) {
    refuse('invalid-slice', `${JSON.stringify(text.slice(0, 30))} is not origin, destination and date such as CGK.NRT.2026-12-01`)
    return null
  }
  const origin = placeOf(from, refuse)
  const destination = placeOf(to, refuse)
  if (origin && destination && isSamePlace(origin.code, destination.code)) refuse('same-place', `${destination.code} is where it begins`)
  const departureDate = dateOf(date, today, refuse)
  return origin && destination && departureDate ? { origin: origin.code, destination: destination.code, departureDate } : null
}

function placeOf(text: string | undefined, refuse: Refuse): Place | null {
  if (text === undefined) return null
  const place = findPlace(text)
  if (place === undefined)
    refuse('unknown-airport', `${quoted(text.toUpperCase())} is not an IATA airport or city code we know; GET /v1/places?q= finds them`)
  return place ?? null
}

type Today = { readonly date: LocalDate; readonly until: Instant; readonly isCertain: boolean }

/** Today where the journey begins. Without knowing where, it is today in UTC: somewhere it may still be yesterday. */
function todayAt(clock: Clock, origin: Place | null): Today {
  if (origin === null) return { date: utcDate(clock.now()), until: clock.now(), isCertain: false }
  const { date, until } = dayIn(origin.timeZone, clock)
  return { date, until, isCertain: true }
}

function dateOf(text: string | undefined, today: Today, refuse: Refuse): LocalDate | null {
  if (text === undefined) return null
  if (!isLocalDate(text)) {
    refuse('invalid-date', `${quoted(text)} is not a date such as 2026-12-01`)
    return null
  }
  const days = daysBetween(today.date, text)
  if (days < (today.isCertain ? 0 : -1)) refuse('past-date', `${text} is past; it is ${today.date} there`)
  else if (days > DAYS_AHEAD_MAX) refuse('too-far-ahead', `${text} is more than ${DAYS_AHEAD_MAX} days ahead, airlines do not sell it yet`)
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

function spellingOf(query: FlightQuery, nearbyKm: number): string {
  const { slices, passengers, cabin } = query
  const [outbound, inbound] = slices
  const isRoute = slices.length === 1 || isThereAndBack(slices)
  const parts = isRoute
    ? [`origin=${outbound?.origin}&destination=${outbound?.destination}&departure_date=${outbound?.departureDate}`]
    : slices.map((slice) => `slice=${slice.origin}.${slice.destination}.${slice.departureDate}`)
  if (isRoute && inbound !== undefined) parts.push(`return_date=${inbound.departureDate}`)
  if (passengers.adults !== 1) parts.push(`adults=${passengers.adults}`)
  if (passengers.children !== 0) parts.push(`children=${passengers.children}`)
  if (passengers.infants !== 0) parts.push(`infants=${passengers.infants}`)
  if (cabin !== 'economy') parts.push(`cabin=${cabin}`)
  if (nearbyKm !== 0) parts.push(`nearby_km=${nearbyKm}`)
  return parts.join('&')
}
