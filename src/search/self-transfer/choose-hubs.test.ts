import { describe, expect, test } from 'vitest'
import { flightOffer, segment } from '../../../test/support/offers.ts'
import { parseLocalDate } from '../../kernel/time.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import { rankOfPlace } from '../../travel/place-table.ts'
import { findPlace } from '../../travel/places.ts'
import { kilometresBetween } from './choose-hubs.ts'
import { chooseHubs, hubQueries } from './index.ts'

function queryFor(origin: string, destination: string): FlightQuery {
  const slice = { origin, destination, departureDate: parseLocalDate('2026-12-01') }
  return { slices: [slice], passengers: { adults: 2, children: 0, infants: 0 }, cabin: 'business' }
}

function over(...airports: string[]) {
  const stops = ['CGK', ...airports, 'NRT']
  const segments = stops.slice(1).map((destination, i) => segment({ origin: stops[i]!, destination }))
  return flightOffer({ slices: [{ origin: 'CGK', destination: 'NRT', durationMinutes: null, segments }] })
}

describe('a hub', () => {
  test('is where most of the offers connect', () => {
    const offers = [over('SIN'), over('HKG'), over('HKG', 'TPE'), over('KUL'), over('HKG'), over('KUL'), over()]
    expect(chooseHubs(offers, queryFor('CGK', 'NRT'))).toEqual(['HKG', 'KUL'])
    expect(chooseHubs(offers, queryFor('CGK', 'NRT'), 1)).toEqual(['HKG'])
  })

  test('is no airport of either end, and two are of two cities', () => {
    const offers = [over('HND'), over('HND'), over('HLP'), over('PVG'), over('SHA'), over('ICN')]
    expect(chooseHubs(offers, queryFor('CGK', 'NRT'))).toEqual(['ICN', 'PVG'])
    expect(chooseHubs(offers, queryFor('JKT', 'TYO'))).toEqual(['ICN', 'PVG'])
  })

  test('of joined tickets is no hub of the trade', () => {
    const joined = { ...over('DPS'), selfTransfer: { offerIds: [], connection: {} as never } }
    expect(chooseHubs([joined, over('SIN')], queryFor('CGK', 'NRT'))).toEqual(['SIN'])
  })

  test('is a busy airport on the way when no offer connects', () => {
    for (const [origin, destination] of [
      ['CGK', 'NRT'],
      ['LHR', 'SYD'],
      ['JFK', 'LAX'],
    ] as const) {
      const hubs = chooseHubs([over()], queryFor(origin, destination))
      expect(hubs.length).toBe(2)
      expect(hubs.every((hub) => rankOfPlace(hub) === 4)).toBe(true)
      const [from, to] = [findPlace(origin)!, findPlace(destination)!]
      for (const hub of hubs) {
        const place = findPlace(hub)!
        const detour = (kilometresBetween(from, place) + kilometresBetween(place, to)) / kilometresBetween(from, to)
        expect(detour).toBeLessThanOrEqual(1.4)
      }
    }
  })

  test('is one that lives from connections before one that merely lies on the way', () => {
    expect(chooseHubs([], queryFor('LHR', 'SYD'))).toEqual(expect.arrayContaining(['HKG']))
    expect(chooseHubs([], queryFor('CGK', 'SUB'))).not.toContain('SIN')
  })

  test('is not looked for when nobody knows the places, or the journey has several parts', () => {
    expect(chooseHubs([], queryFor('XQX', 'NRT'))).toEqual([])
    const back = { origin: 'NRT', destination: 'CGK', departureDate: parseLocalDate('2026-12-09') }
    const roundTrip = { ...queryFor('CGK', 'NRT'), slices: [...queryFor('CGK', 'NRT').slices, back] }
    expect(chooseHubs([over('SIN')], roundTrip)).toEqual([])
    expect(() => hubQueries(roundTrip, 'SIN')).toThrow(RangeError)
  })
})

test('a hub costs two questions, of the same travellers and the same day', () => {
  const query = queryFor('CGK', 'NRT')
  expect(hubQueries(query, 'SIN')).toEqual([
    { ...query, slices: [{ origin: 'CGK', destination: 'SIN', departureDate: '2026-12-01' }] },
    { ...query, slices: [{ origin: 'SIN', destination: 'NRT', departureDate: '2026-12-01' }] },
  ])
})

test('distances are those of the globe', () => {
  expect(kilometresBetween(findPlace('LHR')!, findPlace('JFK')!)).toBeCloseTo(5_540, -2)
  expect(kilometresBetween(findPlace('NRT')!, findPlace('LAX')!)).toBeCloseTo(8_750, -2)
})
