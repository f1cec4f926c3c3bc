import { describe, expect, test } from 'vitest'
import { formatMoney } from '../../kernel/money.ts'
import { parseInstant, parseLocalDate, toIso } from '../../kernel/time.ts'
import type { RoomOccupancy, StayOffer } from '../../travel/stay.ts'
import { readToken } from './offer-token.ts'
import { readPrice, readShop } from './read-reply.ts'

const NOW = parseInstant('2027-01-01T08:00:00Z')
const PAIR: RoomOccupancy = { adults: 2, childAges: [] }
const FAMILY: RoomOccupancy = { adults: 1, childAges: [5, 9] }
const STAY = { checkIn: parseLocalDate('2027-03-01'), checkOut: parseLocalDate('2027-03-03'), now: NOW }

let sequence = 0
const rate = (overrides: object = {}) => ({
  rateKey: `key-${(sequence += 1)}`,
  rateClass: 'NOR',
  rateType: 'BOOKABLE',
  net: '100.00',
  allotment: 5,
  paymentType: 'AT_WEB',
  packaging: false,
  boardCode: 'BB',
  boardName: 'BED AND BREAKFAST',
  cancellationPolicies: [{ amount: '40.00', from: '2027-02-25T23:59:00+01:00' }],
  rooms: 1,
  adults: 2,
  children: 0,
  ...overrides,
})
const family = (overrides: object = {}) => rate({ adults: 1, children: 2, childrenAges: '9,5', net: '120.00', ...overrides })
const hotel = (rooms: Readonly<Record<string, readonly object[]>>, overrides: object = {}) => ({
  code: 77,
  name: 'Grand Palma',
  currency: 'EUR',
  rooms: Object.entries(rooms).map(([code, rates]) => ({ code, name: `Room ${code}`, rates })),
  ...overrides,
})
const available = (...hotels: object[]) => ({ status: 200, body: { hotels: { hotels, total: hotels.length } } })
const shop = (rooms: Readonly<Record<string, readonly object[]>>, asked: readonly RoomOccupancy[] = [PAIR]) =>
  readShop(available(hotel(rooms)), { ...STAY, rooms: asked }).offers
const one = (overrides: object, asked?: readonly RoomOccupancy[]): StayOffer => {
  const offers = shop({ 'DBL.ST': [rate(overrides)] }, asked)
  expect(offers).toHaveLength(1)
  return offers[0]!
}
const keysOf = (offer: StayOffer) => readToken(offer.supplierToken).rates.map(({ key }) => key)

