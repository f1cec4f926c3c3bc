import { describe, expect, test } from 'vitest'
import { formatMoney } from '../../kernel/money.ts'
import { ProviderError } from '../errors.ts'
import { readRemarks } from './read-penalties.ts'
import { readPnr } from './read-pnr.ts'
import { inShapeOf, readPrice } from './read-price.ts'
import { readRefund } from './read-refund.ts'
import { readSeatMaps } from './read-seat-map.ts'
import { readShop } from './read-shop.ts'
import { readStoredFares, totalOf } from './read-stored-fares.ts'
import { readAllowance, readDate, readElapsedMinutes, readMinorUnits, readNamedDate, readTime, toPlaceTime } from './read-values.ts'
import { readMessage } from './soap.ts'
import { translate } from './translate.ts'
import { toCabin, toHold, toPassengerType } from './wire.ts'

const bodyOf = (text: string) => readMessage(text).body

describe('values', () => {
  test('dates are DDMMYY of this century and have to exist', () => {
    expect(readDate('150117')).toBe('2017-01-15')
    expect(readDate('290228')).toBe('2028-02-29')
    for (const wrong of ['290227', '320117', '001317', '15017', '', undefined, '2017-01-15']) expect(readDate(wrong)).toBeUndefined()
    expect(readNamedDate('LAST TKT DTE 25SEP16 - SEE ADV')).toBe('2016-09-25')
    expect(readNamedDate('31FEB16')).toBeUndefined()
  })

  test('a time has the offset of its airport on that day, summer and winter, and none at a place nobody knows', () => {
    expect(readTime('150117', '0740', 'BRU')).toEqual({ local: '2017-01-15T07:40', offset: '+01:00' })
    expect(readTime('150717', '740', 'BRU')).toEqual({ local: '2017-07-15T07:40', offset: '+02:00' })
    expect(readTime('150117', '0000', 'DEL').offset).toBe('+05:30')
    expect(readTime('150117', '1627', 'ZWE').offset).toBeNull()
    // A city stands for its airports, which share its clock.
    expect(toPlaceTime('2026-12-01T10:00', 'LON').offset).toBe('+00:00')
    for (const wrong of ['2400', '1260', '7', '', 'noon']) expect(() => readTime('150117', wrong, 'BRU')).toThrow(ProviderError)
  })

  test('elapsed times, and amounts with their digits', () => {
    expect([readElapsedMinutes('0115'), readElapsedMinutes('2630'), readElapsedMinutes('10000'), readElapsedMinutes('0175')]).toEqual([
      75,
      1590,
      6000,
      null,
    ])
    expect(formatMoney(readMinorUnits('84280', 2, 'USD')!)).toBe('USD 842.80')
    expect(formatMoney(readMinorUnits('5', 2, 'USD')!)).toBe('USD 0.05')
    expect(formatMoney(readMinorUnits('144100', 0, 'KRW')!)).toBe('KRW 144100')
    expect(readMinorUnits('1.5', 2, 'USD')).toBeNull()
    expect(readMinorUnits('1', 2, 'XXX')).toBeNull()
  })

  test('an allowance of none is a fact, one that is not told is not', () => {
    expect(readAllowance('0', 'N', undefined)).toEqual([{ kind: 'checked', pieces: 0, weightKg: null }])
    expect(readAllowance('2', 'N', undefined)).toEqual([{ kind: 'checked', pieces: 2, weightKg: null }])
    expect(readAllowance('30', 'W', 'K')).toEqual([{ kind: 'checked', pieces: null, weightKg: 30 }])
    expect(readAllowance('50', 'W', 'L')).toEqual([{ kind: 'checked', pieces: null, weightKg: 23 }])
    for (const [quantity, kind] of [
      [undefined, 'N'],
      ['', 'N'],
      ['2', undefined],
      ['2', 'Q'],
      ['many', 'N'],
    ] as const)
      expect(readAllowance(quantity, kind, undefined)).toEqual([])
  })

  test('codes', () => {
    expect(['ADT', 'CH', 'CHD', 'CNN', 'C07', 'INS', 'INF', 'IN', 'STU', 'C12'].map(toPassengerType)).toEqual([
      'adult',
      ...Array<string>(5).fill('child'),
      'infant',
      'infant',
      'adult',
      'adult',
    ])
    expect(['Y', 'M', 'W', 'C', 'F', 'Q', undefined].map(toCabin)).toEqual([
      'economy',
      'economy',
      'premium_economy',
      'business',
      'first',
      null,
      null,
    ])
    expect(['HK', 'TK', 'HL', 'HN', 'UN', 'HX', 'ZZ', undefined].map(toHold)).toEqual([
      ...['confirmed', 'confirmed', 'waitlisted', 'waitlisted', 'cancelled', 'cancelled', 'unknown', 'unknown'],
    ])
  })
})

