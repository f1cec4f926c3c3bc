import type { FlightOffer, FlightQuery, Segment, Slice, SliceQuery } from '../../travel/flight.ts'
import type { PassengerType } from '../../travel/passenger.ts'
import { escapeXml, writeXml } from '../../platform/xml.ts'
import type { TravelportOn } from './config.ts'
import { cabinName, NAMESPACES, PASSENGER_CODES, type Locators, type OfferToken } from './wire.ts'
import { toHostName } from '../host-text.ts'

/** Everything a request is written with, without the credentials that only the transport needs. */
export type Writing = Pick<TravelportOn, 'targetBranch' | 'providerCode' | 'pseudoCityCode' | 'currency'>

/** A passenger as fares are asked for: the age decides the discount. */
export type Traveller = { readonly type: PassengerType; readonly age: number | null }

/** Ages asked with when nobody has been named yet; fares for children do not differ between 2 and 11. */
const AGE_WHEN_UNNAMED: Readonly<Record<PassengerType, number | null>> = { adult: null, child: 10, infant: 1 }

/** LowFareSearchReq: all fares from airport or city to airport or city. */
export function writeShop(writing: Writing, query: FlightQuery): string {
  const { adults, children, infants } = query.passengers
  const people = [...repeat('adult', adults), ...repeat('child', children), ...repeat('infant', infants)]
  return envelope(
    writeXml(
      'air:LowFareSearchReq',
      { ...namespaces('air'), TargetBranch: writing.targetBranch, AuthorizedBy: 'user', SolutionResult: false, ReturnUpsellFare: false },
      pointOfSale(),
      ...query.slices.map((slice) => searchLeg(slice, query)),
      writeXml(
        'air:AirSearchModifiers',
        {},
        writeXml('air:PreferredProviders', {}, writeXml('common:Provider', { Code: writing.providerCode })),
      ),
      ...people.map((traveller, index) => searchPassenger(traveller, index)),
      writing.currency === null ? '' : writeXml('air:AirPricingModifiers', { CurrencyType: writing.currency }),
      writing.pseudoCityCode === null ? '' : writeXml('air:PCC', {}, overridePcc(writing)),
    ),
  )
}

/** AirPriceReq: the very flights, classes and fare bases of an offer, for these travellers; with the fare rules if wished. */
export function writePrice(writing: Writing, offer: FlightOffer, travellers: readonly Traveller[], rules: 'long' | null = null): string {
  const segments = placedSegments(offer.slices)
  const { fareBasis } = readToken(offer)
  return envelope(
    writeXml(
      'air:AirPriceReq',
      { ...namespaces('air'), TargetBranch: writing.targetBranch, AuthorizedBy: 'user', FareRuleType: rules, CheckFlightDetails: true },
      pointOfSale(),
      writeXml('air:AirItinerary', {}, ...segments.map((one, index) => itinerarySegment(writing, one, index))),
      writeXml('air:AirPricingModifiers', {
        CurrencyType: writing.currency,
        PlatingCarrier: offer.validatingCarrier,
        InventoryRequestType: 'DirectAccess',
      }),
      ...travellers.map((traveller, index) => searchPassenger(traveller, index)),
      writeXml(
        'air:AirPricingCommand',
        {},
        ...segments.map(({ segment }, index) =>
          writeXml(
            'air:AirSegmentPricingModifiers',
            { AirSegmentRef: segmentKey(index), FareBasisCode: fareBasis[index] ?? null },
            segment.bookingClass === null
              ? ''
              : writeXml('air:PermittedBookingCodes', {}, writeXml('air:BookingCode', { Code: segment.bookingClass })),
          ),
        ),
      ),
      writing.pseudoCityCode === null ? '' : writeXml('air:PCC', {}, overridePcc(writing)),
    ),
  )
}

/** The travellers an offer is priced for, before anyone has been named. */
export function travellersOf(offer: FlightOffer): readonly Traveller[] {
  return offer.passengers.flatMap((fare) => repeat(fare.type, fare.count))
}

/** AirTicketingReq: all stored fares of the reservation, paid on our account with the host. */
export function writeTicket(writing: Writing, locators: Locators, reference: string): string {
  return envelope(
    writeXml(
      'air:AirTicketingReq',
      { ...namespaces('air'), TargetBranch: writing.targetBranch, AuthorizedBy: 'user', TraceId: reference, ReturnInfoOnFail: true },
      pointOfSale(),
      pccOf(writing),
      writeXml('air:AirReservationLocatorCode', {}, escapeXml(locators.air)),
      writeXml('air:AirTicketingModifiers', {}, writeXml('common:FormOfPayment', { Type: 'Cash' })),
    ),
  )
}