describe('a rate', () => {
  test.each(['100.50', 100.5, '100.5', '100.500'])('costs what it says, as text or as a number: %j', (net) => {
    expect(formatMoney(one({ net }).total)).toBe('EUR 100.50')
  })

  test('of other days is never offered for the days asked for, however cheap', () => {
    const shifted = { rateKey: 'shifted', net: '1.00', checkIn: '2027-03-02', checkOut: '2027-03-04' }
    const offers = shop({
      'DBL.ST': [
        rate({ rateKey: 'real', shiftRates: [shifted] }),
        // Nothing of its own, only other days.
        { shiftRates: [shifted] },
        // Beside the others, and honest about its days.
        rate(shifted),
        rate({ rateKey: 'says-so', checkIn: '2027-03-01', checkOut: '2027-03-03T00:00:00.000Z' }),
      ],
    })
    expect(offers.flatMap(keysOf).toSorted()).toEqual(['real', 'says-so'])
    expect(offers.every(({ total }) => formatMoney(total) === 'EUR 100.00')).toBe(true)
  })

  test('a hotel that answers for other days has no offers, and an answer for other days is none', () => {
    const other = hotel({ 'DBL.ST': [rate()] }, { checkIn: '2027-03-02', checkOut: '2027-03-04' })
    expect(readShop(available(other), { ...STAY, rooms: [PAIR] })).toEqual({ solutions: 1, offers: [] })
    const body = { hotels: { hotels: [hotel({ 'DBL.ST': [rate()] })], checkIn: '2027-03-02', total: 1 } }
    expect(() => readShop({ status: 200, body }, { ...STAY, rooms: [PAIR] })).toThrow('other dates')
  })

  test.each([
    ['AT_WEB', 'booking'],
    ['AT_HOTEL', 'property'],
    [undefined, null],
    ['SOMEHOW', null],
  ])('is paid %s: %s', (paymentType, payAt) => {
    expect(one({ paymentType }).payAt).toBe(payAt)
  })

  test('for packages only says so', () => {
    expect(one({ packaging: true }).isPackageOnly).toBe(true)
    expect(one({ packaging: undefined }).isPackageOnly).toBe(false)
  })

  test.each([
    ['RO', 'ROOM ONLY', 'RO'],
    ['SC', 'SELF CATERING', 'RO'],
    ['CB', 'CONTINENTAL BREAKFAST', 'BB'],
    ['XX', 'FULL BOARD WITH BEVERAGES', 'FB'],
    ['TI', 'All inclusive premium', 'AI'],
    ['XX', 'Something to eat', null],
    ['toString', undefined, null],
  ])('%s, "%s", is board %s', (boardCode, boardName, board) => {
    expect(one({ boardCode, boardName })).toMatchObject({ board, boardText: boardName ?? null })
  })

  test('tells its deadlines ascending, free at first', () => {
    const { cancellation, refundable } = one({
      cancellationPolicies: [
        { amount: 100, from: '2027-02-28T23:59:00+01:00' },
        { amount: '40.00', from: '2027-02-25T23:59:00+01:00' },
      ],
    })
    expect(cancellation!.map(({ from, penalty }) => [from && toIso(from), penalty && formatMoney(penalty)])).toEqual([
      [null, 'EUR 0.00'],
      ['2027-02-25T22:59:00.000Z', 'EUR 40.00'],
      ['2027-02-28T22:59:00.000Z', 'EUR 100.00'],
    ])
    expect(refundable).toBe(true)
  })

  test.each([
    ['passed already', { cancellationPolicies: [{ amount: '100.00', from: '2026-12-31T23:59:00Z' }] }, false, 2],
    ['not told', { cancellationPolicies: undefined }, null, null],
    ['an empty list', { cancellationPolicies: [] }, null, null],
    ['without an offset', { cancellationPolicies: [{ amount: '1.00', from: '2027-02-25T23:59:00' }] }, null, null],
    ['without an amount', { cancellationPolicies: [{ from: '2026-12-31T23:59:00Z' }] }, null, 2],
    ['of a non-refundable rate that tells none', { rateClass: 'NRF', cancellationPolicies: [] }, false, null],
    [
      'of a non-refundable rate whose fee begins later',
      { rateClass: 'NRF', cancellationPolicies: [{ amount: '1.00', from: '2027-02-01T00:00:00Z' }] },
      false,
      2,
    ],
  ])('whose deadline is %s', (_, overrides, refundable, steps) => {
    const offer = one(overrides)
    expect(offer.refundable).toBe(refundable)
    expect(offer.cancellation?.length ?? null).toBe(steps)
  })

  test('tells what the property takes, in its own currency, apart from what is in the price', () => {
    const taxes = [
      { included: false, amount: '6.60', currency: 'EUR', type: 'TAX' },
      { included: false, amount: '30.00', currency: 'USD', type: 'FEE', subType: 'Resort Fee' },
      { included: false, percent: '5.00', type: 'TAXESANDFEES' },
      { included: true, amount: '9.09', currency: 'EUR', type: 'TAX' },
    ]
    expect(
      one({ taxes: { taxes } }).charges.map(({ kind, name, amount, due }) => [kind, name, amount && formatMoney(amount), due]),
    ).toEqual([
      ['tax', 'Tax', 'EUR 6.60', 'property'],
      ['resort_fee', 'Resort Fee', 'USD 30.00', 'property'],
      ['tax', 'Taxes and fees', null, 'property'],
      ['tax', 'Tax', 'EUR 9.09', 'booking'],
    ])
  })

  test('keeps its comments and promotions for the guest', () => {
    const offer = one({ rateComments: ' Car park NO \r\n . ', promotions: [{ code: '073', name: 'Non-refundable rate' }, { name: '' }] })
    expect(offer.remarks).toEqual(['Car park NO .', 'Non-refundable rate'])
  })

  test('that cannot be read costs itself; when nothing else is left, the reply is malformed', () => {
    expect(shop({ 'DBL.ST': [rate({ net: 'cheap' }), rate({ rateKey: undefined }), rate()] })).toHaveLength(1)
    expect(() => shop({ 'DBL.ST': [rate({ net: '12.345' })] })).toThrow('could be read')
    expect(() => readShop(available({ code: 1 }), { ...STAY, rooms: [PAIR] })).toThrow('could be read')
  })

  test('no hotels is an answer', () => {
    expect(readShop({ status: 200, body: { hotels: { total: 0 } } }, { ...STAY, rooms: [PAIR] })).toEqual({ solutions: 0, offers: [] })
  })
})

