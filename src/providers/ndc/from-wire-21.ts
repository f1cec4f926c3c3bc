import { child, type XmlElement } from '../../platform/xml.ts'
import { any, at, durationOf, refs, value } from './elements.ts'
import {
  flightNumberOf,
  listed,
  minutesBetween,
  readCabin,
  readEntries,
  readPriceClass,
  readTime,
  readTraveller,
  type ListedSegment,
  type Lists,
} from './lists.ts'
import { readBaggage } from './read-baggage.ts'
import { readPenalties } from './read-penalties.ts'
import type { MoneyReader } from './amounts.ts'

/** Elements that are read below, for the scanner of search replies. */
export const LIST_ELEMENTS_21: readonly string[] = [
  ...['PaxList', 'Pax', 'PaxID', 'PTC', 'PaxSegmentList', 'PaxSegment', 'PaxSegmentID', 'Dep', 'IATA_LocationCode', 'TerminalName'],
  ...['AircraftScheduledDateTime', 'MarketingCarrierInfo', 'OperatingCarrierInfo', 'CarrierDesigCode', 'MarketingCarrierFlightNumberText'],
  ...['Duration', 'DatedOperatingLeg', 'CarrierAircraftType', 'CarrierAircraftTypeCode', 'IATA_AircraftType', 'IATA_AircraftTypeCode'],
  ...['CabinTypeAssociationChoice', 'SegmentCabinType', 'CabinType', 'CabinTypeCode', 'CabinTypeName', 'MarketingCarrierRBD_Code'],
  ...['DatedMarketingSegmentRefId', 'DatedMarketingSegmentRefID', 'DatedMarketingSegmentList', 'DatedMarketingSegment'],
  ...['DatedMarketingSegmentId', 'DatedMarketingSegmentID', 'DatedOperatingSegmentRefId', 'DatedOperatingSegmentRefID'],
  ...['DatedOperatingSegmentList', 'DatedOperatingSegment', 'DatedOperatingSegmentId', 'DatedOperatingSegmentID'],
  ...['DatedOperatingLegRefID', 'DatedOperatingLegRefId', 'DatedOperatingLegList', 'DatedOperatingLegID', 'DatedOperatingLegId'],
  ...['PaxJourneyList', 'PaxJourney', 'PaxJourneyID', 'PaxSegmentRefID', 'OriginDestList', 'OriginDest', 'OriginDestID', 'PaxJourneyRefID'],
  ...['PriceClassList', 'PriceClassID', 'RBD', 'RBD_Code'],
]

/** Reads the lists of 18.1 to 21.3: an element for each key; from 21 on a flight is told in up to four lists. */
export function readLists21(lists: XmlElement | undefined, moneyOf: MoneyReader): Lists {
  const flights = readFlights(lists)
  return {
    segments: readEntries(listed(lists, 'PaxSegmentList', 'PaxSegment'), ['PaxSegmentID'], (one) => readSegment(one, flights)),
    journeys: readEntries(listed(lists, 'PaxJourneyList', 'PaxJourney'), ['PaxJourneyID'], (one) => {
      const segments = refs(one, 'PaxSegmentRefID')
      return segments.length === 0 ? undefined : { segments, durationMinutes: durationOf(value(one, 'Duration')) }
    }),
    originDestinations: readEntries(listed(lists, 'OriginDestList', 'OriginDest'), ['OriginDestID'], (one) =>
      refs(one, 'PaxJourneyRefID', 'PaxSegmentRefID'),
    ),
    travellers: readEntries(listed(lists, 'PaxList', 'Pax'), ['PaxID'], readTraveller),
    baggage: readEntries(listed(lists, 'BaggageAllowanceList', 'BaggageAllowance'), ['BaggageAllowanceID'], (one) => readBaggage(one)),
    priceClasses: readEntries(listed(lists, 'PriceClassList', 'PriceClass'), ['PriceClassID'], readPriceClass),
    penalties: readEntries(listed(lists, 'PenaltyList', 'Penalty'), ['PenaltyID'], (one) => readPenalties(one, moneyOf)),
    serviceBaggage: readEntries(listed(lists, 'ServiceDefinitionList', 'ServiceDefinition'), ['ServiceDefinitionID'], (one) =>
      refs(at(one, 'ServiceDefinitionAssociation', 'BaggageAllowanceRef') ?? any(one, 'BaggageAllowanceRef'), 'BaggageAllowanceRefID'),
    ),
    fareBases: new Map(),
  }
}

