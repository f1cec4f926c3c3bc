import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { parseLocalDate, type LocalDateTime } from '../../kernel/time.ts'
import { parseXml, type XmlElement } from '../../platform/xml.ts'
import type { FlightOffer, Segment } from '../../travel/flight.ts'
import type { Passenger } from '../../travel/passenger.ts'
import { AMADEUS_DEFAULT_LIMITS, type AmadeusOn } from './config.ts'
import { writeEndTransaction, writeElements, writePricePnr, writeSell, writeStoreFares } from './write-booking.ts'
import { writeCheckRules, writePrice, writeSeatMap, writeShop } from './write-search.ts'
import { writeCancel, writeInitRefund, writeIssue, writeRetrieve, writeRetrieveByName, writeVoid } from './write-servicing.ts'

const CONFIG: AmadeusOn = {
  ...{ url: 'https://x', wsap: null, username: 'u', password: 'p', officeId: 'PARFW2100', dutyCode: 'SU', market: 'FR' },
  ...{ currency: 'EUR', sessionsMax: 1, limits: AMADEUS_DEFAULT_LIMITS },
}
const segment = (carrier: string, number: string, from: string, to: string, departure: string, arrival: string): Segment => ({
  ...{
    carrier,
    flightNumber: number,
    operatingCarrier: null,
    origin: from,
    originTerminal: null,
    destination: to,
    destinationTerminal: null,
  },
  departure: { local: departure as LocalDateTime, offset: null },
  arrival: { local: arrival as LocalDateTime, offset: null },
  ...{ durationMinutes: null, equipment: null, cabin: 'economy', bookingClass: 'V', fareBasis: 'V1', brand: null, baggage: [] },
})
const OFFER: FlightOffer = {
  ...{ id: '1.0', provider: 'amadeus', solution: 0, total: money(100_00, 'EUR'), base: null, taxes: null, validatingCarrier: 'AF' },
  passengers: [
    { type: 'adult', count: 2, total: null, base: null, taxes: null },
    { type: 'child', count: 1, total: null, base: null, taxes: null },
    { type: 'infant', count: 1, total: null, base: null, taxes: null },
  ],
  ...{ refundable: null, changeable: null, penalties: [], lastTicketingAt: null, expiresAt: null, emissionsKg: null, selfTransfer: null },
  slices: [
    {
      ...{ origin: 'CDG', destination: 'CGK', durationMinutes: null },
      segments: [
        segment('AF', '256', 'CDG', 'SIN', '2026-12-01T23:05', '2026-12-02T18:35'),
        segment('SQ', '966', 'SIN', 'CGK', '2026-12-02T20:00', '2026-12-02T20:50'),
      ],
    },
    {
      ...{ origin: 'CGK', destination: 'CDG', durationMinutes: null },
      segments: [segment('AF', '259', 'CGK', 'CDG', '2026-12-09T08:00', '2026-12-09T18:00')],
    },
  ],
  supplierToken: JSON.stringify({ v: 1, fareBasis: ['V1', 'V1', 'W2'] }),
}
const person = (type: Passenger['type'], givenName: string): Passenger => ({
  ...{ type, title: type === 'adult' ? 'mr' : null, givenName, familyName: 'O’Brien-Łukasz', gender: 'male', document: null },
  bornOn: parseLocalDate(type === 'adult' ? '1990-04-18' : type === 'child' ? '2019-02-03' : '2026-08-09'),
})
const ORDER = {
  reference: 'FW-1<&>',
  offer: OFFER,
  passengers: [person('infant', 'Bo'), person('child', 'Cy'), person('adult', 'Al'), person('adult', 'Di')],
  contact: { email: 'a.b@example.com', phone: '+33612345678' },
}

/** All of the elements at a path, by their text. */
function texts(body: string, ...path: readonly string[]): readonly string[] {
  let found: readonly XmlElement[] = [parseXml(`<root>${body}</root>`)]
  for (const name of path) found = found.flatMap((one) => one.children.filter((child) => child.name === name))
  return found.map((one) => (one.children.length === 0 ? one.text : one.children.map((child) => child.text).join(' ')))
}

