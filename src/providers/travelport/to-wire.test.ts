import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findSchemaFaults, hasSchemas } from '../../../fixtures/travelport/xsd.ts'
import { createStoppedClock, parseLocalDate } from '../../kernel/time.ts'
import type { FlightOffer, FlightQuery } from '../../travel/flight.ts'
import type { Passenger } from '../../travel/passenger.ts'
import { attribute, child, descendants } from '../../platform/xml.ts'
import type { FlightOrder } from '../contract.ts'
import { readBody } from './exchange.ts'
import { docsText, isSameReference, toHostDate, toHostName } from '../host-text.ts'
import { ageOn } from '../../travel/passenger.ts'
import { readPrice, type PricedSolution } from './read-price.ts'
import { readShop } from './read-shop.ts'
import * as wire from './to-wire.ts'
import { travellersOfOrder, writeBooking } from './write-booking.ts'

const clock = createStoppedClock('2026-07-01T09:00:00Z')
const writing: wire.Writing = { targetBranch: 'P1234567', providerCode: '1G', pseudoCityCode: '7J8J', currency: 'EUR' }
const query: FlightQuery = {
  slices: [
    { origin: 'CGK', destination: 'TYO', departureDate: parseLocalDate('2026-12-01') },
    { origin: 'TYO', destination: 'CGK', departureDate: parseLocalDate('2026-12-09') },
  ],
  passengers: { adults: 2, children: 1, infants: 1 },
  cabin: 'business',
}
const locators = { record: 'DJ82QE', air: '7XEDLH', pnr: '1Z2Q4Y' }

const adult: Passenger = {
  type: 'adult',
  title: 'mr',
  givenName: 'Łukasz "Lu"',
  familyName: 'Müller & O’Neil',
  bornOn: parseLocalDate('1990-04-18'),
  gender: 'male',
  document: { kind: 'passport', number: 'c-1234 567', issuingCountry: 'ID', nationality: 'ID', expiresOn: parseLocalDate('2031-01-01') },
}

/** A priced solution of our own, small but whole, for two adults, a child and an infant. */
function pricedFamily(): PricedSolution {
  const info = (key: string, code: string, count: number, total: string): string =>
    `<air:AirPricingInfo Key="${key}" TotalPrice="${total}" BasePrice="${total}" Taxes="EUR0.00" PricingMethod="Guaranteed" ProviderCode="1G" PlatingCarrier="GA">
      <air:FareInfo Key="f${key}" FareBasis="YOW" PassengerTypeCode="${code}" Origin="CGK" Destination="NRT" EffectiveDate="2026-07-01T00:00:00.000+00:00">
        <air:BaggageAllowance><air:NumberOfPieces>1</air:NumberOfPieces></air:BaggageAllowance><air:FareRuleKey FareInfoRef="f${key}" ProviderCode="1G">a/b+c==</air:FareRuleKey>
        <air:Brand Key="b" BrandID="1" Name="Flex"><air:Text Type="MarketingAgent">long &amp; winding</air:Text></air:Brand>
      </air:FareInfo>
      <air:BookingInfo BookingCode="Y" CabinClass="Economy" FareInfoRef="f${key}" SegmentRef="s1"/><air:TaxInfo Category="YQ" Amount="EUR0.00" Key="t${key}"/><air:FareCalc>CGK GA TYO END</air:FareCalc>
      ${`<air:PassengerType Code="${code}"/>`.repeat(count)}<air:ChangePenalty><air:Amount>EUR50.00</air:Amount></air:ChangePenalty><air:BaggageAllowances/></air:AirPricingInfo>`
  const reply = `<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body><air:AirPriceRsp xmlns:air="http://www.travelport.com/schema/air_v52_0" xmlns:c="http://www.travelport.com/schema/common_v52_0">
    <air:AirItinerary><air:AirSegment Key="s1" Group="0" Carrier="GA" FlightNumber="874" Origin="CGK" Destination="NRT" DepartureTime="2026-12-01T23:15:00.000+07:00" ArrivalTime="2026-12-02T08:50:00.000+09:00" ProviderCode="1G" ClassOfService="Y"/><c:HostToken Key="h1">token &lt;1&gt;</c:HostToken></air:AirItinerary>
    <air:AirPriceResult><air:AirPricingSolution Key="p1" TotalPrice="EUR350.00" BasePrice="EUR350.00" Taxes="EUR0.00"><air:AirSegmentRef Key="s1"/>${info('1', 'ADT', 2, 'EUR120.00')}${info('2', 'CNN', 1, 'EUR90.00')}${info('3', 'INF', 1, 'EUR20.00')}</air:AirPricingSolution></air:AirPriceResult></air:AirPriceRsp></SOAP:Body></SOAP:Envelope>`
  return readPrice(readBody(reply))[0]!
}

