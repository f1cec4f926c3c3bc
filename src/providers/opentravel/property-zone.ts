import { findPlace, listPlaces, zonedOffset } from '../../travel/places.ts'
import { instantOf, parseZonedTime, type Instant, type LocalDate, type LocalDateTime } from '../../kernel/time.ts'
import { attribute, child, type XmlElement } from '../../platform/xml.ts'

/** Ahead of every clock on earth. */
const EARLIEST_OFFSET = '+14:00'
const NEAR_DEGREES = 2
const REMEMBERED_MAX = 5_000

// Looking through all places costs a millisecond, and a reply names the same hotels again and again. Bounded, because positions come from sellers.
const zones = new Map<string, string | null>()

/** The time zone of the hotel by its city's code or its position; null when the message tells neither. */
export function zoneOfProperty(info: XmlElement | undefined): string | null {
  const city = attribute(info, 'HotelCityCode')
  const byCity = city && /^[A-Z]{3}$/.test(city) ? findPlace(city) : undefined
  if (byCity) return byCity.timeZone
  const position = child(info, 'Position')
  const [latitude, longitude] = [attribute(position, 'Latitude'), attribute(position, 'Longitude')].map((text) =>
    Number.parseFloat(text ?? ''),
  )
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return null
  return zoneNear(latitude!, longitude!)
}

function zoneNear(latitude: number, longitude: number): string | null {
  const key = `${latitude.toFixed(1)} ${longitude.toFixed(1)}`
  const known = zones.get(key)
  if (known !== undefined) return known
  let zone: string | null = null
  let least = NEAR_DEGREES ** 2
  for (const place of listPlaces()) {
    const distance = (place.latitude - latitude) ** 2 + ((place.longitude - longitude) * Math.cos((latitude * Math.PI) / 180)) ** 2
    if (distance < least) [least, zone] = [distance, place.timeZone]
  }
  if (zones.size >= REMEMBERED_MAX) zones.clear()
  zones.set(key, zone)
  return zone
}

/**
 * The instant of a deadline that the message writes as a time: by the offset it states, else by the hotel's zone. Without
 * either, the earliest that it can be anywhere, so that nobody is told of more time than there is. Null when it is no time.
 */
export function instantAt(text: string, zone: string | null): Instant | null {
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text
  try {
    const { local, offset } = parseZonedTime(whole)
    return instantOf({ local, offset: offset ?? (zone ? zonedOffset(zone, local) : EARLIEST_OFFSET) })
  } catch {
    return null
  }
}

/** A date and a time of the day ("18:00", "18:00:00") at the hotel, as {@link instantAt}. */
export function instantOn(date: LocalDate, timeOfDay: string | null, zone: string | null): Instant | null {
  const time = /^\d{2}:\d{2}/.exec(timeOfDay ?? '')?.[0] ?? '00:00'
  return instantAt(`${date}T${time}` satisfies string as LocalDateTime, zone)
}
