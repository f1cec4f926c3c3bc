import { describe, expect, test } from 'vitest'
import { formatAmount } from '../../kernel/money.ts'
import { parseInstant, parseLocalDate, toIso } from '../../kernel/time.ts'
import type { StayOffer, StayQuery } from '../../travel/stay.ts'
import { readMessage } from './exchange.ts'
import { readAvail } from './read-avail.ts'

const query: StayQuery = {
  properties: ['HH1', 'HH2'],
  checkIn: parseLocalDate('2027-03-01'),
  checkOut: parseLocalDate('2027-03-04'),
  rooms: [{ adults: 2, childAges: [] }],
  guestCountry: 'ID',
  currency: 'EUR',
}
const twoRooms: StayQuery = { ...query, rooms: [{ adults: 2, childAges: [] }, { adults: 1, childAges: [7] }] } // prettier-ignore

type StayParts = {
  readonly types?: string
  readonly plans?: string
  readonly rates: string
  readonly attributes?: string
  readonly guests?: string
  readonly span?: string
  readonly info?: string
  readonly more?: string
}
const stay = ({ types = '', plans = '', rates, attributes = '', guests = '', span, info, more = '' }: StayParts): string =>
  `<RoomStay ${attributes}><RoomTypes>${types}</RoomTypes><RatePlans>${plans}</RatePlans><RoomRates>${rates}</RoomRates>${guests}${span ?? '<TimeSpan Start="2027-03-01" End="2027-03-04"/>'}${more}${info ?? '<BasicPropertyInfo HotelCode="HH1" HotelName="House One" HotelCityCode="JKT"/>'}</RoomStay>`
const message = (...stays: readonly string[]): string =>
  `<OTA_HotelAvailRS xmlns="http://www.opentravel.org/OTA/2003/05"><Success/><RoomStays>${stays.join('')}</RoomStays></OTA_HotelAvailRS>`
const read = (text: string, asked: StayQuery | null = query, now: string | null = null) =>
  readAvail(readMessage(text), { query: asked, now: now === null ? null : parseInstant(now) })
/** The offers of one stay that has these rates. */
const offersOf = (parts: StayParts, asked: StayQuery | null = query, now: string | null = null): readonly StayOffer[] =>
  read(message(stay(parts)), asked, now).offers
const totalsOf = (rates: string, more = ''): string[] =>
  offersOf({ rates, more }).map((offer) => `${formatAmount(offer.total)} ${offer.total.currency}`)
const rate = (inner: string, attributes = ''): string => `<RoomRate ${attributes}>${inner}</RoomRate>`
const hundred = rate('<Total AmountAfterTax="100.00" CurrencyCode="EUR"/>')

