import type { Baggage, FlightOffer, PassengerFare, Segment, Slice } from '../../travel/flight.ts'
import { isSameAllowance, whereItDiffers } from '../../travel/passenger-baggage.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import type { ShopReply } from '../contract.ts'
import { PROVIDER_ID } from './exchange.ts'
import { groupFares, readBrand, readBrandNames, readFareFacts, type FareGroup } from './read-fares.ts'
import { readTechnicalStops } from './read-stops.ts'
import { createMoneyReader, malformed, minutesBetween, readAllowance, readCount, readDurationMinutes, readPrices } from './read-values.ts'
import { readTime, required, taxesAndFees, type MoneyReader } from './read-values.ts'
import { toCabin, type OfferToken } from './wire.ts'

/** Combinations made of one solution's alternatives. Real ones have below ten; two legs of ten options each fit. */
const COMBINATIONS_MAX = 100
/** Offers made of one reply, so that 200 000 elements cannot multiply into millions. */
const OFFERS_MAX = 5_000

/** Every element that is read below, for a scanner that leaves the others out. A name missing here would be read as absent. */
export const SHOP_ELEMENTS: readonly string[] = [
  ...['FlightDetailsList', 'FlightDetails', 'AirSegmentList', 'AirSegment', 'CodeshareInfo', 'FlightDetailsRef'],
  ...['FareInfoList', 'FareInfo', 'BaggageAllowance', 'NumberOfPieces', 'MaxWeight', 'BrandList', 'Brand', 'Title'],
  ...['RouteList', 'Route', 'Leg', 'AirPricePointList', 'AirPricePoint', 'AirPricingSolution', 'AirPricingInfo', 'PassengerType'],
  ...['FlightOptionsList', 'FlightOption', 'Option', 'BookingInfo', 'Journey', 'AirSegmentRef'],
  ...['ChangePenalty', 'CancelPenalty', 'Amount', 'Percentage'],
]

/** What the shared lists of a reply say, by key; each entry is read when a solution first refers to it, and once. */
type Lists = {
  readonly flightOf: (key: string) => Flight | undefined
  readonly fareOf: (key: string | undefined) => Fare | undefined
  readonly moneyOf: MoneyReader
  readonly legs: ReadonlyMap<string, number>
  readonly legCount: number
}

/** One way to fly one leg: booked segments in order. */
type Alternative = { readonly durationMinutes: number | null; readonly bookings: readonly XmlElement[] }

/** An alternative as offers show it, and the fare bases that pricing it again has to name, as they stand in a token. */
type ReadAlternative = {
  readonly slice: Slice
  readonly fareBases: string
  /** For each fare group after the first, its allowance on each segment. */
  readonly otherBaggage: readonly (readonly (readonly Baggage[])[])[]
}

/** The fares of a passenger type by segment. */
type Fares = ReadonlyMap<string | undefined, Fare>

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
  const details = byKey('FlightDetailsList', 'FlightDetails')
  const brands = readBrandNames(reply)
  const allLegs = children(child(reply, 'RouteList'), 'Route').flatMap((route) => children(route, 'Leg'))
  const legs = new Map(allLegs.map((leg, index) => [attribute(leg, 'Key') ?? '', readCount(attribute(leg, 'Group')) ?? index]))
  return {
    flightOf: readOnce(byKey('AirSegmentList', 'AirSegment'), (segment) =>
      readFlight(
        segment,
        children(segment, 'FlightDetailsRef').map((ref) => details.get(attribute(ref, 'Key') ?? '')),
      ),
    ),
    fareOf: readOnce(byKey('FareInfoList', 'FareInfo'), (fare) => readFare(fare, brands)),
    moneyOf: createMoneyReader(),
    legs,
    legCount: new Set(legs.values()).size,
  }
}

/** Looks up and reads, remembering what was read. What makes no sense is thrown every time it is referred to. */
function readOnce<T>(
  elements: ReadonlyMap<string, XmlElement>,
  read: (element: XmlElement) => T,
): (key: string | undefined) => T | undefined {
  const known = new Map<string, T>()
  return (key = '') => {
    const before = known.get(key)
    if (before !== undefined) return before
    const element = elements.get(key)
    if (!element) return undefined
    const value = read(element)
    known.set(key, value)
    return value
  }
}

