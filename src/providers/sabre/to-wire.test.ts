import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { createStoppedClock, parseLocalDate, type LocalDateTime } from '../../kernel/time.ts'
import type { FlightOffer, Segment } from '../../travel/flight.ts'
import type { Passenger } from '../../travel/passenger.ts'
import type { FlightOrder } from '../contract.ts'
import { agentOfClient, soapUrlBeside } from './config.ts'
import { isSameReference, toHostName } from '../host-text.ts'
import { sabre } from './index.ts'
import { toSeatsRequest } from './seats.ts'
import { settingsFor } from './test-settings.ts'
import { isUnsendable, toCancelBooking, toCreateBooking, toFulfill } from './to-wire-booking.ts'
import { toRevalidateRequest, toShopRequest } from './to-wire-shop.ts'
import { holdOf, type OfferToken } from './wire.ts'

const settings = settingsFor({
  url: 'http://sabre',
  soapUrl: 'http://sabre/soap',
  clientId: 'V1:agent:AB1C:AA',
  clientSecret: 'pass',
  pcc: 'AB1C',
})

const segment = (
  carrier: string,
  flightNumber: string,
  from: string,
  to: string,
  departure: string,
  arrival: string,
  more: Partial<Segment> = {},
): Segment => ({
  carrier,
  flightNumber,
  operatingCarrier: null,
  origin: from,
  originTerminal: null,
  destination: to,
  destinationTerminal: null,
  departure: { local: departure as LocalDateTime, offset: '+07:00' },
  arrival: { local: arrival as LocalDateTime, offset: '+08:00' },
  durationMinutes: 110,
  equipment: null,
  cabin: 'economy',
  bookingClass: 'S',
  fareBasis: 'SLITE',
  brand: 'ECONOMY LITE',
  baggage: [],
  ...more,
})
const OUT = [
  segment('SQ', '961', 'CGK', 'SIN', '2026-12-01T18:35', '2026-12-01T21:25'),
  segment('SQ', '12', 'SIN', 'NRT', '2026-12-02T00:55', '2026-12-02T08:30', { operatingCarrier: 'NH' }),
]
const BACK = [segment('SQ', '639', 'NRT', 'CGK', '2026-12-09T23:40', '2026-12-10T05:20', { bookingClass: 'V' })]
const token: OfferToken = {
  v: 1,
  source: 'ATPCO',
  passengers: [
    { code: 'ADT', count: 1 },
    { code: 'INF', count: 1 },
  ],
  brands: ['EL', 'EL', null],
  married: [false, true, false],
}
const offer: FlightOffer = {
  id: '0',
  provider: 'sabre',
  solution: 0,
  total: money(105_495, 'USD'),
  base: null,
  taxes: null,
  passengers: [],
  validatingCarrier: 'SQ',
  refundable: null,
  changeable: null,
  penalties: [],
  lastTicketingAt: null,
  expiresAt: null,
  slices: [
    { origin: 'CGK', destination: 'NRT', durationMinutes: 715, segments: OUT },
    { origin: 'NRT', destination: 'CGK', durationMinutes: 460, segments: BACK },
  ],
  emissionsKg: null,
  selfTransfer: null,
  supplierToken: JSON.stringify(token),
}
const adult: Passenger = {
  type: 'adult',
  title: 'mr',
  givenName: 'José María',
  familyName: "O'Brien-Müller",
  bornOn: parseLocalDate('1990-04-18'),
  gender: 'male',
  document: { kind: 'passport', number: 'c 123-4567', issuingCountry: 'ID', nationality: 'ID', expiresOn: parseLocalDate('2031-01-01') },
}
const infant: Passenger = {
  ...adult,
  type: 'infant',
  givenName: 'Eko',
  gender: 'unspecified',
  bornOn: parseLocalDate('2026-02-03'),
  document: null,
}
const order: FlightOrder = {
  reference: 'FWREF0001',
  offer,
  passengers: [adult, infant],
  contact: { email: 'budi@example.com', phone: '+62812345678' },
}

