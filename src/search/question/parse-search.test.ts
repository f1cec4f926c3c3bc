import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCurrency } from '../../kernel/currency.ts'
import { Problem } from '../../kernel/problems.ts'
import { createStoppedClock, plusDays, parseLocalDate } from '../../kernel/time.ts'
import { createCursorCodec } from './cursor.ts'
import { SearchParameters } from './parameter-schemas.ts'
import { parseSearch, SEARCH_PARAMETERS } from './parse-search.ts'
import { createBroadReader } from './read-broad-search.ts'
import { cursorBinding } from './search-query.ts'

// 23:30 on 30 November in Jakarta, already 1 December in Tokyo.
const clock = createStoppedClock('2026-11-30T16:30:00Z')
const cursors = createCursorCodec('secret')
const deps = { readBroad: createBroadReader(clock), cursors, displayCurrency: parseCurrency('USD') }
const ROUTE = 'origin=CGK&destination=NRT&departure_date=2026-12-01'
const parse = (query = '', base = ROUTE) => parseSearch(deps, query === '' ? base : `${base}&${query}`)
const selectionOf = (query: string, base = ROUTE) => parse(query, base).view.selection

function problemOf(query: string): Problem | null {
  try {
    parseSearch(deps, query)
  } catch (error) {
    if (error instanceof Problem && error.status === 400) return error
    throw error
  }
  return null
}
const faultsOf = (query: string) => (problemOf(query)?.facts.errors ?? []).map((fault) => `${fault.pointer} ${fault.code}`)
const faults = (query: string) => faultsOf(`${ROUTE}&${query}`)

describe('a search', () => {
  test('has the cache key of its slices, cabin and travellers, and of nothing else', () => {
    expect(parse().search.key).toBe('flight:s:{CGK:NRT:2026-12-01:economy:1a0c0i}')
    const narrowed = parse('max_stops=0&airlines=SQ&sort=duration&limit=3&min_price=10&departure_after=06:00&nearby_km=50&view=summary')
    expect(narrowed.search.key).toBe('flight:s:{CGK:NRT:2026-12-01:economy:1a0c0i}')
    const round = parse('return_date=2026-12-10&adults=2&children=1&infants=1&cabin=premium_economy')
    expect(round.search.key).toBe('flight:s:{CGK:NRT:2026-12-01_2026-12-10:premium_economy:2a1c1i}')
    const several = parse('', 'slice=CGK.NRT.2026-12-01&slice=KIX.SIN.2026-12-05')
    expect(several.search.key).toBe('flight:s:{CGK+KIX:NRT+SIN:2026-12-01+2026-12-05:economy:1a0c0i}')
  })

  test('is the same in small letters, around a city, and however its query string is encoded', () => {
    const slices = [{ origin: 'JKT', destination: 'TYO', departureDate: '2026-12-01' }]
    const written = parse('', 'origin=jkt&destination=+tyo%20&departure_date=2026%2D12%2D01')
    expect(written.search.query).toEqual({ slices, passengers: { adults: 1, children: 0, infants: 0 }, cabin: 'economy' })
    expect(parse('', '&&d%65stination=tyo&departure_date=2026-12-01&&origin=JKT&').search).toEqual(written.search)
  })

  test('is remembered whatever is asked of its offers, before, after and between', () => {
    const { search } = parse()
    for (const query of [
      `${ROUTE}&max_price=1.23`,
      `max_price=4.56&${ROUTE}`,
      'origin=CGK&max_price=7.89&destination=NRT&sort=best&departure_date=2026-12-01',
    ])
      expect(parseSearch(deps, query).search).toBe(search)
  })

  test('is the same told by slices as by a route, one way and there and back', () => {
    for (const [slices, route] of [
      ['slice=cgk.nrt.2026-12-01&adults=2', `${ROUTE}&adults=2`],
      ['slice=CGK.NRT.2026-12-01&slice=NRT.CGK.2026-12-10', `${ROUTE}&return_date=2026-12-10`],
    ] as const) {
      expect(parse('max_stops=1', slices)).toEqual(parse('max_stops=1', route))
      expect(parse('', slices).canonicalQuery).toBe(route)
    }
    const openJaw = parse('', 'slice=CGK.NRT.2026-12-01&slice=KIX.CGK.2026-12-10')
    expect(openJaw.canonicalQuery).toBe('slice=CGK.NRT.2026-12-01&slice=KIX.CGK.2026-12-10')
    expect(openJaw.search.query.slices.map((slice) => slice.origin)).toEqual(['CGK', 'KIX'])
  })

  test('is as wide as it is asked to be', () => {
    expect(parse().search).toMatchObject({ nearbyKm: 0, combinesTickets: false })
    expect(parse('nearby_km=0').search.name).toBe(parse().search.name)
    expect(parse('nearby_km=150').search).toMatchObject({ nearbyKm: 150, name: `${ROUTE}&nearby_km=150` })
    const [include, exclude, only] = ['include', 'exclude', 'only'].map((wish) => parse(`self_transfer=${wish}`))
    expect(include!.search.combinesTickets && only!.search.combinesTickets && !exclude!.search.combinesTickets).toBe(true)
    expect(only!.search.name).toBe(include!.search.name)
    expect(exclude!.search.name).toBe(parse().search.name)
    expect([include, exclude, only].map((one) => one!.view.selection.only)).toEqual([
      {},
      { self_transfer: ['no'] },
      { self_transfer: ['yes'] },
    ])
    expect([include, exclude, only].map((one) => one!.canonicalQuery)).toEqual(
      ['include', 'exclude', 'only'].map((wish) => `${ROUTE}&self_transfer=${wish}`),
    )
    expect(faults('return_date=2026-12-10&self_transfer=exclude&nearby_km=20')).toEqual([])
  })
})

