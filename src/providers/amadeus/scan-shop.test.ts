import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import pLimit from 'p-limit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startAmadeusMock, type AmadeusMock } from '../../../fixtures/amadeus/index.ts'
import { parseLocalDate, systemClock } from '../../kernel/time.ts'
import { createPartner, type Partner } from '../../platform/partner.ts'
import { scanXml, wantedNames } from '../../platform/scan-xml.ts'
import { parseXml, XmlError } from '../../platform/xml.ts'
import type { UnreadShop } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { AMADEUS_DEFAULT_LIMITS, createAmadeus } from './index.ts'
import { readShop, SHOP_ELEMENTS } from './read-shop.ts'
import { readShopReply, scanShop } from './read-shop-reply.ts'
import { receive } from './soap.ts'

const WANTED = wantedNames(SHOP_ELEMENTS)
const RECORDINGS = new URL('../../../../shared/recordings/amadeus-soap/', import.meta.url)
const recordings = existsSync(RECORDINGS)
  ? readdirSync(RECORDINGS).flatMap((step) => readdirSync(new URL(`${step}/`, RECORDINGS)).map((file) => `${step}/${file}`))
  : []

/** What readShop makes of a tree, or of its being refused. A message of another kind is read too: it has none of the lists. */
function outcomeOf(read: () => ReturnType<typeof parseXml>): unknown {
  try {
    return readShop(receive(read()).body)
  } catch (error) {
    if (error instanceof XmlError) return 'not XML'
    if (error instanceof ProviderError) return { fault: error.fault, code: error.code, message: error.message }
    return String(error)
  }
}

const strict = (text: string): unknown => outcomeOf(() => parseXml(text))

/** The scanner's outcome, or undefined where it leaves the message to the strict reader. */
function scanned(text: string): unknown {
  const root = scanXml(Buffer.from(text), WANTED)
  return root === null ? undefined : outcomeOf(() => root)
}

const flight = (carrier: string, number: string, from: string, to: string, date: string, times: string, more = ''): string =>
  `<flightDetails><flightInformation><productDateTime><dateOfDeparture>${date}</dateOfDeparture><timeOfDeparture>${times.slice(0, 4)}</timeOfDeparture><dateOfArrival>${date}</dateOfArrival><timeOfArrival>${times.slice(5)}</timeOfArrival></productDateTime><location><locationId>${from}</locationId><terminal>3</terminal></location><location><locationId>${to}</locationId><terminal>1 &amp; 2</terminal></location><companyId><marketingCarrier>${carrier}</marketingCarrier><operatingCarrier>QG</operatingCarrier></companyId>${number}<productDetail><equipmentType>738</equipmentType><techStopNumber>0</techStopNumber></productDetail></flightInformation>${more}</flightDetails>`
const group = (ref: string, elapsed: string, ...flights: string[]): string =>
  `<groupOfFlights><propFlightGrDetail><flightProposal><ref>${ref}</ref></flightProposal><flightProposal><ref>${elapsed}</ref><unitQualifier>EFT</unitQualifier></flightProposal></propFlightGrDetail>${flights.join('')}</groupOfFlights>`
const fares = (slice: number, rbd: string, cabin: string, basis: string, family: string): string =>
  `<fareDetails><segmentRef><segRef>${slice}</segRef></segmentRef><groupOfFares><productInformation><cabinProduct><rbd>${rbd}</rbd><cabin>${cabin}</cabin></cabinProduct><fareProductDetail><fareBasis>${basis}</fareBasis></fareProductDetail></productInformation><fareFamiliesRef><referencingDetail><refQualifier>F</refQualifier><refNumber>${family}</refNumber></referencingDetail></fareFamiliesRef></groupOfFares></fareDetails>`