describe('requests to Sabre', () => {
  test('a search names every slice, every type that travels and no other', () => {
    const query = {
      slices: [
        { origin: 'JKT', destination: 'TYO', departureDate: parseLocalDate('2026-12-01') },
        { origin: 'TYO', destination: 'SIN', departureDate: parseLocalDate('2026-12-05') },
      ],
      passengers: { adults: 2, children: 0, infants: 1 },
      cabin: 'premium_economy' as const,
    }
    expect(toShopRequest(query, { ...settings, currency: null })).toMatchObject({
      OTA_AirLowFareSearchRQ: {
        OriginDestinationInformation: [
          {
            RPH: '1',
            DepartureDateTime: '2026-12-01T00:00:00',
            OriginLocation: { LocationCode: 'JKT' },
            DestinationLocation: { LocationCode: 'TYO' },
          },
          {
            RPH: '2',
            DepartureDateTime: '2026-12-05T00:00:00',
            OriginLocation: { LocationCode: 'TYO' },
            DestinationLocation: { LocationCode: 'SIN' },
          },
        ],
        TravelPreferences: { CabinPref: [{ Cabin: 'S' }] },
        TravelerInfoSummary: {
          AirTravelerAvail: [
            {
              PassengerTypeQuantity: [
                { Code: 'ADT', Quantity: 2 },
                { Code: 'INF', Quantity: 1 },
              ],
            },
          ],
          PriceRequestInformation: expect.not.objectContaining({ CurrencyCode: expect.anything() }),
        },
      },
    })
  })

  test('a verification names each flight with its class and its day, and the brand of the slices that have one', () => {
    const body = toRevalidateRequest(offer, token, settings) as {
      OTA_AirLowFareSearchRQ: { OriginDestinationInformation: { TPA_Extensions: object }[] }
    }
    expect(body).toMatchObject({
      OTA_AirLowFareSearchRQ: {
        TravelerInfoSummary: { SeatsRequested: [1], PriceRequestInformation: { CurrencyCode: 'USD' } },
        OriginDestinationInformation: [
          {
            DepartureDateTime: '2026-12-01T18:35:00',
            TPA_Extensions: {
              Flight: [
                { Number: 961, ClassOfService: 'S', DepartureDateTime: '2026-12-01T18:35:00', Airline: { Marketing: 'SQ' } },
                { Number: 12, ClassOfService: 'S', ArrivalDateTime: '2026-12-02T08:30:00', Airline: { Marketing: 'SQ', Operating: 'NH' } },
              ],
              BrandFilters: { Brand: [{ Code: 'EL', PreferLevel: 'Preferred' }] },
            },
          },
          { TPA_Extensions: { Flight: [{ Number: 639, ClassOfService: 'V' }] } },
        ],
      },
    })
    expect(body.OTA_AirLowFareSearchRQ.OriginDestinationInformation[1]!.TPA_Extensions).not.toHaveProperty('BrandFilters')
  })

  test('a booking carries our reference, halts on what is not confirmed or dearer, and never books anew by itself', () => {
    expect(toCreateBooking(order, token)).toEqual({
      receivedFrom: 'FAREWIRE',
      errorHandlingPolicy: ['HALT_ON_ERROR'],
      agency: { ticketingPolicy: 'TODAY' },
      flightDetails: {
        flights: [
          expect.objectContaining({
            flightNumber: 961,
            airlineCode: 'SQ',
            departureDate: '2026-12-01',
            departureTime: '18:35',
            bookingClass: 'S',
            flightStatusCode: 'NN',
            isMarriageGroup: false,
          }),
          expect.objectContaining({
            flightNumber: 12,
            fromAirportCode: 'SIN',
            toAirportCode: 'NRT',
            departureDate: '2026-12-02',
            isMarriageGroup: true,
          }),
          expect.objectContaining({
            flightNumber: 639,
            arrivalDate: '2026-12-10',
            arrivalTime: '05:20',
            bookingClass: 'V',
            isMarriageGroup: false,
          }),
        ],
        flightPricing: [
          {
            priceComparisons: [{ desiredAmount: '1054.95', comparisonType: 'INCREASE_BY_AMOUNT', amount: '0' }],
            qualifiers: {
              currencyPricing: 'USD',
              validatingAirlineCode: 'SQ',
              brandedFares: [
                { brandCode: 'EL', flightIndices: [1] },
                { brandCode: 'EL', flightIndices: [2] },
              ],
              passengersPricing: [
                { passengerCode: 'ADT', numberOfpassengers: 1 },
                { passengerCode: 'INF', numberOfpassengers: 1 },
              ],
            },
          },
        ],
        haltOnFlightStatusCodes: ['NO', 'NN', 'UC', 'US', 'UN', 'UU', 'LL', 'HL'],
        retryBookingUnconfirmedFlights: false,
      },
      travelers: [
        {
          givenName: 'JOSE MARIA',
          surname: 'OBRIEN MUELLER',
          birthDate: '1990-04-18',
          gender: 'MALE',
          passengerCode: 'ADT',
          infantTravelerIndex: 2,
          identityDocuments: [
            expect.objectContaining({
              documentType: 'PASSPORT',
              documentNumber: 'C1234567',
              issuingCountryCode: 'ID',
              citizenshipCountryCode: 'ID',
              expiryDate: '2031-01-01',
            }),
          ],
        },
        expect.objectContaining({
          passengerCode: 'INF',
          gender: 'UNDISCLOSED',
          identityDocuments: [expect.objectContaining({ documentType: 'SECURE_FLIGHT_PASSENGER_DATA' })],
        }),
      ],
      contactInfo: { emails: ['budi@example.com'], phones: ['+62812345678'] },
      remarks: [{ type: 'GENERAL', text: 'FAREWIRE REF FWREF0001' }],
    })
  })

  test.each<[string, FlightOrder, OfferToken]>([
    ['content of another source', order, { ...token, source: 'NDC' }],
    ['an infant without a lap', { ...order, passengers: [infant] }, token],
    [
      'a flight without a class',
      { ...order, offer: { ...offer, slices: [{ ...offer.slices[0]!, segments: [{ ...OUT[0]!, bookingClass: null }] }] } },
      token,
    ],
  ])('is not sent at all: %s', (_, wanted, held) => {
    expect(isUnsendable(toCreateBooking(wanted, held))).toBe(true)
  })

  test('ticketing names printers only where there are any', () => {
    expect(toFulfill('GLEBNY', ['1'], settings)).not.toHaveProperty('designatePrinters')
    expect(toFulfill('GLEBNY', [], { ...settings, printerProfile: 7, ticketCountry: 'ID' })).toMatchObject({
      designatePrinters: [{ profileNumber: 7 }, { ticket: { countryCode: 'ID' } }],
      fulfillments: [{ payment: { primaryFormOfPayment: 1 } }],
    })
  })

  test('a cancellation touches tickets only when it is to void them, and stops at the first error', () => {
    expect(toCancelBooking('GLEBNY', 'VOID')).toMatchObject({
      cancelAll: true,
      flightTicketOperation: 'VOID',
      errorHandlingPolicy: 'HALT_ON_ERROR',
    })
    expect(toCancelBooking('GLEBNY', 'KEEP')).not.toHaveProperty('flightTicketOperation')
  })

  test('seats are asked for every flight, and for everybody who sits', () => {
    expect(toSeatsRequest(offer, token)).toMatchObject({
      requestType: 'payload',
      request: {
        paxSegmentRefIds: ['seg1', 'seg2', 'seg3'],
        paxes: [{ paxID: 'pax1', ptc: 'ADT' }],
        originDest: {
          paxJourney: {
            paxSegments: [{ marketingCarrierInfo: { carrierCode: 'SQ', carrierFlightNumber: '961', bookingCode: 'S' } }, {}, {}],
          },
        },
      },
    })
  })

  test('names are spelled as in a passport’s machine readable zone', () => {
    expect(['Øystein', 'Łukasz', 'Nguyễn', 'Æsa', '李'].map(toHostName)).toEqual(['OEYSTEIN', 'LUKASZ', 'NGUYEN', 'AESA', 'X'])
    expect([isSameReference('fw-ref 1', 'FWREF1'), isSameReference('', ''), isSameReference('FWREF1', 'FWREF12')]).toEqual([
      true,
      false,
      false,
    ])
  })

  test.each([
    ['HK', 'confirmed'],
    ['TK', 'confirmed'],
    ['HL', 'waitlisted'],
    ['UC', 'cancelled'],
    ['NN', 'unknown'],
    ['PN', 'unknown'],
    ['ZZ', 'unknown'],
  ])('a flight with the status %s is %s', (code, hold) => {
    expect(holdOf(code, null)).toBe(hold)
  })
})

