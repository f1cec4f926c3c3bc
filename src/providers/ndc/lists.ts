import { parseZonedTime, type ZonedTime } from '../../kernel/time.ts'
import type { Baggage, CabinClass, Penalty, Segment } from '../../travel/flight.ts'
import { findPlace, zonedOffset } from '../../travel/places.ts'
import type { PassengerType } from '../../travel/passenger.ts'
import { instantOf } from '../../kernel/time.ts'
import type { XmlElement } from '../../platform/xml.ts'
import { all, any, at, malformed, value } from './elements.ts'
import { toCabin, toPassengerType } from './wire.ts'

/** A flight as the message lists it, with what it says by itself about what is bought on it. */
export type ListedSegment = Omit<Segment, 'brand' | 'baggage'>

/** Flights flown one after the other, by their keys. */
export type Journey = { readonly segments: readonly string[]; readonly durationMinutes: number | null }

/** Somebody who travels, or several of a type under one key. */
export type Traveller = { readonly code: string; readonly type: PassengerType; readonly count: number; readonly name: string | null }

/** A fare's brand, and what some airlines say about the fare with it. */
export type PriceClass = {
  readonly name: string | null
  readonly fareBasis: string | null
  readonly bookingClass: string | null
  readonly cabin: CabinClass | null
  readonly texts: readonly string[]
}

/** What the lists of a message say, by the keys that offers and orders refer to. The versions fill it differently. */
export type Lists = {
  readonly segments: ReadonlyMap<string, ListedSegment>
  readonly journeys: ReadonlyMap<string, Journey>
  /** Journeys or segments between an origin and a destination that was asked for. */
  readonly originDestinations: ReadonlyMap<string, readonly string[]>
  readonly travellers: ReadonlyMap<string, Traveller>
  readonly baggage: ReadonlyMap<string, Baggage>
  readonly priceClasses: ReadonlyMap<string, PriceClass>
  readonly penalties: ReadonlyMap<string, readonly Penalty[]>
  /** The allowances that a service is, by the service's key. */
  readonly serviceBaggage: ReadonlyMap<string, readonly string[]>
  /** Fare bases that are only referred to (17.2). */
  readonly fareBases: ReadonlyMap<string, string>
}

/** Reads what it can: an entry that makes no sense costs itself, and whoever refers to it. */
export function readEntries<T>(
  elements: readonly XmlElement[],
  keys: readonly string[],
  read: (element: XmlElement) => T | undefined,
): Map<string, T> {
  const entries = new Map<string, T>()
  for (const element of elements) {
    const key = value(element, ...keys)
    const entry = key === undefined ? undefined : read(element)
    if (key !== undefined && entry !== undefined) entries.set(key, entry)
  }
  return entries
}

/** The lists of two ways to write them; messages that mix the ways exist. */
export function mergeLists(one: Lists, other: Lists): Lists {
  const merged = <T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    b.size === 0 ? a : a.size === 0 ? b : new Map([...a, ...b])
  return {
    segments: merged(one.segments, other.segments),
    journeys: merged(one.journeys, other.journeys),
    originDestinations: merged(one.originDestinations, other.originDestinations),
    travellers: merged(one.travellers, other.travellers),
    baggage: merged(one.baggage, other.baggage),
    priceClasses: merged(one.priceClasses, other.priceClasses),
    penalties: merged(one.penalties, other.penalties),
    serviceBaggage: merged(one.serviceBaggage, other.serviceBaggage),
    fareBases: merged(one.fareBases, other.fareBases),
  }
}

/** A time at an airport. An offset that the message states counts; without one, the airport's zone gives it. */
export function readTime(text: string, airport: string): ZonedTime {
  let time: ZonedTime
  try {
    time = parseZonedTime(text)
  } catch (error) {
    throw malformed(`"${text.slice(0, 40)}" is not a time`, error)
  }
  const zone = time.offset === null ? findPlace(airport)?.timeZone : undefined
  if (!zone) return time
  try {
    const offset = zonedOffset(zone, time.local)
    // Zones of centuries ago differed by seconds, which no offset of ours has: such a date is a mistake.
    return { local: time.local, offset: /^[+-]\d\d:\d\d$/.test(offset) ? offset : null }
  } catch (error) {
    if (error instanceof RangeError) throw malformed(`"${text.slice(0, 40)}" is not a time`, error)
    throw error
  }
}

/** "112" for "0112": the zeros are a host's padding, and other suppliers write the same flight without. */
export function flightNumberOf(text: string): string {
  return text.replace(/\s+/g, '').replace(/^0+(?=\d)/, '')
}

/** Minutes between two times that state their offsets, in the right order; else null. */
export function minutesBetween(from: ZonedTime, to: ZonedTime): number | null {
  if (from.offset === null || to.offset === null) return null
  const minutes = (instantOf({ local: to.local, offset: to.offset }) - instantOf({ local: from.local, offset: from.offset })) / 60_000
  return minutes >= 0 ? Math.round(minutes) : null
}

/** The cabin in a CabinType, SegmentCabinType or ClassOfService. */
export function readCabin(element: XmlElement | undefined): CabinClass | null {
  const marketing = any(element, 'MarketingName')
  return toCabin(
    value(element, 'CabinTypeCode', 'CabinDesignator') ??
      value(marketing, 'CabinDesignator') ??
      (marketing ? undefined : value(element, 'Code')),
    value(element, 'CabinTypeName', 'Name') ?? marketing?.text.trim(),
  )
}

/** A passenger of either version; `key` is under the names that the caller gives to `readEntries`. */
export function readTraveller(element: XmlElement): Traveller | undefined {
  const code = value(element, 'PTC')
  if (code === undefined) return undefined
  const quantity = value(element, 'Quantity') ?? value(any(element, 'PTC'), 'Quantity')
  const person = any(element, 'Individual', 'Name') ?? any(element, 'IdentityDocument', 'IdentityDoc')
  const full = [value(person, 'GivenName', 'Given'), value(person, 'Surname')].filter((part) => part !== undefined).join(' ')
  return {
    code,
    type: toPassengerType(code),
    count: quantity !== undefined && /^[1-9]\d?$/.test(quantity) ? Number(quantity) : 1,
    name: full === '' ? null : full,
  }
}

/** A price class of either version. */
export function readPriceClass(element: XmlElement): PriceClass {
  const service = any(element, 'ClassOfService')
  const descriptions = [...all(any(element, 'Descriptions'), 'Description'), ...all(element, 'Desc')]
  return {
    name: value(element, 'Name') ?? null,
    fareBasis:
      value(element, 'FareBasisCode') ?? value(service, 'FareBasisCode') ?? value(any(element, 'FareBasis'), 'FareBasisCode') ?? null,
    bookingClass: value(service, 'Code') ?? value(element, 'RBD', 'RBD_Code') ?? null,
    cabin: readCabin(any(element, 'CabinType')) ?? (any(service, 'MarketingName') ? readCabin(service) : null),
    texts: descriptions.flatMap((one) => value(one, 'Text', 'DescText') ?? []),
  }
}

/** The elements of a list, whatever it is called in a version. */
export function listed(lists: XmlElement | undefined, list: string, name: string): readonly XmlElement[] {
  return all(at(lists, list), name)
}