describe('a selection', () => {
  test('of nothing is everything, cheapest first', () => {
    const { view, canonicalQuery } = parse()
    expect(view).toEqual({
      selection: { only: {}, without: {}, ranges: {}, price: { min: null, max: null }, sort: 'price' },
      ...{ selectionName: '', limit: 25, form: 'full', after: null },
    })
    expect(canonicalQuery).toBe(ROUTE)
  })

  test.each<[string, object]>([
    ['max_stops=01', { ranges: { stops: { from: 0, to: 1 } } }],
    ['airlines=sq,GA,SQ', { only: { airlines: ['GA', 'SQ'] } }],
    ['exclude_airlines=jt', { without: { carriers: ['JT'] } }],
    ['alliances=star,oneworld', { only: { alliances: ['oneworld', 'star'] } }],
    ['min_price=100&max_price=899.50', { price: { min: 10_000, max: 89_950 } }],
    ['max_duration=1200', { ranges: { longest_slice: { from: 0, to: 1200 } } }],
    ['connections=kul,SIN', { only: { connections: ['KUL', 'SIN'] } }],
    ['connections=TYO,SIN', { only: { connections: ['HND', 'NRT', 'SIN'] } }],
    ['exclude_connections=XQX', { without: { connections: ['XQX'] } }],
    ['min_connection=60', { ranges: { connection_min: { from: 60, to: 2_147_483_646 } } }],
    ['max_connection=240', { ranges: { connection_max: { from: 0, to: 240 } } }],
    ['cabins=mixed,business', { only: { cabins: ['business', 'mixed'] } }],
    ['bags=2,1', { only: { bags: ['1', '2'] } }],
    ['refundable=yes', { only: { refundable: ['yes'] } }],
    ['changeable=unknown,no', { only: { changeable: ['no', 'unknown'] } }],
    ['suppliers=travelport', { only: { suppliers: ['travelport'] } }],
    ['overnight=no', { only: { overnight: ['no'] } }],
    ['origin_airports=HLP&destination_airports=TYO', { only: { origin_airports: ['HLP'], destination_airports: ['HND', 'NRT'] } }],
    ['max_emissions=900', { ranges: { emissions: { from: 0, to: 900 } } }],
    ['departure_after=06:00&departure_before=09:30', { ranges: { departure_1: { from: 360, to: 570 } } }],
    ['arrival_before=23:59&arrival_after=00:01', { ranges: { arrival_1: { from: 1, to: 1439 } } }],
    ['departure_after=22:00&departure_before=02:00', { ranges: { departure_1: { from: 1320, to: 120 } } }],
    ['slice_1_departure_before=10:00', { ranges: { departure_1: { from: 0, to: 600 } } }],
    ['sort=best', { sort: 'best' }],
  ])('reads %s', (query, expected) => {
    const all = { only: {}, without: {}, ranges: {}, price: { min: null, max: null }, sort: 'price' }
    expect(selectionOf(query)).toEqual({ ...all, ...expected })
  })

  test('knows the windows of every slice', () => {
    expect(selectionOf('return_departure_after=22:00', `${ROUTE}&return_date=2026-12-10`).ranges).toEqual({
      departure_2: { from: 1320, to: 1439 },
    })
    const six = Array.from({ length: 6 }, (_, index) => `slice=CGK.NRT.2026-12-0${index + 1}`).join('&')
    const { ranges } = selectionOf('slice_6_arrival_before=08:00&slice_2_arrival_before=07:00&slice_3_departure_after=06:00', six)
    expect(ranges).toEqual({ arrival_2: { from: 0, to: 420 }, departure_3: { from: 360, to: 1439 }, arrival_6: { from: 0, to: 480 } })
  })

  test('of a whole day asks for nothing', () => {
    for (const query of [
      'departure_after=00:00',
      'departure_before=23:59',
      'departure_after=10:00&departure_before=09:59',
      'min_price=0.00',
    ])
      expect(parse(query)).toEqual(parse())
  })
})