describe('the total of a rate', () => {
  test.each([
    ['the amount after tax', '<Total AmountBeforeTax="90.00" AmountAfterTax="100.00" CurrencyCode="EUR"/>', ['100.00 EUR']],
    [
      'before and taxes that are all told',
      '<Total AmountBeforeTax="90.00" CurrencyCode="EUR"><Taxes><Tax Type="Exclusive" Amount="9.00"/><Tax Amount="1.00"/></Taxes></Total>',
      ['100.00 EUR'],
    ],
    [
      'before and the sum of taxes',
      '<Total AmountBeforeTax="90.00" CurrencyCode="EUR"><Taxes Amount="10.00" CurrencyCode="EUR"/></Total>',
      ['100.00 EUR'],
    ],
    ['before alone: nobody knows the taxes', '<Total AmountBeforeTax="90.00" CurrencyCode="EUR"/>', []],
    ['before and a list of no taxes: not told either', '<Total AmountBeforeTax="90.00" CurrencyCode="EUR"><Taxes/></Total>', []],
    [
      'before and taxes that are told to be nothing',
      '<Total AmountBeforeTax="90.00" CurrencyCode="EUR"><Taxes Amount="0"/></Total>',
      ['90.00 EUR'],
    ],
    ['before and a tax in percent', '<Total AmountBeforeTax="90.00" CurrencyCode="EUR"><Taxes><Tax Percent="10"/></Taxes></Total>', []],
    [
      'before and a tax that is in it',
      '<Total AmountBeforeTax="90.00" CurrencyCode="EUR"><Taxes><Tax Type="Inclusive" Amount="5.00"/></Taxes></Total>',
      ['90.00 EUR'],
    ],
    ['no currency', '<Total AmountAfterTax="100.00"/>', []],
    ['nothing', '<Total AmountAfterTax="0.00" CurrencyCode="EUR"/>', []],
    ['yen', '<Total AmountAfterTax="15000" CurrencyCode="JPY"/>', ['15000 JPY']],
    ['surplus zeros', '<Total AmountAfterTax="100.0000" CurrencyCode="EUR"/>', ['100.00 EUR']],
    ['more decimals than the currency has', '<Total AmountAfterTax="100.005" CurrencyCode="EUR"/>', []],
    ['minor units', '<Total AmountAfterTax="10000" CurrencyCode="EUR" DecimalPlaces="2"/>', ['100.00 EUR']],
    ['the words of a tax', '<Total AmountAfterTax="a lot" CurrencyCode="EUR"/>', []],
  ])('%s', (_, total, expected) => {
    expect(totalsOf(rate(total))).toEqual(expected)
    expect(totalsOf(rate(`<Rates><Rate>${total}</Rate></Rates>`))).toEqual(expected)
  })

  test('whole amounts are whole where another amount of the message has a point', () => {
    const whole = rate('<Total AmountAfterTax="100" CurrencyCode="EUR" DecimalPlaces="2"/>')
    expect(totalsOf(whole)).toEqual(['1.00 EUR'])
    expect(totalsOf(whole + rate('<Total AmountAfterTax="120.50" CurrencyCode="EUR" DecimalPlaces="2"/>'))).toEqual([
      '100.00 EUR',
      '120.50 EUR',
    ])
  })

  test('a price of one day is not the price of three', () => {
    const daily = '<Rates><Rate RateTimeUnit="Day"><Total AmountAfterTax="100.00" CurrencyCode="EUR"/></Rate></Rates>'
    expect(totalsOf(rate(daily))).toEqual([])
    expect(totalsOf(rate(daily), '<Total AmountAfterTax="300.00" CurrencyCode="EUR"/>')).toEqual(['300.00 EUR'])
    expect(totalsOf(rate(daily.replace('Day"', 'FullDuration"')))).toEqual(['100.00 EUR'])
    const part =
      '<Rates><Rate EffectiveDate="2027-03-01" ExpireDate="2027-03-02"><Total AmountAfterTax="100.00" CurrencyCode="EUR"/></Rate></Rates>'
    expect(totalsOf(rate(part))).toEqual([])
  })

  test('a stay’s total is not that of one of its rates', () => {
    const unpriced = rate('<Rates><Rate/></Rates>', 'RatePlanCode="A"')
    const total = '<Total AmountAfterTax="300.00" CurrencyCode="EUR"/>'
    expect(totalsOf(unpriced, total)).toEqual(['300.00 EUR'])
    expect(totalsOf(unpriced + rate('<Rates><Rate/></Rates>', 'RatePlanCode="B"'), total)).toEqual([])
  })

  test.each([
    ['the last night', ['2027-03-01', '2027-03-01'], ['2027-03-02', '2027-03-03']],
    ['the morning after', ['2027-03-01', '2027-03-02'], ['2027-03-02', '2027-03-04']],
  ])('nights add up where every one is priced once, ExpireDate being %s', (_, [a, b], [c, d]) => {
    const night = (from: string, to: string, amount: string) =>
      `<Rate EffectiveDate="${from}" ExpireDate="${to}"><Base AmountAfterTax="${amount}" CurrencyCode="EUR"/></Rate>`
    expect(totalsOf(rate(`<Rates>${night(a!, b!, '50.00')}${night(c!, d!, '60.00')}</Rates>`))).toEqual(['170.00 EUR'])
    // Also when each night comes as a rate of its own.
    const named = 'RoomTypeCode="A" RatePlanCode="P"'
    expect(
      totalsOf(rate(`<Rates>${night(a!, b!, '50.00')}</Rates>`, named) + rate(`<Rates>${night(c!, d!, '60.00')}</Rates>`, named)),
    ).toEqual(['170.00 EUR'])
    expect(totalsOf(rate(`<Rates>${night(a!, b!, '50.00')}</Rates>`))).toEqual([])
    expect(totalsOf(rate(`<Rates>${night(a!, b!, '50.00')}${night(a!, b!, '50.00')}${night(c!, d!, '60.00')}</Rates>`))).toEqual([])
  })
})

