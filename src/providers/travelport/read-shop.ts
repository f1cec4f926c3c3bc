import type { FlightOffer, Segment, Slice } from '../../travel/flight.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import type { ShopReply } from '../contract.ts'
import { PROVIDER_ID } from './exchange.ts'
import { groupFares, readBrand, readBrandNames, readFareFacts, type FareGroup } from './read-fares.ts'
import { malformed, minutesBetween, readAllowance, readCount, readDurationMinutes, readPrices, readTime, required } from './read-values.ts'
import { toCabin, type OfferToken } from './wire.ts'

/** Combinations made of one solution's alternatives. Real ones have below ten; two legs of ten options each fit. */
const COMBINATIONS_MAX = 100
/** Offers made of one reply, so that 200 000 elements cannot multiply into millions. */
const OFFERS_MAX = 5_000

/** The shared lists of a reply, by key. */
type Lists = {
  readonly segments: ReadonlyMap<string, XmlElement>
  readonly details: ReadonlyMap<string, XmlElement>
  readonly fares: ReadonlyMap<string, XmlElement>
  readonly legs: ReadonlyMap<string, number>
  readonly brands: ReadonlyMap<string, string>
}

/** One way to fly one leg: booked segments in order. */
type Alternative = { readonly durationMinutes: number | null; readonly bookings: readonly XmlElement[] }

/**
 * Reads LowFareSearchRsp and LowFareSearchAsynchRsp. Each price point (or solution) counts as one solution; every
 * combination of one alternative per leg is an offer, whether or not the message names a plating carrier.
 */
export function readShop(reply: XmlElement): ShopReply {
  const lists = readLists(reply)
  const points = [
    ...children(child(reply, 'AirPricePointList'), 'AirPricePoint'),
    ...children(reply, 'AirPricePoint'),
    ...children(reply, 'AirPricingSolution'),
  ]
  const offers: FlightOffer[] = []
  let fault: unknown
  points.forEach((point, solution) => {
    if (offers.length >= OFFERS_MAX) return
    try {
      offers.push(...readPoint(point, solution, lists))
    } catch (error) {
      // One solution that makes no sense costs itself; when none makes sense, the message is at fault.
      fault = error
    }
  })
  if (offers.length === 0 && fault !== undefined) throw fault
  return { solutions: points.length, offers }
}

function readLists(reply: XmlElement): Lists {
  const byKey = (list: string, name: string): Map<string, XmlElement> =>
    new Map(children(child(reply, list), name).map((one) => [attribute(one, 'Key') ?? '', one]))
  const legs = children(child(reply, 'RouteList'), 'Route').flatMap((route) => children(route, 'Leg'))
  return {
    segments: byKey('AirSegmentList', 'AirSegment'),
    details: byKey('FlightDetailsList', 'FlightDetails'),
    fares: byKey('FareInfoList', 'FareInfo'),
    legs: new Map(legs.map((leg, index) => [attribute(leg, 'Key') ?? '', readCount(attribute(leg, 'Group')) ?? index])),
    brands: readBrandNames(reply),
  }
}

function readPoint(point: XmlElement, solution: number, lists: Lists): FlightOffer[] {
  const prices = readPrices(point)
  const groups = groupFares(children(point, 'AirPricingInfo'))
  const facts = readFareFacts(groups, prices.total)
  const legs = child(point, 'Journey') ? readJourneys(point, groups[0]!) : readOptions(groups[0]!, lists)
  // A point that leaves a leg out is no itinerary that anyone could fly.
  if (legs.length === 0 || legs.length < new Set(lists.legs.values()).size) return []
  return combine(legs).map((alternatives, index) => {
    const bookings = alternatives.flatMap((one) => one.bookings)
    return {
      id: `${attribute(point, 'Key') ?? solution}.${index}`,
      provider: PROVIDER_ID,
      solution,
      total: prices.total,
      base: prices.base,
      taxes: prices.taxes,
      ...facts,
      expiresAt: null,
      slices: alternatives.map((one) => readSlice(one, lists)),
      supplierToken: JSON.stringify({ v: 1, fareBasis: commonFareBases(bookings, groups, lists) } satisfies OfferToken),
    }
  })
}

/** The alternatives of each leg in the order of the journey, from the first passenger type's FlightOptions. */
function readOptions(group: FareGroup, lists: Lists): readonly (readonly Alternative[])[] {
  const byLeg = new Map<number, Alternative[]>()
  for (const info of group.infos) {
    children(child(info, 'FlightOptionsList'), 'FlightOption').forEach((flight, index) => {
      const leg = lists.legs.get(attribute(flight, 'LegRef') ?? '') ?? index
      const found = children(flight, 'Option').map((option) => ({
        durationMinutes: readDurationMinutes(attribute(option, 'TravelTime')),
        bookings: children(option, 'BookingInfo'),
      }))
      byLeg.set(leg, [...(byLeg.get(leg) ?? []), ...found.filter((one) => one.bookings.length > 0)])
    })
  }
  return [...byLeg.entries()].sort(([a], [b]) => a - b).map(([, alternatives]) => alternatives)
}