describe('penalty remarks', () => {
  const terms = (...texts: string[]) => readRemarks(texts.map((text) => ({ text, amount: null })))
  test.each([
    ['TICKETS ARE NON-REFUNDABLE', false, null],
    ['NONREF / NO CHANGE', false, false],
    ['TICKETS ARE NON REFUNDABLE BEFORE DEPARTURE', false, null],
    ['TICKETS ARE NON-REFUNDABLE AFTER DEPARTURE', null, null],
    ['NON-REFUNDABLE IN CASE OF NO-SHOW', null, null],
    ['SUBJ TO CANCELLATION/CHANGE PENALTY', null, null],
    ['PENALTY APPLIES', null, null],
    ['FULLY REFUNDABLE', true, null],
    ['CHANGES NOT PERMITTED', null, false],
    ['FARE VALID FOR E TICKET ONLY', null, null],
  ])('"%s" makes refundable %s and changeable %s', (text, refundable, changeable) => {
    expect(terms(text)).toMatchObject({ refundable, changeable })
  })

  test('what holds at another time is told with its time', () => {
    expect(terms('TICKETS ARE NON-REFUNDABLE AFTER DEPARTURE').penalties).toEqual([
      { kind: 'refund', allowed: false, amount: null, when: 'after_departure' },
    ])
    expect(terms('SUBJ TO CANCELLATION/CHANGE PENALTY').penalties.map((one) => [one.kind, one.allowed])).toEqual([
      ['refund', null],
      ['change', null],
    ])
  })

  test('a no beside a yes is a no', () => {
    expect(terms('FULLY REFUNDABLE', 'TICKETS ARE NON-REFUNDABLE').refundable).toBe(false)
  })
})

const segment = (
  from: string,
  to: string,
  date: string,
  bag = '<freeAllowance>1</freeAllowance><quantityCode>N</quantityCode>',
  basis = 'V1',
): string =>
  `<segmentLevelGroup><segmentInformation><flightDate><departureDate>${date}</departureDate></flightDate><boardPointDetails><trueLocationId>${from}</trueLocationId></boardPointDetails><offpointDetails><trueLocationId>${to}</trueLocationId></offpointDetails><companyDetails><marketingCompany>AF</marketingCompany></companyDetails><flightIdentification><flightNumber>1</flightNumber><bookingClass>V</bookingClass></flightIdentification></segmentInformation><fareBasis><additionalFareDetails><rateClass>${basis}</rateClass></additionalFareDetails></fareBasis><baggageAllowance><baggageDetails>${bag}</baggageDetails></baggageAllowance></segmentLevelGroup>`
const pricingGroup = (ptc: string, count: number, amounts: string, segments: string, texts = ''): string =>
  `<pricingGroupLevelGroup><numberOfPax><segmentControlDetails><quantity>1</quantity><numberOfUnits>${count}</numberOfUnits></segmentControlDetails></numberOfPax><fareInfoGroup><fareAmount>${amounts}</fareAmount>${texts}${segments.replace('</segmentLevelGroup>', `<ptcSegment><quantityDetails><unitQualifier>${ptc}</unitQualifier></quantityDetails></ptcSegment></segmentLevelGroup>`)}</fareInfoGroup></pricingGroupLevelGroup>`
const amount = (qualifier: string, value: string, currency = 'EUR', name = 'otherMonetaryDetails'): string =>
  `<${name}><typeQualifier>${qualifier}</typeQualifier><amount>${value}</amount><currency>${currency}</currency></${name}>`
const priceReply = (...groups: string[]): string =>
  `<Fare_InformativePricingWithoutPNRReply><mainGroup>${groups.join('')}</mainGroup></Fare_InformativePricingWithoutPNRReply>`

