import { metresBetween } from './great-circle.ts'
import { airportsOf, findPlace, listPlaces, rankOfPlace, type Place } from './place-table.ts'

/** A place and how far it is along the surface of the earth, in whole kilometres. */
export type NearbyPlace = { readonly code: string; readonly km: number }

/** The farthest that is remembered: what a search may ask for. */
const REMEMBERED_KM = 200
/** Below it are airstrips, which nobody drives to for a cheaper flight. */
const RANK_MIN = 2
const DEGREE_KM = 111

/**
 * The place itself, then the airports within so many km of it (of a city, of any of its airports), nearest first. Small
 * airports are left out, and so are a city's own. Nothing for a code we do not know.
 */
export function airportsNear(code: string, km: number): readonly NearbyPlace[] {
  const place = findPlace(code)
  if (place === undefined) return []
  const around = km > REMEMBERED_KM ? measure(place, km) : remembered(place)
  return [
    { code: place.code, km: 0 },
    ...around.filter((near) => near.exactKm <= km).map((near) => ({ code: near.code, km: Math.round(near.exactKm) })),
  ]
}

/** One is the other, or the city the other lies in. Two airports of one city are two places. */
export function isSamePlace(code: string, other: string): boolean {
  return code === other || airportsOf(code).includes(other) || airportsOf(other).includes(code)
}

type Measured = { readonly code: string; readonly exactKm: number }

// A measurement looks at every airport there is; the table never changes, so one for each place asked about is enough.
const aroundByCode = new Map<string, readonly Measured[]>()

function remembered(place: Place): readonly Measured[] {
  let around = aroundByCode.get(place.code)
  if (around === undefined) {
    around = measure(place, REMEMBERED_KM)
    aroundByCode.set(place.code, around)
  }
  return around
}

function measure(place: Place, km: number): Measured[] {
  const centres = place.airports.flatMap((code) => findPlace(code) ?? [])
  return listPlaces()
    .filter((other) => other.kind === 'airport' && rankOfPlace(other.code) >= RANK_MIN && !isSamePlace(place.code, other.code))
    .map((other) => ({ code: other.code, exactKm: Math.min(...centres.map((centre) => kilometres(centre, other, km))) }))
    .filter((near) => near.exactKm <= km)
    .toSorted((a, b) => a.exactKm - b.exactKm || (a.code < b.code ? -1 : 1))
}

/** Along the great circle; Infinity for what is farther than `km` by its latitude alone. */
function kilometres(a: Place, b: Place, km: number): number {
  if (Math.abs(a.latitude - b.latitude) * DEGREE_KM > km) return Number.POSITIVE_INFINITY
  return metresBetween(a, b) / 1_000
}