describe('searching', () => {
  const body = writeShop(CONFIG, {
    slices: [
      { origin: 'PAR', destination: 'JKT', departureDate: parseLocalDate('2026-12-01') },
      { origin: 'JKT', destination: 'PAR', departureDate: parseLocalDate('2026-12-09') },
    ],
    passengers: { adults: 2, children: 1, infants: 2 },
    cabin: 'premium_economy',
  })

  test('asks for seats for everybody but the infants, who are numbered like their adults', () => {
    expect(texts(body, 'numberOfUnit', 'unitNumberDetail')).toEqual(['3 PX', '250 RC'])
    expect(texts(body, 'paxReference', 'ptc')).toEqual(['ADT', 'CH', 'INF'])
    expect(texts(body, 'paxReference', 'traveller')).toEqual(['1', '2', '3', '1 1', '2 1'])
  })

  test('writes dates as DDMMYY, the cabin and the currency', () => {
    expect(texts(body, 'itinerary', 'timeDetails', 'firstDateTimeDetail', 'date')).toEqual(['011226', '091226'])
    expect(texts(body, 'itinerary', 'departureLocalization', 'departurePoint', 'locationId')).toEqual(['PAR', 'JKT'])
    expect(texts(body, 'travelFlightInfo', 'cabinId', 'cabin')).toEqual(['W'])
    expect(texts(body, 'fareOptions', 'conversionRate', 'conversionRateDetail', 'currency')).toEqual(['EUR'])
  })

  test('leaves the currency to the office where none is set', () => {
    const own = writeShop(
      { ...CONFIG, currency: null },
      { slices: [], passengers: { adults: 1, children: 0, infants: 0 }, cabin: 'economy' },
    )
    expect(own).not.toContain('conversionRate')
    expect(texts(own, 'paxReference', 'ptc')).toEqual(['ADT'])
  })
})

describe('pricing', () => {
  test('names every flight with its times, class and slice, and every group of travellers', () => {
    const body = writePrice(CONFIG, OFFER)
    expect(texts(body, 'passengersGroup', 'discountPtc', 'valueQualifier')).toEqual(['ADT', 'CH', 'INF'])
    expect(texts(body, 'passengersGroup', 'segmentRepetitionControl', 'segmentControlDetails')).toEqual(['1 2', '2 1', '3 1'])
    expect(texts(body, 'passengersGroup', 'travellersID', 'travellerDetails', 'measurementValue')).toEqual(['1', '2', '3', '1'])
    expect(texts(body, 'segmentGroup', 'segmentInformation', 'flightDate')).toEqual([
      '011226 2305 021226 1835',
      '021226 2000 021226 2050',
      '091226 0800 091226 1800',
    ])
    expect(texts(body, 'segmentGroup', 'segmentInformation', 'flightTypeDetails', 'flightIndicator')).toEqual(['1', '1', '2'])
    expect(texts(body, 'segmentGroup', 'segmentInformation', 'itemNumber')).toEqual(['1', '2', '3'])
  })

  test('is held to the very fares that were shown, by segment', () => {
    const body = writePricePnr(CONFIG, OFFER)
    expect(texts(body, 'pricingOptionGroup', 'pricingOptionKey', 'pricingOptionKey')).toEqual(['RP', 'RU', 'FCO', 'VC', 'FBA', 'FBA'])
    expect(texts(body, 'pricingOptionGroup', 'optionDetail', 'criteriaDetails', 'attributeType')).toEqual(['V1', 'W2'])
    expect(texts(body, 'pricingOptionGroup', 'paxSegTstReference', 'referenceDetails')).toEqual(['S 1', 'S 2', 'S 3'])
    expect(texts(body, 'pricingOptionGroup', 'carrierInformation', 'companyIdentification', 'otherCompany')).toEqual(['AF'])
  })

  test.each([
    ['fares that differ by passenger', JSON.stringify({ v: 1, fareBasis: ['V1', null, 'W2'] })],
    ['a token of another kind', 'x'],
    ['too few fares', JSON.stringify({ v: 1, fareBasis: ['V1'] })],
  ])('is by class alone with %s', (_, supplierToken) => {
    expect(writePricePnr(CONFIG, { ...OFFER, supplierToken })).not.toContain('FBA')
  })

  test('rules and seat maps name what they are about', () => {
    expect(texts(writeCheckRules(2), 'itemNumber', 'itemNumberDetails')).toEqual(['1', '2 FC'])
    expect(texts(writeSeatMap(OFFER.slices[0]!.segments[0]!), 'travelProductIdent', 'flightDate', 'departureDate')).toEqual(['011226'])
  })
})