describe('a price', () => {
  const legs = segment('CDG', 'SIN', '011226') + segment('SIN', 'CGK', '021226') + segment('CGK', 'CDG', '091226')

  test('is the sum of its groups, each times its travellers', () => {
    const priced = readPrice(
      bodyOf(
        priceReply(
          pricingGroup('ADT', 2, amount('B', '80.00') + amount('712', '100.00'), legs),
          pricingGroup('CH', 1, amount('B', '60.00') + amount('712', '75.50'), legs),
          pricingGroup('INF', 1, amount('B', '8.00') + amount('712', '10.00'), legs.replaceAll('<freeAllowance>1<', '<freeAllowance>0<')),
        ),
      ),
    )
    expect(formatMoney(priced.total)).toBe('EUR 285.50')
    expect(formatMoney(priced.base!)).toBe('EUR 228.00')
    expect(priced.passengers.map((fare) => [fare.type, fare.count, formatMoney(fare.total!)])).toEqual([
      ['adult', 2, 'EUR 200.00'],
      ['child', 1, 'EUR 75.50'],
      ['infant', 1, 'EUR 10.00'],
    ])
    expect(priced.passengers[1]!.baggage).toBeUndefined()
    expect(priced.passengers[2]!.baggage).toEqual(Array.from({ length: 3 }, () => [{ kind: 'checked', pieces: 0, weightKg: null }]))
    expect(priced.commonFareBasis).toEqual(['V1', 'V1', 'V1'])
  })

  test('has a base in the currency of the total, or none', () => {
    const of = (amounts: string) => readPrice(bodyOf(priceReply(pricingGroup('ADT', 1, amounts, legs))))
    expect(formatMoney(of(amount('B', '9000', 'JPY') + amount('E', '60.00') + amount('712', '75.00')).base!)).toBe('EUR 60.00')
    expect(of(amount('B', '9000', 'JPY') + amount('712', '75.00'))).toMatchObject({ base: null, taxes: null })
  })

  test('of passengers with different fares asks for none of them again', () => {
    const priced = readPrice(
      bodyOf(
        priceReply(
          pricingGroup('ADT', 1, amount('712', '100.00'), legs),
          pricingGroup('CH', 1, amount('712', '75.00'), legs.replace('>V1<', '>V1CH<')),
        ),
      ),
    )
    expect(priced.commonFareBasis).toEqual([null, 'V1', 'V1'])
  })

  test('without a total, or in two currencies, is malformed', () => {
    expect(() => readPrice(bodyOf(priceReply(pricingGroup('ADT', 1, amount('B', '80.00'), legs))))).toThrow(ProviderError)
    expect(() =>
      readPrice(
        bodyOf(priceReply(pricingGroup('ADT', 1, amount('712', '1.00'), legs), pricingGroup('CH', 1, amount('712', '1.00', 'USD'), legs))),
      ),
    ).toThrow(ProviderError)
    expect(() => readPrice(bodyOf(priceReply()))).toThrow(ProviderError)
  })

  test('keeps the flights that were shown, and what is not told again', () => {
    const reply = priceReply(pricingGroup('ADT', 1, amount('712', '100.00'), segment('CDG', 'SIN', '011226', '')))
    const shown = {
      ...translateOffers(reply),
      id: 'shown',
      refundable: true as const,
      slices: translateOffers(reply).slices.map((slice) => ({
        ...slice,
        segments: slice.segments.map((one) => ({
          ...one,
          brand: 'Flex',
          baggage: [{ kind: 'checked' as const, pieces: 1, weightKg: null }],
        })),
      })),
    }
    const same = inShapeOf(readPrice(bodyOf(reply)), shown)
    expect(same).toMatchObject({ id: 'shown', refundable: true })
    expect(same.slices[0]!.segments[0]).toMatchObject({ brand: 'Flex', baggage: [{ pieces: 1 }] })
    const dearer = inShapeOf(readPrice(bodyOf(reply.replace('100.00', '107.00'))), shown)
    expect(dearer.id).not.toBe('shown')
    expect(formatMoney(dearer.total)).toBe('EUR 107.00')
  })

  function translateOffers(text: string) {
    const translation = translate('price', text)
    if (translation.kind !== 'offers') throw new Error(translation.kind)
    return translation.offers[0]!
  }
})