describe('what is charged beside', () => {
  const charges = (total: string) =>
    offersOf({ rates: rate(total) })[0]!.charges.map(({ kind, amount, due }) => [kind, amount?.amount ?? null, due])
  const priced = (before: string, after: string, inner: string) =>
    `<Total AmountBeforeTax="${before}" AmountAfterTax="${after}" CurrencyCode="EUR">${inner}</Total>`
  const vat = '<Taxes><Tax Type="Exclusive" Code="36" Amount="10.00"/></Taxes>'
  const city = '<Fees><Fee Type="Exclusive" Code="3" Amount="6.00"/></Fees>'

  test('what the amount after tax holds is due with it, what it does not at the hotel', () => {
    expect(charges(priced('90.00', '100.00', vat + city))).toEqual([['tax', 1_000, 'booking'], ['city_tax', 600, 'property']]) // prettier-ignore
    expect(charges(priced('90.00', '106.00', vat + city))).toEqual([['tax', 1_000, 'booking'], ['city_tax', 600, 'booking']]) // prettier-ignore
    expect(charges(priced('100.00', '100.00', vat + city))).toEqual([['tax', 1_000, 'property'], ['city_tax', 600, 'property']]) // prettier-ignore
    expect(charges(priced('90.00', '100.00', '<Taxes><Tax Type="Inclusive" Code="19" Amount="10.00"/></Taxes>'))).toEqual([
      ['tax', 1_000, 'booking'],
    ])
  })

  test('a line without words is called by its code', () => {
    const names = (inner: string) => offersOf({ rates: rate(priced('90.00', '100.00', inner)) })[0]!.charges.map(({ name }) => name)
    expect(
      names(
        '<Taxes><Tax Code="19" Amount="1.00"/><Tax Code="XYZ" Amount="1.00"/><Tax Amount="1.00"/><Tax Code="3" Amount="1.00"><TaxDescription><Text>Stay levy</Text></TaxDescription></Tax></Taxes>',
      ),
    ).toEqual(['VAT/GST', 'XYZ', 'Tax', 'Stay levy'])
  })

  test('a charge in percent is told without an amount, one of nothing is not told', () => {
    expect(charges(priced('90.00', '100.00', '<Fees><Fee Type="Exclusive" Code="12" Percent="5"/><Fee Amount="0.00"/></Fees>'))).toEqual([
      ['resort_fee', null, 'property'],
    ])
  })
})