function family(offer: FlightOffer): FlightOrder {
  return {
    reference: 'att_01k2z9',
    offer,
    contact: { email: 'budi@example.com', phone: '+62 812-3456' },
    passengers: [
      adult,
      { ...adult, title: null, givenName: 'Ayu', gender: 'female', document: null },
      { ...adult, type: 'child', title: null, givenName: 'Bayu', bornOn: parseLocalDate('2019-12-02'), document: null },
      { ...adult, type: 'infant', title: null, givenName: 'Citra', gender: 'female', bornOn: parseLocalDate('2026-01-15') },
    ],
  }
}

function allRequests(): Record<string, string> {
  const priced = pricedFamily()
  const order = family(priced.offer)
  const plain: wire.Writing = { ...writing, pseudoCityCode: null, currency: null }
  return {
    'low fare search': wire.writeShop(writing, query),
    'low fare search without office and currency': wire.writeShop(plain, query),
    'price of an offer': wire.writePrice(writing, priced.offer, wire.travellersOf(priced.offer)),
    'price for named travellers': wire.writePrice(plain, priced.offer, travellersOfOrder(order)),
    'create reservation': writeBooking(writing, order, priced, clock.now()),
    'create reservation without office': writeBooking(plain, order, priced, clock.now()),
    ticketing: wire.writeTicket(writing, locators, order.reference),
    'record retrieve': wire.writeRetrieve(writing, locators.record),
    'document retrieve': wire.writeRetrieveDocuments(writing, locators),
    'record search': wire.writeFind(writing, adult, priced.offer.slices[0]!.segments[0]!, 1),
    'air cancel': wire.writeCancel(writing, locators, '3'),
    'record cancel': wire.writeCancelRecord(writing, locators.record, '0'),
    void: wire.writeVoid(writing, locators, ['0745460246213', '0745460246214']),
  }
}

describe.skipIf(!hasSchemas())('against Travelport’s schemas (skipped where ../shared/schemas is absent)', () => {
  test('every request that we send is valid', async () => {
    const requests = Object.entries(allRequests())
    const faults = await findSchemaFaults(requests.map(([, envelope]) => envelope))
    expect(Object.fromEntries(requests.map(([name], index) => [name, faults[index]]))).toEqual(
      Object.fromEntries(requests.map(([name]) => [name, []])),
    )
  }, 60_000)

  test('a broken request is found out, so the check can fail', async () => {
    const good = wire.writeCancel(writing, locators, '3')
    const [valid, noVersion, unknownElement, wrongOrder] = await findSchemaFaults([
      good,
      good.replace(' Version="3"', ''),
      good.replace('</universal:AirCancelReq>', '<air:Nonsense/></universal:AirCancelReq>'),
      wire.writeTicket(writing, locators, 'x').replace(/(<common:BillingPointOfSaleInfo[^>]*>)(.*)(<\/air:AirTicketingReq>)/s, '$2$1$3'),
    ])
    expect(valid).toEqual([])
    for (const faults of [noVersion, unknownElement, wrongOrder]) expect(faults?.length).toBeGreaterThan(0)
  }, 60_000)

  const recording = new URL('../../../../shared/recordings/travelport-uapi/price/AirPricingSolution.IEVPAR.xml', import.meta.url)
  test.skipIf(!existsSync(recording))(
    'a recorded price can be booked with a valid request',
    async () => {
      const priced = readPrice(readBody(readFileSync(recording, 'utf8')))
      const requests = priced.map((one) => writeBooking(writing, { ...family(one.offer), passengers: [adult] }, one, clock.now()))
      expect(await findSchemaFaults(requests)).toEqual([[], []])
    },
    60_000,
  )
})