describe('a record', () => {
  const flight = (number: number, status = 'HK'): string =>
    `<itineraryInfo><elementManagementItinerary><reference><qualifier>ST</qualifier><number>${number}</number></reference><segmentName>AIR</segmentName></elementManagementItinerary><travelProduct><product><depDate>011226</depDate><depTime>1005</depTime></product><boardpointDetail><cityCode>CDG</cityCode></boardpointDetail><offpointDetail><cityCode>SIN</cityCode></offpointDetail><companyDetail><identification>AF</identification></companyDetail><productDetails><identification>25${number}</identification></productDetails></travelProduct><relatedProduct><status>${status}</status></relatedProduct></itineraryInfo>`
  const data = (name: string, text: string, references = ''): string =>
    `<dataElementsIndiv><elementManagementData><segmentName>${name}</segmentName></elementManagementData><otherDataFreetext><longFreetext>${text}</longFreetext></otherDataFreetext><referenceForDataElement>${references}</referenceForDataElement></dataElementsIndiv>`
  const reference = (qualifier: string, number: number): string =>
    `<reference><qualifier>${qualifier}</qualifier><number>${number}</number></reference>`
  const record = (flights: string, elements: string): string =>
    `<PNR_Reply><pnrHeader><reservationInfo><reservation><companyId>AF</companyId><controlNumber>AIRLIN</controlNumber></reservation><reservation><companyId>1A</companyId><controlNumber>1E5ABC</controlNumber></reservation></reservationInfo></pnrHeader><travellerInfo><elementManagementPassenger>${reference('PT', 2)}</elementManagementPassenger><passengerData><travellerInformation><traveller><surname>BOWIE</surname></traveller><passenger><firstName>DAVID MR</firstName><infantIndicator>1</infantIndicator></passenger></travellerInformation></passengerData></travellerInfo><originDestinationDetails>${flights}</originDestinationDetails><dataElementsMaster>${elements}</dataElementsMaster></PNR_Reply>`
  const read = (flights: string, elements: string) => readPnr(bodyOf(record(flights, elements)))!

  test('has our own locator, as text', () => {
    expect(read(flight(1), '').reservation.pnr).toBe('1E5ABC')
  })

  test('knows of tickets what has become of them', () => {
    const references = reference('PT', 2) + reference('ST', 1) + reference('ST', 2)
    const { tickets } = read(
      flight(1) + flight(2),
      data('FA', 'PAX 057-2400100001/ETAF/EUR180.00/18NOV26/PARFW2100/12345675', references) +
        data('FA', 'PAX 006-0000000002/EVAF/EUR180.00/18NOV26/PARFW2100/12345675', references) +
        data('FA', 'INF 057-2400100003/ERAF/EUR18.00/18NOV26/PARFW2100/12345675', references) +
        data('FHE', '057-2400100004/EXAF', references) +
        data('FA', 'PAX 057-2400100005/DTAF/EUR50.00', references) +
        data('RM', 'PAX 057-2400100006/ETAF'),
    ).reservation
    expect(tickets.map((one) => [one.number, one.passengerName, one.coupons.map((coupon) => coupon.status)])).toEqual([
      ['0572400100001', 'DAVID MR BOWIE', []],
      ['0060000000002', 'DAVID MR BOWIE', ['void', 'void']],
      ['0572400100003', null, ['refunded', 'refunded']],
      ['0572400100004', 'DAVID MR BOWIE', ['exchanged', 'exchanged']],
    ])
    expect(tickets[1]!.coupons[1]).toEqual({
      number: 2,
      status: 'void',
      carrier: 'AF',
      flightNumber: '252',
      origin: 'CDG',
      destination: 'SIN',
    })
  })

  test('a conjunction ticket is several numbers', () => {
    const numbers = (text: string) => read(flight(1), data('FA', text)).reservation.tickets.map((one) => one.number)
    expect(numbers('PAX 057-2400100098-99/ETAF')).toEqual(['0572400100098', '0572400100099'])
    expect(numbers('PAX 057-2400100098-12/ETAF')).toEqual(['0572400100098'])
  })

  test('is cancelled without flights, active with one, and says when it has to be ticketed', () => {
    expect(read('', '').reservation.status).toBe('cancelled')
    expect(read(flight(1, 'HX') + flight(2, 'UN'), '').reservation.status).toBe('cancelled')
    expect(read(flight(1, 'HX') + flight(2), '').reservation).toMatchObject({
      status: 'active',
      segments: [{ status: 'cancelled' }, { status: 'confirmed' }],
    })
    const limit = (indicator: string, more = ''): string =>
      `<dataElementsIndiv><ticketElement><ticket><indicator>${indicator}</indicator><date>301126</date>${more}</ticket></ticketElement></dataElementsIndiv>`
    expect(read(flight(1), limit('TL')).reservation.ticketBy).toBe('2026-11-30')
    expect(read(flight(1), limit('XL', '<time>1830</time>')).reservation.ticketBy).toBe('2026-11-30T18:30')
    expect(read(flight(1), limit('OK')).reservation.ticketBy).toBeNull()
  })

  test('tells what its stored fares cost, where it shows them', () => {
    const fare = (amount: string, passengers: number): string =>
      `<tstData><fareData><monetaryInfo><qualifier>F</qualifier><amount>37.00</amount><currencyCode>GBP</currencyCode></monetaryInfo><monetaryInfo><qualifier>T</qualifier><amount>${amount}</amount><currencyCode>USD</currencyCode></monetaryInfo></fareData><referenceForTstData>${Array.from({ length: passengers }, (_, index) => reference('PT', index + 1)).join('')}${reference('ST', 1)}</referenceForTstData></tstData>`
    const total = (...fares: string[]) =>
      readPnr(bodyOf(record(flight(1), '').replace('</PNR_Reply>', `${fares.join('')}</PNR_Reply>`)))!.reservation.total
    expect(formatMoney(total(fare('132.50', 2), fare('20.00', 1))!)).toBe('USD 285.00')
    expect(total(fare('132.50', 2), fare('many', 1))).toBeNull()
    expect(total()).toBeNull()
  })

  test('an infant on a lap counts as a traveller', () => {
    expect(read(flight(1), '').travellers).toEqual([{ reference: '2', surname: 'BOWIE', givenName: 'DAVID MR', hasInfant: true }])
  })
})

