import { daysBetween, utcDate, type LocalDate } from '../../kernel/time.ts'
import type { Position } from '../../travel/great-circle.ts'
import type { Place } from '../../travel/places.ts'
import type { RoomOccupancy } from '../../travel/stay.ts'
import { todayIn } from '../question/origin-day.ts'
import type { BroadSearch } from '../question/search-query.ts'
import type { QueryKind } from '../supersets/query-kind.ts'

/** Where a stay is searched: around a place of ours, or around a point. */
export type StayArea = Position & {
  /** Its one spelling: "BCN", or "41.385,2.173". */
  readonly name: string
  readonly place: Place | null
  readonly radiusKm: number
}

/** A search for stays as it is put to all suppliers together; each is then asked for its own properties. */
export type BroadStayQuery = {
  readonly area: StayArea
  readonly checkIn: LocalDate
  readonly checkOut: LocalDate
  readonly rooms: readonly RoomOccupancy[]
  /** ISO 3166-1 alpha-2. */
  readonly guestCountry: string
}

export type StaySearch = BroadSearch<BroadStayQuery>

/** "2.5,8_1": two adults with children of 5 and 8, and one adult in a second room. */
export function roomsText(rooms: readonly RoomOccupancy[]): string {
  return rooms.map(({ adults, childAges }) => (childAges.length === 0 ? String(adults) : `${adults}.${childAges.join(',')}`)).join('_')
}

/** The name of a query in the cache: `stay:s:{BCN:15:2026-12-01:2026-12-03:2.5,8_1:US}`. */
export function stayKeyOf({ area, checkIn, checkOut, rooms, guestCountry }: BroadStayQuery): string {
  return `stay:s:{${area.name}:${area.radiusKm}:${checkIn}:${checkOut}:${roomsText(rooms)}:${guestCountry}}`
}

/** Queries for stays: their first day is that of arrival. */
export const STAY_QUERIES: QueryKind<BroadStayQuery> = {
  name: 'stay',
  keyOf: stayKeyOf,
  dayOf: ({ area, checkIn }, clock) => ({
    today: area.place === null ? utcDate(clock.now()) : todayIn(area.place.timeZone, clock),
    first: checkIn,
  }),
}

/** What was searched, as the answer tells it. */
export function tellStaySearch({ query }: StaySearch) {
  const { area, checkIn, checkOut, rooms, guestCountry } = query
  return {
    place: area.place && { code: area.place.code, name: area.place.name, city: area.place.city, country: area.place.country },
    latitude: area.latitude,
    longitude: area.longitude,
    radius_km: area.radiusKm,
    check_in: checkIn,
    check_out: checkOut,
    nights: daysBetween(checkIn, checkOut),
    rooms: rooms.map(({ adults, childAges }) => ({ adults, child_ages: [...childAges] })),
    guest_country: guestCountry,
  }
}
