import type { CabinClass, Segment } from '../../travel/flight.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import { readCount } from './read-values.ts'
import { readFlight, readHeldSegment } from './read-shop.ts'
import { toCabin } from './wire.ts'

/** What AvailabilitySearchRsp says. Nothing in it has a price, so none of it is an offer. */
export type Availability = {
  readonly segmentCount: number
  readonly itineraries: number
  readonly connections: number
  /** In the order of the message. */
  readonly segments: readonly AvailableSegment[]
  /** The flights of each journey, as places in `segments`: a connection joins a flight with the one after it. */
  readonly journeys: readonly (readonly number[])[]
}

type AvailableSegment = {
  readonly carrier: string
  readonly flightNumber: string
  readonly operatingCarrier: string | null
  readonly origin: string
  readonly destination: string
  /** Local, with the offset of the message: "2018-03-18T06:40+02:00". */
  readonly departure: string
  readonly arrival: string
  readonly equipment: string | null
  readonly classes: readonly AvailableClass[]
}

/** Free seats by class as the host writes them, "S9 E9 TL": nine is nine or more, C is closed, L a waitlist. */
type AvailableClass = { readonly cabin: CabinClass | null; readonly counts: string }

/** Reads AvailabilitySearchRsp. */
export function readAvailability(reply: XmlElement): Availability {
  const list = children(child(reply, 'AirSegmentList'), 'AirSegment')
  const details = new Map(
    children(child(reply, 'FlightDetailsList'), 'FlightDetails').map((one) => [attribute(one, 'Key') ?? '', one] as const),
  )
  const placeOf = new Map(list.map((segment, index) => [attribute(segment, 'Key') ?? '', index] as const))
  const solutions = children(reply, 'AirItinerarySolution')
  return {
    segmentCount: list.length,
    itineraries: solutions.length,
    connections: solutions.reduce((count, solution) => count + children(solution, 'Connection').length, 0),
    segments: list.map((segment) => readSegment(segment, details)),
    journeys: solutions.flatMap((solution) => readJourneys(solution, placeOf)),
  }
}

function readSegment(segment: XmlElement, details: ReadonlyMap<string, XmlElement>): AvailableSegment {
  const own = children(segment, 'FlightDetails')
  const referred = children(segment, 'FlightDetailsRef').map((ref) => details.get(attribute(ref, 'Key') ?? ''))
  const flight = readFlight(segment, own.length > 0 ? own : referred)
  const text = ({ local, offset }: { local: string; offset: string | null }): string => local + (offset ?? '')
  return {
    carrier: flight.carrier,
    flightNumber: flight.flightNumber,
    operatingCarrier: flight.operatingCarrier,
    origin: flight.origin,
    destination: flight.destination,
    departure: text(flight.departure),
    arrival: text(flight.arrival),
    equipment: flight.equipment,
    classes: children(segment, 'AirAvailInfo')
      .flatMap((info) => children(info, 'BookingCodeInfo'))
      .map((one) => ({
        cabin: toCabin(attribute(one, 'CabinClass')),
        counts: (attribute(one, 'BookingCounts') ?? '').replaceAll('|', ' '),
      })),
  }
}

function readJourneys(solution: XmlElement, placeOf: ReadonlyMap<string, number>): readonly (readonly number[])[] {
  const connected = new Set(children(solution, 'Connection').map((one) => readCount(attribute(one, 'SegmentIndex'))))
  const journeys: number[][] = []
  let isGoingOn = false
  children(solution, 'AirSegmentRef').forEach((ref, index) => {
    const place = placeOf.get(attribute(ref, 'Key') ?? '')
    if (place === undefined) return
    if (isGoingOn) journeys[journeys.length - 1]!.push(place)
    else journeys.push([place])
    isGoingOn = connected.has(index)
  })
  return journeys
}

/** A journey with what is free on each of its flights. */
export type AvailableJourney = readonly {
  readonly segment: Segment
  readonly classes: readonly { readonly cabin: CabinClass | null; readonly bookingClass: string; readonly seats: number | null }[]
}[]

/** The journeys of AvailabilitySearchRsp. Seats are null where the host writes a letter instead: closed, a waitlist. */
export function readAvailableJourneys(reply: XmlElement): readonly AvailableJourney[] {
  const list = children(child(reply, 'AirSegmentList'), 'AirSegment')
  return readAvailability(reply).journeys.map((places) =>
    places.map((place) => ({
      segment: readHeldSegment(list[place]!),
      classes: children(list[place], 'AirAvailInfo')
        .flatMap((info) => children(info, 'BookingCodeInfo'))
        .flatMap((info) => {
          const cabin = toCabin(attribute(info, 'CabinClass'))
          const counts = (attribute(info, 'BookingCounts') ?? '').split('|').filter((one) => one !== '')
          return counts.map((one) => ({ cabin, bookingClass: one.slice(0, 1), seats: readCount(one.slice(1)) }))
        }),
    })),
  )
}
