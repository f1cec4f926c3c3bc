import type { FieldFault } from '../../kernel/problems.ts'
import { daysBetween, isLocalDate, plusDays, utcDate, type Clock, type LocalDate } from '../../kernel/time.ts'
import { CABIN_CLASSES } from '../../travel/flight.ts'
import type { PassengerCounts } from '../../travel/passenger.ts'
import { findPlace, isSamePlace, type Place } from '../../travel/places.ts'
import { todayIn } from '../question/origin-day.ts'
import { invalidSearch } from '../problems.ts'
import { DAYS_AHEAD_MAX, TRAVELLERS_MAX } from '../question/read-broad-search.ts'
import { quoted, readParameters, type ParameterReader } from '../question/read-parameters.ts'
import type { PriceDates, PriceRoute } from './price-fact.ts'

/** Days shown on either side of those asked for. */
export const GRID_DAYS = 3
export const NIGHTS_MAX = 90

/** Which days around these; `today` is the date at the origin. */
export type GridQuestion = { readonly route: PriceRoute; readonly dates: PriceDates; readonly today: LocalDate }

/** Which of these days, the whole of a month; `nights` null is one way. */
export type CalendarQuestion = {
  readonly route: PriceRoute
  readonly days: readonly LocalDate[]
  readonly nights: number | null
  readonly today: LocalDate
}

const ROUTE = ['origin', 'destination', 'adults', 'children', 'infants', 'cabin']

/** Reads a request for a grid; throws invalid-search with every fault at once, each naming its parameter. */
export function parseGridQuestion(parameters: Record<string, unknown>, clock: Clock): GridQuestion {
  const read = readParameters(parameters, [...ROUTE, 'departure_date', 'return_date'])
  const { route, today, isToday } = readRoute(read, clock)
  const departureDate = readDate(read, 'departure_date', read.required('departure_date'), { today, isToday })
  const returnDate = readDate(read, 'return_date', read.text('return_date'), { today, isToday })
  if (departureDate !== null && returnDate !== null && returnDate < departureDate) {
    read.refuse('return_date', 'return-before-departure', `${returnDate} is before the departure on ${departureDate}`)
  }
  if (route === null || departureDate === null || read.faults.length > 0) throw refusal(read.faults)
  return { route, dates: { departureDate, returnDate }, today }
}

/** Reads a request for a calendar; throws as {@link parseGridQuestion} does. */
export function parseCalendarQuestion(parameters: Record<string, unknown>, clock: Clock): CalendarQuestion {
  const read = readParameters(parameters, [...ROUTE, 'month', 'nights'])
  const { route, today, isToday } = readRoute(read, clock)
  const days = readMonth(read, { today, isToday })
  const nights = read.whole('nights', 0, NIGHTS_MAX) ?? null
  if (route === null || days === null || read.faults.length > 0) throw refusal(read.faults)
  return { route, days, nights, today }
}

/** The date where the journey begins; without a known origin not certain, because somewhere it may still be yesterday. */
type Day = { readonly today: LocalDate; readonly isToday: boolean }

function readRoute(read: ParameterReader, clock: Clock): Day & { readonly route: PriceRoute | null } {
  const origin = readPlace(read, 'origin')
  const destination = readPlace(read, 'destination')
  if (origin !== null && destination !== null && isSamePlace(origin.code, destination.code)) {
    read.refuse('destination', 'same-place', `${destination.code} is where the journey begins`)
  }
  const passengers = readPassengers(read)
  const cabin = read.choice('cabin', CABIN_CLASSES) ?? 'economy'
  const today = origin === null ? utcDate(clock.now()) : todayIn(origin.timeZone, clock)
  const route = origin === null || destination === null ? null : { origin: origin.code, destination: destination.code, passengers, cabin }
  return { route, today, isToday: origin !== null }
}

function readPlace(read: ParameterReader, name: string): Place | null {
  const text = read.required(name)?.toUpperCase()
  if (text === undefined) return null
  const place = findPlace(text)
  if (place !== undefined) return place
  read.refuse(name, 'unknown-airport', `${quoted(text)} is not an IATA airport or city code we know; GET /v1/places?q= finds them`)
  return null
}

function readPassengers(read: ParameterReader): PassengerCounts {
  const adults = read.whole('adults', 0, 99) ?? 1
  const children = read.whole('children', 0, 99) ?? 0
  const infants = read.whole('infants', 0, 99) ?? 0
  const total = adults + children + infants
  const tooMany = adults > TRAVELLERS_MAX ? 'adults' : 'children'
  if (adults === 0) read.refuse('adults', 'no-adult', 'at least one adult must travel')
  if (total > TRAVELLERS_MAX) read.refuse(tooMany, 'too-many-travellers', `${total} travel, one booking holds ${TRAVELLERS_MAX}`)
  if (infants > adults) read.refuse('infants', 'too-many-infants', `${infants} infants cannot sit on the laps of ${adults} adults`)
  return { adults, children, infants }
}

function readDate(read: ParameterReader, name: string, text: string | undefined, day: Day): LocalDate | null {
  if (text === undefined) return null
  if (!isLocalDate(text)) {
    read.refuse(name, 'invalid-date', `${quoted(text)} is not a date such as 2026-12-01`)
    return null
  }
  const days = daysBetween(day.today, text)
  if (days < (day.isToday ? 0 : -1)) read.refuse(name, 'past-date', `${text} is past; it is ${day.today} there`)
  else if (days > DAYS_AHEAD_MAX) read.refuse(name, 'too-far-ahead', tooFar(text))
  return text
}

/** The days of the month; at least one of them must be one that can be flown. */
function readMonth(read: ParameterReader, day: Day): readonly LocalDate[] | null {
  const text = read.required('month')
  if (text === undefined) return null
  const first = `${text}-01`
  if (!isLocalDate(first)) {
    read.refuse('month', 'invalid-month', `${quoted(text)} is not a month such as 2026-12`)
    return null
  }
  const earliest = day.isToday ? day.today : plusDays(day.today, -1)
  if (text < earliest.slice(0, 7)) read.refuse('month', 'past-date', `${text} is past; it is ${day.today} there`)
  else if (daysBetween(day.today, first) > DAYS_AHEAD_MAX) read.refuse('month', 'too-far-ahead', tooFar(text))
  return Array.from({ length: 31 }, (_, i) => plusDays(first, i)).filter((date) => date.startsWith(text))
}

function tooFar(text: string): string {
  return `${text} is more than ${DAYS_AHEAD_MAX} days ahead, airlines do not sell it yet`
}

function refusal(errors: FieldFault[]) {
  return invalidSearch({ detail: errors.map((fault) => `${fault.pointer}: ${fault.message}.`).join(' '), errors })
}
