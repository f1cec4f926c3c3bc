import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import type { SeatCabin } from '../../travel/seat-map.ts'
import { toSeatMaps, type SeatToken } from './from-wire-seat-map.ts'
import { readSeatMaps } from './read-change-reply.ts'

// Written by us in the shape of Duffel's documentation: https://duffel.com/docs/api/seat-maps
type Element = Readonly<Record<string, unknown>>
const service = (amount: string, passenger = 'pas_1', currency = 'GBP') => ({
  id: `ase_${passenger}_${amount}`,
  passenger_id: passenger,
  total_amount: amount,
  total_currency: currency,
})
const seat = (designator: string, more: Element = {}): Element => ({
  type: 'seat',
  designator,
  name: '',
  disclosures: [],
  available_services: [service('10.00')],
  ...more,
})
const other = (type: string): Element => ({ type })
const row = (...sections: readonly (readonly Element[])[]) => ({ sections: sections.map((elements) => ({ elements })) })
const cabinOf = (rows: readonly unknown[], more: object = {}): SeatCabin =>
  toSeatMaps([
    { id: 'sea_1', segment_id: 'seg_1', cabins: [{ deck: 0, cabin_class: 'economy', aisles: 1, wings: null, rows, ...more }] },
  ])[0]!.cabins[0]!
const seatOf = (cabin: SeatCabin, number: string) => cabin.seats.find((one) => one.number === number)!

describe('the letters of a cabin', () => {
  test('stand from left to right with its aisles between them', () => {
    const rows = [row([seat('1A'), seat('1B')], [seat('1D'), seat('1E')], [seat('1H')])]
    expect(cabinOf(rows).columns).toEqual(['A', 'B', null, 'D', 'E', null, 'H'])
  })

  test('are those of all rows, though some have fewer seats, or fewer sections, than others', () => {
    const rows = [
      row([seat('1A'), seat('1C')], [seat('1H'), seat('1K')]),
      row([other('exit_row')], [], [other('exit_row')]),
      row([seat('2A'), seat('2B'), seat('2C')], [seat('2D'), seat('2F')], [seat('2H'), seat('2J'), seat('2K')]),
    ]
    expect(cabinOf(rows).columns).toEqual(['A', 'B', 'C', null, 'D', 'F', null, 'H', 'J', 'K'])
  })

  test('have no aisle beside a section that is empty in every row', () => {
    expect(cabinOf([row([seat('1A')], [], [seat('1K')])]).columns).toEqual(['A', null, 'K'])
    expect(cabinOf([row([], [seat('1A')])]).columns).toEqual(['A'])
    expect(cabinOf([]).columns).toEqual([])
    expect(cabinOf([{ sections: null }, { sections: [{ elements: null }] }])).toMatchObject({ columns: [], seats: [] })
  })
})