describe('conditions', () => {
  const conditions = (penalties: string, now: string | null = null, plan = '') =>
    offersOf(
      {
        plans: `<RatePlan RatePlanCode="P" ${plan}><CancelPenalties>${penalties}</CancelPenalties></RatePlan>`,
        rates: rate(nights, 'RatePlanCode="P"'),
      },
      query,
      now,
    )[0]!
  const nights = ['2027-03-01', '2027-03-02', '2027-03-03']
    .map(
      (date, index) =>
        `<Rate EffectiveDate="${date}" ExpireDate="${date}"><Base AmountAfterTax="${30 + index * 10}.00" CurrencyCode="EUR"/></Rate>`,
    )
    .join('')
    .replace(/^/, '<Rates>')
    .concat('</Rates>')
  const timeline = (offer: StayOffer) =>
    offer.cancellation?.map(({ from, penalty }) => [from === null ? null : toIso(from).slice(0, 16), penalty?.amount ?? null])
  const penalty = (deadline: string, amount: string, attributes = '') =>
    `<CancelPenalty ${attributes}>${deadline && `<Deadline ${deadline}/>`}${amount && `<AmountPercent ${amount}/>`}</CancelPenalty>`

  test.each([
    [
      'an absolute deadline with its offset',
      penalty('AbsoluteDeadline="2027-02-20T18:00:00+02:00"', 'Percent="50.00"'),
      [
        [null, 0],
        ['2027-02-20T16:00', 6_000],
      ],
    ],
    [
      'one without, by the hotel’s zone',
      penalty('AbsoluteDeadline="2027-02-20T18:00:00"', 'Percent="50.00"'),
      [
        [null, 0],
        ['2027-02-20T11:00', 6_000],
      ],
    ],
    [
      'a bare date',
      penalty('AbsoluteDeadline="2027-02-20"', 'Percent="100"'),
      [
        [null, 0],
        ['2027-02-19T17:00', 12_000],
      ],
    ],
    [
      'days before arrival',
      penalty('OffsetTimeUnit="Day" OffsetUnitMultiplier="2" OffsetDropTime="BeforeArrival"', 'NmbrOfNights="1"'),
      [
        [null, 0],
        ['2027-02-26T17:00', 3_000],
      ],
    ],
    [
      'days before arrival at a time of the day',
      penalty('AbsoluteDeadline="18:00:00" OffsetTimeUnit="Day" OffsetUnitMultiplier="1"', 'NmbrOfNights="2"'),
      [
        [null, 0],
        ['2027-02-28T11:00', 7_000],
      ],
    ],
    [
      'a time on the day of arrival',
      penalty('AbsoluteDeadline="16:00"', 'NmbrOfNights="3"'),
      [
        [null, 0],
        ['2027-03-01T09:00', 12_000],
      ],
    ],
    [
      'hours before arrival',
      penalty('OffsetTimeUnit="Hour" OffsetUnitMultiplier="72" OffsetDropTime="BeforeArrival"', 'Amount="25.00" CurrencyCode="EUR"'),
      [
        [null, 0],
        ['2027-02-25T17:00', 2_500],
      ],
    ],
    [
      'after booking, which the message cannot date',
      penalty('OffsetTimeUnit="Hour" OffsetUnitMultiplier="24" OffsetDropTime="AfterBooking"', 'Percent="10"'),
      [[null, 1_200]],
    ],
    ['no deadline: from the booking on', penalty('', 'Percent="10"'), [[null, 1_200]]],
    [
      'a start instead of a deadline',
      penalty('', 'Percent="10"', 'Start="2027-02-20T00:00:00Z"'),
      [
        [null, 0],
        ['2027-02-20T00:00', 1_200],
      ],
    ],
    [
      'two steps in any order',
      penalty('OffsetTimeUnit="Day" OffsetUnitMultiplier="1"', 'Percent="100"') +
        penalty('OffsetTimeUnit="Day" OffsetUnitMultiplier="7"', 'NmbrOfNights="1"'),
      [
        [null, 0],
        ['2027-02-21T17:00', 3_000],
        ['2027-02-27T17:00', 12_000],
      ],
    ],
    ['never more than the total', penalty('', 'Amount="500.00" CurrencyCode="EUR"'), [[null, 12_000]]],
    ['a share rounds up', penalty('', 'Percent="33.333"'), [[null, 4_001]]],
    ['a part of some nights', penalty('', 'Percent="50" NmbrOfNights="2"'), [[null, 3_500]]],
    [
      'no words about how much',
      penalty('AbsoluteDeadline="2027-02-20T18:00:00Z"', ''),
      [
        [null, 0],
        ['2027-02-20T18:00', null],
      ],
    ],
    [
      'another currency',
      penalty('AbsoluteDeadline="2027-02-20T18:00:00Z"', 'Amount="25.00" CurrencyCode="USD"'),
      [
        [null, 0],
        ['2027-02-20T18:00', null],
      ],
    ],
    ['a percentage of something else', penalty('', 'Percent="50" BasisType="FirstLast"'), [[null, null]]],
    ['not refundable', penalty('AbsoluteDeadline="2027-02-20T18:00:00Z"', '', 'NonRefundable="true"'), [[null, 12_000]]],
    ['no cancelling', penalty('', '', 'NoCancelInd="true"'), [[null, 12_000]]],
    ['words only', '<CancelPenalty><PenaltyDescription><Text>Ask us</Text></PenaltyDescription></CancelPenalty>', undefined],
    ['a deadline that is none', penalty('AbsoluteDeadline="soon"', 'Percent="50"'), undefined],
  ])('%s', (_, penalties, expected) => {
    expect(timeline(conditions(penalties))).toEqual(expected)
  })

  test('of the steps that are past, the last one applies now', () => {
    const steps =
      penalty('AbsoluteDeadline="2027-02-20T00:00:00Z"', 'NmbrOfNights="1"') +
      penalty('AbsoluteDeadline="2027-02-25T00:00:00Z"', 'Percent="100"')
    expect([timeline(conditions(steps, '2027-02-01T00:00:00Z')), conditions(steps, '2027-02-01T00:00:00Z').refundable]).toEqual([[[null, 0], ['2027-02-20T00:00', 3_000], ['2027-02-25T00:00', 12_000]], true]) // prettier-ignore
    expect([timeline(conditions(steps, '2027-02-20T00:00:00Z')), conditions(steps, '2027-02-20T00:00:00Z').refundable]).toEqual([[[null, 3_000], ['2027-02-25T00:00', 12_000]], false]) // prettier-ignore
    expect(timeline(conditions(steps, '2027-02-28T00:00:00Z'))).toEqual([[null, 12_000]])
  })

  test('refundable is free now, and unknown where nobody says', () => {
    expect(conditions('').refundable).toBeNull()
    expect(conditions(penalty('', 'Percent="50" BasisType="FirstLast"')).refundable).toBeNull()
    expect(conditions('', null, 'RatePlanName="Advance, Non-Refundable"')).toMatchObject({
      refundable: false,
      cancellation: [{ from: null, penalty: { amount: 12_000 } }],
    })
  })

  test('without a zone a deadline is the earliest that it can be anywhere', () => {
    const plans = `<RatePlan RatePlanCode="P"><CancelPenalties>${penalty('AbsoluteDeadline="2027-02-20T18:00:00"', 'Percent="50"')}</CancelPenalties></RatePlan>`
    const parts = { plans, rates: rate(nights, 'RatePlanCode="P"') }
    const at = (info: string) => timeline(offersOf({ ...parts, info })[0]!)![1]![0]
    expect(at('<BasicPropertyInfo HotelCode="HH1"/>')).toBe('2027-02-20T04:00')
    expect(at('<BasicPropertyInfo HotelCode="HH1"><Position Latitude="40.42" Longitude="-3.70"/></BasicPropertyInfo>')).toBe(
      '2027-02-20T17:00',
    )
    expect(at('<BasicPropertyInfo HotelCode="HH1"><Position Latitude="-40.0" Longitude="-130.0"/></BasicPropertyInfo>')).toBe(
      '2027-02-20T04:00',
    )
  })

  test('a deposit that never comes back is lost from the booking on, whatever the deadlines', () => {
    const deposit = (attributes: string, amount: string) =>
      `<PaymentPolicies><GuaranteePayment GuaranteeType="Deposit" ${attributes}>${amount}</GuaranteePayment></PaymentPolicies>`
    const plans = `<RatePlan RatePlanCode="P"><CancelPenalties>${penalty('AbsoluteDeadline="2027-02-20T18:00:00Z"', 'Percent="100"')}</CancelPenalties></RatePlan>`
    const offer = (policy: string) =>
      offersOf({
        plans,
        rates: rate(
          nights.replace('<Rate ', `<Rate><Base/>${policy}</Rate><Rate `).replace('<Rate><Base/>', '<Rate>') +
            '<Total AmountAfterTax="120.00" CurrencyCode="EUR"/>',
          'RatePlanCode="P"',
        ),
      })[0]!
    expect(timeline(offer(deposit('NonRefundableIndicator="true"', '<AmountPercent Amount="20.00" CurrencyCode="EUR"/>')))).toEqual([
      [null, 2_000],
      ['2027-02-20T18:00', 12_000],
    ])
    expect(timeline(offer(deposit('NonRefundableIndicator="true"', '')))).toEqual([
      [null, null],
      ['2027-02-20T18:00', 12_000],
    ])
    expect(timeline(offer(deposit('', '<AmountPercent Amount="20.00" CurrencyCode="EUR"/>')))).toEqual([
      [null, 0],
      ['2027-02-20T18:00', 12_000],
    ])
  })

  const boardOf = (meals: string) =>
    offersOf({
      plans: `<RatePlan RatePlanCode="P">${meals}</RatePlan>`,
      rates: rate('<Total AmountAfterTax="100.00" CurrencyCode="EUR"/>', 'RatePlanCode="P"'),
    })[0]!.board
  test.each([
    ['<MealsIncluded MealPlanCodes="1"/>', 'AI'],
    ['<MealsIncluded MealPlanCodes="19 22"/>', 'HB'],
    ['<MealsIncluded MealPlanCodes="19 21 22"/>', 'FB'],
    ['<MealsIncluded MealPlanCodes="14"/>', 'RO'],
    ['<MealsIncluded MealPlanCodes="12"/>', 'HB'],
    ['<MealsIncluded MealPlanCodes="11"/>', 'BB'],
    ['<MealsIncluded MealPlanCodes="13"/>', null],
    ['<MealsIncluded MealPlanCodes="22"/>', null],
    ['<MealsIncluded Breakfast="true" Lunch="false" Dinner="true"/>', 'HB'],
    ['<MealsIncluded Breakfast="1" Lunch="1" Dinner="1"/>', 'FB'],
    ['<MealsIncluded Breakfast="true"/>', 'BB'],
    ['<MealsIncluded Breakfast="false"/>', 'RO'],
    ['<MealsIncluded Dinner="true"/>', null],
    ['<MealsIncluded/>', null],
    ['', null],
  ])('%s is the board %s', (meals, board) => {
    expect(boardOf(meals)).toBe(board)
  })

  const payAt = (plan: string, inner = '', attributes = '') =>
    offersOf({
      plans: `<RatePlan RatePlanCode="P" ${attributes}>${plan}</RatePlan>`,
      rates: rate(`<Rates><Rate>${inner}<Total AmountAfterTax="100.00" CurrencyCode="EUR"/></Rate></Rates>`, 'RatePlanCode="P"'),
    })[0]!.payAt
  test('who takes the money is read from guarantees and policies, and unknown for a deposit', () => {
    const policy = (attributes: string) => `<PaymentPolicies><GuaranteePayment ${attributes}/></PaymentPolicies>`
    expect(payAt('<Guarantee GuaranteeType="PrePay"/>')).toBe('booking')
    expect(payAt('', policy('PaymentCode="MerchantPayment"'))).toBe('booking')
    expect(payAt('', '', 'PrepaidIndicator="true"')).toBe('booking')
    expect(payAt('<Guarantee GuaranteeType="CC/DC/Voucher"/>')).toBe('property')
    expect(payAt('', policy('GuaranteeType="GuaranteeRequired"'))).toBe('property')
    expect(payAt('', policy('PaymentCode="DirectPayment"'))).toBe('property')
    expect(payAt('<Guarantee GuaranteeType="Deposit"/>')).toBeNull()
    expect(payAt('<Guarantee GuaranteeType="Deposit"/><Guarantee GuaranteeType="CC/DC/Voucher"/>')).toBeNull()
    expect(payAt('')).toBeNull()
  })
})

