import type { FlightOffer, FlightQuery, SliceQuery } from '../../travel/flight.ts'
import { rankOfPlace } from '../../travel/place-table.ts'
import { findPlace, isSamePlace, listPlaces, type Place } from '../../travel/places.ts'
import { hubCityOf } from './minimum-connection.ts'

/** Each hub costs two calls to every supplier. */
const HUBS_MAX = 2
/** The way over the hub against the direct one. */
const DETOUR_MAX = 1.4
/** The busiest airports: others are no place to change between strangers. */
const RANK_MIN = 4
/** Those that live from connections, by our own judgement: among airports on the way they come before the others. */
const CONNECTING: ReadonlySet<string> = new Set(
  (
    'ADD AKL AMS ATL AUH BCN BKK BOG CAI CDG CGK CLT CMB DEL DEN DFW DOH DXB EWR FCO FRA GRU HEL HKG HND IAD IAH ICN IST JFK JNB KUL LAX ' +
    'LHR LIS MAD MEX MIA MNL MUC NRT ORD PEK PTY PVG SEA SFO SIN SVO SYD TPE VIE WAW YVR YYZ ZRH'
  ).split(' '),
)
/** A hub this close to either end, as a share of the whole way, makes the other ticket the whole journey. */
const NEAR_SHARE = 0.15

/**
 * The airports over which two tickets may be joined: those at which most of the query's own offers connect; when none
 * does, busy airports on the way, those that live from connections before others and then by the least detour. Never an
 * airport of either end, never two of one city, and none for a query that is not one way.
 */
export function chooseHubs(offers: readonly FlightOffer[], query: FlightQuery, max: number = HUBS_MAX): readonly string[] {
  const slice = onlySlice(query)
  if (slice === null) return []
  const isEnd = (airport: string) =>
    [slice.origin, slice.destination].some((end) => isSamePlace(airport, end) || hubCityOf(airport) === hubCityOf(end))
  const used = connectionsByUse(offers).filter((airport) => !isEnd(airport))
  const hubs = used.length > 0 ? used : airportsOnTheWay(slice).filter((airport) => !isEnd(airport))
  const cities = new Set<string>()
  return hubs.filter((airport) => !cities.has(hubCityOf(airport)) && cities.add(hubCityOf(airport))).slice(0, max)
}

/** What suppliers are asked for one hub: there, and on from there on the same day. Throws a RangeError for a query that is not one way. */
export function hubQueries(query: FlightQuery, hub: string): readonly [toHub: FlightQuery, fromHub: FlightQuery] {
  const slice = onlySlice(query)
  if (slice === null) throw new RangeError('only a one-way query is flown over a hub')
  return [
    { ...query, slices: [{ ...slice, destination: hub }] },
    { ...query, slices: [{ ...slice, origin: hub }] },
  ]
}

function onlySlice(query: FlightQuery): SliceQuery | null {
  const [slice, ...more] = query.slices
  return slice === undefined || more.length > 0 ? null : slice
}

/** Airports at which offers connect, those of most offers first. Joined tickets say nothing new. */
function connectionsByUse(offers: readonly FlightOffer[]): string[] {
  const uses = new Map<string, number>()
  for (const offer of offers) {
    if (offer.selfTransfer !== null) continue
    const airports = new Set(offer.slices.flatMap((slice) => slice.segments.slice(0, -1).map((segment) => segment.destination)))
    for (const airport of airports) uses.set(airport, (uses.get(airport) ?? 0) + 1)
  }
  return [...uses].sort(([a, m], [b, n]) => n - m || rankOfPlace(b) - rankOfPlace(a) || (a < b ? -1 : 1)).map(([airport]) => airport)
}

function airportsOnTheWay(slice: SliceQuery): string[] {
  const [origin, destination] = [findPlace(slice.origin), findPlace(slice.destination)]
  if (origin === undefined || destination === undefined) return []
  const direct = kilometresBetween(origin, destination)
  return listPlaces()
    .filter((place) => place.kind === 'airport' && rankOfPlace(place.code) >= RANK_MIN)
    .map((place) => ({ code: place.code, there: kilometresBetween(origin, place), on: kilometresBetween(place, destination) }))
    .filter(({ there, on }) => there + on <= DETOUR_MAX * direct && Math.min(there, on) >= NEAR_SHARE * direct)
    .sort(
      (a, b) =>
        Number(CONNECTING.has(b.code)) - Number(CONNECTING.has(a.code)) || a.there + a.on - (b.there + b.on) || (a.code < b.code ? -1 : 1),
    )
    .map(({ code }) => code)
}

const EARTH_DIAMETER_KM = 12_742

/** Along the great circle. */
export function kilometresBetween(a: Pick<Place, 'latitude' | 'longitude'>, b: Pick<Place, 'latitude' | 'longitude'>): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const half = (degrees: number) => Math.sin(radians(degrees) / 2) ** 2
  const share =
    half(b.latitude - a.latitude) + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(b.longitude - a.longitude)
  return EARTH_DIAMETER_KM * Math.asin(Math.min(1, Math.sqrt(share)))
}