/** Everything that the reader looks for at least once: two slices, two passenger types, codeshares, bags by leg, families, remarks, mini rules. */
const EVERYTHING = `<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/><soap:Body><Fare_MasterPricerTravelBoardSearchReply xmlns="http://xml.amadeus.com/FMPTBR_16_3_1A">
<replyStatus><status><advisoryTypeInfo>FQX</advisoryTypeInfo></status></replyStatus>
<conversionRate><conversionRateDetail><currency>EUR</currency></conversionRateDetail></conversionRate>
<familyInformation><refNumber>1</refNumber><fareFamilyname>Economy &amp; more</fareFamilyname></familyInformation><familyInformation><refNumber>2</refNumber><fareFamilyname>Flex</fareFamilyname></familyInformation>
<flightIndex><requestedSegmentRef><segRef>1</segRef></requestedSegmentRef>
${group('1', '0150', flight('GA', '<flightOrtrainNumber>836</flightOrtrainNumber>', 'CGK', 'SIN', '011226', '0800-1050', '<technicalStop><stopDetails><locationId>PLM</locationId></stopDetails></technicalStop>'))}
${group('2', '0300', flight('SQ', '<flightNumber>953</flightNumber>', 'CGK', 'SIN', '011226', '0900-1150'))}</flightIndex>
<flightIndex><requestedSegmentRef><segRef>2</segRef></requestedSegmentRef>${group('1', '0150', flight('GA', '<flightOrtrainNumber>831</flightOrtrainNumber>', 'SIN', 'CGK', '091226', '1200-1250'))}</flightIndex>
<recommendation><itemNumber><itemNumberId><number>7</number></itemNumberId></itemNumber>
<recPriceInfo><monetaryDetail><amountType>CR</amountType><amount>1.00</amount></monetaryDetail><monetaryDetail><amount>370.00</amount></monetaryDetail><monetaryDetail><amount>70.00</amount></monetaryDetail></recPriceInfo>
<segmentFlightRef><referencingDetail><refQualifier>S</refQualifier><refNumber>1</refNumber></referencingDetail><referencingDetail><refQualifier>S</refQualifier><refNumber>1</refNumber></referencingDetail><referencingDetail><refQualifier>B</refQualifier><refNumber>1</refNumber></referencingDetail></segmentFlightRef>
<segmentFlightRef><referencingDetail><refQualifier>S</refQualifier><refNumber>2</refNumber></referencingDetail><referencingDetail><refQualifier>S</refQualifier><refNumber>1</refNumber></referencingDetail></segmentFlightRef>
<paxFareProduct><paxFareDetail><paxFareNum>1</paxFareNum><totalFareAmount>250.00</totalFareAmount><totalTaxAmount>50.00</totalTaxAmount><codeShareDetails><company>SQ</company></codeShareDetails><codeShareDetails><transportStageQualifier>V</transportStageQualifier><company>GA</company></codeShareDetails></paxFareDetail><paxReference><ptc>ADT</ptc><traveller><ref>1</ref></traveller></paxReference>
<fare><pricingMessage><freeTextQualification><textSubjectQualifier>PEN</textSubjectQualifier></freeTextQualification><description>PENALTY APPLIES</description></pricingMessage><monetaryInformation><monetaryDetail><amountType>MT</amountType><amount>45.00</amount><currency>EUR</currency></monetaryDetail></monetaryInformation></fare>
<fare><pricingMessage><freeTextQualification><textSubjectQualifier>LTD</textSubjectQualifier></freeTextQualification><description>LAST TKT DTE</description><description>25NOV26</description></pricingMessage></fare>
${fares(2, 'J', 'C', 'JRT', '2')}${fares(1, 'V', 'M', 'V&lt;1&gt;', '1')}</paxFareProduct>
<paxFareProduct><paxFareDetail><totalFareAmount>60.00</totalFareAmount><totalTaxAmount>10.00</totalTaxAmount></paxFareDetail><paxReference><ptc>CH</ptc><traveller><ref>2</ref></traveller><traveller><ref>3</ref></traveller></paxReference>${fares(1, 'V', 'M', 'VCH', '1')}${fares(2, 'J', 'C', 'JRT', '2')}</paxFareProduct>
</recommendation>
<recommendation><itemNumber><itemNumberId><number>8</number></itemNumberId></itemNumber><fareFamilyRef><referencingDetail><refQualifier>F</refQualifier><refNumber>2</refNumber></referencingDetail></fareFamilyRef><recPriceInfo><monetaryDetail><amount>100.00</amount></monetaryDetail></recPriceInfo>
<segmentFlightRef><referencingDetail><refQualifier>S</refQualifier><refNumber>1</refNumber></referencingDetail><referencingDetail><refQualifier>S</refQualifier><refNumber>1</refNumber></referencingDetail><referencingDetail><refQualifier>M</refQualifier><refNumber>4</refNumber></referencingDetail></segmentFlightRef>
<paxFareProduct><paxFareDetail><totalFareAmount>100.00</totalFareAmount></paxFareDetail><paxReference><ptc>ADT</ptc><traveller><ref>1</ref></traveller></paxReference>${fares(1, 'Y', 'W', 'Y', '9').replace(/<fareFamiliesRef>.*<.fareFamiliesRef>/, '')}${fares(2, 'Y', 'F', 'Y', '1')}</paxFareProduct></recommendation>
<recommendation><itemNumber><itemNumberId><number>9</number></itemNumberId></itemNumber><recPriceInfo><monetaryDetail><amount>nothing</amount></monetaryDetail></recPriceInfo></recommendation>
<serviceFeesGrp><serviceTypeInfo><carrierFeeDetails><type>FBA</type></carrierFeeDetails></serviceTypeInfo>
<serviceCoverageInfoGrp><itemNumberInfo><itemNumber><number>1</number></itemNumber></itemNumberInfo>
<serviceCovInfoGrp><paxRefInfo><travellerDetails><referenceNumber>1</referenceNumber></travellerDetails></paxRefInfo><coveragePerFlightsInfo><numberOfItemsDetails><referenceQualifier>RS</referenceQualifier><refNum>1</refNum></numberOfItemsDetails><lastItemsDetails><refOfLeg>2</refOfLeg></lastItemsDetails></coveragePerFlightsInfo><refInfo><referencingDetail><refQualifier>F</refQualifier><refNumber>3</refNumber></referencingDetail></refInfo></serviceCovInfoGrp>
<serviceCovInfoGrp><paxRefInfo><travellerDetails><referenceNumber>1</referenceNumber></travellerDetails></paxRefInfo><coveragePerFlightsInfo><numberOfItemsDetails><referenceQualifier>RS</referenceQualifier><refNum>1</refNum></numberOfItemsDetails><lastItemsDetails><refOfLeg>1</refOfLeg></lastItemsDetails></coveragePerFlightsInfo><refInfo><referencingDetail><refQualifier>F</refQualifier><refNumber>1</refNumber></referencingDetail></refInfo></serviceCovInfoGrp>
<serviceCovInfoGrp><paxRefInfo><travellerDetails><referenceNumber>1</referenceNumber></travellerDetails></paxRefInfo><coveragePerFlightsInfo><numberOfItemsDetails><refNum>2</refNum></numberOfItemsDetails></coveragePerFlightsInfo><refInfo><referencingDetail><refQualifier>F</refQualifier><refNumber>2</refNumber></referencingDetail></refInfo></serviceCovInfoGrp>
<serviceCovInfoGrp><paxRefInfo><travellerDetails><referenceNumber>2</referenceNumber></travellerDetails><travellerDetails><referenceNumber>3</referenceNumber></travellerDetails></paxRefInfo><refInfo><referencingDetail><refQualifier>F</refQualifier><refNumber>3</refNumber></referencingDetail></refInfo></serviceCovInfoGrp></serviceCoverageInfoGrp>
<freeBagAllowanceGrp><freeBagAllownceInfo><baggageDetails><freeAllowance>1</freeAllowance><quantityCode>N</quantityCode></baggageDetails></freeBagAllownceInfo><itemNumberInfo><itemNumberDetails><number>1</number></itemNumberDetails></itemNumberInfo></freeBagAllowanceGrp>
<freeBagAllowanceGrp><freeBagAllownceInfo><baggageDetails><freeAllowance>44</freeAllowance><quantityCode>W</quantityCode><unitQualifier>L</unitQualifier></baggageDetails></freeBagAllownceInfo><itemNumberInfo><itemNumberDetails><number>2</number></itemNumberDetails></itemNumberInfo></freeBagAllowanceGrp>
<freeBagAllowanceGrp><freeBagAllownceInfo><baggageDetails><freeAllowance>0</freeAllowance><quantityCode>N</quantityCode></baggageDetails></freeBagAllownceInfo><itemNumberInfo><itemNumberDetails><number>3</number></itemNumberDetails></itemNumberInfo></freeBagAllowanceGrp></serviceFeesGrp>
<serviceFeesGrp><serviceTypeInfo><carrierFeeDetails><type>OC</type></carrierFeeDetails></serviceTypeInfo><serviceCoverageInfoGrp><itemNumberInfo><itemNumber><number>1</number></itemNumber></itemNumberInfo><serviceCovInfoGrp/></serviceCoverageInfoGrp></serviceFeesGrp>
<mnrGrp><mnr/><mnrDetails><mnrRef><itemNumberDetails><number>4</number></itemNumberDetails></mnrRef><catGrp><catInfo><descriptionInfo><number>31</number></descriptionInfo></catInfo><monInfo><monetaryDetails><typeQualifier>BDT</typeQualifier><amount>30.00</amount><currency>EUR</currency></monetaryDetails></monInfo><statusInfo><statusInformation><indicator>BDA</indicator><action>1</action></statusInformation></statusInfo></catGrp></mnrDetails></mnrGrp>
</Fare_MasterPricerTravelBoardSearchReply></soap:Body></soap:Envelope>`

