import { describe, expect, test } from 'vitest'
import { findPlace, listPlaces } from '../../travel/places.ts'
import { hubCityOf, isDomestic, LEAST_MINUTES, minimumConnection, riskOf } from './minimum-connection.ts'

describe('the least minutes two tickets need', () => {
  test.each([
    ['SUB', 'SUB', 'domestic', 120],
    ['SIN', 'SIN', 'international', 180],
    ['LHR', 'LHR', 'international', 210],
    ['JFK', 'JFK', 'domestic', 180],
    ['CGK', 'HLP', 'domestic', 240],
    ['CGK', 'HLP', 'international', 300],
    ['NRT', 'HND', 'international', 330],
    ['HND', 'NRT', 'international', 330],
    ['DMK', 'BKK', 'international', 300],
  ] as const)('%s to %s, %s: %i', (arrival, departure, crossing, minutes) => {
    expect(minimumConnection(arrival, departure, crossing)).toBe(minutes)
  })

  test('are those of a border where nobody says there is none', () => {
    expect(minimumConnection('SIN', 'SIN')).toBe(180)
  })

  test('do not exist between two cities', () => {
    expect(minimumConnection('SIN', 'KUL')).toBeNull()
    expect(minimumConnection('LHR', 'CDG')).toBeNull()
  })

  test('are never fewer than we count on, at home never more than abroad, and longest where the airport changes', () => {
    const airports = listPlaces().filter((place) => place.kind === 'airport')
    for (const { code } of airports) {
      const [domestic, international] = [minimumConnection(code, code, 'domestic')!, minimumConnection(code, code, 'international')!]
      expect(domestic).toBeGreaterThanOrEqual(LEAST_MINUTES)
      expect(international).toBeGreaterThanOrEqual(domestic)
      for (const other of findPlace(hubCityOf(code))?.airports ?? []) {
        if (other !== code) expect(minimumConnection(code, other)).toBeGreaterThan(international)
      }
    }
  })

  test('name airports that exist', () => {
    for (const code of ['BKK', 'DMK', 'DFW', 'DAL', 'DXB', 'DWC', 'IST', 'SAW', 'KUL', 'SZB', 'MEX', 'NLU', 'SHA', 'PVG', 'TPE', 'TSA'])
      expect(findPlace(code)?.kind, code).toBe('airport')
  })
})

test('a flight is domestic only where we know both ends, and cities with several airports are of one country', () => {
  expect(isDomestic({ origin: 'CGK', destination: 'SUB' })).toBe(true)
  expect(isDomestic({ origin: 'CGK', destination: 'SIN' })).toBe(false)
  expect(isDomestic({ origin: 'XQX', destination: 'XQY' })).toBe(false)
  const countries = new Map<string, string>()
  for (const { code, country, kind } of listPlaces()) {
    if (kind !== 'airport') continue
    expect(countries.get(hubCityOf(code)) ?? country, code).toBe(country)
    countries.set(hubCityOf(code), country)
  }
})

test('the risk falls with the minutes beyond the minimum', () => {
  expect([0, 59, 60, 149, 150, 1_000].map((beyond) => riskOf(180 + beyond, 180))).toEqual([
    'high',
    'high',
    'medium',
    'medium',
    'low',
    'low',
  ])
})
