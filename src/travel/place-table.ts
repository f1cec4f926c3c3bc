import { readFileSync } from 'node:fs'
import { METROPOLITAN_CITIES } from './metropolitan-cities.ts'

/** An airport with scheduled flights, or a city with a code of its own for all its airports. */
export type Place = {
  /** IATA code, three capital letters. */
  readonly code: string
  readonly kind: 'airport' | 'city'
  readonly name: string
  readonly city: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** IANA time zone, "Asia/Jakarta". */
  readonly timeZone: string
  /** Decimal degrees; a city's are those of its first airport. */
  readonly latitude: number
  readonly longitude: number
  /** The airports of a city, best known first; an airport is its own only one. */
  readonly airports: readonly string[]
}

/** The airport or metropolitan city with this IATA code, in either case. Where both share a code the airport is meant (IST, BKK). */
export function findPlace(code: string): Place | undefined {
  return allPlaces().byCode.get(code.toUpperCase())
}

/** The airports a code stands for: a city's all, an airport itself, none for a code we do not know. */
export function airportsOf(code: string): readonly string[] {
  return findPlace(code)?.airports ?? []
}

/**
 * How busy a place is: 4 among the world's busiest, 3 large, 2 medium, 1 small; 0 for a code we do not know. A city is as busy as its
 * busiest.
 */
export function rankOfPlace(code: string): number {
  return allPlaces().rankByCode.get(code.toUpperCase()) ?? 0
}

/** Every place we know, by code. */
export function listPlaces(): readonly Place[] {
  return allPlaces().list
}

type Places = { list: readonly Place[]; byCode: ReadonlyMap<string, Place>; rankByCode: ReadonlyMap<string, number> }

let loaded: Places | undefined

// The table is derived from airport-data-js (CC BY 4.0, Aashish Vivekanand) and @williamkapke/airports (MIT, mwgg) with changes of ours:
// commands/derive-places.ts and docs/decisions/2026-11-21-reference-data.md.
// Read at the first question, not at import: a command that never asks for a place does not pay the 10 ms.
function allPlaces(): Places {
  loaded ??= load(readFileSync(new URL('./places.tsv', import.meta.url), 'utf8'))
  return loaded
}

function load(table: string): Places {
  const byCode = new Map<string, Place>()
  const rankByCode = new Map<string, number>()
  for (const line of table.trimEnd().split('\n')) {
    const [code, rank, country, timeZone, latitude, longitude, city, name] = line.split('\t') as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ]
    byCode.set(code, {
      code,
      kind: 'airport',
      name,
      city,
      country,
      timeZone,
      latitude: Number(latitude),
      longitude: Number(longitude),
      airports: [code],
    })
    rankByCode.set(code, Number(rank))
  }
  for (const [code, city] of Object.entries(METROPOLITAN_CITIES)) {
    const first = byCode.get(city.airports[0]!)!
    byCode.set(code, { ...first, code, kind: 'city', name: city.name, city: city.name, country: city.country, airports: city.airports })
    rankByCode.set(code, Math.max(...city.airports.map((airport) => rankByCode.get(airport) ?? 0)))
  }
  return { list: [...byCode.values()], byCode, rankByCode }
}