describe('stored fares', () => {
  const fare = (amounts: string, passengers: number): string =>
    `<fareList><fareReference><uniqueReference>7</uniqueReference></fareReference><lastTktDate><dateTime><year>2026</year><month>3</month><day>9</day></dateTime></lastTktDate><paxSegReference>${'<refDetails><refQualifier>PA</refQualifier></refDetails>'.repeat(passengers)}</paxSegReference><fareDataInformation>${amounts}</fareDataInformation></fareList>`
  const sum = (qualifier: string, value: string, currency = 'USD'): string =>
    `<fareDataSupInformation><fareDataQualifier>${qualifier}</fareDataQualifier><fareAmount>${value}</fareAmount><fareCurrency>${currency}</fareCurrency></fareDataSupInformation>`
  const read = (...fares: string[]) => readStoredFares(bodyOf(`<R>${fares.join('')}</R>`))

  test('are the price of one passenger, times those they are for', () => {
    const fares = read(fare(sum('B', '37.00', 'EUR') + sum('712', '262.29') + sum('TFT', '221.71'), 2), fare(sum('712', '26.00'), 1))
    expect(fares[0]).toMatchObject({ reference: '7', count: 2, lastTicketingAt: '2026-03-09' })
    expect(formatMoney(totalOf(fares)!)).toBe('USD 550.58')
  })

  test('in two currencies have no total, and without an amount are malformed', () => {
    expect(totalOf(read(fare(sum('712', '1.00'), 1), fare(sum('712', '1.00', 'EUR'), 1)))).toBeNull()
    expect(totalOf([])).toBeNull()
    expect(() => read(fare(sum('B', '1.00'), 1))).toThrow(ProviderError)
  })
})