/** The three lists that a 21.3 segment is spread over. */
type Flights = {
  readonly marketing: ReadonlyMap<string, XmlElement>
  readonly operating: ReadonlyMap<string, XmlElement>
  readonly legs: ReadonlyMap<string, XmlElement>
}

function readFlights(lists: XmlElement | undefined): Flights {
  const itself = (element: XmlElement): XmlElement => element
  return {
    marketing: readEntries(
      listed(lists, 'DatedMarketingSegmentList', 'DatedMarketingSegment'),
      ['DatedMarketingSegmentId', 'DatedMarketingSegmentID'],
      itself,
    ),
    operating: readEntries(
      listed(lists, 'DatedOperatingSegmentList', 'DatedOperatingSegment'),
      ['DatedOperatingSegmentId', 'DatedOperatingSegmentID'],
      itself,
    ),
    legs: readEntries(listed(lists, 'DatedOperatingLegList', 'DatedOperatingLeg'), ['DatedOperatingLegID', 'DatedOperatingLegId'], itself),
  }
}

function readSegment(element: XmlElement, flights: Flights): ListedSegment | undefined {
  const marketing = flights.marketing.get(value(element, 'DatedMarketingSegmentRefId', 'DatedMarketingSegmentRefID') ?? '')
  const flight = marketing ?? element
  const operating = flights.operating.get(value(flight, 'DatedOperatingSegmentRefId', 'DatedOperatingSegmentRefID') ?? '')
  const legs = refs(operating, 'DatedOperatingLegRefID', 'DatedOperatingLegRefId').flatMap((key) => flights.legs.get(key) ?? [])
  const info = any(element, 'MarketingCarrierInfo') ?? flight
  const carrier = value(info, 'CarrierDesigCode')
  const number = value(info, 'MarketingCarrierFlightNumberText')
  const [dep, arrival] = [any(flight, 'Dep'), any(flight, 'Arrival')]
  const [origin, destination] = [value(dep, 'IATA_LocationCode'), value(arrival, 'IATA_LocationCode')]
  const leaves = readMoment(dep, origin)
  const arrives = readMoment(arrival, destination)
  if (!carrier || !number || !origin || !destination || !leaves || !arrives) return undefined
  const leg = legs[0] ?? child(element, 'DatedOperatingLeg')
  const cabin = at(element, 'CabinTypeAssociationChoice', 'SegmentCabinType') ?? any(element, 'CabinType', 'SegmentCabinType')
  return {
    carrier,
    flightNumber: flightNumberOf(number),
    operatingCarrier: value(operating, 'CarrierDesigCode') ?? value(any(element, 'OperatingCarrierInfo'), 'CarrierDesigCode') ?? null,
    origin,
    originTerminal: value(dep, 'TerminalName') ?? null,
    destination,
    destinationTerminal: value(arrival, 'TerminalName') ?? null,
    departure: leaves,
    arrival: arrives,
    durationMinutes: durationOf(value(operating, 'Duration') ?? value(element, 'Duration')) ?? minutesBetween(leaves, arrives),
    equipment: equipmentOf(leg),
    cabin: readCabin(cabin),
    bookingClass: value(element, 'MarketingCarrierRBD_Code') ?? value(any(element, 'MarketingCarrierInfo'), 'RBD_Code') ?? null,
    fareBasis: null,
  }
}

/** IATA's code where the message has it; an airline's own ("A350") only if it looks like one of IATA's. */
function equipmentOf(leg: XmlElement | undefined): string | null {
  const own = value(any(leg, 'CarrierAircraftType'), 'CarrierAircraftTypeCode')
  return value(any(leg, 'IATA_AircraftType'), 'IATA_AircraftTypeCode') ?? (own && /^[A-Z0-9]{3}$/.test(own) ? own : null)
}

function readMoment(place: XmlElement | undefined, airport: string | undefined): ReturnType<typeof readTime> | undefined {
  const text = value(place, 'AircraftScheduledDateTime')
  if (!text || !airport) return undefined
  try {
    return readTime(text, airport)
  } catch {
    return undefined
  }
}
