import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { airportsOf, durationMinutes, findCarrier, findPlace, listPlaces, searchPlaces, zonedOffset, type Place } from './places.ts'

describe('places', () => {
  test('knows an airport by its code in either case, with city, country, zone and position', () => {
    expect(findPlace('cgk')).toMatchObject({
      code: 'CGK',
      kind: 'airport',
      city: 'Jakarta',
      country: 'ID',
      timeZone: 'Asia/Jakarta',
      airports: ['CGK'],
    })
    expect(findPlace('NRT')).toMatchObject({ name: 'Narita International Airport', city: 'Tokyo', country: 'JP', timeZone: 'Asia/Tokyo' })
    expect(findPlace('SIN')!.latitude).toBeCloseTo(1.35, 1)
    expect(findPlace('SIN')!.longitude).toBeCloseTo(103.99, 1)
  })

  test('does not invent a place', () => {
    expect(['ZZZ', 'XX', '', 'CGKX', '__proto__', 'constructor'].filter((code) => findPlace(code))).toEqual([])
    expect(airportsOf('ZZZ')).toEqual([])
  })

  test('expands a metropolitan code to its airports and leaves an airport as it is', () => {
    expect(findPlace('TYO')).toMatchObject({ kind: 'city', city: 'Tokyo', country: 'JP', timeZone: 'Asia/Tokyo' })
    expect(airportsOf('tyo')).toEqual(['HND', 'NRT'])
    expect(airportsOf('NYC')).toEqual(['JFK', 'EWR', 'LGA'])
    expect(airportsOf('JKT')).toEqual(['CGK', 'HLP'])
    expect(airportsOf('CGK')).toEqual(['CGK'])
  })

  test('a code that a city shares with its airport means the airport', () => {
    for (const code of ['IST', 'BKK', 'SHA', 'DFW', 'KUL'])
      expect(findPlace(code)).toMatchObject({ code, kind: 'airport', airports: [code] })
  })

  test('every city expands to airports we know, in its country', () => {
    const cities = listPlaces().filter((place) => place.kind === 'city')
    expect(cities.length).toBeGreaterThan(35)
    for (const city of cities) {
      for (const airport of city.airports)
        expect(findPlace(airport)).toMatchObject({ code: airport, kind: 'airport', country: city.country })
    }
  })

  test('every place is complete: a real zone, a two-letter country, a position on Earth', () => {
    const zones = new Set(listPlaces().map((place) => place.timeZone))
    expect([...zones].filter((zone) => !/^[+-]\d{2}:\d{2}$/.test(zonedOffset(zone, '2027-01-15T12:00')))).toEqual([])
    const isComplete = (place: Place) =>
      /^[A-Z]{3}$/.test(place.code) &&
      /^[A-Z]{2}$/.test(place.country) &&
      place.city !== '' &&
      place.name !== '' &&
      Math.abs(place.latitude) <= 90 &&
      Math.abs(place.longitude) <= 180
    expect(listPlaces().filter((place) => !isComplete(place))).toEqual([])
  })
})

describe('searching places', () => {
  const codes = (query: string, limit = 8) => searchPlaces(query, limit).map((place) => place.code)

  test('puts a city before its airports and both before towns of the same name', () => {
    expect(codes('london', 7)).toEqual(['LON', 'LHR', 'LGW', 'STN', 'LTN', 'LCY', 'SEN'])
    expect(codes('london')).toContain('YXU')
    expect(codes('jak', 3)).toEqual(['JKT', 'CGK', 'HLP'])
    expect(codes('new york', 4)).toEqual(['NYC', 'JFK', 'EWR', 'LGA'])
  })

  test('answers a typed code with that place first', () => {
    for (const code of ['CGK', 'nrt', 'Par', 'LHR', 'sgn']) expect(codes(code)[0]).toBe(code.toUpperCase())
  })

  test('finds the big airport when a small one owns the letters as its code', () => {
    expect(codes('mun')[0]).toBe('MUC')
    expect(codes('mun')).toContain('MUN')
    expect(codes('tok')[0]).toBe('TYO')
  })

  test('ignores accents and case, and finds words inside a name', () => {
    expect(codes('zürich')).toEqual(codes('ZURICH'))
    expect(codes('sao paulo')[0]).toBe('SAO')
    expect(codes('malmo')[0]).toBe('MMA')
    expect(codes('heathrow')).toEqual(['LHR'])
    expect(codes('bali')[0]).toBe('DPS')
    expect(codes('ho chi minh')[0]).toBe('SGN')
  })

  test('finds nothing for an empty query, honours the limit and never throws', () => {
    expect(codes('')).toEqual([])
    expect(codes('  !? ')).toEqual([])
    expect(codes('san', 3)).toHaveLength(3)
    fc.assert(fc.property(fc.string(), fc.integer({ min: 0, max: 20 }), (query, limit) => searchPlaces(query, limit).length <= limit))
  })
})

