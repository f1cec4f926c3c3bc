import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { METROPOLITAN_CITIES } from './metropolitan-cities.ts'
import { rankOfPlace } from './place-table.ts'
import { airportsOf, findCarrier, findPlace, listPlaces, zonedOffset, type Place } from './places.ts'

/** The second source, which is not part of the repository: without it there is nothing to compare with. */
const REFERENCE = '../shared/refdata'
const isAbsent = !existsSync(`${REFERENCE}/airportsdata-airports.csv`)
if (isAbsent) process.stdout.write(`skipped: ${REFERENCE} is absent, places and carriers are not compared with a second source\n`)

type Reference = { iata: string; city: string; country: string; latitude: number; longitude: number; timeZone: string }

// The reference counts these territories as part of a state; ISO 3166-1 gives them a code of their own.
const TERRITORIES = new Map([
  ['PR', 'US'],
  ['VI', 'US'],
  ['AX', 'FI'],
  ['SJ', 'NO'],
])
// Codes that meanwhile belong to another airport than in the reference.
const REASSIGNED = 'BTZ OUI PHH'.split(' ')
// Western Sahara: the reference says EH, the airports' own publications MA.
const DISPUTED = 'EUN VIL'.split(' ')
// Where the reference's zone is out of date or the border of two zones is near; each was looked up in tzdata's own notes.
// Western Nunavut: the reference says Edmonton, which keeps another clock than Cambridge Bay in winter since tzdata 2026.
const NUNAVUT = 'YBB YCB YCO YHK YYH'
const OTHER_ZONE = `${NUNAVUT} ACN BUA CJS FEN IKO KIF MAM NLD PDS REX SIP SNP STZ UUS XKS YDA YGR YOC YQH`.split(' ')
// The reference names the suburb, the island's other town or the local form: each was looked at.
const OTHER_WORDS = 'CEB CTS DSS EZE GOI GUM KTI MFM NAP NGO PQC PTY TFU UPG USM VCE YUL YVR YYZ'.split(' ')
const APART_KM = 55
const ELSEWHERE = 'DTD TLI'.split(' ')

describe.skipIf(isAbsent)('against a second source', () => {
  const reference = isAbsent ? new Map<string, Reference>() : readReference()
  const common = listPlaces().filter((place) => place.kind === 'airport' && reference.has(place.code) && !REASSIGNED.includes(place.code))
  const differing = (differs: (place: Place, other: Reference) => boolean) =>
    common.filter((place) => differs(place, reference.get(place.code)!)).map((place) => place.code)

  test('compares nearly all airports with scheduled flights', () => {
    expect(common.length).toBeGreaterThan(3_700)
    expect(listPlaces().filter((place) => rankOfPlace(place.code) === 4 && place.kind === 'airport' && !reference.has(place.code))).toEqual(
      [],
    )
  })

  test('countries agree', () => {
    const codes = differing((place, other) => place.country !== other.country && TERRITORIES.get(place.country) !== other.country)
    expect(codes.filter((code) => !DISPUTED.includes(code))).toEqual([])
  })

  test('clocks agree in winter and in summer', () => {
    const clocks = (zone: string) => ['2027-01-15T12:00', '2027-07-15T12:00'].map((local) => zonedOffset(zone, local)).join(' ')
    const codes = differing((place, other) => clocks(place.timeZone) !== clocks(other.timeZone))
    expect(codes.filter((code) => !OTHER_ZONE.includes(code))).toEqual([])
  })

  test('positions agree', () => {
    const codes = differing((place, other) => kilometres(place, other) > APART_KM)
    expect(codes.filter((code) => !ELSEWHERE.includes(code))).toEqual([])
  })

  test('cities of the busiest airports agree, but for the suburb or the language', () => {
    const codes = differing((place, other) => rankOfPlace(place.code) === 4 && !isSameTown(place.city, other.city))
    expect(codes).toEqual(OTHER_WORDS)
  })

  test('every metropolitan code expands to at least the airports that the reference lists', () => {
    const listed = readFileSync(`${REFERENCE}/airportsdata-iata_macs.csv`, 'utf8').trim().split('\n').slice(1).map(fieldsOf)
    const cities = new Set(listed.map((row) => row[1]!))
    for (const city of cities) {
      const airports = listed.filter((row) => row[1] === city).map((row) => row[3]!)
      if (findPlace(city)?.kind === 'airport') continue
      expect(findPlace(city)).toMatchObject({ code: city, kind: 'city' })
      const missing = airports.filter((airport) => findPlace(airport)?.kind === 'airport' && !airportsOf(city).includes(airport))
      expect({ city, missing }).toEqual({ city, missing: [] })
    }
    for (const [code, city] of Object.entries(METROPOLITAN_CITIES)) {
      const row = listed.find((other) => other[1] === code)
      if (row) expect({ code, country: city.country }).toEqual({ code, country: row[0] })
    }
  })

  test('our airlines exist', () => {
    const airlines = JSON.parse(readFileSync(`${REFERENCE}/timrogers-airlines.json`, 'utf8')) as {
      iata_code: string | null
      name: string
    }[]
    const codes = 'GA SQ KE BA AF LH KL UA DL AA EK QR EY TK CX MH TG VN QF NZ'.split(' ')
    const strangers = codes.filter((code) => {
      const ours = fold(findCarrier(code)!.name)
      const names = airlines.filter((airline) => airline.iata_code === code).map((airline) => fold(airline.name))
      return !names.some((name) => ours.includes(name) || name.includes(ours))
    })
    expect(strangers).toEqual([])
  })
})

function readReference(): Map<string, Reference> {
  const rows = readFileSync(`${REFERENCE}/airportsdata-airports.csv`, 'utf8').trim().split('\n').slice(1).map(fieldsOf)
  return new Map(
    rows
      .filter((row) => row[1] !== '')
      .map((row) => [
        row[1]!,
        { iata: row[1]!, city: row[3]!, country: row[5]!, latitude: Number(row[7]), longitude: Number(row[8]), timeZone: row[9]! },
      ]),
  )
}

function fieldsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"]|"")*)"|([^,]+)|(?<=,)(?=,)/gu)].map((match) => match[1] ?? match[2] ?? '')
}

function isSameTown(a: string, b: string): boolean {
  const [ours, theirs] = [fold(a), fold(b)]
  return theirs === '' || ours.includes(theirs) || theirs.includes(ours)
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]/gu, '')
}

function kilometres(a: { latitude: number; longitude: number }, b: { latitude: number; longitude: number }): number {
  const radians = Math.PI / 180
  const half = (degrees: number) => Math.sin((degrees * radians) / 2) ** 2
  const angle =
    half(b.latitude - a.latitude) + Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * half(b.longitude - a.longitude)
  return 12_742 * Math.asin(Math.sqrt(angle))
}