describe('a refund', () => {
  const contract = (...amounts: [string, string][]): string =>
    `<Contract><MonetaryInformations>${amounts.map(([qualifier, value]) => `<MonetaryInformation Amount="${value}" CurrencyCode="EUR" DecimalPlaces="2" Qualifier="${qualifier}"/>`).join('')}</MonetaryInformations></Contract>`
  const read = (...contracts: string[]) => readRefund(bodyOf(`<R>${contracts.join('')}</R>`))

  test('adds up over the documents, with the penalty told or found between', () => {
    const view = read(
      contract(['RFU', '0'], ['FRF', '10000'], ['TXT', '2000'], ['CP', '5000'], ['RFT', '7000']),
      contract(['RFU', '3000'], ['FRF', '4000'], ['TXT', '1000'], ['RFT', '4500']),
    )
    expect([view.paid, view.penalty, view.refund].map((one) => one?.amount)).toEqual([20_000, 5_500, 11_500])
  })

  test('of which a part is not told is unknown there, never zero', () => {
    expect(read(contract(['RFT', '7000']))).toMatchObject({ paid: null, penalty: null, refund: { amount: 7_000 } })
    expect(read(contract(['FRF', '7000']))).toMatchObject({ paid: null, refund: null })
    expect(read(contract(['RFT', '7000']), contract(['FRF', '1']))).toMatchObject({ refund: null })
    expect(read()).toMatchObject({ paid: null, penalty: null, refund: null })
  })
})

describe('seat maps', () => {
  const map = (defaults: string, seats: string): string =>
    `<Air_RetrieveSeatMapReply><seatmapInformation><cabin><compartmentDetails><classDetails><classDesignator>C</classDesignator></classDetails><seatRowRange><number>1</number><number>4</number></seatRowRange><cabinZoneCode>U</cabinZoneCode>${defaults}<columnDetails><seatColumn>A</seatColumn><description>W</description><description>A</description></columnDetails><columnDetails><seatColumn>K</seatColumn><description>A</description><description>W</description></columnDetails></compartmentDetails></cabin><row><rowDetails><seatRowNumber>2</seatRowNumber>${seats}</rowDetails></row><row><rowDetails><seatRowNumber>9</seatRowNumber><seatOccupationDetails><seatColumn>A</seatColumn></seatOccupationDetails></rowDetails></row></seatmapInformation></Air_RetrieveSeatMapReply>`
  const seat = (column: string, more: string): string =>
    `<seatOccupationDetails><seatColumn>${column}</seatColumn>${more}</seatOccupationDetails>`

  test('a seat has its own occupation or the cabin’s, and a code nobody knows is never sold', () => {
    const states = (defaults: string, more: string) => readSeatMaps(bodyOf(map(defaults, seat('A', more))))[0]!.cabins[0]!.seats[0]!.state
    const free = '<defaultSeatOccupation>F</defaultSeatOccupation>'
    expect(states(free, '')).toBe('free')
    expect(states(free, '<seatOccupation>O</seatOccupation>')).toBe('taken')
    expect(states(free, '<seatOccupation>Z</seatOccupation>')).toBe('blocked')
    expect(states(free, '<seatOccupation>?</seatOccupation>')).toBe('unknown')
    expect(states('', '')).toBe('unknown')
    expect(states(free, '<seatCharacteristic>8</seatCharacteristic>')).toBe('blocked')
  })

  test('rows belong to their cabin, aisles are where two aisle seats meet', () => {
    const [view] = readSeatMaps(bodyOf(map('', seat('A', ''))), 3)
    expect(view).toMatchObject({ segmentIndex: 3, cabins: [{ cabin: 'business', deck: 'upper', columns: ['A', null, 'K'] }] })
    expect(view!.cabins[0]!.seats.map((one) => one.number)).toEqual(['2A'])
  })

  test('a refusal is one', () => {
    const refusal =
      '<Air_RetrieveSeatMapReply><responseDetails><statusCode>X</statusCode></responseDetails><errorInformation><errorDetails><processingLevel>1</processingLevel><code>2</code></errorDetails></errorInformation></Air_RetrieveSeatMapReply>'
    expect(() => readSeatMaps(bodyOf(refusal))).toThrow(expect.objectContaining({ fault: 'refused', code: '2' }))
    expect(() => readSeatMaps(bodyOf('<Air_RetrieveSeatMapReply/>'))).toThrow(expect.objectContaining({ fault: 'malformed' }))
  })
})