describe('several rooms', () => {
  test('alike are one rate of theirs, whose price is for all of them', () => {
    const offer = one({ rooms: 2, net: '200.00' }, [PAIR, PAIR])
    expect(formatMoney(offer.total)).toBe('EUR 200.00')
    expect(offer.rooms).toEqual([1, 2].map(() => ({ name: 'Room DBL.ST', code: 'DBL.ST', occupancy: PAIR })))
    expect(readToken(offer.supplierToken).rates).toMatchObject([{ rooms: [0, 1] }])
    expect(shop({ 'DBL.ST': [rate({ rooms: 1 })] }, [PAIR, PAIR])).toEqual([])
  })

  test('of different occupancies are one offer: the same board and kind of rate, and the same type of room where there is one', () => {
    const offers = shop(
      {
        'DBL.ST': [rate({ rateKey: 'dbl', net: '100.00' }), family({ rateKey: 'dbl-family', net: '150.00' })],
        'FAM.ST': [family({ rateKey: 'fam', net: '120.00' })],
        'SUI.ST': [rate({ rateKey: 'suite', net: '300.00' }), rate({ rateKey: 'suite-hb', boardCode: 'HB', net: '90.00' })],
      },
      [FAMILY, PAIR],
    )
    expect(offers.map((offer) => `${keysOf(offer).join(' ')}: ${formatMoney(offer.total)}`).toSorted()).toEqual([
      'dbl-family dbl: EUR 250.00',
      'fam dbl: EUR 220.00',
      'fam suite: EUR 420.00',
    ])
    for (const offer of offers) {
      expect(offer.rooms.map(({ occupancy }) => occupancy)).toEqual([FAMILY, PAIR])
      expect(offer.board).toBe('BB')
    }
  })

  test('are mixed, at their cheapest, only where no board is sold to all; then the offer says both', () => {
    const offers = shop(
      {
        'DBL.ST': [
          rate({ rateKey: 'ro', boardCode: 'RO', boardName: 'ROOM ONLY' }),
          rate({ rateKey: 'dear', boardCode: 'AI', net: '900.00' }),
        ],
        'FAM.ST': [family({ rateKey: 'fam' })],
      },
      [PAIR, FAMILY],
    )
    expect(offers.map(keysOf)).toEqual([['ro', 'fam']])
    expect(offers[0]).toMatchObject({ board: null, boardText: 'ROOM ONLY / BED AND BREAKFAST' })
  })

  test('are never paid half here and half there', () => {
    expect(shop({ 'DBL.ST': [rate({ paymentType: 'AT_WEB' })], 'FAM.ST': [family({ paymentType: 'AT_HOTEL' })] }, [PAIR, FAMILY])).toEqual(
      [],
    )
  })

  test('need as many of a type as all of them together', () => {
    const rooms = { 'DBL.ST': [rate({ allotment: 1 }), family({ allotment: 1 })] }
    expect(shop(rooms, [PAIR, FAMILY])).toEqual([])
    expect(shop({ 'DBL.ST': [rate({ allotment: 2 }), family({ allotment: 2 })] }, [PAIR, FAMILY])).toHaveLength(1)
  })

  test('are cancelled together: at every moment their fees add up', () => {
    const [offer] = shop(
      {
        'DBL.ST': [
          rate({ cancellationPolicies: [{ amount: '40.00', from: '2027-02-20T00:00:00Z' }] }),
          family({
            cancellationPolicies: [
              { amount: '10.00', from: '2027-02-10T00:00:00Z' },
              { amount: '120.00', from: '2027-02-20T00:00:00Z' },
            ],
          }),
        ],
      },
      [PAIR, FAMILY],
    )
    expect(offer!.cancellation!.map(({ from, penalty }) => [from && toIso(from).slice(0, 10), formatMoney(penalty!)])).toEqual([
      [null, 'EUR 0.00'],
      ['2027-02-10', 'EUR 10.00'],
      ['2027-02-20', 'EUR 160.00'],
    ])
    const [unsure] = shop({ 'DBL.ST': [rate(), family({ cancellationPolicies: undefined })] }, [PAIR, FAMILY])
    expect(unsure).toMatchObject({ cancellation: null, refundable: null })
    const [half] = shop({ 'DBL.ST': [rate({ rateClass: 'NRF' }), family({ rateClass: 'NRF' })] }, [PAIR, FAMILY])
    expect(half!.refundable).toBe(false)
  })

  test('take their charges together', () => {
    const taxes = { taxes: [{ included: false, amount: '6.60', currency: 'EUR', type: 'TAX' }] }
    const [offer] = shop({ 'DBL.ST': [rate({ taxes }), family({ taxes })] }, [PAIR, FAMILY])
    expect(offer!.charges.map(({ amount }) => formatMoney(amount!))).toEqual(['EUR 13.20'])
  })

  test('children of other ages than asked for are other guests', () => {
    expect(shop({ 'FAM.ST': [family({ childrenAges: '5,10' })] }, [FAMILY])).toEqual([])
    expect(shop({ 'FAM.ST': [family({ childrenAges: undefined })] }, [FAMILY])).toHaveLength(1)
    expect(shop({ 'FAM.ST': [family({ rooms: 2, childrenAges: '5,9,5,9' })] }, [FAMILY, FAMILY])).toHaveLength(1)
  })
})

