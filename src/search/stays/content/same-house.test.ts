import { describe, expect, test } from 'vitest'
import { findHouse, type Candidate, type HouseFacts } from './same-house.ts'

const METRE = 1 / 111_320
const property = (name: string, changes: Partial<HouseFacts> = {}): HouseFacts => ({
  ...{ name, city: 'Barcelona', country: 'ES', latitude: 41.385, longitude: 2.173 },
  ...changes,
})
const candidate = (name: string, metres = 0, changes: Partial<Candidate> = {}): Candidate => ({
  ...property(name),
  ...{ house: name, latitude: 41.385 + metres * METRE },
  ...changes,
})
const isSame = (one: string, other: string, metres = 20) => findHouse(property(one), [candidate(other, metres)]) !== null

describe('two properties are one house', () => {
  test.each([
    ['Hotel Arts Barcelona', 'ARTS BARCELONA'],
    ['Hotel Arts', 'Arts Barcelona Hotel'],
    ['Mercure Barcelona Condor', 'Hotel Mercure Condor ****'],
    ['Majestic Hotel & Spa Barcelona', 'Majestic Hotel and Spa Barcelona GL'],
    ['H10 Urquinaona Plaza', 'H10 Urquinaona Plaza 4* Sup'],
    ['Catalonia Plaza Catalunya', 'Catalònia Plaça Catalunya'],
    ['Grand Central Center', 'Grand Central Centre'],
    ['The Barcelona Hotel', 'Hotel Barcelona'],
    ['Melia Barcelona Sky', 'Melia Sky Hotel 4 stars'],
  ])('%s, %s', (one, other) => {
    expect([isSame(one, other), isSame(other, one)]).toEqual([true, true])
  })

  test('when they are as near as a door, though one says more', () => {
    expect(isSame('Casa Fuster Deluxe Collection', 'Casa Fuster', 30)).toBe(true)
    expect(isSame('Casa Fuster Deluxe Collection', 'Casa Fuster', 120)).toBe(false)
  })
})

describe('two properties are two houses', () => {
  test.each([
    ['Holiday Inn Barcelona', 'Holiday Inn Express Barcelona'],
    ['Ibis Barcelona Centro', 'Ibis Styles Barcelona Centro'],
    ['Hilton Barcelona', 'Hilton Garden Inn Barcelona'],
    ['Premier Inn London City Aldgate', 'Premier Inn London City Tower Hill'],
    ['Eric Vökel Apartments 12', 'Eric Vökel Apartments 14'],
    ['Hotel Rialto', 'Hotel Gótico'],
    ['Hotel Barcelona', 'Hotel Madrid'],
    ['Claris Hotel', 'Claris Apartments'],
  ])('%s, %s', (one, other) => {
    expect([isSame(one, other), isSame(other, one)]).toEqual([false, false])
  })

  test('farther than 150 m apart, or in two countries, or without a word that tells', () => {
    expect(isSame('Hotel Arts', 'Hotel Arts', 145)).toBe(true)
    expect(isSame('Hotel Arts', 'Hotel Arts', 155)).toBe(false)
    expect(findHouse(property('Hotel Arts'), [candidate('Hotel Arts', 0, { country: 'FR' })])).toBeNull()
    expect(isSame('Hotel', 'Hotel', 0)).toBe(false)
    expect(isSame('北京饭店', '上海饭店', 0)).toBe(false)
  })
})

test('of several the most alike is chosen, then the nearest, whatever order they come in', () => {
  const far = candidate('Hotel Casa Camper', 90, { house: 'far' })
  const near = candidate('Casa Camper', 40, { house: 'near' })
  const less = candidate('Casa Camper Barcelona Raval', 0, { house: 'less' })
  for (const order of [
    [far, near, less],
    [less, near, far],
    [near, far, less],
  ])
    expect(findHouse(property('Casa Camper'), order)).toBe('near')
  expect(findHouse(property('Casa Camper'), [])).toBeNull()
})

test('a name in another script is compared as it is written', () => {
  expect(isSame('北京饭店', '北京饭店', 60)).toBe(true)
})
