import type { FlightOffer, FlightQuery, Segment } from '../../travel/flight.ts'
import type { PassengerCounts } from '../../travel/passenger.ts'
import type { AmadeusOn } from './config.ts'
import { cabinCode, PASSENGER_CODES } from './wire.ts'
import { countsOf, element, text, wireDate, wireTime, writePricingOptions } from './write-values.ts'

/** Recommendations asked for. The host gives no more than 250. */
const RECOMMENDATIONS_MAX = 250

/** The body of Fare_MasterPricerTravelBoardSearch: published and negotiated fares with e-tickets, in one call for all slices. */
export function writeShop(config: AmadeusOn, query: FlightQuery): string {
  const { adults, children, infants } = query.passengers
  return [
    element(
      'numberOfUnit',
      element('unitNumberDetail', text('numberOfUnits', adults + children), text('typeOfUnit', 'PX')),
      element('unitNumberDetail', text('numberOfUnits', RECOMMENDATIONS_MAX), text('typeOfUnit', 'RC')),
    ),
    travellers('adult', 1, adults),
    travellers('child', adults + 1, children),
    infants === 0
      ? ''
      : element(
          'paxReference',
          text('ptc', PASSENGER_CODES.infant),
          ...Array.from({ length: infants }, (_, at) => element('traveller', text('ref', at + 1), text('infantIndicator', 1))),
        ),
    element(
      'fareOptions',
      element('pricingTickInfo', element('pricingTicketing', ...['RP', 'RU', 'ET', 'TAC', 'MNR'].map((type) => text('priceType', type)))),
      config.currency === null ? '' : element('conversionRate', element('conversionRateDetail', text('currency', config.currency))),
    ),
    element('travelFlightInfo', element('cabinId', text('cabinQualifier', 'MC'), text('cabin', cabinCode(query.cabin)))),
    ...query.slices.map((slice, at) =>
      element(
        'itinerary',
        element('requestedSegmentRef', text('segRef', at + 1)),
        element('departureLocalization', element('departurePoint', text('locationId', slice.origin))),
        element('arrivalLocalization', element('arrivalPointDetails', text('locationId', slice.destination))),
        element('timeDetails', element('firstDateTimeDetail', text('date', wireDate(slice.departureDate)))),
      ),
    ),
  ].join('')
}

function travellers(type: 'adult' | 'child', first: number, count: number): string {
  if (count === 0) return ''
  const refs = Array.from({ length: count }, (_, at) => element('traveller', text('ref', first + at)))
  return element('paxReference', text('ptc', PASSENGER_CODES[type]), ...refs)
}

/** The body of Fare_InformativePricingWithoutPNR: these flights in these classes for these travellers. */
export function writePrice(config: AmadeusOn, offer: FlightOffer): string {
  const slices = offer.slices.flatMap((slice, at) => slice.segments.map((segment) => ({ segment, slice: at + 1 })))
  return [
    ...passengerGroups(countsOf(offer)),
    ...slices.map(({ segment, slice }, at) => element('segmentGroup', writeSegment(segment, slice, at + 1))),
    writePricingOptions(offer, config.currency, { qualifier: 'S', of: (segment) => String(segment + 1) }),
  ].join('')
}

function passengerGroups({ adults, children, infants }: PassengerCounts): readonly string[] {
  const group = (at: number, count: number, first: number, code: string): string =>
    element(
      'passengersGroup',
      element('segmentRepetitionControl', element('segmentControlDetails', text('quantity', at), text('numberOfUnits', count))),
      element(
        'travellersID',
        ...Array.from({ length: count }, (_, index) => element('travellerDetails', text('measurementValue', first + index))),
      ),
      element(
        'discountPtc',
        text('valueQualifier', code),
        code === PASSENGER_CODES.infant ? element('fareDetails', text('qualifier', 766)) : '',
      ),
    )
  const groups = [
    { count: adults, first: 1, code: PASSENGER_CODES.adult },
    { count: children, first: adults + 1, code: PASSENGER_CODES.child },
    // An infant has the number of the adult who holds it.
    { count: infants, first: 1, code: PASSENGER_CODES.infant },
  ].filter((one) => one.count > 0)
  return groups.map((one, at) => group(at + 1, one.count, one.first, one.code))
}

function writeSegment(segment: Segment, slice: number, item: number): string {
  return element(
    'segmentInformation',
    element(
      'flightDate',
      text('departureDate', wireDate(segment.departure.local)),
      text('departureTime', wireTime(segment.departure.local)),
      text('arrivalDate', wireDate(segment.arrival.local)),
      text('arrivalTime', wireTime(segment.arrival.local)),
    ),
    element('boardPointDetails', text('trueLocationId', segment.origin)),
    element('offpointDetails', text('trueLocationId', segment.destination)),
    element(
      'companyDetails',
      text('marketingCompany', segment.carrier),
      segment.operatingCarrier === null ? '' : text('operatingCompany', segment.operatingCarrier),
    ),
    element('flightIdentification', text('flightNumber', segment.flightNumber), text('bookingClass', segment.bookingClass ?? 'Y')),
    element('flightTypeDetails', text('flightIndicator', slice)),
    text('itemNumber', item),
  )
}

/** The body of Air_RetrieveSeatMap for one flight. */
export function writeSeatMap(segment: Segment): string {
  return element(
    'travelProductIdent',
    element('flightDate', text('departureDate', wireDate(segment.departure.local))),
    element('boardPointDetails', text('trueLocationId', segment.origin)),
    element('offpointDetails', text('trueLocationId', segment.destination)),
    element('companyDetails', text('marketingCompany', segment.carrier)),
    element('flightIdentification', text('flightNumber', segment.flightNumber), text('bookingClass', segment.bookingClass ?? 'Y')),
  )
}

/** The categories of rules that are asked for: what a traveller is told. Source: ATPCO category names. */
const RULE_CATEGORIES = ['PE', 'MX', 'MN', 'AP', 'SO'] as const

/** The body of Fare_CheckRules for one fare component of what has just been priced in the same conversation. */
export function writeCheckRules(component: number): string {
  const number = (type: string, value: number): string =>
    element('itemNumberDetails', text('number', value), type === '' ? '' : text('type', type))
  return [
    element('msgType', element('messageFunctionDetails', text('messageFunction', 712))),
    element('itemNumber', number('', 1), number('FC', component)),
    element('fareRule', element('tarifFareRule', ...RULE_CATEGORIES.map((category) => text('ruleSectionId', category)))),
  ].join('')
}

/** The body of MiniRule_GetFromPricing: all fares of what has just been priced in the same conversation. */
export function writeMiniRules(): string {
  return element('fareRecommendationId', text('referenceType', 'FRN'), text('uniqueReference', 'ALL'))
}