describe('a check of rates', () => {
  const taxes = { taxes: [{ included: false, amount: '6.60', currency: 'EUR', type: 'TAX' }] }
  const [offer] = shop(
    { 'DBL.ST': [rate({ rateKey: 'old', rateType: 'RECHECK', taxes })], 'FAM.ST': [family({ rateKey: 'old-family' })] },
    [PAIR, FAMILY],
  )
  const check = (rooms: Readonly<Record<string, readonly object[]>>, overrides: object = {}) =>
    readPrice({ status: 200, body: { hotel: hotel(rooms, { checkIn: '2027-03-01', checkOut: '2027-03-03', ...overrides }) } }, offer!, NOW)

  test('brings today’s price under today’s keys, and keeps what it does not tell', () => {
    expect(readToken(offer!.supplierToken).rates.map(({ needsCheck }) => needsCheck)).toEqual([true, false])
    const reply = check(
      {
        'FAM.ST': [family({ rateKey: 'new-family', net: 125, childrenAges: undefined })],
        'DBL.ST': [rate({ rateKey: 'new', net: '101.00', rateComments: 'Check-in hour 14:00' })],
      },
      { totalNet: 226 },
    )
    if (reply.outcome !== 'priced') throw new Error(reply.code)
    expect(keysOf(reply.offer)).toEqual(['new', 'new-family'])
    expect(readToken(reply.offer.supplierToken).rates.map(({ needsCheck }) => needsCheck)).toEqual([false, false])
    expect(formatMoney(reply.offer.total)).toBe('EUR 226.00')
    expect(reply.offer).toMatchObject({ rooms: offer!.rooms, charges: offer!.charges, remarks: ['Check-in hour 14:00'] })
  })

  test.each([
    ['of other rates', check({ 'DBL.ST': [rate()] })],
    ['of another board', check({ 'DBL.ST': [rate({ boardCode: 'RO' })], 'FAM.ST': [family()] })],
    ['of other dates', check({ 'DBL.ST': [rate()], 'FAM.ST': [family()] }, { checkIn: '2027-03-02' })],
    ['with a card number only', check({ 'DBL.ST': [rate()], 'FAM.ST': [family()] }, { paymentDataRequired: true })],
    ['of no rates at all', check({})],
  ])('%s is gone', (_, reply) => {
    expect(reply).toMatchObject({ outcome: 'gone' })
  })

  test('that does not add up, or cannot be read, is malformed and not a price', () => {
    expect(() => check({ 'DBL.ST': [rate()], 'FAM.ST': [family()] }, { totalNet: '999.00' })).toThrow('add up')
    expect(() => check({ 'DBL.ST': [rate({ net: 'much' })], 'FAM.ST': [family()] })).toThrow('could not be read')
    expect(() => readPrice({ status: 200, body: {} }, offer!, NOW)).toThrow('not its API')
  })
})