describe('a seat', () => {
  test('that somebody may have is free at its price, also when that is nothing; one that nobody may have is taken', () => {
    const cabin = cabinOf([
      row([seat('8A'), seat('8B', { available_services: [service('0.00')] }), seat('8C', { available_services: [] })]),
    ])
    expect(cabin.seats.map(({ number, state, price }) => [number, state, price])).toEqual([
      ['8A', 'free', money(1_000, 'GBP')],
      ['8B', 'free', money(0, 'GBP')],
      ['8C', 'taken', null],
    ])
    expect(seatOf(cabin, '8C').supplierToken).toBeNull()
  })

  test('names its row and letter', () => {
    expect(cabinOf([row([seat('12K')])]).seats[0]).toMatchObject({ number: '12K', row: 12, column: 'K' })
  })

  test('keeps the service of each passenger, and asks the dearest price of them', () => {
    const [both] = cabinOf([row([seat('1A', { available_services: [service('10.00'), service('12.50', 'pas_2')] })])]).seats
    expect(both).toMatchObject({ state: 'free', price: money(1_250, 'GBP') })
    expect((JSON.parse(both!.supplierToken!) as SeatToken).map(({ passenger, amount }) => [passenger, amount])).toEqual([
      ['pas_1', '10.00'],
      ['pas_2', '12.50'],
    ])
  })

  test.each([
    ['prices that cannot be compared', { available_services: [service('10.00'), service('10.00', 'pas_2', 'EUR')] }],
    ['a price that is none', { available_services: [service('ten')] }],
    ['a currency that nobody knows', { available_services: [service('10.00', 'pas_1', 'ZZZ')] }],
    ['no word about services', { available_services: null }],
    ['a type that is new', { type: 'seat_of_tomorrow' }],
  ])('with %s is unknown, and never sold', (_, more) => {
    expect(cabinOf([row([seat('1A', more)])]).seats).toMatchObject([{ state: 'unknown', supplierToken: null }])
  })

  test('that the airline keeps is blocked where it has a number, and none of ours where it has not', () => {
    const restricted = { type: 'restricted_seat_general', disclosures: null, name: null, available_services: [] }
    const cabin = cabinOf([row([seat('4D'), { ...restricted, designator: null }, { ...restricted, designator: '4F' }])])
    expect(cabin.seats.map(({ number, state }) => [number, state])).toEqual([
      ['4D', 'free'],
      ['4F', 'blocked'],
    ])
  })

  test('is no lavatory, galley, closet, staircase, bassinet, exit or empty space', () => {
    const types = ['lavatory', 'galley', 'closet', 'stairs', 'bassinet', 'exit_row', 'empty', 'something_new']
    expect(cabinOf([row(types.map(other))]).seats).toEqual([])
  })
})

describe('where a seat is', () => {
  const at = (cabin: SeatCabin) => Object.fromEntries(cabin.seats.map((one) => [one.number, one.features]))

  test('window, middle and aisle follow from its place in its section', () => {
    const rows = [row([seat('1A'), seat('1B'), seat('1C')], [seat('1D'), seat('1E'), seat('1F')], [seat('1H'), seat('1K')])]
    expect(at(cabinOf(rows))).toEqual({
      ...{ '1A': ['window'], '1B': ['middle'], '1C': ['aisle'] },
      ...{ '1D': ['aisle'], '1E': ['middle'], '1F': ['aisle'] },
      ...{ '1H': ['aisle'], '1K': ['window'] },
    })
  })

  test('a seat beside a galley or a gap is neither at the window nor in the middle', () => {
    expect(at(cabinOf([row([other('galley'), seat('1B'), seat('1C')], [seat('1D'), other('empty'), seat('1F')])]))).toEqual({
      ...{ '1B': [], '1C': ['aisle'] },
      ...{ '1D': ['aisle'], '1F': ['window'] },
    })
  })

  test('the row behind an exit has the room of it, and only that row', () => {
    const rows = [row([seat('9A')], [seat('9B')]), row([other('exit_row')], [other('exit_row')]), row([seat('10A')], [seat('10B')])]
    expect(at(cabinOf(rows))).toEqual({
      ...{ '9A': ['window', 'aisle'], '9B': ['window', 'aisle'] },
      ...{ '10A': ['window', 'aisle', 'exit', 'extra_legroom'], '10B': ['window', 'aisle', 'exit', 'extra_legroom'] },
    })
  })

  test('a bassinet is the seat’s behind it', () => {
    const rows = [row([other('empty'), other('bassinet')], [other('empty')]), row([seat('40A'), seat('40C')], [seat('40D')])]
    expect(at(cabinOf(rows))).toEqual({ '40A': ['window'], '40C': ['aisle', 'bassinet'], '40D': ['window', 'aisle'] })
  })

  test('the wings are counted in rows of all kinds', () => {
    const rows = [row([other('galley')]), row([seat('1A')]), row([seat('2A')]), row([seat('3A')])]
    const features = at(cabinOf(rows, { wings: { first_row_index: 1, last_row_index: 2 } }))
    expect(Object.entries(features).map(([number, list]) => [number, list.includes('wing')])).toEqual([
      ['1A', true],
      ['2A', true],
      ['3A', false],
    ])
    expect(at(cabinOf(rows, { wings: { first_row_index: null, last_row_index: null } }))['1A']).toEqual(['window'])
  })

  test('its name and the airline’s words tell the rest', () => {
    const said = (name: string, disclosures: string[] = []) =>
      cabinOf([row([other('empty'), seat('1B', { name, disclosures }), other('empty')])]).seats[0]!.features
    expect(said('EXTRA LEGROOM')).toEqual(['extra_legroom'])
    expect(said('Exit row seat', ['Do not seat children in exit row seats'])).toEqual(['exit'])
    expect(said('Bulkhead seat')).toEqual(['bulkhead'])
    expect(said('', ['This seat has limited recline'])).toEqual(['restricted_recline'])
    expect(said('Standard', ['Seat does not recline'])).toEqual(['restricted_recline'])
    expect(said('SEAT RESERVATION')).toEqual([])
  })
})