describe('today', () => {
  test('is the date at the origin', () => {
    expect(faultsOf('origin=CGK&destination=NRT&departure_date=2026-11-30')).toEqual([])
    expect(faultsOf('origin=CGK&destination=NRT&departure_date=2026-11-29')).toEqual(['departure_date past-date'])
    expect(faultsOf('origin=NRT&destination=CGK&departure_date=2026-11-30')).toEqual(['departure_date past-date'])
    expect(faultsOf('slice=NRT.CGK.2026-11-30')).toEqual(['slice past-date'])
  })

  test('is 361 days before the last date that is sold', () => {
    const today = parseLocalDate('2026-11-30')
    const route = 'origin=CGK&destination=NRT&departure_date='
    expect(faultsOf(route + plusDays(today, 361))).toEqual([])
    expect(faultsOf(route + plusDays(today, 362))).toEqual(['departure_date too-far-ahead'])
    expect(faults(`return_date=${plusDays(today, 362)}`)).toEqual(['return_date too-far-ahead'])
  })
})

describe('a page cursor', () => {
  const { search, view } = parse('airlines=GA')
  const position = { version: `${'0'.repeat(17)}~${'1'.repeat(17)}`, sortValue: 12_300, price: 12_300, index: 7 }
  const cursor = cursors.write(position, cursorBinding(search, view))

  test('comes back for the search it was given for, with any page size and form', () => {
    for (const page of ['', '&limit=3', '&view=summary']) expect(parse(`airlines=GA&after=${cursor}${page}`).view.after).toEqual(position)
    expect(parse(`after=${cursor}&limit=3&airlines=GA`).canonicalQuery).toBe(`${ROUTE}&airlines=GA&limit=3&after=${cursor}`)
  })

  test('is refused for another search or sort, and when it was written with another secret', () => {
    const foreign = createCursorCodec('other').write(position, cursorBinding(search, view))
    for (const query of [
      `sort=duration&after=${cursor}`,
      `adults=2&after=${cursor}`,
      `nearby_km=20&after=${cursor}`,
      `self_transfer=include&after=${cursor}`,
      `after=${foreign}`,
      `after=${cursor}x`,
    ]) {
      expect(problemOf(`${ROUTE}&${query}`)).toMatchObject({ code: 'invalid-cursor', facts: { errors: [{ pointer: 'after' }] } })
    }
    expect(faults(`limit=0&after=${cursor}x`)).toEqual(['limit out-of-range'])
  })
})

test('the description of the parameters names those that are read, and no other', () => {
  expect(Object.keys(SearchParameters.properties).toSorted()).toEqual(SEARCH_PARAMETERS.toSorted())
})

test('whatever is sent, the answer is a search or a precise problem', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('CGK', '2026-12-01', '0', '1', 'GA', '__proto__', '06:00', 'SIN.NRT.2026-12-01', '%', '%zz', '%C3%A9', '+', ','),
  )
  const name = fc.oneof(fc.constantFrom(...SEARCH_PARAMETERS), text)
  const pair = fc.tuple(name, fc.constantFrom('=', '', '=='), text).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 12 }), fc.boolean(), (pairs, isComplete) => {
      const problem = problemOf([...(isComplete ? [ROUTE] : []), ...pairs].join('&')) // throws what is no problem of status 400
      if (problem?.code === 'invalid-search') expect(problem.facts.errors?.length).toBeGreaterThan(0)
    }),
    { numRuns: 2_000 },
  )
})
