import { describe, expect, test } from 'vitest'
import { rankOfPlace } from './place-table.ts'
import { airportsNear, isSamePlace } from './places-near.ts'
import { airportsOf, findPlace, listPlaces, type Place } from './places.ts'

const codesNear = (code: string, km: number) => airportsNear(code, km).map((near) => near.code)

describe('airports near a place', () => {
  test('begin with the place itself and go outwards', () => {
    expect(airportsNear('NRT', 100).slice(0, 3)).toEqual([
      { code: 'NRT', km: 0 },
      { code: 'IBR', km: 45 },
      { code: 'HND', km: 60 },
    ])
    const km = airportsNear('LHR', 200).map((near) => near.km)
    expect(km).toEqual(km.toSorted((a, b) => a - b))
    expect(codesNear('LHR', 60)).toEqual(expect.arrayContaining(['LGW', 'LTN', 'LCY']))
  })

  test('of a city are measured from each of its airports, and the city counts once', () => {
    const around = codesNear('LON', 60)
    expect(around[0]).toBe('LON')
    expect(around.filter((code) => airportsOf('LON').includes(code))).toEqual([])
    // Cambridge and Oxford are near Stansted and Heathrow, not near both.
    expect(new Set(around.slice(1))).toEqual(
      new Set(
        airportsOf('LON')
          .flatMap((code) => codesNear(code, 60))
          .filter((code) => !airportsOf('LON').includes(code)),
      ),
    )
  })

  test('are the place alone within nothing, and nothing around a code we do not know', () => {
    expect(airportsNear('CGK', 0)).toEqual([{ code: 'CGK', km: 0 }])
    expect(airportsNear('XQX', 200)).toEqual([])
  })

  test('are what measuring every airport in another way gives', () => {
    const sample = listPlaces().filter((_, index) => index % 97 === 0)
    for (const place of sample) {
      for (const km of [40, 137, 200, 350])
        expect({ place: place.code, near: codesNear(place.code, km).slice(1).toSorted() }).toEqual({
          place: place.code,
          near: byChord(place, km),
        })
    }
  })
})

test('an airport is the same place as its city, not as the city’s other airports', () => {
  expect([isSamePlace('NRT', 'TYO'), isSamePlace('TYO', 'NRT'), isSamePlace('NRT', 'NRT'), isSamePlace('NRT', 'HND')]).toEqual([
    ...[true, true, true, false],
  ])
})

/** The same from the straight line through the earth. */
function byChord(place: Place, km: number): string[] {
  const centres = place.airports.map((code) => pointOf(findPlace(code)!))
  return listPlaces()
    .filter((other) => other.kind === 'airport' && rankOfPlace(other.code) >= 2 && !place.airports.includes(other.code))
    .filter((other) =>
      centres.some((centre) => 12_742 * Math.asin(Math.hypot(...pointOf(other).map((x, axis) => x - centre[axis]!)) / 2) <= km),
    )
    .map((other) => other.code)
    .toSorted()
}

function pointOf(place: Place): number[] {
  const [latitude, longitude] = [(place.latitude * Math.PI) / 180, (place.longitude * Math.PI) / 180]
  return [Math.cos(latitude) * Math.cos(longitude), Math.cos(latitude) * Math.sin(longitude), Math.sin(latitude)]
}
