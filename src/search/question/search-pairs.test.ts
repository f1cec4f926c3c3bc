import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLocalDate } from '../../kernel/time.ts'
import type { SliceQuery } from '../../travel/flight.ts'
import { airportsNear, isSamePlace, listPlaces } from '../../travel/places.ts'
import { searchPairs } from './search-pairs.ts'
import { cacheKeyOf, type FlightSearch } from './search-query.ts'

const slice = (origin: string, destination: string, date: string): SliceQuery => ({
  origin,
  destination,
  departureDate: parseLocalDate(date),
})

function searchOf(nearbyKm: number, ...slices: SliceQuery[]): FlightSearch {
  const query = { slices, passengers: { adults: 2, children: 0, infants: 1 }, cabin: 'business' as const }
  return { query, nearbyKm, combinesTickets: false, isAlone: nearbyKm === 0, name: '', key: cacheKeyOf(query) }
}
const routesOf = (search: FlightSearch) =>
  searchPairs(search).map((query) => query.slices.map((one) => `${one.origin}-${one.destination}`).join(' '))

describe('the pairs of places a search asks', () => {
  test('are its own alone when nothing nearby is wanted or there is nothing nearby', () => {
    const search = searchOf(0, slice('LHR', 'JFK', '2026-12-01'))
    expect(searchPairs(search)).toEqual([search.query])
    expect(routesOf(searchOf(10, slice('HNL', 'PPT', '2026-12-01')))).toEqual(['HNL-PPT'])
  })

  test('are its own first, then the nearer, at most three places an end and six in all', () => {
    const origins = airportsNear('LHR', 120).slice(0, 3)
    const destinations = airportsNear('HND', 120).slice(0, 3)
    const pairs = origins.flatMap((o) => destinations.map((d) => ({ route: `${o.code}-${d.code}`, km: o.km + d.km })))
    const nearest = pairs.toSorted((a, b) => a.km - b.km).slice(0, 6)
    expect(routesOf(searchOf(120, slice('LHR', 'HND', '2026-12-01')))).toEqual(nearest.map((pair) => pair.route))
    expect(nearest[0]!.route).toBe('LHR-HND')
    expect(nearest).toHaveLength(6)
  })

  test('go back from where they arrived to where they began', () => {
    const there = slice('LHR', 'JFK', '2026-12-01')
    const back = slice('JFK', 'LHR', '2026-12-09')
    const queries = searchPairs(searchOf(60, there, back))
    expect(queries.length).toBeGreaterThan(3)
    for (const query of queries) {
      const [outbound, inbound] = query.slices
      expect([inbound!.origin, inbound!.destination]).toEqual([outbound!.destination, outbound!.origin])
      expect(query).toMatchObject({ passengers: { adults: 2, infants: 1 }, cabin: 'business' })
      expect(query.slices.map((one) => one.departureDate)).toEqual(['2026-12-01', '2026-12-09'])
    }
  })

  test('stand for a city as one place', () => {
    const routes = routesOf(searchOf(60, slice('LON', 'NYC', '2026-12-01')))
    expect(routes[0]).toBe('LON-NYC')
    expect(routes.join(' ')).not.toMatch(/LHR|LGW|STN|LTN|JFK|EWR|LGA/)
  })

  test('are those of a journey of other slices as it is', () => {
    const search = searchOf(100, slice('LHR', 'JFK', '2026-12-01'), slice('BOS', 'LHR', '2026-12-09'))
    expect(searchPairs(search)).toEqual([search.query])
  })

  test('never join a place with itself, never repeat, and keep to their bounds, between any two places', () => {
    const codes = listPlaces().map((place) => place.code)
    const busy = fc.constantFrom('LHR', 'LGW', 'LON', 'CDG', 'JFK', 'NYC', 'EWR', 'TYO', 'HND', 'NRT', 'SIN', 'AMS', 'RTM', 'EIN')
    const code = fc.oneof(busy, fc.constantFrom(...codes))
    fc.assert(
      fc.property(code, code, fc.nat({ max: 200 }), fc.boolean(), (origin, destination, km, isReturn) => {
        fc.pre(!isSamePlace(origin, destination))
        const there = slice(origin, destination, '2026-12-01')
        const search = searchOf(km, there, ...(isReturn ? [slice(destination, origin, '2026-12-05')] : []))
        const queries = searchPairs(search)
        expect(queries[0]).toEqual(search.query)
        expect(new Set(queries.map(cacheKeyOf)).size).toBe(queries.length)
        expect(queries.length).toBeLessThanOrEqual(6)
        for (const end of ['origin', 'destination'] as const)
          expect(new Set(queries.map((query) => query.slices[0]![end])).size).toBeLessThanOrEqual(3)
        expect(queries.flatMap((query) => query.slices).filter((one) => isSamePlace(one.origin, one.destination))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})