describe('a search', () => {
  const reply = (recommendations: string): string =>
    `<Fare_MasterPricerTravelBoardSearchReply><conversionRate><conversionRateDetail><currency>JPY</currency></conversionRateDetail></conversionRate><flightIndex><groupOfFlights><propFlightGrDetail><flightProposal><ref>1</ref></flightProposal></propFlightGrDetail><flightDetails><flightInformation><productDateTime><dateOfDeparture>011226</dateOfDeparture><timeOfDeparture>1000</timeOfDeparture><dateOfArrival>011226</dateOfArrival><timeOfArrival>1200</timeOfArrival></productDateTime><location><locationId>NRT</locationId></location><location><locationId>KIX</locationId></location><companyId><marketingCarrier>NH</marketingCarrier></companyId><flightOrtrainNumber>1</flightOrtrainNumber></flightInformation></flightDetails></groupOfFlights></flightIndex>${recommendations}</Fare_MasterPricerTravelBoardSearchReply>`
  const recommendation = (
    total: string,
    each: string,
    travellers: number,
    references = '<segmentFlightRef><referencingDetail><refQualifier>S</refQualifier><refNumber>1</refNumber></referencingDetail></segmentFlightRef>',
  ): string =>
    `<recommendation><recPriceInfo><monetaryDetail><amount>${total}</amount></monetaryDetail></recPriceInfo>${references}<paxFareProduct><paxFareDetail><totalFareAmount>${each}</totalFareAmount></paxFareDetail><paxReference><ptc>ADT</ptc>${'<traveller><ref>1</ref></traveller>'.repeat(travellers)}</paxReference></paxFareProduct></recommendation>`
  const read = (...recommendations: string[]) => readShop(bodyOf(reply(recommendations.join(''))))

  test('a currency without decimals has none', () => {
    expect(read(recommendation('20000', '20000', 1)).offers[0]!.total).toEqual({ amount: 20_000, currency: 'JPY' })
  })

  test('an amount that is for one traveller, for all of them, or for nobody knows whom', () => {
    const totals = (total: string, each: string) => read(recommendation(total, each, 2)).offers[0]!.passengers[0]!.total?.amount ?? null
    expect(totals('40000', '20000')).toBe(40_000)
    expect(totals('40000', '40000')).toBe(40_000)
    expect(totals('40000', '30000')).toBeNull()
  })

  test('taxes that are not told are unknown', () => {
    expect(read(recommendation('1', '1', 1)).offers[0]).toMatchObject({
      base: null,
      taxes: null,
      refundable: null,
      changeable: null,
      lastTicketingAt: null,
    })
  })

  test('a recommendation that makes no sense costs itself alone', () => {
    const nonsense = recommendation('twenty', '1', 1)
    const elsewhere = recommendation(
      '1',
      '1',
      1,
      '<segmentFlightRef><referencingDetail><refQualifier>S</refQualifier><refNumber>9</refNumber></referencingDetail></segmentFlightRef>',
    )
    const { solutions, offers } = read(nonsense, recommendation('1', '1', 1), elsewhere, recommendation('1', '1', 1, ''))
    expect([solutions, offers.map((offer) => offer.solution)]).toEqual([4, [1]])
    expect(() => read(nonsense)).toThrow(expect.objectContaining({ fault: 'malformed' }))
  })
})

