import { createRequire } from 'node:module'
import { BUSIEST_AIRPORTS, NOT_AIRPORTS, PLACE_CORRECTIONS } from '../src/travel/place-corrections.ts'
import { METROPOLITAN_CITIES } from '../src/travel/metropolitan-cities.ts'

const require = createRequire(import.meta.url)

type SourceAirport = {
  iata: string
  icao: string
  time: string
  country_code: string
  airport: string
  latitude: number
  longitude: number
  type: string
  scheduled_service: string
  runway_length: number | null
}

type SourceCity = { icao: string; iata: string; city: string; lat: number; lon: number }

/**
 * The place table of src/travel/places.tsv, one airport a line: code, rank (4 busiest, 3 large, 2 medium, 1 small), country, time zone,
 * latitude, longitude, city, name. Facts come from airport-data-js, the city from @williamkapke/airports where both mean the same
 * airport, corrections from ours.
 */
export async function derivePlaces(): Promise<string> {
  const source = require('airport-data-js') as { findAirports: (filter: object) => Promise<SourceAirport[]> }
  const cities = citiesByIcao()
  const lines = (await source.findAirports({}))
    .filter(isFlownTo)
    .map((airport) => toLine(airport, cities))
    .toSorted()
  return `${lines.join('\n')}\n`
}

function isFlownTo(airport: SourceAirport): boolean {
  const { iata } = airport
  if (!/^[A-Z]{3}$/.test(iata) || NOT_AIRPORTS.has(iata) || iata in METROPOLITAN_CITIES) return false
  return airport.scheduled_service === 'TRUE'
}

function toLine(airport: SourceAirport, cities: Map<string, SourceCity>): string {
  const ours = PLACE_CORRECTIONS[airport.iata] ?? {}
  return [
    airport.iata,
    rankOf(airport),
    ours.country ?? airport.country_code,
    ours.timeZone ?? airport.time.replaceAll(' ', ''),
    ...(ours.position ?? [airport.latitude, airport.longitude]).map((degrees) => degrees.toFixed(4)),
    ours.city ?? cityOf(airport, cities.get(airport.icao)),
    ours.name ?? airport.airport.trim(),
  ].join('\t')
}

function rankOf(airport: SourceAirport): number {
  if (BUSIEST_AIRPORTS.has(airport.iata)) return 4
  return airport.type === 'large_airport' ? 3 : airport.type === 'medium_airport' ? 2 : 1
}

// Codes are reassigned over the years: the older package is believed only when it means an airport at the same spot.
function cityOf(airport: SourceAirport, city: SourceCity | undefined): string {
  const isSame = city && Math.abs(city.lat - airport.latitude) < 0.5 && Math.abs(city.lon - airport.longitude) < 0.7
  return (isSame && tidyCity(city.city)) || cityFromName(airport.airport)
}

// "Denpasar-Bali Island", "Kuala Lumpur / Subang" and "Bandar Lampung, Sumatra Island" name the town first.
function tidyCity(city: string): string {
  return city
    .replace(/[-,/]\s*[^-,/]*\b(Island|Islands)$/u, '')
    .replace(/\s*[/(].*$/u, '')
    .trim()
}

const NOT_A_TOWN =
  /\b(International|Intl|Regional|Municipal|Metropolitan|Domestic|Airport|Airfield|Airstrip|Aerodrome|Air Base|Seaplane|Sea Plane|Base|Heliport|Field|County|Memorial|Station|New)\b/gu

function cityFromName(name: string): string {
  const bare = name
    .replace(/\(.*\)/u, '')
    .replace(NOT_A_TOWN, '')
    .replace(/\s+/gu, ' ')
    .split(/[/,–]| - /u)[0]!
    .trim()
  return bare || name.trim()
}

function citiesByIcao(): Map<string, SourceCity> {
  const airports = Object.values(require('@williamkapke/airports/airports.json') as Record<string, SourceCity>)
  return new Map(airports.map((airport) => [airport.icao, airport]))
}