function readPoint(point: XmlElement, solution: number, lists: Lists): FlightOffer[] {
  const prices = readPrices(point, lists.moneyOf)
  const groups = groupFares(children(point, 'AirPricingInfo'))
  const facts = readFareFacts(groups, prices.total, lists.moneyOf)
  const legs = child(point, 'Journey') ? readJourneys(point, groups[0]!) : readOptions(groups[0]!, lists)
  // A point that leaves a leg out is no itinerary that anyone could fly.
  if (legs.length === 0 || legs.length < lists.legCount) return []
  const key = attribute(point, 'Key') ?? solution
  const others = groups.slice(1).map((group) => readFares(group, lists))
  return combine(legs.map((leg) => leg.map((one) => readAlternative(one, others, lists)))).map((alternatives, index) => ({
    id: `${key}.${index}`,
    provider: PROVIDER_ID,
    solution,
    total: prices.total,
    base: prices.base,
    taxes: taxesAndFees(prices),
    passengers: groups.length === 1 ? facts.passengers : withBaggage(facts.passengers, groups, alternatives),
    validatingCarrier: facts.validatingCarrier,
    refundable: facts.refundable,
    changeable: facts.changeable,
    penalties: facts.penalties,
    lastTicketingAt: facts.lastTicketingAt,
    expiresAt: null,
    slices: alternatives.map((one) => one.slice),
    emissionsKg: null,
    selfTransfer: null,
    supplierToken: `${TOKEN_START}${alternatives.map((one) => one.fareBases).join(',')}]}`,
  }))
}

/** An {@link OfferToken} up to its first fare basis; what follows is put together from what its alternatives share. */
const TOKEN_START = JSON.stringify({ v: 1, fareBasis: [] } satisfies OfferToken).slice(0, -2)

/** The alternatives of each leg in the order of the journey, from the first passenger type's FlightOptions. */
function readOptions(group: FareGroup, lists: Lists): readonly (readonly Alternative[])[] {
  const byLeg = new Map<number, Alternative[]>()
  for (const info of group.infos) {
    let index = 0
    for (const flight of child(info, 'FlightOptionsList')?.children ?? []) {
      if (flight.name !== 'FlightOption') continue
      const leg = lists.legs.get(attribute(flight, 'LegRef') ?? '') ?? index
      index += 1
      const alternatives = byLeg.get(leg) ?? []
      byLeg.set(leg, alternatives)
      for (const option of flight.children) {
        const bookings = option.name === 'Option' ? children(option, 'BookingInfo') : []
        if (bookings.length > 0) alternatives.push({ durationMinutes: readDurationMinutes(attribute(option, 'TravelTime')), bookings })
      }
    }
  }
  return [...byLeg.keys()].sort((a, b) => a - b).map((leg) => byLeg.get(leg)!)
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
function combine<T>(legs: readonly (readonly T[])[]): readonly (readonly T[])[] {
  let combinations: T[][] = [[]]
  for (const alternatives of legs) {
    const longer: T[][] = []
    for (const before of combinations) {
      for (const one of alternatives) if (longer.length < COMBINATIONS_MAX) longer.push([...before, one])
    }
    combinations = longer
  }
  return combinations
}

function readAlternative({ bookings, durationMinutes }: Alternative, others: readonly Fares[], lists: Lists): ReadAlternative {
  const segments = bookings.map((booking) => readSegment(booking, lists))
  const first = segments[0]
  const last = segments[segments.length - 1]
  if (!first || !last) throw malformed('a journey has no booked segments')
  let fareBases = ''
  for (let index = 0; index < segments.length; index += 1) {
    const basis = commonFareBasis(segments[index]!.fareBasis, attribute(bookings[index], 'SegmentRef'), others)
    fareBases += `${index === 0 ? '' : ','}${JSON.stringify(basis)}`
  }
  return {
    slice: {
      origin: first.origin,
      destination: last.destination,
      durationMinutes: durationMinutes ?? minutesBetween(first.departure, last.arrival),
      segments,
    },
    fareBases,
    otherBaggage: others.map((fares) => bookings.map((booking) => fares.get(attribute(booking, 'SegmentRef'))?.baggage ?? [])),
  }
}

/** The passengers of one combination: what each type may bring where that is not what the first fare group may. */
function withBaggage(
  passengers: readonly PassengerFare[],
  groups: readonly FareGroup[],
  alternatives: readonly ReadAlternative[],
): readonly PassengerFare[] {
  const segments = alternatives.flatMap((one) => one.slice.segments)
  const byGroup = groups.map((group, index) => ({
    type: group.type,
    allowances: index === 0 ? segments.map((one) => one.baggage) : alternatives.flatMap((one) => one.otherBaggage[index - 1]!),
  }))
  return passengers.map((fare) => {
    const own = byGroup.filter((group) => group.type === fare.type).map((group) => group.allowances)
    return { ...fare, baggage: whereItDiffers(mergeAllowances(own), segments) }
  })
}

/** The allowances of groups that are one type to us; where they disagree, the type's is not known. */
export function mergeAllowances(own: readonly (readonly (readonly Baggage[])[])[]): readonly (readonly Baggage[])[] {
  const [first = [], ...more] = own
  return more.length === 0 ? first : first.map((one, i) => (more.every((other) => isSameAllowance(one, other[i] ?? [])) ? one : []))
}

function readSegment(booking: XmlElement, lists: Lists): Segment {
  const flight = lists.flightOf(required(booking, 'SegmentRef'))
  if (!flight) throw malformed(`a BookingInfo refers to a segment that is not in the list`)
  return toSegment(flight, {
    cabin: attribute(booking, 'CabinClass'),
    bookingClass: attribute(booking, 'BookingCode'),
    fare: lists.fareOf(attribute(booking, 'FareInfoRef')) ?? NO_FARE,
  })
}

/** What an AirSegment says by itself. */
export type Flight = Omit<Segment, 'cabin' | 'bookingClass' | keyof Fare>

/** What a FareInfo says about the segments it is for. */
export type Fare = Pick<Segment, 'fareBasis' | 'brand' | 'baggage'>

const NO_FARE: Fare = { fareBasis: null, brand: null, baggage: [] }

/** An AirSegment with its flight details, one for each take-off. */
export function readFlight(segment: XmlElement, details: readonly (XmlElement | undefined)[]): Flight {
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
    technicalStops: readTechnicalStops(segment, details),
  }
}