describe('configuration', () => {
  const environment = (values: Record<string, string>) => ({
    find: (name: string) => values[name],
    read: (name: string) => {
      const value = values[name]
      if (value === undefined) throw new Error(`${name} is not set`)
      return value
    },
  })
  const complete = {
    SABRE_URL: 'https://api.platform.sabre.com/',
    SABRE_CLIENT_ID: 'V1:agent:AB1C:AA',
    SABRE_CLIENT_SECRET: 'pass',
    SABRE_PCC: 'AB1C',
  }
  const create = (values: Record<string, string>) =>
    sabre.create(environment(values), {
      clock: createStoppedClock('2026-11-21T08:00:00Z'),
      currency: money(0, 'EUR').currency,
      over: (_, make) => make(() => Promise.reject(new Error('nobody is called'))),
    })

  test('takes the agent from the client id, or wants it named', () => {
    expect(agentOfClient('V1:agent:AB1C:AA', 'pass')).toEqual({ user: 'agent', password: 'pass', organization: 'AB1C' })
    expect(create(complete).map((provider) => provider.id)).toEqual(['sabre'])
    expect(() => create({ ...complete, SABRE_CLIENT_ID: 'opaque' })).toThrow('SABRE_AGENT and SABRE_AGENT_PASSWORD are needed')
    expect(create({ ...complete, SABRE_CLIENT_ID: 'opaque', SABRE_AGENT: 'agent', SABRE_AGENT_PASSWORD: 'pass' })).toHaveLength(1)
  })

  test('finds the SOAP services beside the REST ones', () => {
    expect(soapUrlBeside('https://api.cert.platform.sabre.com')).toBe('https://webservices.cert.platform.sabre.com/')
  })
})
