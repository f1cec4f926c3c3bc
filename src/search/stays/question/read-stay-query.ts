import { daysBetween, isLocalDate, utcDate, type Clock, type LocalDate } from '../../../kernel/time.ts'
import { findPlace } from '../../../travel/places.ts'
import type { RoomOccupancy } from '../../../travel/stay.ts'
import { todayIn } from '../../question/origin-day.ts'
import { quoted, type ParameterReader } from '../../question/read-parameters.ts'
import { roomsText, stayKeyOf, type BroadStayQuery, type StayArea, type StaySearch } from '../stay-search.ts'

/** The parameters that say what suppliers are asked. */
export const STAY_QUERY_PARAMETERS = ['place', 'radius_km', 'check_in', 'check_out', 'rooms', 'guest_country'] as const

export const RADIUS_KM_DEFAULT = 15
export const RADIUS_KM_MAX = 100
export const ROOMS_MAX = 9
export const ADULTS_MAX = 9
export const CHILDREN_MAX = 6
export const CHILD_AGE_MAX = 17
export const NIGHTS_MAX = 30
export const DAYS_AHEAD_MAX = 500

export type StayQueryDeps = {
  readonly clock: Clock
  /** Where guests live who do not say. */
  readonly guestCountry: string
}

/** What the parameters ask of suppliers, and their one spelling; null exactly when there are faults in them. */
export function readStayQuery({ clock, guestCountry }: StayQueryDeps, read: ParameterReader): StaySearch | null {
  const place = areaOf(read)
  const radiusKm = read.whole('radius_km', 1, RADIUS_KM_MAX) ?? RADIUS_KM_DEFAULT
  const { checkIn, checkOut } = datesOf(clock, read, place)
  const rooms = roomsOf(read)
  const country = countryOf(read) ?? guestCountry
  if (place === null || checkIn === null || checkOut === null || read.faults.length > 0) return null
  const query: BroadStayQuery = { area: { ...place, radiusKm }, checkIn, checkOut, rooms, guestCountry: country }
  return { query, name: spellingOf(query, guestCountry), key: stayKeyOf(query), isAlone: true }
}

type Point = Omit<StayArea, 'radiusKm'>

/** About a hundred metres: so exactly a point is meant, and searches as near to each other are one. */
const DECIMALS = 3

function areaOf(read: ParameterReader): Point | null {
  const text = read.required('place')
  if (text === undefined) return null
  const match = /^(-?\d{1,2}(?:\.\d{1,15})?) *, *(-?\d{1,3}(?:\.\d{1,15})?)$/.exec(text)
  if (match !== null) {
    const [latitude, longitude] = [Number(match[1]), Number(match[2])]
    if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return pointAt(latitude, longitude)
    read.refuse('place', 'invalid-position', `${quoted(text)} is not a latitude from -90 to 90 and a longitude from -180 to 180`)
    return null
  }
  const place = findPlace(text)
  if (place === undefined) {
    read.refuse(
      'place',
      'unknown-place',
      `${quoted(text)} is neither a place we know (GET /v1/places?q= finds them) nor a position such as 41.385,2.173`,
    )
    return null
  }
  return { name: place.code, place, latitude: place.latitude, longitude: place.longitude }
}

function pointAt(latitude: number, longitude: number): Point {
  // Adding zero makes the negative zero that rounding may leave the one zero there is.
  const [north, east] = [latitude, longitude].map((degrees) => Number(degrees.toFixed(DECIMALS)) + 0) as [number, number]
  return { name: `${north},${east}`, place: null, latitude: north, longitude: east }
}

type Dates = { readonly checkIn: LocalDate | null; readonly checkOut: LocalDate | null }

