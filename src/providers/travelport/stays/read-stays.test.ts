import { describe, expect, test } from 'vitest'
import { money } from '../../../kernel/money.ts'
import { parseInstant, parseLocalDate } from '../../../kernel/time.ts'
import type { RoomOccupancy } from '../../../travel/stay.ts'
import type { Translation } from '../../contract.ts'
import { ProviderError } from '../../errors.ts'
import { readBody } from '../exchange.ts'
import { translate } from '../translate.ts'
import { outcomeOfStayBooking } from './book.ts'
import { readProperties } from './content.ts'
import { readHotelDetails } from './read-details.ts'
import { readStayRecord, refundAt } from './read-reservation.ts'

/** A message of another release, under prefixes that nobody else has. */
function message(body: string): string {
  return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:h="http://www.travelport.com/schema/hotel_v46_0" xmlns:u="http://www.travelport.com/schema/universal_v46_0" xmlns:c="http://www.travelport.com/schema/common_v46_0"><s:Body>${body}</s:Body></s:Envelope>`
}
const eur = (cents: number) => money(cents, 'EUR')
const now = parseInstant('2026-07-01T09:00:00Z')
const checkIn = parseLocalDate('2026-10-01')
const two: RoomOccupancy = { adults: 2, childAges: [] }

function details(rates: string, rooms: readonly RoomOccupancy[] = [two], holder = 'AggregatorHotelDetails') {
  const property = '<h:HotelProperty HotelChain="BW" HotelCode="GBLON@_000106" Name="Burns"/>'
  const body = `<h:HotelDetailsRsp><c:HostToken>token</c:HostToken><h:${holder}>${property}${rates}</h:${holder}></h:HotelDetailsRsp>`
  return readHotelDetails(readBody(message(body)), { checkIn, checkOut: parseLocalDate('2026-10-05'), rooms, now })
}
const rate = (inner = '', attributes = ''): string =>
  `<h:HotelRateDetail RatePlanType="DBLBB" Total="EUR400.00" RateOfferId="o1" ${attributes}>${inner}</h:HotelRateDetail>`
const only = (inner: string, attributes = '') => details(rate(inner, attributes)).offers[0]!

describe('the rates of a property', () => {
  test.each(['AggregatorHotelDetails', 'RequestedHotelDetails'])('are read from %s, with the token that booking repeats', (holder) => {
    const { offers, hostToken } = details(
      rate('<h:RoomRateDescription Name="Room"><h:Text>Double &amp; view</h:Text></h:RoomRateDescription>'),
      [two],
      holder,
    )
    expect(hostToken).toBe('token')
    expect(offers).toHaveLength(1)
    expect(offers[0]).toMatchObject({
      id: 'BWGBLON@_000106.o1',
      property: 'BWGBLON@_000106',
      propertyName: 'Burns',
      total: eur(40_000),
      rooms: [{ name: 'Double & view', code: 'DBLBB', occupancy: two }],
      refundable: null,
      cancellation: null,
      payAt: null,
      board: null,
      isPackageOnly: false,
    })
  })

  test('one that cannot be read costs itself; when none can, the message is at fault', () => {
    expect(details(`<h:HotelRateDetail RatePlanType="X"/>${rate()}`).offers).toHaveLength(1)
    expect(() => details('<h:HotelRateDetail RatePlanType="X" Total="much"/>')).toThrow(ProviderError)
    expect(details('').offers).toEqual([])
  })

  const capacity = (isPackage: boolean, ...beds: number[]): string =>
    `<h:RoomCapacity IsPackage="${isPackage}">${beds.map((bed) => `<h:Capacity>${bed}</h:Capacity>`).join('')}</h:RoomCapacity>`
  test.each([
    ['one room, one rate', [two], rate(capacity(false, 2)), 40_000],
    ['a rate of one room taken twice, where two are left', [two, two], rate(capacity(false, 2), 'BookableQuantity="2"'), 80_000],
    ['a rate of one room that is left once', [two, two], rate(capacity(false, 2), 'BookableQuantity="1"'), null],
    ['a rate of one room that does not say how many are left', [two, two], rate(capacity(false, 2)), null],
    ['a room too small for one of them', [{ adults: 2, childAges: [4] }], rate(capacity(false, 2)), null],
    ['a package for two rooms', [two, { adults: 1, childAges: [] }], rate(capacity(true, 2, 1)), 40_000],
    ['a package for three rooms is not for two', [two, two], rate(capacity(true, 2, 2, 2)), null],
  ] as const)('%s', (_, rooms, detail, total) => {
    const [offer] = details(detail, rooms).offers
    expect(offer?.total.amount ?? null).toBe(total)
    if (offer) expect(offer.rooms.map((room) => room.occupancy)).toEqual(rooms)
  })

  test.each([
    ['<h:Inclusions><h:MealPlans Breakfast="true" Lunch="false" Dinner="false"/></h:Inclusions>', 'BB'],
    ['<h:Inclusions><h:MealPlans Breakfast="true" Lunch="false" Dinner="true"/></h:Inclusions>', 'HB'],
    ['<h:Inclusions><h:MealPlans Breakfast="true" Lunch="true" Dinner="true"/></h:Inclusions>', 'FB'],
    ['<h:Inclusions><h:MealPlans Breakfast="true" Lunch="true" Dinner="true"><h:MealPlan Code="1"/></h:MealPlans></h:Inclusions>', 'AI'],
    ['<h:Inclusions><h:MealPlans Breakfast="false" Lunch="false" Dinner="unknown"/></h:Inclusions>', 'RO'],
    ['<h:Inclusions><h:MealPlans Breakfast="unknown"/></h:Inclusions>', null],
    ['<h:Inclusions><h:MealPlans><h:MealPlan Code="14"/></h:MealPlans></h:Inclusions>', 'RO'],
  ])('what is included to eat: %s', (inner, board) => expect(only(inner).board).toBe(board))

  const DEADLINE = 'CancelDeadline="2026-09-28T18:00:00+01:00"'
  const at = parseInstant('2026-09-28T17:00:00Z')
  test.each([
    ['NonRefundableStayIndicator="true"', false, [{ from: null, penalty: eur(40_000) }]],
    [
      `${DEADLINE} CancelPenaltyAmount="EUR100.00"`,
      true,
      [
        { from: null, penalty: eur(0) },
        { from: at, penalty: eur(10_000) },
      ],
    ],
    [
      `${DEADLINE} CancelPenaltyAmount="EUR900.00"`,
      true,
      [
        { from: null, penalty: eur(0) },
        { from: at, penalty: eur(40_000) },
      ],
    ],
    [
      `${DEADLINE} CancelPenaltyPercent="33.333"`,
      true,
      [
        { from: null, penalty: eur(0) },
        { from: at, penalty: eur(13_332) },
      ],
    ],
    [
      `${DEADLINE} NumberOfNights="1"`,
      true,
      [
        { from: null, penalty: eur(0) },
        { from: at, penalty: eur(10_000) },
      ],
    ],
    [
      `${DEADLINE} NumberOfNights="4"`,
      true,
      [
        { from: null, penalty: eur(0) },
        { from: at, penalty: eur(40_000) },
      ],
    ],
    [
      DEADLINE,
      true,
      [
        { from: null, penalty: eur(0) },
        { from: at, penalty: null },
      ],
    ],
    ['CancelDeadline="2026-06-01T00:00:00Z" CancelPenaltyAmount="EUR100.00"', false, [{ from: null, penalty: eur(10_000) }]],
    ['CancelDeadline="2026-06-01T00:00:00Z"', null, [{ from: null, penalty: null }]],
    // A day without an offset could end a day too late.
    ['CancelDeadline="2026-09-28T18:00:00" CancelPenaltyAmount="EUR100.00"', null, null],
    ['CancelPenaltyAmount="EUR100.00"', null, null],
  ])('cancelling: %s', (attributes, refundable, cancellation) => {
    expect(only(`<h:CancelInfo ${attributes}/>`)).toMatchObject({ refundable, cancellation })
  })

  test('a surcharge that is not in the total is taken by the property', () => {
    const charges = (surcharge: string) => only('', `Base="EUR360.00" Tax="EUR40.00" Surcharge="${surcharge}"`).charges
    expect(charges('EUR0.00')).toEqual([{ kind: 'tax', name: 'Taxes', amount: eur(4_000), due: 'booking' }])
    expect(charges('EUR15.00')[1]).toMatchObject({ kind: 'fee', amount: eur(1_500), due: 'property' })
  })

  test('are told by themselves too, for the rooms that they name', () => {
    const body = `<h:HotelDetailsRsp><h:AggregatorHotelDetails><h:HotelProperty HotelChain="00" HotelCode="X1"/>${rate(capacity(true, 2, 1))}</h:AggregatorHotelDetails></h:HotelDetailsRsp>`
    const told = translate('stay-shop', message(body)) as Extract<Translation, { kind: 'stays' }>
    expect(told).toMatchObject({ kind: 'stays', solutions: 1, hasMore: false })
    expect(told.offers[0]!.rooms.map((room) => room.occupancy.adults)).toEqual([2, 1])
  })
})

describe('a stay in a record', () => {
  const record = (attributes: string, inner = '', status = 'Active'): string =>
    `<u:UniversalRecord LocatorCode="DJ82QE" Version="2" Status="${status}"><u:ProviderReservationInfo LocatorCode="1Z2Q4Y"/><h:HotelReservation LocatorCode="7XEDLH" ${attributes}>${inner}</h:HotelReservation><c:GeneralRemark><c:RemarkData>FAREWIRE REF x</c:RemarkData></c:GeneralRemark></u:UniversalRecord>`
  const created = (content: string) =>
    outcomeOfStayBooking(readBody(message(`<u:HotelCreateReservationRsp>${content}</u:HotelCreateReservationRsp>`)))

  test('is confirmed only when host and aggregator say so', () => {
    expect(created(record('Status="HK" BookingConfirmation="ABC-123"'))).toMatchObject({
      outcome: 'ok',
      value: { pnr: 'ABC-123', supplierRef: 'DJ82QE:7XEDLH:1Z2Q4Y', status: 'active', tickets: [], segments: [] },
    })
    expect(created(record('Status="HK" AggregatorBookingStatus="Confirmed"'))).toMatchObject({ outcome: 'ok', value: { pnr: '1Z2Q4Y' } })
    for (const attributes of [
      'Status="HN"',
      'Status="UC"',
      'Status="HL"',
      'Status="ZZ"',
      '',
      'Status="HK" AggregatorBookingStatus="Pending"',
    ])
      expect(created(record(attributes)), attributes).toMatchObject({ outcome: 'unknown', message: expect.stringContaining('DJ82QE') })
  })

  test('that was not made because the rate has changed is a rejection, and an empty reply is none', () => {
    const changed = '<u:HotelRateChangedInfo Reason="Rate changed"><h:HotelRateDetail Total="EUR420.00"/></u:HotelRateChangedInfo>'
    expect(created(changed)).toEqual({
      outcome: 'rejected',
      reason: 'price_changed',
      code: 'HotelRateChanged',
      message: 'Rate changed, now EUR420.00; nothing was kept',
    })
    expect(created(record('Status="HK"') + changed)).toMatchObject({ outcome: 'unknown' })
    expect(created('')).toMatchObject({ outcome: 'unknown' })
    expect(created('<u:UniversalRecord/>')).toMatchObject({ outcome: 'unknown', cause: 'malformed' })
  })

  test('is told apart from flights when a record is retrieved', () => {
    const body = `<u:UniversalRecordRetrieveRsp>${record('Status="HX" CancelConfirmation="X1"')}</u:UniversalRecordRetrieveRsp>`
    expect(translate('retrieve', message(body))).toMatchObject({
      kind: 'reservation',
      result: { outcome: 'ok', value: { status: 'cancelled', segments: [] } },
    })
  })

  test('gives back what its terms leave at the moment', () => {
    const inner =
      '<h:HotelRateDetail RatePlanType="X" Total="EUR200.00"><h:CancelInfo CancelDeadline="2026-09-28T18:00:00+01:00" CancelPenaltyAmount="EUR50.00"/></h:HotelRateDetail><h:HotelStay><h:CheckinDate>2026-10-01</h:CheckinDate><h:CheckoutDate>2026-10-05</h:CheckoutDate></h:HotelStay>'
    const held = (rates: string) =>
      readStayRecord(readBody(message(`<u:UniversalRecordRetrieveRsp>${record('Status="HK"', rates)}</u:UniversalRecordRetrieveRsp>`)))!
    const late = parseInstant('2026-09-28T17:00:00Z')
    expect([refundAt(held(inner), now), refundAt(held(inner), late)]).toEqual([eur(20_000), eur(15_000)])
    // Two rooms at the same rate: both prices, both penalties.
    const pair = held(inner.replace(/(<h:HotelRateDetail.*<\/h:HotelRateDetail>)/, '$1$1'))
    expect([pair.reservation.total, refundAt(pair, late)]).toEqual([eur(40_000), eur(30_000)])
    expect(refundAt(held('<h:TotalReservationPrice TotalPrice="EUR200.00"/>'), now)).toBeNull()
  })
})

test('hotel rules are noted, and a refused search is an empty one where nothing is to be had', () => {
  const rules =
    '<h:HotelRulesRsp><h:HotelRateDetail RatePlanType="X" Base="EUR90.00"/><h:HotelRuleItem Name="Cancel"><h:Text> By noon </h:Text></h:HotelRuleItem></h:HotelRulesRsp>'
  expect(translate('stay-shop', message(rules))).toMatchObject({
    kind: 'note',
    facts: { rates: [{ ratePlanType: 'X', base: 'EUR90.00', total: null }], rules: [{ name: 'Cancel', texts: ['By noon'] }] },
  })
  const fault = (code: string) =>
    message(
      `<s:Fault><faultcode>Server</faultcode><faultstring>F</faultstring><detail><c:ErrorInfo><c:Code>${code}</c:Code></c:ErrorInfo></detail></s:Fault>`,
    )
  expect(translate('stay-shop', fault('4965'))).toEqual({ kind: 'stays', solutions: 0, offers: [] })
  expect(() => translate('stay-shop', fault('5000'))).toThrow(ProviderError)
})

test('static content reads both kinds of amenity codes, and leaves out what cannot be put on a map', () => {
  const property = (code: string, at: string, amenities: string): string =>
    `<h:HotelSearchResult><h:HotelProperty HotelChain="00" HotelCode="${code}" Name="N">${at}<h:HotelRating RatingProvider="TRM"><h:Rating>4</h:Rating></h:HotelRating><h:Amenities>${amenities}</h:Amenities></h:HotelProperty><c:MediaItem url="http://a.example/1.jpg"/></h:HotelSearchResult>`
  const here = '<c:CoordinateLocation latitude="51.5" longitude="-0.18"/>'
  const body = `<h:HotelSearchAvailabilityRsp>${property('A', here, '<h:Amenity Code="INWI"/><h:Amenity Code="HWFR"/><h:Amenity Code="XXXX"/>')}${property('B', here, '<h:Amenity Code="71"/><h:Amenity Code="76"/>')}${property('C', '', '')}${property('D', '<c:CoordinateLocation latitude="0" longitude="0"/>', '')}</h:HotelSearchAvailabilityRsp>`
  const properties = readProperties(readBody(message(body)), 'LON')
  expect(properties.map((one) => [one.code, one.country, one.stars, one.amenities, one.images])).toEqual([
    ['00A', 'GB', 4, ['wifi'], []],
    ['00B', 'GB', 4, ['pool', 'restaurant'], []],
  ])
})