/** The form of SolutionResult="true": one journey per leg, without alternatives. */
function readJourneys(point: XmlElement, group: FareGroup): readonly (readonly Alternative[])[] {
  const bookings = new Map(
    group.infos.flatMap((info) => children(info, 'BookingInfo')).map((one) => [attribute(one, 'SegmentRef') ?? '', one]),
  )
  return children(point, 'Journey').map((journey) => [
    {
      durationMinutes: readDurationMinutes(attribute(journey, 'TravelTime')),
      bookings: children(journey, 'AirSegmentRef').flatMap((ref) => bookings.get(attribute(ref, 'Key') ?? '') ?? []),
    },
  ])
}

/** One alternative of each leg, in every way, at most {@link COMBINATIONS_MAX}. */
function combine(legs: readonly (readonly Alternative[])[]): readonly (readonly Alternative[])[] {
  return legs.reduce<readonly (readonly Alternative[])[]>(
    (sofar, alternatives) => sofar.flatMap((before) => alternatives.map((one) => [...before, one])).slice(0, COMBINATIONS_MAX),
    [[]],
  )
}

function readSlice(alternative: Alternative, lists: Lists): Slice {
  const segments = alternative.bookings.map((booking) => readSegment(booking, lists))
  const first = segments[0]!
  const last = segments[segments.length - 1]!
  return {
    origin: first.origin,
    destination: last.destination,
    durationMinutes: alternative.durationMinutes ?? minutesBetween(first.departure, last.arrival),
    segments,
  }
}

function readSegment(booking: XmlElement, lists: Lists): Segment {
  const segment = lists.segments.get(required(booking, 'SegmentRef'))
  if (!segment) throw malformed(`a BookingInfo refers to a segment that is not in the list`)
  const details = children(segment, 'FlightDetailsRef').map((ref) => lists.details.get(attribute(ref, 'Key') ?? ''))
  const fare = lists.fares.get(attribute(booking, 'FareInfoRef') ?? '')
  return toSegment(segment, details, {
    cabin: attribute(booking, 'CabinClass'),
    bookingClass: attribute(booking, 'BookingCode'),
    fareBasis: attribute(fare, 'FareBasis') ?? null,
    brand: readBrand(fare, lists.brands),
    baggage: readAllowance(fare),
  })
}

/** What a passenger has bought on a segment, as its BookingInfo and FareInfo say. */
export type Bought = { readonly cabin: string | undefined; readonly bookingClass: string | undefined } & Pick<
  Segment,
  'fareBasis' | 'brand' | 'baggage'
>

/** An AirSegment with its flight details (one for each take-off) as ours. */
export function toSegment(segment: XmlElement, details: readonly (XmlElement | undefined)[], bought: Bought): Segment {
  const departure = readTime(segment, 'DepartureTime')
  const arrival = readTime(segment, 'ArrivalTime')
  return {
    carrier: required(segment, 'Carrier'),
    flightNumber: required(segment, 'FlightNumber'),
    operatingCarrier: attribute(child(segment, 'CodeshareInfo'), 'OperatingCarrier') ?? null,
    origin: required(segment, 'Origin'),
    originTerminal: attribute(details[0], 'OriginTerminal') ?? null,
    destination: required(segment, 'Destination'),
    destinationTerminal: attribute(details[details.length - 1], 'DestinationTerminal') ?? null,
    departure,
    arrival,
    durationMinutes: readCount(attribute(segment, 'FlightTime')) ?? minutesBetween(departure, arrival),
    equipment: attribute(segment, 'Equipment') ?? attribute(details[0], 'Equipment') ?? null,
    cabin: toCabin(bought.cabin),
    bookingClass: bought.bookingClass ?? null,
    fareBasis: bought.fareBasis,
    brand: bought.brand,
    baggage: bought.baggage,
  }
}

/** The fare basis of each booked segment; null where the passenger types after the first have another. */
function commonFareBases(bookings: readonly XmlElement[], groups: readonly FareGroup[], lists: Lists): (string | null)[] {
  const basisOf = (booking: XmlElement): string | null =>
    attribute(lists.fares.get(attribute(booking, 'FareInfoRef') ?? ''), 'FareBasis') ?? null
  const others = groups
    .slice(1)
    .map((group) => new Map(group.infos.flatMap(bookingsOf).map((booking) => [attribute(booking, 'SegmentRef'), booking])))
  return bookings.map((booking) => {
    const basis = basisOf(booking)
    const differs = others.some((bySegment) => {
      const other = bySegment.get(attribute(booking, 'SegmentRef'))
      return other !== undefined && basisOf(other) !== basis
    })
    return differs ? null : basis
  })
}

function bookingsOf(info: XmlElement): readonly XmlElement[] {
  const options = children(child(info, 'FlightOptionsList'), 'FlightOption').flatMap((flight) => children(flight, 'Option'))
  return [...children(info, 'BookingInfo'), ...options.flatMap((option) => children(option, 'BookingInfo'))]
}