describe('booking', () => {
  test('sells a seat on every flight for everybody but the infants, slice by slice', () => {
    const body = writeSell(OFFER)
    expect(texts(body, 'itineraryDetails', 'originDestinationDetails')).toEqual(['CDG CGK', 'CGK CDG'])
    expect(texts(body, 'itineraryDetails', 'segmentInformation', 'relatedproductInformation')).toEqual(['3 NN', '3 NN', '3 NN'])
    expect(texts(body, 'itineraryDetails', 'segmentInformation', 'travelProductInformation', 'flightIdentification')).toEqual([
      '256 V',
      '966 V',
      '259 V',
    ])
  })

  test('puts adults first, children after them, and infants on the laps of adults; names as a host keeps them', () => {
    const body = writeElements(ORDER)
    expect(texts(body, 'pnrActions', 'optionCode')).toEqual(['0'])
    expect(texts(body, 'travellerInfo', 'passengerData', 'travellerInformation', 'traveller', 'surname')).toEqual(
      Array(4).fill('OBRIEN LUKASZ'),
    )
    expect(texts(body, 'travellerInfo', 'passengerData', 'travellerInformation', 'passenger')).toEqual([
      'AL MR ADT 3',
      'BO INF',
      'DI MR ADT',
      'CY CHD',
    ])
    expect(texts(body, 'travellerInfo', 'passengerData', 'travellerInformation', 'traveller', 'quantity')).toEqual(['2', '1', '1'])
    expect(texts(body, 'travellerInfo', 'passengerData', 'dateOfBirth', 'dateAndTimeDetails', 'date')).toEqual(['09082026', '03022019'])
  })

  test('keeps our reference in a remark, escaped', () => {
    const body = writeElements(ORDER)
    expect(texts(body, 'dataElementsMaster', 'dataElementsIndiv', 'miscellaneousRemark', 'remarks')).toEqual(['RM FAREWIRE REF FW-1<&>'])
    expect(texts(body, 'dataElementsMaster', 'dataElementsIndiv', 'elementManagementData', 'segmentName')).toEqual([
      'AP',
      'AP',
      'TK',
      'FP',
      'RM',
      'SSR',
    ])
  })

  test('stores every fare, and ends and shows the record with whom it was received from', () => {
    expect(texts(writeStoreFares(['1', '2']), 'psaList', 'itemReference')).toEqual(['TST 1', 'TST 2'])
    const end = writeEndTransaction()
    expect(texts(end, 'pnrActions', 'optionCode')).toEqual(['11'])
    expect(texts(end, 'dataElementsMaster', 'dataElementsIndiv', 'freetextData', 'longFreetext')).toEqual(['FAREWIRE'])
  })
})

describe('servicing', () => {
  test('shows by locator, or by name, day and flight in our office', () => {
    expect(texts(writeRetrieve('ABC123'), 'retrievalFacts', 'retrieve', 'type')).toEqual(['2'])
    const byName = writeRetrieveByName(CONFIG, ORDER.passengers[2]!, OFFER.slices[0]!.segments[0]!)
    expect(texts(byName, 'retrievalFacts', 'retrieve')).toEqual(['3 PARFW2100'])
    expect(texts(byName, 'retrievalFacts', 'personalFacts', 'travellerInformation', 'traveller', 'surname')).toEqual(['OBRIEN LUKASZ'])
    expect(texts(byName, 'retrievalFacts', 'personalFacts', 'productInformation', 'product', 'depDate')).toEqual(['011226'])
    expect(texts(byName, 'retrievalFacts', 'personalFacts', 'productInformation', 'boardpointDetail', 'cityCode')).toEqual(['CDG'])
  })

  test('issues e-tickets, cancels everything at once, voids one document, begins a refund of several', () => {
    expect(texts(writeIssue(), 'optionGroup', 'switches', 'statusDetails', 'indicator')).toEqual(['ET'])
    expect(texts(writeCancel(), 'cancelElements', 'entryType')).toEqual(['I'])
    expect(texts(writeCancel(), 'pnrActions', 'optionCode')).toEqual(['11'])
    expect(texts(writeVoid(CONFIG, '0572400100001'), 'documentNumberDetails', 'documentDetails', 'number')).toEqual(['0572400100001'])
    expect(writeInitRefund(['0571', '0572'])).toContain('<Contract Number="0571"/><Contract Number="0572"/>')
  })
})