describe('a booking request', () => {
  const priced = pricedFamily()
  const booking = readBody(writeBooking(writing, family(priced.offer), priced, clock.now()))

  test('asks the host to keep nothing when price, schedule or seats are not as agreed', () => {
    expect(attribute(booking, 'RetainReservation')).toBe('None')
    expect(attribute(booking, 'RestrictWaitlist')).toBe('true')
  })

  test('carries our reference in a remark of the PNR', () => {
    expect(descendants(booking, 'GeneralRemark').map((remark) => child(remark, 'RemarkData')?.text)).toEqual(['FAREWIRE REF att_01k2z9'])
  })

  test('binds each traveller to exactly one fare of the type, with the age on the day of departure', () => {
    const bound = descendants(booking, 'PassengerType').map((type) => [
      attribute(type, 'Code'),
      attribute(type, 'Age'),
      attribute(type, 'BookingTravelerRef'),
    ])
    expect(bound).toEqual([
      ['ADT', undefined, 'P_0'],
      ['ADT', undefined, 'P_1'],
      ['CNN', '6', 'P_2'],
      ['INF', '0', 'P_3'],
    ])
    expect(descendants(booking, 'NameRemark').map((remark) => child(remark, 'RemarkData')?.text)).toEqual(['P-C06 DOB02DEC19', '15JAN26'])
  })

  test('sends passports as the airline reads them, and host tokens unchanged', () => {
    expect(descendants(booking, 'SSR').map((ssr) => attribute(ssr, 'FreeText'))).toEqual([
      'P/ID/C1234567/ID/18APR90/M/01JAN31/MUELLER ONEIL/LUKASZ LU',
      'P/ID/C1234567/ID/15JAN26/FI/01JAN31/MUELLER ONEIL/CITRA',
    ])
    expect(descendants(booking, 'HostToken').map((token) => token.text)).toEqual(['token <1>'])
  })

  test('is not written when a traveller has no fare', () => {
    const order = family(priced.offer)
    expect(() => writeBooking(writing, { ...order, passengers: [...order.passengers, adult] }, priced, clock.now())).toThrow(
      /no fare was priced for the adult/,
    )
    expect(() => writeBooking(writing, { ...order, passengers: order.passengers.slice(1) }, priced, clock.now())).toThrow(
      /one adult too many/,
    )
  })
})

describe('what the host can hold', () => {
  test.each([
    ['Müller', 'MUELLER'],
    ['Ðorđević', 'DORDEVIC'],
    ['Nguyễn Thị', 'NGUYEN THI'],
    ['O’Brien-Smith', 'OBRIEN SMITH'],
    ['  Strauß ', 'STRAUSS'],
    ['李', 'X'],
  ])('spells %s as %s', (name, host) => expect(toHostName(name)).toBe(host))

  test('dates, ages and references', () => {
    expect(toHostDate(parseLocalDate('2005-11-03'))).toBe('03NOV05')
    expect([ageOn(parseLocalDate('2019-12-01'), '2026-12-01'), ageOn(parseLocalDate('2019-12-02'), '2026-12-01')]).toEqual([7, 6])
    expect(docsText({ ...adult, document: null }, '/')).toBeNull()
    expect([isSameReference(' att_01K2', 'ATT-01k2'), isSameReference('att_1', 'att_12'), isSameReference('', '')]).toEqual([
      true,
      false,
      false,
    ])
  })
})

test('a search asks in the branch’s own currency unless told otherwise', () => {
  const search = readBody(wire.writeShop({ ...writing, currency: null }, query))
  expect(descendants(search, 'AirPricingModifiers')).toEqual([])
  expect(() => readShop(search)).not.toThrow()
})