describe('local times', () => {
  test('states the offset that a wall clock has, daylight saving included', () => {
    expect(zonedOffset('Asia/Jakarta', '2026-12-01T18:35')).toBe('+07:00')
    expect(zonedOffset('Europe/London', '2026-12-01T18:35')).toBe('+00:00')
    expect(zonedOffset('Europe/London', '2026-07-01T18:35')).toBe('+01:00')
    expect(zonedOffset('America/New_York', '2027-03-14T01:59')).toBe('-05:00')
    expect(zonedOffset('America/New_York', '2027-03-14T03:00')).toBe('-04:00')
    expect(zonedOffset('Asia/Kathmandu', '2026-12-01T00:00')).toBe('+05:45')
  })

  test('reads a skipped time with the offset before the change and a doubled one as the earlier', () => {
    expect(zonedOffset('Europe/Berlin', '2027-03-28T02:30')).toBe('+02:00')
    expect(zonedOffset('Europe/Berlin', '2027-10-31T02:30')).toBe('+02:00')
  })

  test('agrees with Temporal at every hour, on the days when clocks change too', () => {
    const zone = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Asia/Tokyo',
      'Africa/Casablanca',
      'Australia/Lord_Howe',
      'America/Santiago',
      'Africa/Cairo',
    )
    const hour = fc.integer({ min: 0, max: 24 * 365 * 3 })
    fc.assert(
      fc.property(zone, hour, (timeZone, hours) => {
        const local = Temporal.PlainDateTime.from('2026-01-01T00:30').add({ hours })
        expect(zonedOffset(timeZone, local.toString().slice(0, 16))).toBe(local.toZonedDateTime(timeZone).offset)
      }),
      { numRuns: 500 },
    )
  })

  test('refuses an unknown zone and a time that does not exist', () => {
    expect(() => zonedOffset('Mars/Olympus', '2026-12-01T18:35')).toThrow(RangeError)
    zonedOffset('Asia/Jakarta', '2027-02-10T10:00')
    for (const local of ['2027-02-30T10:00', '2027-02-10T25:00', '2027-13-01T10:00', 'tomorrow']) {
      expect(() => zonedOffset('Asia/Jakarta', local)).toThrow(RangeError)
    }
  })

  test('counts the minutes that pass between two places, over the date line and a change of clocks', () => {
    expect(durationMinutes({ airport: 'CGK', local: '2026-12-01T23:35' }, { airport: 'NRT', local: '2026-12-02T08:50' })).toBe(435)
    expect(durationMinutes({ airport: 'NRT', local: '2026-12-01T17:00' }, { airport: 'LAX', local: '2026-12-01T10:00' })).toBe(600)
    expect(durationMinutes({ airport: 'FRA', local: '2027-03-27T23:00' }, { airport: 'FRA', local: '2027-03-28T05:00' })).toBe(300)
    expect(durationMinutes({ airport: 'ZZZ', local: '2026-12-01T17:00' }, { airport: 'LAX', local: '2026-12-01T10:00' })).toBeUndefined()
  })
})

test('names an airline by its designator and does not guess', () => {
  expect(findCarrier('ga')).toEqual({ code: 'GA', name: 'Garuda Indonesia' })
  expect(findCarrier('NH')?.name).toBe('All Nippon Airways')
  expect(findCarrier('??')).toBeUndefined()
})
