import type { ConnectionRisk } from '../../travel/flight.ts'
import { findPlace, listPlaces } from '../../travel/places.ts'

/** Whether a border is crossed on the way from one flight to the next. */
export type Crossing = 'domestic' | 'international'

/*
 * These figures are ours and no airport's promise. An airport's published minimum connecting times are for one ticket,
 * with bags going on by themselves (Heathrow 60 to 105 minutes, Heathrow to Gatwick 150, Heathrow to London City 210:
 * oag.com/minimum-connection-time, read in November 2026). Two tickets take longer: leaving the aircraft (20), passport
 * control on the way in (45), bags (30), changing terminals (15), a counter that closes 60 before an international flight
 * or 45 before a domestic one, and something for a flight that lands late. We round up.
 */
const SAME_AIRPORT: Readonly<Record<Crossing, number>> = { domestic: 120, international: 180 }
const AIRPORT_CHANGE: Readonly<Record<Crossing, number>> = { domestic: 240, international: 300 }

/** Airports whose terminals lie far apart or whose passport control is known for its queues: longer than everywhere. */
const OWN_FIGURES: Readonly<Record<string, Readonly<Record<Crossing, number>>>> = {
  CDG: { domestic: 150, international: 210 },
  DEL: { domestic: 150, international: 210 },
  EWR: { domestic: 150, international: 210 },
  IST: { domestic: 120, international: 210 },
  JFK: { domestic: 180, international: 240 },
  KUL: { domestic: 150, international: 210 },
  LAX: { domestic: 150, international: 240 },
  LHR: { domestic: 150, international: 210 },
  MIA: { domestic: 150, international: 240 },
  MNL: { domestic: 180, international: 240 },
  ORD: { domestic: 150, international: 210 },
  SVO: { domestic: 150, international: 210 },
}

/** Pairs of one city that are farther apart, or slower to go between, than most; in either direction. */
const OWN_CHANGES: Readonly<Record<string, Readonly<Record<Crossing, number>>>> = {
  'ARN-NYO': { domestic: 360, international: 420 },
  'ARN-VST': { domestic: 330, international: 390 },
  'BVA-CDG': { domestic: 360, international: 420 },
  'BVA-ORY': { domestic: 360, international: 420 },
  'DME-SVO': { domestic: 300, international: 360 },
  'EWR-JFK': { domestic: 300, international: 360 },
  'HND-NRT': { domestic: 270, international: 330 },
  'IST-SAW': { domestic: 270, international: 330 },
  'LGW-LHR': { domestic: 270, international: 330 },
  'LGW-STN': { domestic: 330, international: 390 },
  'LHR-STN': { domestic: 300, international: 360 },
}

/** Airports of one city whose code is an airport's at the same time, so that the table of cities leaves them out. */
const SISTER_AIRPORTS: readonly (readonly string[])[] = [
  ['BKK', 'DMK'],
  ['DFW', 'DAL'],
  ['DXB', 'DWC'],
  ['IST', 'SAW'],
  ['KUL', 'SZB'],
  ['MEX', 'NLU'],
  ['SHA', 'PVG'],
  ['TPE', 'TSA'],
]

/** No connection anywhere needs less. */
export const LEAST_MINUTES = Math.min(...Object.values(SAME_AIRPORT), ...Object.values(OWN_FIGURES).map((own) => own.domestic))

/**
 * Minutes that two separate tickets need between a landing at one airport and a departure from another: to leave, cross
 * the border, collect bags, change airports and check in again. Null when the two are not of one city. Without knowing the
 * flights a border is assumed.
 */
export function minimumConnection(arrivalAirport: string, departureAirport: string, crossing: Crossing = 'international'): number | null {
  if (arrivalAirport === departureAirport) return (OWN_FIGURES[arrivalAirport] ?? SAME_AIRPORT)[crossing]
  if (hubCityOf(arrivalAirport) !== hubCityOf(departureAirport)) return null
  const pair = arrivalAirport < departureAirport ? `${arrivalAirport}-${departureAirport}` : `${departureAirport}-${arrivalAirport}`
  return (OWN_CHANGES[pair] ?? AIRPORT_CHANGE)[crossing]
}

/**
 * Whether a flight stays in one country; where we do not know, it does not. A connection is domestic when the flights into
 * and out of the hub both are: airports of one city are of one country.
 */
export function isDomestic(flight: { readonly origin: string; readonly destination: string }): boolean {
  const country = findPlace(flight.origin)?.country
  return country !== undefined && country === findPlace(flight.destination)?.country
}

/** Less than this beyond the minimum is a high risk, or a medium one; more is a low risk. */
export const RISK_MINUTES = { high: 60, medium: 150 } as const

export const RISKS = ['low', 'medium', 'high'] as const satisfies readonly ConnectionRisk[]

/** How likely the second flight is missed, from the minutes the connection has beyond the least it needs. */
export function riskOf(minutes: number, minimumMinutes: number): ConnectionRisk {
  const beyond = minutes - minimumMinutes
  return beyond < RISK_MINUTES.high ? 'high' : beyond < RISK_MINUTES.medium ? 'medium' : 'low'
}

/** One name for all airports between which a traveller can change: the city's code, or the airport's own. */
export function hubCityOf(airport: string): string {
  cityByAirport ??= new Map([
    ...listPlaces().flatMap((place) => (place.kind === 'city' ? place.airports.map((code) => [code, place.code] as const) : [])),
    ...SISTER_AIRPORTS.flatMap((sisters) => sisters.map((code) => [code, sisters[0]!] as const)),
  ])
  return cityByAirport.get(airport) ?? airport
}

let cityByAirport: ReadonlyMap<string, string> | undefined