describe('seat maps', () => {
  const map = (segment: string | null, deck = 0, cabin: string | null = 'economy') => ({
    segment_id: segment,
    cabins: [{ deck, cabin_class: cabin, rows: [row([seat('1A')])] }],
  })

  test('stand in the order of the journey, each with the aircraft of its flight; strangers are left out', () => {
    const flown = [
      { id: 'seg_1', equipment: '320' },
      { id: 'seg_2', equipment: '388' },
      { id: 'seg_3', equipment: null },
    ]
    expect(toSeatMaps([map('seg_3'), map('seg_1'), map('seg_x')], flown)).toMatchObject([
      { segmentIndex: 0, equipment: '320' },
      { segmentIndex: 2, equipment: null },
    ])
  })

  test('of a message by itself are counted as they come', () => {
    expect(toSeatMaps([map('seg_9'), map('seg_7'), map('seg_9'), map(null)]).map((one) => one.segmentIndex)).toEqual([0, 0, 1, 2])
  })

  test('know the upper deck, and make up no cabin that is not told', () => {
    const cabins = toSeatMaps([map('seg_1', 1), map('seg_2', 0, 'sleeper'), map('seg_3', 0, null)]).map((one) => one.cabins[0]!)
    expect(cabins.map(({ deck, cabin }) => [deck, cabin])).toEqual([
      ['upper', 'economy'],
      ['main', null],
      ['main', null],
    ])
  })

  test('none is an answer; none that can be read is not', () => {
    expect(readSeatMaps({ status: 200, body: { data: [] } })).toEqual([])
    expect(readSeatMaps({ status: 200, body: { data: [{}, map('seg_1')] } })).toHaveLength(1)
    expect(() => readSeatMaps({ status: 200, body: { data: [{}] } })).toThrow('none of the 1 seat maps')
  })

  test('of any shape are read or refused, and never crash', () => {
    const anyElement = fc.record(
      {
        type: fc.oneof(fc.constantFrom('seat', 'exit_row', 'bassinet', 'restricted_seat_general'), fc.string()),
        designator: fc.oneof(fc.constantFrom('1A', '99K', '007C', null), fc.string()),
        name: fc.option(fc.string()),
        disclosures: fc.option(fc.array(fc.string())),
        available_services: fc.option(
          fc.array(fc.record({ id: fc.string(), total_amount: fc.string(), total_currency: fc.constantFrom('GBP', 'XXX', '') })),
        ),
      },
      { requiredKeys: ['type'] },
    )
    const anyRow = fc.record({
      sections: fc.option(fc.array(fc.record({ elements: fc.option(fc.array(anyElement, { maxLength: 4 })) }), { maxLength: 4 })),
    })
    const anyMap = fc.record({
      segment_id: fc.option(fc.string()),
      cabins: fc.array(fc.record({ deck: fc.option(fc.integer()), rows: fc.option(fc.array(anyRow, { maxLength: 4 })) })),
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(anyMap, fc.anything())), (maps) => {
        const cabins = toSeatMaps(maps).flatMap((one) => one.cabins)
        return cabins.every(({ columns, seats }) =>
          seats.every(({ column, state, supplierToken }) => columns.includes(column) && (supplierToken !== null) === (state === 'free')),
        )
      }),
    )
  })
})