/** A FareInfo, whose brand may be named by the reply's list only; without one nothing is said. */
export function readFare(fare: XmlElement | undefined, brands: ReadonlyMap<string, string>): Fare {
  return { fareBasis: attribute(fare, 'FareBasis') ?? null, brand: readBrand(fare, brands), baggage: readAllowance(fare) }
}

/** What a passenger has bought on a segment, as its BookingInfo and FareInfo say. */
export type Bought = { readonly cabin: string | undefined; readonly bookingClass: string | undefined; readonly fare: Fare }

/** A flight as a passenger has bought it. Field by field: of the thousands in a reply, each spread would cost microseconds. */
export function toSegment(flight: Flight, { cabin, bookingClass, fare }: Bought): Segment {
  return {
    carrier: flight.carrier,
    flightNumber: flight.flightNumber,
    operatingCarrier: flight.operatingCarrier,
    origin: flight.origin,
    originTerminal: flight.originTerminal,
    destination: flight.destination,
    destinationTerminal: flight.destinationTerminal,
    departure: flight.departure,
    arrival: flight.arrival,
    durationMinutes: flight.durationMinutes,
    equipment: flight.equipment,
    technicalStops: flight.technicalStops ?? null,
    cabin: toCabin(cabin),
    bookingClass: bookingClass ?? null,
    fareBasis: fare.fareBasis,
    brand: fare.brand,
    baggage: fare.baggage,
  }
}

/** An AirSegment that stands by itself, in a reservation or an availability, with what it says of cabin and class. */
export function readHeldSegment(segment: XmlElement): Segment {
  return toSegment(readFlight(segment, children(segment, 'FlightDetails')), {
    cabin: attribute(segment, 'CabinClass'),
    bookingClass: attribute(segment, 'ClassOfService'),
    fare: NO_FARE,
  })
}

function readFares(group: FareGroup, lists: Lists): Fares {
  return new Map(
    group.infos
      .flatMap(bookingsOf)
      .map((booking) => [attribute(booking, 'SegmentRef'), lists.fareOf(attribute(booking, 'FareInfoRef')) ?? NO_FARE]),
  )
}

/** The fare basis of a booked segment; null where the passenger types after the first have another. */
function commonFareBasis(basis: string | null, segment: string | undefined, others: readonly Fares[]): string | null {
  return others.some((bySegment) => bySegment.has(segment) && bySegment.get(segment)!.fareBasis !== basis) ? null : basis
}

function bookingsOf(info: XmlElement): readonly XmlElement[] {
  const options = children(child(info, 'FlightOptionsList'), 'FlightOption').flatMap((flight) => children(flight, 'Option'))
  return [...children(info, 'BookingInfo'), ...options.flatMap((option) => children(option, 'BookingInfo'))]
}
