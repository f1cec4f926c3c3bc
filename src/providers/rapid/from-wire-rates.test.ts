import { describe, expect, test } from 'vitest'
import { formatMoney } from '../../kernel/money.ts'
import { parseLocalDate, parseInstant } from '../../kernel/time.ts'
import type { StayQuery } from '../../travel/stay.ts'
import { toBoard } from './board.ts'
import { toShopReply } from './from-wire-rates.ts'
import { findForRoom, findOccupancy, toOccupancy } from './occupancy.ts'

const QUERY: StayQuery = {
  properties: ['9'],
  checkIn: parseLocalDate('2027-05-10'),
  checkOut: parseLocalDate('2027-05-12'),
  rooms: [{ adults: 2, childAges: [] }],
  guestCountry: 'ID',
  currency: 'EUR',
}
const amount = (value: string, currency = 'EUR') => ({ value, currency })
const both = (requested: string, billed: string) => ({ request_currency: amount(requested), billable_currency: amount(billed, 'USD') })
const pricing = (requested: string, billed: string, more: object = {}) => ({ totals: { inclusive: both(requested, billed) }, ...more })

function rate(more: object = {}): Record<string, unknown> {
  return {
    id: 'r1',
    occupancy_pricing: { '2': pricing('100.00', '110.00') },
    bed_groups: { b1: { links: { price_check: { href: '/v3/check?token=opaque', expires: '2027-01-01T00:00:00.000Z' } } } },
    ...more,
  }
}
const property = (...rates: unknown[]) => ({ property_id: '9', rooms: [{ id: '77', room_name: 'Sea view', rates }] })
const offersOf = (rates: unknown[], query: StayQuery | null = QUERY) => toShopReply([property(...rates)], query).offers
const only = (more: object, query: StayQuery | null = QUERY) => {
  const offers = offersOf([rate(more)], query)
  expect(offers).toHaveLength(1)
  return offers[0]!
}

describe('an offer for every rate', () => {
  test('says what was asked for and what was answered', () => {
    expect(only({ available_rooms: 3, merchant_of_record: 'expedia' })).toMatchObject({
      provider: 'rapid',
      property: '9',
      checkIn: '2027-05-10',
      checkOut: '2027-05-12',
      rooms: [{ name: 'Sea view', code: '77', occupancy: { adults: 2, childAges: [] } }],
      ratePlan: { code: 'r1', name: null },
      payAt: 'booking',
      roomsLeft: 3,
      isPackageOnly: false,
      expiresAt: parseInstant('2027-01-01T00:00:00Z'),
    })
  })

  test('costs the sum of its rooms, rooms that are alike being told once', () => {
    const rooms = [
      { adults: 2, childAges: [] },
      { adults: 1, childAges: [9, 4] },
      { adults: 2, childAges: [] },
    ]
    const occupancy_pricing = { '2': pricing('100.00', '110.00'), '1-4,9': pricing('80.50', '88.00') }
    const offer = only({ occupancy_pricing }, { ...QUERY, rooms })
    expect(formatMoney(offer.total)).toBe('EUR 280.50')
    expect(offer.rooms.map(({ occupancy }) => toOccupancy(occupancy))).toEqual(['2', '1-9,4', '2'])
  })

  test('is not made of a rate that does not price every room, whose amounts are nonsense, or that nothing leads on from', () => {
    expect(offersOf([rate({ occupancy_pricing: { '3': pricing('100.00', '110.00') } })])).toEqual([])
    expect(offersOf([rate({ occupancy_pricing: { '2': pricing('a lot', '110.00') } })])).toEqual([])
    expect(
      offersOf([rate({ occupancy_pricing: { '2': { totals: { inclusive: { request_currency: amount('1.00', 'DOUBLOONS') } } } } })]),
    ).toEqual([])
    expect(offersOf([rate({ bed_groups: { b1: { links: {} } } }), rate({ status: 'sold_out' }), null, 'rate', {}])).toEqual([])
    expect(offersOf([rate({ bed_groups: {} }), rate()])).toHaveLength(1)
  })

  test('counts the properties that have a room, and none that only say why not', () => {
    const reply = toShopReply([property(rate()), { property_id: '8', status: 'partially_unavailable', unavailable_reason: {} }], QUERY)
    expect(reply.solutions).toBe(1)
  })

  test('keeps to the billed currency where no other is stated, and never mixes two', () => {
    const billed = { totals: { inclusive: { billable_currency: amount('110.00', 'USD') } } }
    expect(formatMoney(only({ occupancy_pricing: { '2': billed } }).total)).toBe('USD 110.00')
    const rooms = [
      { adults: 2, childAges: [] },
      { adults: 1, childAges: [] },
    ]
    const mixed = { '2': pricing('1.00', '1.00'), '1': { totals: { inclusive: { request_currency: amount('1', 'JPY') } } } }
    expect(offersOf([rate({ occupancy_pricing: mixed })], { ...QUERY, rooms })).toEqual([])
  })

  test('reads amounts that are numbers, and currencies without decimals', () => {
    const yen = { totals: { inclusive: { request_currency: { value: 12_300, currency: 'JPY' } } } }
    expect(formatMoney(only({ occupancy_pricing: { '2': yen } }).total)).toBe('JPY 12300')
  })

  test('a package rate is marked, and one whose seller is not told has none', () => {
    const offer = only({ sale_scenario: { package: true } })
    expect(offer).toMatchObject({ isPackageOnly: true, payAt: null, refundable: null, cancellation: null, board: null })
    expect(only({ merchant_of_record: 'property' }).payAt).toBe('property')
  })

  test('the largest integer is no number of rooms, and none left is not said', () => {
    expect(only({ available_rooms: 2_147_483_647 }).roomsLeft).toBeNull()
    expect(only({ available_rooms: 0 }).roomsLeft).toBeNull()
  })

  test('taxes are in the total; fees are due at the property and are not', () => {
    const priced = pricing('100.00', '110.00', {
      totals: { inclusive: both('100.00', '110.00'), exclusive: both('88.00', '96.80') },
      fees: {
        resort_fee: both('20.00', '22.00'),
        mandatory_tax: both('3.00', '3.30'),
        mandatory_fee: { billable_currency: amount('5.00', 'USD') },
      },
    })
    const { charges, total } = only({ occupancy_pricing: { '2': priced } })
    expect(formatMoney(total)).toBe('EUR 100.00')
    expect(charges.map(({ kind, amount: money, due }) => [kind, money && formatMoney(money), due])).toEqual([
      ['tax', 'EUR 12.00', 'booking'],
      ['fee', 'USD 5.00', 'property'],
      ['resort_fee', 'EUR 20.00', 'property'],
      ['tax', 'EUR 3.00', 'property'],
    ])
  })

  test('what else has to be put down is said in sentences', () => {
    const { remarks } = only({
      deposits: [{ value: '70.00', currency: 'EUR', due: '2027-05-10' }],
      refundable_damage_deposit: amount('200.00'),
    })
    expect(remarks).toEqual([
      'The property takes a deposit of EUR 70.00, due 2027-05-10.',
      'The property takes a damage deposit of EUR 200.00 and gives it back.',
    ])
  })

  test('ids differ by link and price, and the same message is read the same', () => {
    const ids = [rate(), rate({ id: 'r2' }), rate({ occupancy_pricing: { '2': pricing('101.00', '1.00') } })].map(
      (one) => offersOf([one])[0]!.id,
    )
    expect(new Set(ids).size).toBe(3)
    expect(offersOf([rate()])[0]!.id).toBe(ids[0])
  })

  test('without its question a message is one room, of the cheapest occupancy, on no dates', () => {
    const occupancy_pricing = { '2': pricing('100.00', '110.00'), '1-7': pricing('90.00', '99.00'), nonsense: pricing('1.00', '1.00') }
    const offer = only({ occupancy_pricing }, null)
    expect(offer).toMatchObject({ checkIn: '', checkOut: '', rooms: [{ occupancy: { adults: 1, childAges: [7] } }] })
    expect(formatMoney(offer.total)).toBe('EUR 90.00')
  })
})