describe('rates that refer to rooms and plans', () => {
  const types =
    '<RoomType RoomTypeCode="DBL" NumberOfUnits="4"><RoomDescription><Text>Double</Text></RoomDescription></RoomType><RoomType RoomID="R2" RoomType="Suite"/>'
  const plans =
    '<RatePlan RatePlanCode="BAR" RatePlanName="Best"/><RatePlan RatePlanID="X#1" RatePlanType="Club rate"/><RatePlan RatePlanCode="OFF" AvailabilityStatus="ClosedOut"/>'
  const priced = '<Total AmountAfterTax="100.00" CurrencyCode="EUR"/>'

  test('are told with the names that they refer to, by code or by id', () => {
    const offers = offersOf({
      types,
      plans,
      rates: rate(priced, 'RoomTypeCode="DBL" RatePlanCode="BAR"') + rate(priced, 'RoomID="R2" RatePlanID="X#1"'),
    })
    expect(offers.map(({ rooms, ratePlan, roomsLeft }) => [rooms[0]!.name, rooms[0]!.code, ratePlan, roomsLeft])).toEqual([
      ['Double', 'DBL', { code: 'BAR', name: 'Best' }, 4],
      ['Suite', 'R2', { code: 'X#1', name: 'Club rate' }, null],
    ])
    expect(new Set(offers.map((offer) => offer.id)).size).toBe(2)
  })

  test('are no offers when they, their plan or their stay are not sold', () => {
    expect(
      offersOf({
        types,
        plans,
        rates: rate(priced, 'RatePlanCode="OFF"') + rate(priced, 'RatePlanCode="BAR" AvailabilityStatus="OnRequest"'),
      }),
    ).toEqual([])
    expect(read(message(stay({ rates: hundred, attributes: 'AvailabilityStatus="NoAvailability"' })))).toMatchObject({
      solutions: 0,
      offers: [],
    })
  })

  test('are no offers for other dates, other hotels or other guests than were asked for', () => {
    const ok = { rates: hundred }
    expect(offersOf(ok)).toHaveLength(1)
    expect(offersOf({ ...ok, span: '<TimeSpan Start="2027-03-02" End="2027-03-05"/>' })).toEqual([])
    expect(offersOf({ ...ok, span: '<TimeSpan Start="2027-03-01" Duration="P3N"/>' })).toHaveLength(1)
    expect(offersOf({ ...ok, span: '' })).toHaveLength(1)
    expect(offersOf({ ...ok, span: '<TimeSpan Start="0001-01-01" End="9999-12-31"/>' }, null)).toEqual([])
    expect(offersOf({ ...ok, info: '<BasicPropertyInfo HotelCode="OTHER"/>' })).toEqual([])
    expect(offersOf({ ...ok, info: '' })).toEqual([])
    expect(offersOf({ ...ok, guests: '<GuestCounts><GuestCount AgeQualifyingCode="10" Count="1"/></GuestCounts>' })).toEqual([])
    expect(offersOf({ ...ok, guests: '<GuestCounts><GuestCount Count="2"/></GuestCounts>' })).toHaveLength(1)
  })

  test('are of the hotel that a list of its own names by number', () => {
    const listed = (stays: string, hotels: string) =>
      `<OTA_HotelAvailRS><Warnings><Warning Type="3" Tag="OK"/></Warnings><HotelStays>${hotels}</HotelStays><RoomStays>${stays}</RoomStays></OTA_HotelAvailRS>`
    const bare = (attributes: string) => stay({ rates: hundred, info: ' ', attributes })
    const hotel = (code: string, numbers: string) => `<HotelStay ${numbers}><BasicPropertyInfo HotelCode="${code}"/></HotelStay>`
    const properties = (text: string) => read(text).offers.map((offer) => offer.property)
    expect(
      properties(
        listed(bare('RPH="1"') + bare('RPH="3"') + bare('RPH="2"'), hotel('HH1', 'RoomStayRPH="1 2"') + hotel('HH2', 'RoomStayRPH="3"')),
      ),
    ).toEqual(['HH1', 'HH1', 'HH2'])
    expect(properties(listed(bare(''), hotel('HH1', '')))).toEqual(['HH1'])
    expect(properties(listed(bare('') + bare(''), hotel('HH1', '')))).toEqual([])
  })

  test('are not told to be the last ones by a number that repeats the question', () => {
    const left = (attributes: string) =>
      offersOf({
        types: `<RoomType RoomTypeCode="DBL" ${attributes}/>`,
        rates: rate('<Total AmountAfterTax="100.00" CurrencyCode="EUR"/>', 'RoomTypeCode="DBL"'),
      })[0]!.roomsLeft
    expect([left('NumberOfUnits="3"'), left('NumberOfUnits="1" NumberOfUnitsMatchType="1"'), left('NumberOfUnits="0"'), left('')]).toEqual([
      3,
      null,
      null,
      null,
    ])
  })

  test('count as solutions by the hotel, also where no offer can be made', () => {
    const unpriced = rate('<Rates><Rate/></Rates>')
    const second = stay({ rates: unpriced, info: '<BasicPropertyInfo HotelCode="HH2"/>' })
    expect(read(message(stay({ rates: hundred }), stay({ rates: hundred }), second))).toMatchObject({
      solutions: 2,
      roomStays: 3,
      roomRates: 3,
    })
  })
})

