import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Problem } from '../../../kernel/problems.ts'
import { createStoppedClock } from '../../../kernel/time.ts'
import { createCursorCodec } from '../../question/cursor.ts'
import { createStayParser, parseStaySearch, type ParseStaysDeps } from './parse-stay-search.ts'

const clock = createStoppedClock('2026-11-01T00:30:00Z')
const cursors = createCursorCodec('secret')
const deps: ParseStaysDeps = { clock, guestCountry: 'US', displayCurrency: 'USD' as never, cursors }
const STAY = 'place=BCN&check_in=2026-12-01&check_out=2026-12-04'
const parse = (query: string, house: string | null = null) => parseStaySearch(deps, query, house)

/** The faults of a query as "pointer code". */
function faultsOf(query: string, house: string | null = null): string[] {
  try {
    parse(query, house)
  } catch (error) {
    if (error instanceof Problem) return (error.facts.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)
    throw error
  }
  return []
}

describe('a search for stays', () => {
  test('is read whole, with what is usual where nothing is said', () => {
    const { search, view, canonicalQuery } = parse(STAY)
    expect(search).toMatchObject({
      key: 'stay:s:{BCN:15:2026-12-01:2026-12-04:2:US}',
      name: STAY,
      isAlone: true,
      query: { area: { name: 'BCN', radiusKm: 15 }, rooms: [{ adults: 2, childAges: [] }], guestCountry: 'US' },
    })
    expect(view).toMatchObject({
      limit: 25,
      rowsPerGroup: 3,
      after: null,
      form: 'full',
      selection: { only: {}, ranges: {}, sort: 'price' },
    })
    expect(canonicalQuery).toBe(STAY)
  })

  test.each([
    ['2.8,5', [[2, [5, 8]]], '2.5,8'],
    [
      '2_1',
      [
        [2, []],
        [1, []],
      ],
      '2_1',
    ],
    [
      '2&rooms=1.0',
      [
        [2, []],
        [1, [0]],
      ],
      '2_1.0',
    ],
    [
      '1_2.17&rooms=3',
      [
        [1, []],
        [2, [17]],
        [3, []],
      ],
      '1_2.17_3',
    ],
    ['2.8%2C5', [[2, [5, 8]]], '2.5,8'],
  ])('rooms=%s is who sleeps in each', (text, rooms, spelling) => {
    const { search } = parse(`${STAY}&rooms=${text}`)
    expect(search.query.rooms.map(({ adults, childAges }) => [adults, childAges])).toEqual(rooms)
    expect(search.key).toContain(`:${spelling}:`)
    expect(search.name).toBe(`${STAY}&rooms=${spelling}`)
  })

  test('is around a point to a hundred metres, written in one way', () => {
    const { search } = parse(STAY.replace('BCN', '41.38501, 2.17349'))
    expect(search.query.area).toEqual({ name: '41.385,2.173', place: null, latitude: 41.385, longitude: 2.173, radiusKm: 15 })
    expect(parse(STAY.replace('BCN', '-0.0001,180')).search.key).toContain('{0,180:15:')
  })

  test('selects as its parameters say', () => {
    const { view } = parse(
      `${STAY}&stars=5,4&boards=BB,unknown&refundable=yes&pay_at=property&amenities=pool,wifi&districts=Gr%C3%A0cia,El+Raval&property_types=hotel` +
        '&suppliers=alpha&min_price=100&max_price=250.5&max_distance=1500&min_rating=8.5&name=Gran+H%C3%B3tel&sort=rating&limit=10&rates=5',
    )
    expect(view).toMatchObject({
      selection: {
        only: {
          ...{ stars: ['4', '5'], boards: ['BB', 'unknown'], refundable: ['yes'], pay_at: ['property'], amenities: ['pool', 'wifi'] },
          ...{ districts: ['El Raval', 'Gràcia'], property_types: ['hotel'], suppliers: ['alpha'] },
        },
        ranges: { distance_m: { from: 0, to: 1500 }, rating: { from: 85 } },
        price: { min: 10_000, max: 25_050 },
        words: { name: ['gran', 'hotel'] },
        sort: 'rating',
      },
      limit: 10,
      rowsPerGroup: 5,
    })
  })

  test('tells every fault at once, each with its parameter', () => {
    expect(faultsOf('')).toEqual(['place required', 'check_in required', 'check_out required'])
    expect(
      faultsOf(
        'place=QQQ&check_in=2026-02-30&check_out=tomorrow&rooms=0&radius_km=0&guest_country=DEU&stars=6&boards=XX&min_rating=11&min_price=9&max_price=8' +
          '&name=%20-%20&sort=beauty&limit=0&rates=99&max_distance=-1&districts=a,,b&amenities=jacuzzi&suppliers=A&colour=red&stars=5',
      ).sort(),
    ).toEqual(
      [
        'place unknown-place',
        'check_in invalid-date',
        'check_out invalid-date',
        'rooms no-adult',
        'radius_km out-of-range',
        'guest_country invalid-country',
        'stars duplicate-parameter',
        'boards unknown-value',
        'min_rating out-of-range',
        'min_price min-above-max',
        'name invalid-name',
        'sort unknown-value',
        'limit out-of-range',
        'rates out-of-range',
        'max_distance out-of-range',
        'districts invalid-district',
        'amenities unknown-value',
        'suppliers invalid-supplier',
        'colour unknown-parameter',
      ].sort(),
    )
  })

  test.each([
    ['check_in=2026-10-31&check_out=2026-11-02', ['check_in past-date']],
    ['check_in=2026-11-01&check_out=2026-11-02', []],
    ['check_in=2028-03-15&check_out=2028-03-16', []],
    ['check_in=2028-03-16&check_out=2028-03-17', ['check_in too-far-ahead']],
    ['check_in=2026-12-01&check_out=2026-12-01', ['check_out check-out-before-check-in']],
    ['check_in=2026-12-01&check_out=2026-12-31', []],
    ['check_in=2026-12-01&check_out=2027-01-01', ['check_out too-many-nights']],
  ])('%s: %j', (dates, faults) => {
    expect(faultsOf(`place=BCN&${dates}`)).toEqual(faults)
  })

  test('today is today at the place: at the point it may still be yesterday', () => {
    const yesterday = 'check_in=2026-10-31&check_out=2026-11-02'
    expect(faultsOf(`place=HNL&${yesterday}`)).toEqual([])
    expect(faultsOf(`place=21.3,-157.8&${yesterday}`)).toEqual([])
    expect(faultsOf('place=21.3,-157.8&check_in=2026-10-30&check_out=2026-11-02')).toEqual(['check_in past-date'])
  })

  test.each([
    ['rooms=1_1_1_1_1_1_1_1_1_1', 'rooms too-many-rooms'],
    ['rooms=two', 'rooms invalid-room'],
    ['rooms=2.', 'rooms invalid-room'],
    ['rooms=2_', 'rooms invalid-room'],
    ['rooms=2.18', 'rooms not-a-child'],
    ['rooms=10', 'rooms too-many-adults'],
    ['rooms=1.1,1,1,1,1,1,1', 'rooms too-many-children'],
    ['place=41.385', 'place duplicate-parameter'],
    ['after=x', ' invalid-cursor'],
    ['rooms=%zz', 'rooms malformed-encoding'],
    ['rooms=', 'rooms empty'],
  ])('%s is refused', (more, fault) => {
    const faults = faultsOf(`${STAY}&${more}`)
    expect(faults.some((one) => one.endsWith(fault.trim()))).toBe(true)
  })

  test.each(['91,0', '0,181', '41.385,', 'x,y', '1,2,3'])('place=%s is no position', (place) => {
    expect(faultsOf(STAY.replace('BCN', place)).map((fault) => fault.split(' ')[0])).toEqual(['place'])
  })

  test('many strangers are told, and no more than an answer may hold', () => {
    expect(faultsOf(`${STAY}&${Array.from({ length: 200 }, (_, i) => `x${i}=1`).join('&')}`).length).toBe(50)
  })

  test('has one spelling, which reads as itself', () => {
    const anyQuery = fc.record(
      {
        rooms: fc.constantFrom('2', '1.5,2', '2.8,5_1'),
        radius_km: fc.constantFrom('15', '3', '020'),
        guest_country: fc.constantFrom('us', 'DE'),
        stars: fc.constantFrom('5,4', '4,5,5'),
        districts: fc.constantFrom('Gr%C3%A0cia', 'El%20Raval,Sants'),
        min_price: fc.constantFrom('0', '10.0'),
        min_rating: fc.constantFrom('8', '8.0', '0'),
        name: fc.constantFrom('Arts+hotel', 'hotel%20ARTS'),
        sort: fc.constantFrom('price', 'best'),
        limit: fc.constantFrom('25', '5'),
        rates: fc.constantFrom('3', '1'),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(anyQuery, fc.boolean(), (more, isReversed) => {
        const pairs = [...STAY.split('&'), ...Object.entries(more).map(([name, value]) => `${name}=${value}`)]
        const query = (isReversed ? pairs.toReversed() : pairs).join('&')
        const asked = parse(query)
        const again = parse(asked.canonicalQuery)
        expect(again).toEqual(asked)
        expect(again.canonicalQuery).toBe(asked.canonicalQuery)
      }),
    )
  })

  test('of one house is for all its rates, and has no pages', () => {
    const { view, canonicalQuery } = parse(`${STAY}&stars=5&sort=best&limit=3`, 'hse_x')
    expect(view).toMatchObject({ limit: 1, rowsPerGroup: 500, after: null, selection: { group: 'hse_x', only: { stars: ['5'] } } })
    expect(canonicalQuery).toBe(`${STAY}&stars=5&sort=best&limit=3`)
    expect(faultsOf(`${STAY}&after=x`, 'hse_x')).toEqual(['after not-here'])
  })

  test('a cursor is good for its search and order, whatever the filters', () => {
    const { search, view } = parse(`${STAY}&sort=best`)
    const cursor = cursors.write(
      { version: '0123456789abcdefg', sortValue: 1, price: 2, index: 3 },
      `${search.name}\n${view.selection.sort}`,
    )
    expect(parse(`${STAY}&sort=best&stars=5&after=${cursor}`).view.after).toMatchObject({ price: 2, index: 3 })
    expect(faultsOf(`${STAY}&sort=price&after=${cursor}`)).toEqual(['after invalid-cursor'])
    expect(faultsOf(`${STAY}&sort=best&rooms=1&after=${cursor}`)).toEqual(['after invalid-cursor'])
  })
})

test('what has been read is remembered for a minute, and no longer', () => {
  const moving = createStoppedClock('2026-11-30T22:59:30Z')
  const remember = createStayParser({ ...deps, clock: moving })
  const query = 'place=BCN&check_in=2026-11-30&check_out=2026-12-02'
  expect(remember(query)).toBe(remember(query))
  expect(remember(query, 'hse_a')).not.toBe(remember(query))
  moving.advance(61_000) // midnight has passed in Barcelona
  expect(() => remember(query)).toThrow(Problem)
})