/** UniversalRecordRetrieveReq by the record's own locator. */
export function writeRetrieve(writing: Writing, record: string): string {
  return envelope(
    writeXml(
      'universal:UniversalRecordRetrieveReq',
      { ...namespaces('universal'), TargetBranch: writing.targetBranch, AuthorizedBy: 'user', ViewOnlyInd: false },
      pointOfSale(),
      pccOf(writing),
      writeXml('universal:UniversalRecordLocatorCode', {}, escapeXml(record)),
    ),
  )
}

/** AirRetrieveDocumentReq: all tickets of an air reservation. */
export function writeRetrieveDocuments(writing: Writing, locators: Locators): string {
  return envelope(
    writeXml(
      'air:AirRetrieveDocumentReq',
      {
        ...namespaces('air'),
        TargetBranch: writing.targetBranch,
        AuthorizedBy: 'user',
        ReturnPricing: true,
        ProviderCode: writing.providerCode,
        ProviderLocatorCode: locators.pnr,
      },
      pointOfSale(),
      pccOf(writing),
      writeXml('air:AirReservationLocatorCode', {}, escapeXml(locators.air)),
    ),
  )
}

/** How many records one page of a search holds; the schema allows 200. */
export const FIND_PAGE = 200

/**
 * UniversalRecordSearchReq: records of any status with this traveller on a flight of this day from this place. There is
 * no search by remark, so the candidates' remarks are compared with our reference afterwards.
 */
export function writeFind(writing: Writing, who: { givenName: string; familyName: string }, first: Segment, startFrom: number): string {
  return envelope(
    writeXml(
      'universal:UniversalRecordSearchReq',
      {
        ...namespaces('universal'),
        TargetBranch: writing.targetBranch,
        AuthorizedBy: 'user',
        RecordStatus: 'All',
        ProviderCode: writing.providerCode,
      },
      pointOfSale(),
      pccOf(writing),
      writeXml('universal:UniversalRecordSearchModifiers', { MaxResults: FIND_PAGE, StartFromResult: startFrom }),
      writeXml(
        'universal:TravelerCriteria',
        {},
        writeXml('universal:NameCriteria', {
          FirstName: toHostName(who.givenName).slice(0, 30),
          LastName: toHostName(who.familyName).slice(0, 30),
        }),
      ),
      writeXml(
        'universal:AirReservationCriteria',
        { Origin: first.origin },
        writeXml('universal:DepartureDate', {}, writeXml('universal:SpecificDate', {}, first.departure.local.slice(0, 10))),
      ),
    ),
  )
}

/** AirCancelReq: the whole air reservation, at the version that was just read. */
export function writeCancel(writing: Writing, locators: Locators, version: string): string {
  return envelope(
    writeXml(
      'universal:AirCancelReq',
      { ...namespaces('universal'), TargetBranch: writing.targetBranch, AuthorizedBy: 'user', Version: version },
      pointOfSale(),
      pccOf(writing),
      writeXml('air:AirReservationLocatorCode', {}, escapeXml(locators.air)),
    ),
  )
}

/** UniversalRecordCancelReq: the record with everything in it; for one that came out of a booking incomplete. */
export function writeCancelRecord(writing: Writing, record: string, version: string): string {
  return envelope(
    writeXml(
      'universal:UniversalRecordCancelReq',
      {
        ...namespaces('universal'),
        TargetBranch: writing.targetBranch,
        AuthorizedBy: 'user',
        UniversalRecordLocatorCode: record,
        Version: version,
      },
      pointOfSale(),
      pccOf(writing),
    ),
  )
}

/** AirVoidDocumentReq for these tickets of one PNR. The host wants all tickets of a PNR named in one request. */
export function writeVoid(writing: Writing, locators: Locators, ticketNumbers: readonly string[]): string {
  return envelope(
    writeXml(
      'air:AirVoidDocumentReq',
      {
        ...namespaces('air'),
        TargetBranch: writing.targetBranch,
        AuthorizedBy: 'user',
        ShowETR: false,
        ProviderCode: writing.providerCode,
        ProviderLocatorCode: locators.pnr,
      },
      pointOfSale(),
      pccOf(writing),
      writeXml('air:AirReservationLocatorCode', {}, escapeXml(locators.air)),
      ...ticketNumbers.map((number) => writeXml('air:VoidDocumentInfo', { DocumentNumber: number, DocumentType: 'E-Ticket' })),
    ),
  )
}

