import type { Money } from '../../kernel/money.ts'
import { instantOf, type Instant, type ZonedTime } from '../../kernel/time.ts'
import { itineraryKey, type FlightOffer, type Segment, type Slice } from '../../travel/flight.ts'
import { findPlace, zonedOffset } from '../../travel/places.ts'
import { isDomestic } from './minimum-connection.ts'

/** A one-way offer as it is shown: its id, and its price in the display currency. */
export type Leg = { readonly offer: FlightOffer; readonly id: string; readonly shown: Money }

/** A leg with what joining it asks for, read out once. */
export type Ticket = {
  readonly leg: Leg
  readonly slice: Slice
  readonly first: Segment
  readonly last: Segment
  /** The airports it touches, in order. */
  readonly stops: readonly string[]
  /** Whether its last flight, or its first, stays in one country. */
  readonly endsDomestic: boolean
  readonly beginsDomestic: boolean
  readonly itinerary: string
  readonly price: number
  readonly departs: Instant
  readonly arrives: Instant
  /** Null where a supplier does not state both offsets. */
  readonly statedDeparture: Instant | null
  readonly statedArrival: Instant | null
}

/**
 * The legs that can be part of a journey of two tickets, each itinerary once, at its lowest price: a dearer fare of the
 * same flights never makes a better journey. Left out: more than one slice, joined tickets, times we cannot place.
 */
export function toTickets(legs: readonly Leg[]): readonly Ticket[] {
  const cheapest = new Map<string, Ticket>()
  for (const leg of legs) {
    const ticket = toTicket(leg)
    if (ticket === null) continue
    // Two suppliers may disagree about when a flight lands, or one of them may not say in which zone.
    const name = `${ticket.itinerary} ${ticket.arrives} ${ticket.statedDeparture ?? ''} ${ticket.statedArrival ?? ''}`
    const held = cheapest.get(name)
    if (held === undefined || ticket.price < held.price) cheapest.set(name, ticket)
  }
  return [...cheapest.values()]
}

function toTicket(leg: Leg): Ticket | null {
  const [slice, ...more] = leg.offer.slices
  const [first, last] = [slice?.segments[0], slice?.segments[slice.segments.length - 1]]
  if (slice === undefined || more.length > 0 || first === undefined || last === undefined || leg.offer.selfTransfer !== null) return null
  const departs = instantAt(first.departure, first.origin)
  const arrives = instantAt(last.arrival, last.destination)
  if (departs === null || arrives === null || arrives < departs) return null
  return {
    leg,
    slice,
    first,
    last,
    stops: stopsOf(slice.segments),
    endsDomestic: isDomestic(last),
    beginsDomestic: isDomestic(first),
    itinerary: itineraryKey(leg.offer),
    price: leg.shown.amount,
    departs,
    arrives,
    statedDeparture: first.departure.offset === null ? null : departs,
    statedArrival: last.arrival.offset === null ? null : arrives,
  }
}

/** An airport is named once where one lands and leaves, both where a flight leaves from another one. */
function stopsOf(segments: readonly Segment[]): readonly string[] {
  const ends = segments.flatMap((flown) => [flown.origin, flown.destination])
  return ends.filter((airport, i) => airport !== ends[i - 1])
}

/** As the supplier states the offset, or else by the clock at the airport; null when neither is known. */
function instantAt(time: ZonedTime, airport: string): Instant | null {
  try {
    if (time.offset !== null) return instantOf({ local: time.local, offset: time.offset })
    const place = findPlace(airport)
    return place === undefined ? null : instantOf({ local: time.local, offset: zonedOffset(place.timeZone, time.local) })
  } catch {
    return null // a time that no clock shows
  }
}
