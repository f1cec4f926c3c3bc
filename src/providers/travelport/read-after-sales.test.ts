import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { MESSAGE_KINDS, type MessageKind, type Translation } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { outcomeOfExchange } from './change.ts'
import { readBody } from './exchange.ts'
import { outcomeOfFault } from './faults.ts'
import { outcomeOfRefund, readRefundQuote } from './read-refund.ts'
import { translate } from './translate.ts'

/** A message of another release, under prefixes that nobody else has. */
function message(body: string, release = 'v45_0'): string {
  return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="http://www.travelport.com/schema/air_${release}" xmlns:c="http://www.travelport.com/schema/common_${release}"><s:Header/><s:Body>${body}</s:Body></s:Envelope>`
}
function read<Kind extends Translation['kind']>(kind: MessageKind, body: string, expected: Kind): Extract<Translation, { kind: Kind }> {
  const translation = translate(kind, message(body))
  if (translation.kind !== expected) throw new Error(`understood ${translation.kind}`)
  return translation as Extract<Translation, { kind: Kind }>
}
const eur = (cents: number) => money(cents, 'EUR')

describe('a refund quote', () => {
  const bundle = (number: string, info: string): string =>
    `<a:AirRefundBundle TicketNumber="${number}" RefundType="Auto"><a:AirRefundInfo ${info}/><a:TaxInfo Category="YQ" Amount="EUR1.00"/></a:AirRefundBundle>`
  const quoteOf = (...bundles: string[]) =>
    read('refund', `<a:AirRefundQuoteRsp>${bundles.join('')}</a:AirRefundQuoteRsp>`, 'refund-quote').quote

  test('sums what comes back and what is kept over all tickets', () => {
    const quote = quoteOf(
      bundle('1251234567890', 'RefundAmount="EUR80.00" RetainAmount="EUR20.00"'),
      bundle('0011234567891', 'RefundAmount="EUR40.00" RetainAmount="EUR10.00" OriginalTicketTotal="EUR50.00"'),
    )
    expect(quote).toMatchObject({ paid: eur(15_000), penalty: eur(3_000), refund: eur(12_000), expiresAt: null })
  })

  test.each([
    ['an amount is missing', bundle('2', 'RetainAmount="EUR20.00"')],
    ['the host cannot refund it', bundle('2', 'Refund="false"')],
    ['the currencies differ', bundle('2', 'RefundAmount="USD40.00" RetainAmount="USD1.00"')],
  ])('is to be confirmed, never zero, where %s', (_, second) => {
    expect(quoteOf(bundle('1', 'RefundAmount="EUR80.00" RetainAmount="EUR20.00"'), second).refund).toBeNull()
  })

  test('is to be confirmed where a ticket has no bundle, and malformed where none has', () => {
    const reply = readBody(message(`<a:AirRefundQuoteRsp>${bundle('1', 'RefundAmount="EUR80.00"')}</a:AirRefundQuoteRsp>`))
    expect(readRefundQuote(reply, ['1']).refund).toEqual(eur(8_000))
    expect(readRefundQuote(reply, ['1', '2']).refund).toBeNull()
    expect(() => quoteOf()).toThrow(ProviderError)
  })

  test('comes back to the host in its own words, in our release', () => {
    const { supplierToken } = quoteOf(bundle('1251234567890', 'RefundAmount="EUR80.00"'))
    expect(JSON.parse(supplierToken)).toMatchObject({
      tickets: ['1251234567890'],
      content: expect.stringMatching(/^<air:AirRefundBundle TicketNumber="1251234567890".*<air:TaxInfo Category="YQ" Amount="EUR1.00"\/>/),
    })
  })
})

describe('a refund', () => {
  const etr = (number: string, ...statuses: string[]): string =>
    `<a:ETR><a:Ticket TicketNumber="${number}">${statuses.map((status, index) => `<a:Coupon CouponNumber="${index + 1}" Status="${status}"/>`).join('')}</a:Ticket></a:ETR>`
  const outcome = (content: string, expected: readonly string[]) =>
    outcomeOfRefund(readBody(message(`<a:AirRefundRsp>${content}</a:AirRefundRsp>`)), expected, eur(100)).outcome

  test('is done only when every coupon of every ticket is refunded and no failure stands beside them', () => {
    expect(outcome(etr('1', 'R', 'R') + etr('2', 'R'), ['1', '2'])).toBe('ok')
    expect(outcome(etr('1', 'R', 'O'), ['1'])).toBe('unknown')
    expect(outcome(etr('1', 'R'), ['1', '2'])).toBe('unknown')
    expect(outcome(etr('1'), ['1'])).toBe('unknown')
    expect(outcome('', [])).toBe('unknown')
    expect(outcome(`${etr('1', 'R')}<a:RefundFailureInfo Code="1" Message="x"/>`, ['1'])).toBe('unknown')
  })
})

describe('an exchange quote', () => {
  const solution = (total: string): string =>
    `<a:AirPricingSolution Key="p" TotalPrice="${total}"><a:AirSegment Key="s" Group="0" Carrier="GA" FlightNumber="830" Origin="CGK" Destination="SIN" DepartureTime="2026-12-01T08:00:00.000+07:00" ArrivalTime="2026-12-01T10:50:00.000+08:00"/><a:AirPricingInfo TotalPrice="${total}"><a:BookingInfo BookingCode="Y" SegmentRef="s"/><a:PassengerType Code="ADT"/></a:AirPricingInfo></a:AirPricingSolution>`
  const total = (attributes: string): string => `<a:AirExchangeBundleTotal><c:AirExchangeInfo ${attributes}/></a:AirExchangeBundleTotal>`
  const quotesOf = (content: string) =>
    read('exchange', `<a:AirExchangeQuoteRsp>${content}</a:AirExchangeQuoteRsp>`, 'exchange-quotes').quotes

  test.each([
    ['AddCollection="EUR30.00" ChangeFee="EUR50.00" Refund="EUR0.00"', 8_000, 5_000],
    ['AddCollection="EUR0.00" ChangeFee="EUR50.00" Refund="EUR70.00"', -2_000, 5_000],
    ['ExchangeAmount="EUR30.00"', 3_000, null],
    ['AddCollection="EUR30.00" ChangeFee="USD50.00" EquivalentChangeFee="EUR45.00"', 7_500, 4_500],
    ['AddCollection="EUR30.00" ChangeFee="USD50.00"', null, 'USD'],
    ['ChangeFee="EUR50.00"', null, 5_000],
  ] as const)('of %s', (attributes, difference, penalty) => {
    const [quote] = quotesOf(solution('EUR180.00') + total(attributes))
    expect(quote!.difference?.amount ?? null).toBe(difference)
    expect(penalty === 'USD' ? quote!.penalty!.currency : (quote!.penalty?.amount ?? null)).toBe(penalty)
    expect(quote!.newTotal).toEqual(eur(18_000))
  })

  test('of several ways to change tells no difference, because the amounts are of all together', () => {
    const quotes = quotesOf(solution('EUR180.00') + solution('EUR190.00') + total('AddCollection="EUR30.00"'))
    expect(quotes.map((quote) => [quote.difference, quote.newTotal])).toEqual([
      [null, eur(18_000)],
      [null, eur(19_000)],
    ])
  })

  test('takes the costs from the one bundle where no total stands', () => {
    const bundle = '<a:AirExchangeBundle><c:AirExchangeInfo AddCollection="EUR12.00"/></a:AirExchangeBundle>'
    expect(quotesOf(solution('EUR180.00') + bundle)[0]!.difference).toEqual(eur(1_200))
  })
})

test('an exchange is done only with a reservation and without a failure', () => {
  const outcome = (content: string) => outcomeOfExchange(readBody(message(`<a:AirExchangeRsp>${content}</a:AirExchangeRsp>`)), null)
  const air =
    '<a:AirReservation LocatorCode="7XEDLH"><c:SupplierLocator SupplierLocatorCode="1Z2Q4Y"/><a:AirSegment Carrier="GA" FlightNumber="830" Status="HK"/></a:AirReservation>'
  expect(outcome(`<c:TicketNumber>0011234567890</c:TicketNumber>${air}`)).toMatchObject({
    outcome: 'ok',
    value: { pnr: '1Z2Q4Y', tickets: [{ number: '0011234567890' }], segments: [{ status: 'confirmed' }] },
  })
  expect(outcome(`${air}<a:ExchangeFailureInfo Code="1" Message="NO"/>`)).toMatchObject({ outcome: 'unknown', message: '1: NO' })
  expect(outcome('<c:ResponseMessage Code="0">Complete</c:ResponseMessage>')).toMatchObject({ outcome: 'unknown', message: 'Complete' })
})

test('no fault is known to prove that a refund, a change or a hotel booking had no effect', () => {
  for (const operation of ['refund', 'exchange', 'book-stay'] as const) {
    for (const code of ['3000', '3037', '2602', '3788', '4965', '5000', '5574', '12009', 'Server.Business'])
      expect(outcomeOfFault(operation, { code, message: 'm', segmentErrors: ['*0 AVAIL/WL OPEN*'] }).outcome).toBe('unknown')
  }
})

describe('a seat map', () => {
  const seat = (code: string, rest = 'Availability="Available"', inner = ''): string =>
    `<a:Facility Type="Seat" SeatCode="${code}" ${rest}>${inner}</a:Facility>`
  const AISLE = '<a:Facility Type="Aisle"/>'
  const segments = ['s1', 's2']
    .map((key) => `<a:AirSegment Key="${key}" Group="0" Carrier="GA" FlightNumber="830" Equipment="738"/>`)
    .join('')

  test('has its rows by flight, its aisles in their place, and only what is available free', () => {
    const { maps } = read(
      'seat-map',
      `<a:SeatMapRsp><c:CabinClass Type="Economy"/>${segments}
        <a:OptionalServices><a:OptionalService Key="o1" TotalPrice="EUR25.00"/></a:OptionalServices>
        <a:Rows SegmentRef="s2"><a:Row Number="12">${seat('12-A', 'Availability="Available" SeatPrice="EUR0.00"', '<a:Characteristic Value="Window"/>')}${seat('12-B', 'Availability="Occupied"')}${AISLE}${seat('12-C', 'Availability="Available" OptionalServiceRef="o1"')}${seat('12-D', 'Availability="Whatever"')}<a:Characteristic Value="ExitRow"/></a:Row>
        <a:Row Number="13">${seat('13A', 'Availability="NoSeat"')}${seat('13B', 'Availability="AdvSeatSelection"')}${AISLE}${seat('13C', 'Availability="Blocked"')}</a:Row></a:Rows></a:SeatMapRsp>`,
      'seat-maps',
    )
    expect(maps).toHaveLength(1)
    const [map] = maps
    expect(map).toMatchObject({ segmentIndex: 1, equipment: '738' })
    const [cabin] = map!.cabins
    expect(cabin!.columns).toEqual(['A', 'B', null, 'C', 'D'])
    expect(cabin!.seats.map((one) => [one.number, one.state, one.price?.amount ?? null])).toEqual([
      ['12A', 'free', 0],
      ['12B', 'taken', null],
      ['12C', 'free', 2_500],
      ['12D', 'unknown', null],
      ['13B', 'unknown', null],
      ['13C', 'blocked', null],
    ])
    expect(cabin!.seats[0]!.features).toEqual(['window', 'exit'])
  })

  test('keeps decks and cabins apart, and says nothing of a cabin that it does not know', () => {
    const cabinOf = (type: string): string => `<c:ServiceData><c:CabinClass Type="${type}"/></c:ServiceData>`
    const upper = '<a:Characteristic Value="UpperDeck"/>'
    const { maps } = read(
      'seat-map',
      `<a:SeatMapRsp>${segments}<a:Rows><a:Row Number="1">${seat('1-A', '', cabinOf('Business'))}</a:Row><a:Row Number="2">${seat('2-A', '', cabinOf('Hammock'))}</a:Row><a:Row Number="80">${seat('80-A', '', cabinOf('Business'))}${upper}</a:Row><a:Row Number="81"/></a:Rows></a:SeatMapRsp>`,
      'seat-maps',
    )
    expect(maps[0]!.cabins.map((cabin) => [cabin.cabin, cabin.deck, cabin.seats.length])).toEqual([
      ['business', 'main', 1],
      [null, 'main', 1],
      ['business', 'upper', 1],
    ])
  })
})

test('fare rules asked for by key are read long and short, with the charges that are stated', () => {
  const { rules } = read(
    'fare-rules',
    `<a:AirFareRulesRsp><a:FareRule FareInfoRef="1" RuleNumber="R1"><a:FareRuleLong Category="16">CHANGES
        ANY TIME
          CHARGE EUR 50.</a:FareRuleLong><a:FareRuleLong Category="77">NEW</a:FareRuleLong><a:RuleCharges PenaltyType="Cancellation" DepartureStatus="After" Percent="100"/></a:FareRule>
      <a:FareRule FareInfoRef="2"><a:FareRuleShort Category="6"><a:FareRuleNameValue Name="MinimumStay" Value="SU"/></a:FareRuleShort><a:RuleCharges PenaltyType="Reissue" Amount="EUR50.00"/></a:FareRule></a:AirFareRulesRsp>`,
    'fare-rules',
  )
  expect(rules.map((rule) => rule.texts)).toEqual([
    [
      { category: '16', title: 'PENALTIES', text: 'CHANGES\nANY TIME\n  CHARGE EUR 50.' },
      { category: '77', title: 'CATEGORY 77', text: 'NEW' },
    ],
    [{ category: '6', title: 'MINIMUM STAY', text: 'MinimumStay: SU' }],
  ])
  expect(rules.map((rule) => rule.penalties)).toEqual([
    [{ kind: 'refund', allowed: false, amount: null, percent: 10_000, when: 'after_departure' }],
    [{ kind: 'change', allowed: true, amount: eur(5_000), percent: null, when: null }],
  ])
})

test('whatever a message holds, reading it throws nothing but ProviderError', () => {
  const names = [
    ...[
      'AvailabilitySearchRsp',
      'AirSegmentList',
      'AirSegment',
      'AirAvailInfo',
      'BookingCodeInfo',
      'AirItinerarySolution',
      'AirSegmentRef',
      'Connection',
    ],
    ...[
      'AirExchangeQuoteRsp',
      'AirPricingSolution',
      'AirPricingInfo',
      'AirExchangeBundleTotal',
      'AirExchangeInfo',
      'AirExchangeRsp',
      'AirReservation',
    ],
    ...['AirRefundQuoteRsp', 'AirRefundBundle', 'AirRefundInfo', 'AirRefundRsp', 'ETR', 'Ticket', 'Coupon', 'RefundFailureInfo'],
    ...['SeatMapRsp', 'Rows', 'Row', 'Facility', 'Characteristic', 'AirFareRulesRsp', 'FareRule', 'FareRuleLong', 'RuleCharges'],
    ...[
      'HotelSearchAvailabilityRsp',
      'HotelSearchResult',
      'HotelProperty',
      'RateInfo',
      'RoomDispatch',
      'Room',
      'HotelDetailsRsp',
      'AggregatorHotelDetails',
    ],
    ...[
      'RequestedHotelDetails',
      'HotelRateDetail',
      'CancelInfo',
      'RoomCapacity',
      'Capacity',
      'HotelRulesRsp',
      'HotelRuleItem',
      'HotelCreateReservationRsp',
    ],
    ...['UniversalRecord', 'HotelReservation', 'HotelRateChangedInfo', 'UniversalRecordRetrieveRsp', 'Fault'],
  ]
  const attributeNames = [
    ...['Key', 'SegmentRef', 'SegmentIndex', 'TotalPrice', 'Total', 'Base', 'RefundAmount', 'RetainAmount', 'AddCollection', 'ChangeFee'],
    ...[
      'LocatorCode',
      'Status',
      'TicketNumber',
      'HotelChain',
      'HotelCode',
      'MinimumStayAmount',
      'Type',
      'SeatCode',
      'Number',
      'Quantity',
      'Capacity',
    ],
    ...[
      'CancelDeadline',
      'CancelPenaltyPercent',
      'CancelPenaltyAmount',
      'NumberOfNights',
      'BookingCounts',
      'Carrier',
      'FlightNumber',
      'Origin',
    ],
    ...['Destination', 'DepartureTime', 'ArrivalTime', 'BookableQuantity', 'IsPackage', 'RatePlanType'],
  ]
  const values = [
    '',
    'x',
    'EUR1.00',
    'XXX9',
    'Active',
    'HK',
    '00',
    '2026-12-01T08:00:00.000+07:00',
    '12-A',
    'Seat',
    '-1',
    '99999',
    'true',
    '__proto__',
    'Y9|',
  ]
  const tree: fc.Memo<string> = fc.memo((depth) => {
    const attributes = fc.dictionary(fc.constantFrom(...attributeNames), fc.constantFrom(...values))
    const inner = depth <= 1 ? fc.constant('2') : fc.array(tree(depth - 1), { maxLength: 3 }).map((parts) => parts.join(''))
    return fc.tuple(fc.constantFrom(...names), attributes, inner).map(
      ([name, given, content]) =>
        `<${name}${Object.entries(given)
          .map(([key, value]) => ` ${key}="${value}"`)
          .join('')}>${content}</${name}>`,
    )
  })
  fc.assert(
    fc.property(tree(5), fc.constantFrom(...MESSAGE_KINDS), (body, kind) => {
      try {
        translate(kind, `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`)
      } catch (error) {
        expect(error).toBeInstanceOf(ProviderError)
      }
    }),
    { numRuns: 1_500 },
  )
})
