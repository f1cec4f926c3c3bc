import { child, type XmlElement } from '../../platform/xml.ts'
import { all, any, at, durationOf, knownKeys, refs, value } from './elements.ts'
import {
  flightNumberOf,
  listed,
  minutesBetween,
  readCabin,
  readEntries,
  readPriceClass,
  readTime,
  readTraveller,
  type Journey,
  type ListedSegment,
  type Lists,
} from './lists.ts'
import { readBaggage } from './read-baggage.ts'
import { readPenalties } from './read-penalties.ts'
import type { MoneyReader } from './amounts.ts'

/** Elements that are read below, for the scanner of search replies. */
export const LIST_ELEMENTS_17: readonly string[] = [
  ...['PassengerList', 'Passenger', 'AnonymousTravelerList', 'AnonymousTraveler', 'FlightSegmentList', 'FlightSegment', 'SegmentKey'],
  ...['Departure', 'Arrival', 'AirportCode', 'Date', 'Time', 'Terminal', 'Name', 'MarketingCarrier', 'OperatingCarrier', 'AirlineID'],
  ...[
    'FlightNumber',
    'Equipment',
    'AircraftCode',
    'FlightDetail',
    'FlightDuration',
    'Value',
    'ClassOfService',
    'MarketingName',
    'FlightList',
  ],
  ...['Flight', 'FlightKey', 'Journey', 'SegmentReferences', 'OriginDestinationList', 'OriginDestination', 'OriginDestinationKey'],
  ...['FlightReferences', 'FareList', 'FareGroup', 'Code', 'FareBasisCode', 'CheckedBagAllowanceList', 'CheckedBagAllowance'],
  ...['CarryOnAllowanceList', 'CarryOnAllowance', 'PriceClass', 'ObjectKey'],
]

/** Reads the lists of 15.2 to 17.2: keys are attributes, references one text. */
export function readLists17(lists: XmlElement | undefined, moneyOf: MoneyReader): Lists {
  const segments = readEntries(listed(lists, 'FlightSegmentList', 'FlightSegment'), ['SegmentKey'], readSegment)
  const priceClassLists = all(lists, 'PriceClassList', 'PriceClass')
  return {
    segments,
    journeys: readEntries(listed(lists, 'FlightList', 'Flight'), ['FlightKey'], (flight) => readJourney(flight, segments)),
    originDestinations: readEntries(listed(lists, 'OriginDestinationList', 'OriginDestination'), ['OriginDestinationKey'], (one) =>
      refs(one, 'FlightReferences'),
    ),
    travellers: new Map([
      ...readEntries(listed(lists, 'PassengerList', 'Passenger'), ['PassengerID', 'ObjectKey'], readTraveller),
      ...readEntries(listed(lists, 'AnonymousTravelerList', 'AnonymousTraveler'), ['ObjectKey'], readTraveller),
    ]),
    baggage: new Map([
      ...readEntries(listed(lists, 'BaggageAllowanceList', 'BaggageAllowance'), ['BaggageAllowanceID'], (one) => readBaggage(one)),
      ...readEntries(listed(lists, 'CheckedBagAllowanceList', 'CheckedBagAllowance'), ['ListKey'], (one) => readBaggage(one, 'checked')),
      ...readEntries(listed(lists, 'CarryOnAllowanceList', 'CarryOnAllowance'), ['ListKey'], (one) => readBaggage(one, 'carry_on')),
    ]),
    priceClasses: readEntries(
      priceClassLists.flatMap((list) => all(list, 'PriceClass')),
      ['PriceClassID', 'ObjectKey'],
      readPriceClass,
    ),
    penalties: readEntries(listed(lists, 'PenaltyList', 'Penalty'), ['ObjectKey', 'PenaltyID'], (one) => readPenalties(one, moneyOf)),
    serviceBaggage: readEntries(listed(lists, 'ServiceDefinitionList', 'ServiceDefinition'), ['ServiceDefinitionID'], (one) =>
      refs(one, 'BaggageAllowanceRef'),
    ),
    fareBases: readEntries(listed(lists, 'FareList', 'FareGroup'), ['ListKey'], (one) => value(one, 'FareBasisCode')),
  }
}

function readSegment(element: XmlElement): ListedSegment | undefined {
  const departure = any(element, 'Departure')
  const arrival = any(element, 'Arrival')
  const marketing = any(element, 'MarketingCarrier')
  const carrier = value(marketing, 'AirlineID')
  const number = value(marketing, 'FlightNumber')
  const [origin, destination] = [value(departure, 'AirportCode'), value(arrival, 'AirportCode')]
  const leaves = readMoment(departure, origin)
  const arrives = readMoment(arrival, destination)
  if (!carrier || !number || !origin || !destination || !leaves || !arrives) return undefined
  const service = any(element, 'ClassOfService')
  return {
    carrier,
    flightNumber: flightNumberOf(number),
    operatingCarrier: value(any(element, 'OperatingCarrier'), 'AirlineID') ?? null,
    origin,
    originTerminal: value(any(departure, 'Terminal'), 'Name') ?? null,
    destination,
    destinationTerminal: value(any(arrival, 'Terminal'), 'Name') ?? null,
    departure: leaves,
    arrival: arrives,
    durationMinutes: durationOf(value(at(element, 'FlightDetail'), 'FlightDuration')) ?? minutesBetween(leaves, arrives),
    equipment: value(any(element, 'Equipment'), 'AircraftCode') ?? null,
    cabin: readCabin(any(element, 'CabinType')) ?? (any(service, 'MarketingName') ? readCabin(service) : null),
    bookingClass: value(service, 'Code') ?? null,
    fareBasis: value(service, 'FareBasisCode') ?? null,
  }
}

/** A date and a time beside it; the date may carry more than the day. */
function readMoment(place: XmlElement | undefined, airport: string | undefined): ReturnType<typeof readTime> | undefined {
  const date = value(place, 'Date')
  const time = child(place, 'Time')?.text.trim() || date?.slice(11)
  if (!date || !time || !airport) return undefined
  try {
    return readTime(`${date.slice(0, 10)}T${time}`, airport)
  } catch {
    return undefined
  }
}

function readJourney(element: XmlElement, segments: ReadonlyMap<string, unknown>): Journey | undefined {
  const keys = refs(element, 'SegmentReferences', 'SegmentRefs').flatMap((reference) => knownKeys(reference, segments) ?? [])
  if (keys.length === 0) return undefined
  return { segments: keys, durationMinutes: durationOf(value(any(element, 'Journey'), 'Time')) }
}