describe('messages that are none', () => {
  test.each([
    ['a page', '<!DOCTYPE html><html><body>Bad gateway</body></html>'],
    ['a page without a type', '<html><body>Bad gateway</body></html>'],
    ['half a message', '<PNR_Reply><pnrHeader>'],
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><PNR_Reply>&a;</PNR_Reply>'],
    ['an empty envelope', '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>'],
    ['another supplier’s', '<air:LowFareSearchRsp xmlns:air="urn:a"/>'],
    ['a bomb', '<a>'.repeat(5_000) + '</a>'.repeat(5_000)],
    ['nothing', ''],
  ])('%s is malformed, for every kind', (_, text) => {
    for (const kind of ['shop', 'book', 'ticket', 'cancel', 'seat-map'] as const)
      expect(() => translate(kind, text)).toThrow(expect.objectContaining({ provider: 'amadeus', fault: 'malformed' }))
  })

  test.each([
    'Fare_MasterPricerTravelBoardSearchReply',
    'Fare_InformativePricingWithoutPNRReply',
    'PNR_Reply',
    'AMA_TicketInitRefundRS',
    'AMA_TravelOfferPriceRS',
    'Fare_PricePNRWithBookingClassReply',
  ])('an empty %s says nothing, or is malformed', (name) => {
    try {
      const translation = translate('shop', `<${name}/>`)
      expect(translation).toEqual({ kind: 'offers', solutions: 0, offers: [] })
    } catch (error) {
      expect(error).toMatchObject({ fault: 'malformed' })
    }
  })

  test('a SOAP fault is a refusal to a reader and proves nothing to a writer', () => {
    const fault =
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring> 11|Session|</faultstring></s:Fault></s:Body></s:Envelope>'
    expect(() => translate('shop', fault)).toThrow(expect.objectContaining({ fault: 'refused', code: '11|Session' }))
    expect(translate('book', fault)).toMatchObject({ kind: 'reservation', result: { outcome: 'unknown' } })
    expect(translate('ticket', fault)).toMatchObject({ kind: 'tickets', result: { outcome: 'unknown' } })
    expect(translate('void', fault)).toMatchObject({ kind: 'cancellation', result: { outcome: 'unknown' } })
    expect(translate('refund', fault)).toMatchObject({ kind: 'cancellation', result: { outcome: 'unknown' } })
    expect(translate('shop', fault.replace('11|Session|', '931|Application|NO ITINERARY FOUND'))).toEqual({
      kind: 'offers',
      solutions: 0,
      offers: [],
    })
  })

  test('messages on the way to a booking are understood and confirm nothing', () => {
    expect(
      translate(
        'book',
        '<Air_SellFromRecommendationReply><itineraryDetails><segmentInformation><actionDetails><statusCode>OK</statusCode></actionDetails></segmentInformation></itineraryDetails></Air_SellFromRecommendationReply>',
      ).kind,
    ).toBe('note')
    expect(translate('book', '<Ticket_CreateTSTFromPricingReply><tstList/></Ticket_CreateTSTFromPricingReply>').kind).toBe('note')
    expect(
      translate('retrieve', '<PNR_List><citypair><reservation><controlNumber>ABC123</controlNumber></reservation></citypair></PNR_List>'),
    ).toMatchObject({
      kind: 'note',
      facts: { locators: ['ABC123'] },
    })
  })
})

describe('mini rules', () => {
  test('are read from all of their parts, and a no is a no', () => {
    const status = (indicator: string, action: number): string =>
      `<statusInformation><indicator>${indicator}</indicator><action>${action}</action></statusInformation>`
    const money = (qualifier: string, amount: string): string =>
      `<mnrMonInfoGrp><monetaryInfo><monetaryDetails><typeQualifier>${qualifier}</typeQualifier><amount>${amount}</amount><currency>THB</currency></monetaryDetails></monetaryInfo></mnrMonInfoGrp>`
    const message = `<MiniRule_GetFromRecReply><mnrByPricingRecord><fareComponentInfo><fareComponentRef><referenceDetails><type>FC</type><value>1</value></referenceDetails></fareComponentRef></fareComponentInfo><mnrRulesInfoGrp><mnrCatInfo><descriptionInfo><number>33</number></descriptionInfo></mnrCatInfo><mnrFCInfoGrp><refInfo><referenceDetails><type>FC</type><value>1</value></referenceDetails></refInfo></mnrFCInfoGrp>${money('BDT', '500')}${money('ADX', '900.00')}<mnrRestriAppInfoGrp><mnrRestriAppInfo>${status('BDA', 1)}${status('ADA', 1)}${status('BNA', 0)}</mnrRestriAppInfo></mnrRestriAppInfoGrp></mnrRulesInfoGrp></mnrByPricingRecord></MiniRule_GetFromRecReply>`
    const translation = translate('fare-rules', message)
    if (translation.kind !== 'fare-rules') throw new Error(translation.kind)
    expect(
      translation.rules[0]!.penalties.map((one) => [one.when, one.allowed, one.amount === null ? null : formatMoney(one.amount)]),
    ).toEqual([
      ['before_departure', true, 'THB 500.00'],
      ['after_departure', true, 'THB 900.00'],
      ['no_show', false, null],
    ])
  })
})
