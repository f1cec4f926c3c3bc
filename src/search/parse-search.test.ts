import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCurrency } from '../kernel/currency.ts'
import { Problem } from '../kernel/problems.ts'
import { createStoppedClock, plusDays, parseLocalDate } from '../kernel/time.ts'
import { createCursorCodec } from './cursor.ts'
import { cursorBinding, parseSearch } from './parse-search.ts'
import { cacheKeyOf } from './search-query.ts'

// 23:30 on 30 November in Jakarta, already 1 December in Tokyo.
const clock = createStoppedClock('2026-11-30T16:30:00Z')
const cursors = createCursorCodec('secret')
const deps = { clock, cursors, displayCurrency: parseCurrency('USD') }
const good = { origin: 'CGK', destination: 'NRT', departure_date: '2026-12-01' }
const parse = (parameters: Record<string, unknown> = {}) => parseSearch(deps, { ...good, ...parameters })

function faultsOf(parameters: Record<string, unknown>): string[] {
  try {
    parseSearch(deps, parameters)
  } catch (error) {
    if (error instanceof Problem && error.status === 400) return (error.facts.errors ?? []).map((fault) => `${fault.pointer} ${fault.code}`)
    throw error
  }
  return []
}
const faults = (parameters: Record<string, unknown>) => faultsOf({ ...good, ...parameters })

describe('a search', () => {
  test('has the cache key of its route, dates, cabin and travellers, and of nothing else', () => {
    expect(cacheKeyOf(parse().query)).toBe('flight:s:CGK:NRT:2026-12-01:economy:1a0c0i')
    const narrowed = parse({ max_stops: '0', airlines: 'SQ', sort: 'duration', limit: '3', min_price: '10', departure_after: '06:00' })
    expect(cacheKeyOf(narrowed.query)).toBe('flight:s:CGK:NRT:2026-12-01:economy:1a0c0i')
    const round = parse({ return_date: '2026-12-10', adults: '2', children: '1', infants: '1', cabin: 'premium_economy' })
    expect(cacheKeyOf(round.query)).toBe('flight:s:CGK:NRT:2026-12-01_2026-12-10:premium_economy:2a1c1i')
  })

  test('is the same in small letters and around a city', () => {
    expect(parse({ origin: 'jkt', destination: ' tyo ' }).query.slices[0]).toEqual({
      origin: 'JKT',
      destination: 'TYO',
      departureDate: '2026-12-01',
    })
  })

  test('reads every filter', () => {
    const { view } = parse({
      ...{
        return_date: '2026-12-10',
        max_stops: '1',
        airlines: 'sq,GA,SQ',
        min_price: '100',
        max_price: '899.50',
        sort: 'arrival',
        limit: '100',
      },
      ...{
        departure_after: '06:00',
        departure_before: '09:30',
        arrival_before: '23:59',
        return_departure_after: '22:00',
        return_departure_before: '02:00',
      },
    })
    expect(view.filters).toEqual({
      maxStops: 1,
      airlines: ['GA', 'SQ'],
      minPrice: { amount: 10_000, currency: 'USD' },
      maxPrice: { amount: 89_950, currency: 'USD' },
      windows: [
        { departure: { from: 360, to: 570 }, arrival: { from: 0, to: 1439 } },
        { departure: { from: 1320, to: 120 }, arrival: null },
      ],
    })
    expect([view.sort, view.limit, view.after]).toEqual(['arrival', 100, null])
  })
})

describe('today', () => {
  test('is the date at the origin', () => {
    expect(faults({ departure_date: '2026-11-30' })).toEqual([])
    expect(faults({ departure_date: '2026-11-29' })).toEqual(['departure_date past-date'])
    expect(faults({ origin: 'NRT', destination: 'CGK', departure_date: '2026-11-30' })).toEqual(['departure_date past-date'])
  })

  test('is 361 days before the last date that is sold', () => {
    const today = parseLocalDate('2026-11-30')
    expect(faults({ departure_date: plusDays(today, 361) })).toEqual([])
    expect(faults({ departure_date: plusDays(today, 362) })).toEqual(['departure_date too-far-ahead'])
    expect(faults({ return_date: plusDays(today, 362) })).toEqual(['return_date too-far-ahead'])
  })
})