/** A SOAP 1.1 message round one request element. */
export function envelope(request: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${writeXml('soap:Envelope', { 'xmlns:soap': NAMESPACES.soap }, writeXml('soap:Body', {}, request))}`
}

/** The namespace declarations of a request of this service, which everything inside it uses. */
export function namespaces(root: 'air' | 'universal' | 'hotel'): Readonly<Record<string, string>> {
  if (root === 'hotel') return { 'xmlns:hotel': NAMESPACES.hotel, 'xmlns:common': NAMESPACES.common }
  const both = { 'xmlns:air': NAMESPACES.air, 'xmlns:common': NAMESPACES.common }
  return root === 'air' ? both : { 'xmlns:universal': NAMESPACES.universal, ...both }
}

/** The first element of every request. */
export function pointOfSale(): string {
  return writeXml('common:BillingPointOfSaleInfo', { OriginApplication: 'UAPI' })
}

/** The office to act for, where the request takes it directly. */
export function pccOf(writing: Writing): string {
  return writing.pseudoCityCode === null ? '' : overridePcc(writing)
}

function overridePcc(writing: Writing): string {
  return writeXml('common:OverridePCC', { ProviderCode: writing.providerCode, PseudoCityCode: writing.pseudoCityCode })
}

function repeat(type: PassengerType, count: number): Traveller[] {
  return Array.from({ length: count }, () => ({ type, age: AGE_WHEN_UNNAMED[type] }))
}

/** A passenger as searches name one. */
export function searchPassenger(traveller: Traveller, index: number): string {
  return writeXml('common:SearchPassenger', { Key: `P_${index}`, Code: PASSENGER_CODES[traveller.type], Age: traveller.age })
}

/** A direction to search, in this cabin. */
export function searchLeg(slice: SliceQuery, query: Pick<FlightQuery, 'cabin'>): string {
  const place = (code: string): string => writeXml('common:CityOrAirport', { Code: code, PreferCity: true })
  return writeXml(
    'air:SearchAirLeg',
    {},
    writeXml('air:SearchOrigin', {}, place(slice.origin)),
    writeXml('air:SearchDestination', {}, place(slice.destination)),
    writeXml('air:SearchDepTime', { PreferredTime: slice.departureDate }),
    writeXml(
      'air:AirLegModifiers',
      {},
      writeXml('air:PermittedCabins', {}, writeXml('common:CabinClass', { Type: cabinName(query.cabin) })),
    ),
  )
}

function segmentKey(index: number): string {
  return `S_${index}`
}

/** A segment with the slice it belongs to, and whether another of the slice follows. */
export type PlacedSegment = { readonly segment: Segment; readonly group: number; readonly connects: boolean }

/** The segments of a journey in order, each with its place. */
export function placedSegments(slices: readonly Pick<Slice, 'segments'>[]): readonly PlacedSegment[] {
  return slices.flatMap(({ segments }, group) =>
    segments.map((segment, index) => ({ segment, group, connects: index < segments.length - 1 })),
  )
}

/** A flight as requests name it; what is not known of it is left out. */
export function itinerarySegment(writing: Writing, one: PlacedSegment, index: number): string {
  const { segment } = one
  return writeXml(
    'air:AirSegment',
    {
      Key: segmentKey(index),
      Group: one.group,
      Carrier: segment.carrier,
      CabinClass: segment.cabin === null ? null : cabinName(segment.cabin),
      FlightNumber: segment.flightNumber,
      Origin: segment.origin,
      Destination: segment.destination,
      DepartureTime: dateTime(segment.departure),
      ArrivalTime: dateTime(segment.arrival),
      ProviderCode: writing.providerCode,
      ClassOfService: segment.bookingClass,
      Equipment: segment.equipment,
    },
    one.connects ? writeXml('air:Connection', {}) : '',
  )
}

function dateTime(time: Segment['departure']): string {
  return `${time.local}:00.000${time.offset ?? ''}`
}

function readToken(offer: FlightOffer): OfferToken {
  try {
    const token = JSON.parse(offer.supplierToken) as OfferToken
    if (token.v === 1 && Array.isArray(token.fareBasis)) return token
  } catch {
    // Falls through: a token that is not ours asks for no fare basis, and the live price decides.
  }
  return { v: 1, fareBasis: [] }
}