/** A refusal has elements of its own. */
const REFUSAL =
  '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><Fare_MasterPricerTravelBoardSearchReply><errorMessage><applicationError><applicationErrorDetail><error>920</error><codeListQualifier>EC</codeListQualifier></applicationErrorDetail></applicationError><errorMessageText><description>Past date/time not allowed</description></errorMessageText></errorMessage></Fare_MasterPricerTravelBoardSearchReply></soap:Body></soap:Envelope>'
const WARNING = REFUSAL.replace('>EC<', '>WEC<')

describe('a search reply that is scanned', () => {
  let mock: AmadeusMock
  let partner: Partner

  beforeAll(async () => {
    mock = await startAmadeusMock({ seed: 7 })
    partner = createPartner({ name: 'Amadeus', concurrentMax: 4 })
  })
  afterAll(async () => {
    await partner.close()
    await mock.close()
  })

  test('says all that the strict reader finds in it', () => {
    expect(scanned(EVERYTHING)).toEqual(strict(EVERYTHING))
    const { offers, solutions } = strict(EVERYTHING) as ReturnType<typeof readShop>
    expect([solutions, offers.length]).toEqual([3, 3])
    const [first, other, ruled] = offers
    expect(first).toMatchObject({
      id: '7.0',
      total: { amount: 37_000 },
      taxes: { amount: 7_000 },
      base: { amount: 30_000 },
      validatingCarrier: 'GA',
      lastTicketingAt: '2026-11-25',
      passengers: [
        { type: 'adult', count: 1, total: { amount: 25_000 } },
        { type: 'child', count: 2, total: { amount: 12_000 }, base: { amount: 10_000 }, taxes: { amount: 2_000 } },
      ],
    })
    expect(first!.slices[0]!.segments[0]).toMatchObject({
      operatingCarrier: 'QG',
      brand: 'Economy & more',
      fareBasis: 'V<1>',
      destinationTerminal: '1 & 2',
      technicalStops: ['PLM'],
      departure: { local: '2026-12-01T08:00', offset: '+07:00' },
      arrival: { local: '2026-12-01T10:50', offset: '+08:00' },
      durationMinutes: 110,
    })
    expect(first!.slices[1]!.segments[0]).toMatchObject({ cabin: 'business', brand: 'Flex', technicalStops: [] })
    // Bags by leg and traveller: a piece out, pounds back, and the children have none, which is a fact.
    expect(first!.slices.map((slice) => slice.segments[0]!.baggage)).toEqual([
      [{ kind: 'checked', pieces: 1, weightKg: null }],
      [{ kind: 'checked', pieces: null, weightKg: 20 }],
    ])
    expect(first!.passengers[1]!.baggage).toEqual([
      [{ kind: 'checked', pieces: 0, weightKg: null }],
      [{ kind: 'checked', pieces: 0, weightKg: null }],
    ])
    // Without a reference B nothing is said, and that is not "none".
    expect(other!.slices[0]!.segments[0]!.baggage).toEqual([])
    expect(other!.passengers[1]!.baggage).toBeUndefined()
    expect(JSON.parse(first!.supplierToken)).toEqual({ v: 1, fareBasis: [null, 'JRT'] })
    expect(first!.refundable).toBeNull()
    expect(ruled!.slices.map((slice) => slice.segments[0]!.brand)).toEqual(['Flex', 'Economy & more'])
    expect(ruled).toMatchObject({
      changeable: true,
      refundable: null,
      penalties: [{ kind: 'change', allowed: true, amount: { amount: 3_000 } }],
    })
  })

  test.each(SHOP_ELEMENTS)('would lose something without %s', (name) => {
    const wanted = wantedNames(SHOP_ELEMENTS.filter((one) => one !== name))
    const differs = [EVERYTHING, REFUSAL, WARNING].some((text) => {
      const root = scanXml(Buffer.from(text), wanted)!
      return JSON.stringify(outcomeOf(() => root)) !== JSON.stringify(strict(text))
    })
    expect(differs).toBe(true)
  })

  test('a refusal and a warning are told apart', () => {
    expect(scanned(REFUSAL)).toEqual({ fault: 'refused', code: '920', message: 'Past date/time not allowed' })
    expect(scanned(WARNING)).toEqual({ solutions: 0, offers: [] })
  })

  test.skipIf(recordings.length === 0)('is read the same in every recording, of whatever message', () => {
    for (const path of recordings) {
      const text = readFileSync(new URL(path, RECORDINGS), 'utf8')
      const outcome = scanned(text)
      const isSearch = text.includes('<Fare_MasterPricer')
      if (isSearch) expect(outcome, path).toBeDefined()
      if (isSearch) expect(outcome, path).toEqual(strict(text))
      else expect(scanShop(Buffer.from(text)), path).toBeNull()
    }
  })

  test.each([
    ['there and back for a family', { adults: 2, children: 1, infants: 1 }, true],
    ['one way for one', { adults: 1, children: 0, infants: 0 }, false],
  ])('is read the same from the mock: %s', async (_, passengers, isReturn) => {
    const config = {
      ...{ url: mock.url, wsap: null, username: 'WS', password: 'p', officeId: 'PARFW2100', dutyCode: 'SU', market: 'FR' },
      ...{ currency: 'EUR', sessionsMax: 1, limits: { ...AMADEUS_DEFAULT_LIMITS, shopTimeoutMs: 20_000 } },
    }
    const { flights } = createAmadeus({ config, send: partner.send, clock: systemClock, sessions: pLimit(1) })
    const out = parseLocalDate('2027-03-10')
    const slices = [
      { origin: 'CDG', destination: 'CGK', departureDate: out },
      ...(isReturn ? [{ origin: 'CGK', destination: 'CDG', departureDate: parseLocalDate('2027-03-20') }] : []),
    ]
    const reply = (await flights!.shop({ slices, passengers, cabin: 'economy' }, { signal: new AbortController().signal })) as UnreadShop
    const text = Buffer.from(reply.unread).toString('utf8')
    const outcome = scanned(text) as ReturnType<typeof readShop>
    expect(outcome).toEqual(strict(text))
    expect(readShopReply(reply)).toEqual(outcome)
    expect(outcome.solutions).toBeGreaterThan(90)
    expect(outcome.offers.length).toBeGreaterThanOrEqual(outcome.solutions)
    // Codeshares, bags by pieces, by weight and none, both kinds of terms.
    const segments = outcome.offers.flatMap((offer) => offer.slices.flatMap((slice) => slice.segments))
    expect(segments.some((segment) => segment.operatingCarrier !== null && segment.operatingCarrier !== segment.carrier)).toBe(true)
    expect(segments.some((segment) => segment.baggage[0]?.weightKg !== null && segment.baggage[0]?.weightKg !== undefined)).toBe(true)
    expect(segments.some((segment) => (segment.baggage[0]?.pieces ?? 0) > 0)).toBe(true)
    expect(new Set(outcome.offers.map((offer) => offer.refundable))).toEqual(new Set([true, false]))
    if (passengers.infants > 0)
      expect(outcome.offers[0]!.passengers.map((fare) => [fare.type, fare.count])).toEqual([
        ['adult', 2],
        ['child', 1],
        ['infant', 1],
      ])
  })

  test('is read the same, or left to the strict reader, when it is cut, doubled or mixed up', () => {
    fc.assert(
      fc.property(
        fc.nat(EVERYTHING.length),
        fc.nat(400),
        fc.constantFrom('', '<', '>', '&', '"', '</recommendation>', '<![CDATA[x]]>', '\u0000', 'é'),
        (start, length, put) => {
          const text = EVERYTHING.slice(0, start) + put + EVERYTHING.slice(start + length)
          const outcome = scanned(text)
          if (outcome !== undefined) expect(outcome).toEqual(strict(text))
        },
      ),
      { numRuns: 300 },
    )
  })
})