function datesOf(clock: Clock, read: ParameterReader, area: Point | null): Dates {
  const zone = area?.place?.timeZone
  // Without knowing where, it is today in UTC: somewhere it may still be yesterday.
  const [today, slack] = zone === undefined ? [utcDate(clock.now()), 1] : [todayIn(zone, clock), 0]
  const checkIn = dateOf(read, 'check_in')
  const checkOut = dateOf(read, 'check_out')
  if (checkIn !== null) {
    const days = daysBetween(today, checkIn)
    if (days < -slack) read.refuse('check_in', 'past-date', `${checkIn} is past; it is ${today} there`)
    else if (days > DAYS_AHEAD_MAX) read.refuse('check_in', 'too-far-ahead', `${checkIn} is more than ${DAYS_AHEAD_MAX} days ahead`)
  }
  if (checkIn !== null && checkOut !== null) {
    const nights = daysBetween(checkIn, checkOut)
    if (nights < 1) read.refuse('check_out', 'check-out-before-check-in', `${checkOut} is not after the arrival on ${checkIn}`)
    else if (nights > NIGHTS_MAX) read.refuse('check_out', 'too-many-nights', `${nights} nights are more than ${NIGHTS_MAX}`)
  }
  return { checkIn, checkOut }
}

function dateOf(read: ParameterReader, name: string): LocalDate | null {
  const text = read.required(name)
  if (text === undefined) return null
  if (isLocalDate(text)) return text
  read.refuse(name, 'invalid-date', `${quoted(text)} is not a date such as 2026-12-01`)
  return null
}

const TWO_ADULTS: readonly RoomOccupancy[] = [{ adults: 2, childAges: [] }]

/** Rooms joined by "_", repeated, or both: "2.8,5_1" is two adults with children of 8 and 5, and one adult. */
function roomsOf(read: ParameterReader): readonly RoomOccupancy[] {
  const texts = read.list('rooms').flatMap((text) => text.split('_'))
  if (texts.length === 0) return TWO_ADULTS
  if (texts.length > ROOMS_MAX) {
    read.refuse('rooms', 'too-many-rooms', `${texts.length} rooms are more than ${ROOMS_MAX}`)
    return TWO_ADULTS
  }
  return texts.flatMap((text) => roomOf(read, text) ?? [])
}

function roomOf(read: ParameterReader, text: string): RoomOccupancy | null {
  const match = /^(\d{1,2})(?:\.(\d{1,2}(?:,\d{1,2})*))?$/.exec(text)
  if (match === null) {
    read.refuse('rooms', 'invalid-room', `${quoted(text)} is not a number of adults such as 2, or with the ages of children 2.8,5`)
    return null
  }
  const adults = Number(match[1])
  const childAges = (match[2]?.split(',') ?? []).map(Number).sort((a, b) => a - b)
  const before = read.faults.length
  if (adults === 0) read.refuse('rooms', 'no-adult', `${quoted(text)} is a room without an adult`)
  if (adults > ADULTS_MAX) read.refuse('rooms', 'too-many-adults', `${adults} adults in a room are more than ${ADULTS_MAX}`)
  if (childAges.length > CHILDREN_MAX)
    read.refuse('rooms', 'too-many-children', `${childAges.length} children in a room are more than ${CHILDREN_MAX}`)
  const old = childAges.find((age) => age > CHILD_AGE_MAX)
  if (old !== undefined) read.refuse('rooms', 'not-a-child', `${old} is not the age of a child from 0 to ${CHILD_AGE_MAX}`)
  return read.faults.length > before ? null : { adults, childAges }
}

function countryOf(read: ParameterReader): string | undefined {
  const text = read.text('guest_country')
  const code = text?.toUpperCase()
  if (code === undefined || /^[A-Z]{2}$/.test(code)) return code
  read.refuse('guest_country', 'invalid-country', `${quoted(text!)} is not a country code of two letters such as DE`)
  return undefined
}

function spellingOf({ area, checkIn, checkOut, rooms, guestCountry }: BroadStayQuery, usualCountry: string): string {
  const parts = [`place=${area.name}`]
  if (area.radiusKm !== RADIUS_KM_DEFAULT) parts.push(`radius_km=${area.radiusKm}`)
  parts.push(`check_in=${checkIn}&check_out=${checkOut}`)
  const text = roomsText(rooms)
  if (text !== '2') parts.push(`rooms=${text}`)
  if (guestCountry !== usualCountry) parts.push(`guest_country=${guestCountry}`)
  return parts.join('&')
}