describe('what is included to eat', () => {
  test.each([
    [['Free WiFi', 'Free breakfast'], 'BB'],
    [['Continental Breakfast'], 'BB'],
    [['Breakfast for 2'], 'BB'],
    [['Half Board', 'Free breakfast'], 'HB'],
    [['Full board'], 'FB'],
    [['All meals'], 'FB'],
    [['All-Inclusive', 'Breakfast buffet'], 'AI'],
    [['Free WiFi'], 'RO'],
    [['Breakfast available (surcharge)'], 'RO'],
    [['Breakfast discount'], 'RO'],
  ] as const)('%j is %s', (names, board) => {
    const amenities = Object.fromEntries(names.map((name, index) => [String(index), { id: String(index), name }]))
    expect(toBoard(amenities).board).toBe(board)
    expect(toBoard(Object.values(amenities)).board).toBe(board)
  })

  test('is not said where no amenities are', () => {
    expect(toBoard(undefined)).toEqual({ board: null, boardText: null })
    expect(toBoard({})).toEqual({ board: null, boardText: null })
    expect(toBoard({ '1': { name: 'Free Breakfast' } })).toEqual({ board: 'BB', boardText: 'Free Breakfast' })
  })
})

describe('occupancies', () => {
  test('are written as they are asked for', () => {
    expect(toOccupancy({ adults: 2, childAges: [9, 4] })).toBe('2-9,4')
    expect(toOccupancy({ adults: 1, childAges: [] })).toBe('1')
    expect(findOccupancy('2-9,4')).toEqual({ adults: 2, childAges: [9, 4] })
  })

  test('are found again whatever the order of ages, and nonsense is none', () => {
    expect(findForRoom({ '2-4,9': 'found' }, { adults: 2, childAges: [9, 4] })).toBe('found')
    expect(findForRoom({ '2': 'other' }, { adults: 2, childAges: [0] })).toBeUndefined()
    for (const key of ['', '2-', 'two', '2-9;4', 'constructor']) expect(findOccupancy(key)).toBeUndefined()
  })
})
