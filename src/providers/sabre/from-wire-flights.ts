import { parseZonedTime, plusDays, parseLocalDate, type LocalDate, type ZonedTime } from '../../kernel/time.ts'
import { findPlace, zonedOffset } from '../../travel/places.ts'
import type { Segment } from '../../travel/flight.ts'
import { toObject, toObjects, toText, toWhole, type JsonObject } from './json.ts'

/** What a schedule says of a flight; the fare says the rest. */
export type Flight = Omit<Segment, 'cabin' | 'bookingClass' | 'fareBasis' | 'brand' | 'baggage'>

/** One leg of an itinerary on a day: the flights in order, and minutes from first departure to last arrival. */
export type Leg = { readonly flights: readonly Flight[]; readonly durationMinutes: number | null }

/** Nobody sells more of them as one journey; a message that says otherwise would multiply them with every itinerary. */
const FLIGHTS_PER_LEG_MAX = 12
const STOPS_MAX = 12

/** Descriptions by their id. References are ids and not positions, although they mostly agree. */
export function byId(list: unknown): ReadonlyMap<number, JsonObject> {
  const found = new Map<number, JsonObject>()
  for (const one of toObjects(list)) {
    const id = toWhole(one['id'])
    if (id !== null) found.set(id, one)
  }
  return found
}

/** The description that `{"ref": 7}` stands for. Throws a RangeError when there is none. */
export function dereference(descriptions: ReadonlyMap<number, JsonObject>, reference: JsonObject, what: string): JsonObject {
  const found = descriptions.get(toWhole(reference['ref']) ?? Number.NaN)
  if (!found) throw new RangeError(`the message refers to a ${what} that it does not describe`)
  return found
}

/**
 * Reads a leg. Its schedules are times of day; the day is the leg's departure date plus `departureDateAdjustment`, and
 * arrival is `dateAdjustment` days after departure. Throws a RangeError when a flight cannot be understood.
 */
export function readLeg(leg: JsonObject, departureDate: LocalDate, schedules: ReadonlyMap<number, JsonObject>): Leg {
  const references = toObjects(leg['schedules'])
  if (references.length > FLIGHTS_PER_LEG_MAX) throw new RangeError(`a leg has ${references.length} flights`)
  const flights = references.map((reference) => {
    const days = toWhole(reference['departureDateAdjustment']) ?? 0
    return readFlight(dereference(schedules, reference, 'schedule'), plusDays(departureDate, days))
  })
  if (flights.length === 0) throw new RangeError('a leg has no flights')
  return { flights, durationMinutes: toWhole(leg['elapsedTime']) }
}

function readFlight(schedule: JsonObject, date: LocalDate): Flight {
  const carrier = toObject(schedule['carrier'])
  const departure = toObject(schedule['departure'])
  const arrival = toObject(schedule['arrival'])
  const origin = readCode(departure['airport'], 'airport')
  const destination = readCode(arrival['airport'], 'airport')
  return {
    carrier: readCode(carrier['marketing'], 'carrier'),
    flightNumber: readFlightNumber(carrier['marketingFlightNumber']),
    operatingCarrier: toText(carrier['operating']),
    origin,
    originTerminal: toText(departure['terminal']),
    destination,
    destinationTerminal: toText(arrival['terminal']),
    departure: readTime(date, departure['time'], origin),
    arrival: readTime(plusDays(date, toWhole(arrival['dateAdjustment']) ?? 0), arrival['time'], destination),
    durationMinutes: toWhole(schedule['elapsedTime']),
    equipment: toText(toObject(carrier['equipment'])['code']),
    technicalStops: readStops(schedule),
  }
}

/** Where it lands on the way; none is a fact when the schedule counts no stops, otherwise it is not said. */
function readStops(schedule: JsonObject): readonly string[] | null {
  const stops = toObjects(schedule['hiddenStops'])
    .slice(0, STOPS_MAX)
    .flatMap((stop) => toText(stop['airport']) ?? [])
  if (stops.length > 0) return stops
  return toWhole(schedule['stopCount']) === 0 ? [] : null
}

/** A code that has to be there. */
export function readCode(value: unknown, what: string): string {
  const code = toText(value)
  if (code === null || !/^[A-Z0-9]{2,3}$/i.test(code)) throw new RangeError(`a flight has no ${what}`)
  return code.toUpperCase()
}

/** Numbers are compared as text between suppliers, and only some pad them: "0495" is "495". */
export function readFlightNumber(value: unknown): string {
  const text = toText(value)?.replace(/^0+(?=\d)/, '')
  if (text === undefined || !/^\d{1,4}[A-Z]?$/.test(text)) throw new RangeError('a flight has no number')
  return text
}

/** "10:25:00+07:00" on a day. Without an offset, the one the airport's clock has then; null when we do not know the airport. */
function readTime(date: LocalDate, time: unknown, airport: string): ZonedTime {
  return withOffset(parseZonedTime(`${date}T${toText(time) ?? ''}`), airport)
}

/** The time as it is, or with the airport's offset where the message states none. */
export function withOffset(time: ZonedTime, airport: string): ZonedTime {
  if (time.offset !== null) return time
  const place = findPlace(airport)
  return place ? { local: time.local, offset: zonedOffset(place.timeZone, time.local) } : time
}

/** The day each leg of a group departs. Throws a RangeError for one that states none. */
export function readDates(group: JsonObject): readonly LocalDate[] {
  return toObjects(toObject(group['groupDescription'])['legDescriptions']).map((leg) =>
    parseLocalDate((toText(leg['departureDate']) ?? '').slice(0, 10)),
  )
}