describe('several rooms', () => {
  const guests = (adults: number, ages: readonly number[] = []) =>
    `<GuestCounts><GuestCount AgeQualifyingCode="10" Count="${adults}"/>${ages.map((age) => `<GuestCount AgeQualifyingCode="8" Age="${age}" Count="1"/>`).join('')}</GuestCounts>`
  const types = '<RoomType RoomTypeCode="DBL" NumberOfUnits="2"/><RoomType RoomTypeCode="TWN" NumberOfUnits="1"/>'
  const plans = ['BAR', 'CLUB']
    .map(
      (code) =>
        `<RatePlan RatePlanCode="${code}"><CancelPenalties><CancelPenalty><Deadline AbsoluteDeadline="2027-02-20T00:00:00Z"/><AmountPercent Percent="50"/></CancelPenalty></CancelPenalties></RatePlan>`,
    )
    .join('')
  const priced = (type: string, plan: string, amount: number) =>
    rate(
      `<Total AmountAfterTax="${amount}.00" CurrencyCode="EUR"><Taxes><Tax Type="Inclusive" Code="36" Amount="1.00"/></Taxes></Total>`,
      `RoomTypeCode="${type}" RatePlanCode="${plan}"`,
    )
  const first = priced('DBL', 'BAR', 100) + priced('TWN', 'BAR', 90) + priced('DBL', 'CLUB', 150)
  const second = priced('DBL', 'BAR', 80) + priced('TWN', 'BAR', 95)
  const named = message(
    stay({ types, plans, rates: first, attributes: 'RoomStayCandidateRPH="1"', guests: guests(2) }),
    stay({ types, plans, rates: second, attributes: 'RoomStayCandidateRPH="2"', guests: guests(1, [7]) }),
  )
  const summary = (offers: readonly StayOffer[]) =>
    offers.map(({ rooms, ratePlan, total }) => [rooms.map((room) => room.code).join('+'), ratePlan?.code, total.amount])

  test('make one offer together: in each type that all have, else the cheapest, under one plan', () => {
    const { offers, solutions } = read(named, twoRooms)
    // Twin rooms for both would be two, and one is left; the club rate is for one of the rooms only.
    expect([solutions, summary(offers)]).toEqual([1, [['DBL+DBL', 'BAR', 18_000]]])
    expect(offers[0]).toMatchObject({
      rooms: [{ occupancy: { adults: 2, childAges: [] } }, { occupancy: { adults: 1, childAges: [7] } }],
      charges: [{ kind: 'tax', amount: { amount: 200 }, due: 'booking' }],
      refundable: true,
      cancellation: [{ from: null, penalty: { amount: 0 } }, { penalty: { amount: 9_000 } }],
      roomsLeft: 2,
    })
    const more = named.replaceAll('RoomTypeCode="TWN" NumberOfUnits="1"', 'RoomTypeCode="TWN" NumberOfUnits="2"')
    expect(summary(read(more, twoRooms).offers)).toEqual([['DBL+DBL', 'BAR', 18_000], ['TWN+TWN', 'BAR', 18_500]]) // prettier-ignore
  })

  test('are told apart by their guests where the reply does not name the candidates', () => {
    const unnamed = named.replace(/ ?RoomStayCandidateRPH="\d"/g, '')
    expect(summary(read(unnamed, twoRooms).offers)).toEqual([['DBL+DBL', 'BAR', 18_000]])
    const nobody = unnamed.replace(/<GuestCounts>.*?<\/GuestCounts>/g, '')
    expect(read(nobody, twoRooms)).toMatchObject({ solutions: 1, offers: [] })
  })

  test('make no offer when one of them has no rate', () => {
    const alone = message(stay({ types, plans, rates: first, attributes: 'RoomStayCandidateRPH="1"', guests: guests(2) }))
    expect(read(alone, twoRooms).offers).toEqual([])
  })

  test('are recognised without the question, by the candidates that are named', () => {
    expect(read(named, null).offers).toEqual(read(named, twoRooms).offers)
  })
})

test('other prefixes, namespaces, versions of SOAP and wrappings are the sender’s affair', () => {
  const bare = message(stay({ rates: hundred }))
  const expected = read(bare).offers
  expect(expected).toHaveLength(1)
  const prefixed = bare.replace(/<(\/?)(?=[A-Z])/g, '<$1ns2:').replace('xmlns=', 'xmlns:ns2=')
  const variants = [
    prefixed,
    bare.replace('http://www.opentravel.org/OTA/2003/05', 'http://www.opentravel.org/OTA/2002/08'),
    bare.replace(' xmlns="http://www.opentravel.org/OTA/2003/05"', ''),
    bare.replaceAll('OTA_HotelAvailRS', 'HotelAvailRS'),
    `<!-- 200 OK\n content-type: text/xml -->\n<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Header/><S:Body>${prefixed}</S:Body></S:Envelope>`,
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><r:Response xmlns:r="urn:r"><r:Result>${bare}</r:Result></r:Response></e:Body></e:Envelope>`,
  ]
  for (const variant of variants) expect(read(variant).offers).toEqual(expected)
})