describe('what is refused, by the parameter at fault', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ origin: 'XQX' }, 'origin unknown-airport'],
    [{ destination: 'Tokyo' }, 'destination unknown-airport'],
    [{ destination: 'CGK' }, 'destination same-place'],
    [{ origin: 'JKT', destination: 'CGK' }, 'destination same-place'],
    [{ origin: 'NRT', destination: 'TYO' }, 'destination same-place'],
    [{ departure_date: '2027-02-29' }, 'departure_date invalid-date'],
    [{ departure_date: 'tomorrow' }, 'departure_date invalid-date'],
    [{ departure_date: '2026-12-05', return_date: '2026-12-04' }, 'return_date return-before-departure'],
    [{ adults: '0' }, 'adults no-adult'],
    [{ adults: '-1' }, 'adults out-of-range'],
    [{ adults: '1.5' }, 'adults out-of-range'],
    [{ adults: '1e1' }, 'adults out-of-range'],
    [{ adults: '10' }, 'adults too-many-travellers'],
    [{ adults: '5', children: '5' }, 'children too-many-travellers'],
    [{ adults: '1', infants: '2' }, 'infants too-many-infants'],
    [{ cabin: 'Economy' }, 'cabin unknown-value'],
    [{ sort: 'best' }, 'sort unknown-value'],
    [{ limit: '0' }, 'limit out-of-range'],
    [{ limit: '101' }, 'limit out-of-range'],
    [{ max_stops: 'none' }, 'max_stops out-of-range'],
    [{ airlines: 'GA,SIA' }, 'airlines invalid-airline'],
    [{ airlines: 'GA,' }, 'airlines invalid-airline'],
    [{ airlines: '12' }, 'airlines invalid-airline'],
    [{ min_price: '1e3' }, 'min_price invalid-amount'],
    [{ max_price: '10.005' }, 'max_price invalid-amount'],
    [{ max_price: '-1' }, 'max_price invalid-amount'],
    [{ min_price: '200', max_price: '199.99' }, 'min_price min-above-max'],
    [{ departure_after: '24:00' }, 'departure_after invalid-time'],
    [{ return_arrival_before: '10:00' }, 'return_arrival_before no-return'],
    [{ maxstops: '0' }, 'maxstops unknown-parameter'],
    [{ adults: ['1', '2'] }, 'adults duplicate-parameter'],
    [{ return_date: '' }, 'return_date empty'],
  ])('%j', (parameters, fault) => {
    expect(faults(parameters)).toEqual([fault])
  })

  test('all of it at once', () => {
    expect(faultsOf({ destination: 'XQX', departure_date: '2020-01-01', adults: '0', infants: '1', limit: 'x', colour: 'red' })).toEqual([
      ...['colour unknown-parameter', 'origin required', 'destination unknown-airport', 'departure_date past-date'],
      ...['adults no-adult', 'infants too-many-infants', 'limit out-of-range'],
    ])
  })

  test('never with anything but a precise problem, whatever is sent', () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('CGK', '2026-12-01', '0', '1', 'GA', '__proto__'),
      fc.array(fc.string()),
      fc.constant(undefined),
    )
    const name = fc.oneof(
      fc.constantFrom('origin', 'destination', 'departure_date', 'return_date', 'adults', 'airlines', 'after', 'min_price', 'limit'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.dictionary(name, value), (parameters) => {
        faultsOf(parameters) // throws what is no Problem of status 400
      }),
    )
  })
})

describe('a page cursor', () => {
  const { query, view } = parse({ airlines: 'GA' })
  const position = { version: '0'.repeat(17), sortValue: 12_300, price: 12_300, index: 7 }
  const cursor = cursors.write(position, cursorBinding(query, view))

  test('comes back for the search it was given for, with any page size', () => {
    expect(parse({ airlines: 'GA', after: cursor }).view.after).toEqual(position)
    expect(parse({ airlines: 'GA', after: cursor, limit: '3' }).view.after).toEqual(position)
  })

  test('is refused for another search, selection or sort, and when it was written with another secret', () => {
    const foreign = createCursorCodec('other').write(position, cursorBinding(query, view))
    for (const parameters of [
      { after: cursor },
      { airlines: 'GA', sort: 'duration', after: cursor },
      { airlines: 'GA', adults: '2', after: cursor },
      { airlines: 'GA', after: foreign },
    ]) {
      expect(() => parse(parameters)).toThrow(expect.objectContaining({ code: 'invalid-cursor', status: 400 }) as Error)
    }
  })

  test('is refused whichever character is changed', () => {
    fc.assert(
      fc.property(
        fc.nat(cursor.length - 1),
        fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ ä'),
        (at, character) => {
          fc.pre(cursor[at] !== character)
          expect(cursors.read(cursor.slice(0, at) + character + cursor.slice(at + 1), cursorBinding(query, view))).toBeNull()
        },
      ),
    )
  })
})
