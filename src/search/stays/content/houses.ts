import { sql } from 'kysely'
import type { Db } from '../../../platform/postgres.ts'
import { DEGREE_KM, metresBetween, type Position } from '../../../travel/great-circle.ts'
import type { Amenity, Property } from '../../../travel/property.ts'
import { fold } from '../../../travel/search-places.ts'
import { listPlaces, type Place } from '../../../travel/places.ts'
import type { StayArea } from '../stay-search.ts'
import { mergeHouse, type House } from './house.ts'

/** The houses that suppliers sell, as their static content has been imported. Rejects when the database does. */
export type Houses = {
  /** Those in the area that one of these suppliers sells. */
  readonly near: (area: StayArea, providers: readonly string[]) => Promise<NearHouses>
  /** A house with all there is to tell of it; null when none of these suppliers sells it. */
  readonly find: (house: string, providers: readonly string[]) => Promise<House | null>
  /** What a supplier says of one of its properties; null when it has said nothing. */
  readonly findProperty: (provider: string, code: string) => Promise<Property | null>
}

export type NearHouse = House & {
  /** From the centre, in whole metres. */
  readonly distanceM: number
}

/** `houses`: the nearest first, at most {@link HOUSES_MAX}, each with its first image and an empty text for its description. */
export type NearHouses = { readonly centre: Position; readonly houses: readonly NearHouse[] }

/** As many as a search asks suppliers for. */
export const HOUSES_MAX = 500

/** A search without static content: there is nothing anywhere. */
export const noHouses: Houses = {
  near: async (area) => ({ centre: area, houses: [] }),
  find: async () => null,
  findProperty: async () => null,
}

export function createHouses(db: Db): Houses {
  return {
    async near(area, providers) {
      const centre = (await townCentre(db, area, providers)) ?? area
      const box = boxesAround(centre, area.radiusKm)
      const { rows } = await sql<Row>`
        select ${columns}, images[1:1] as images, case when description is null then null else '' end as description from search.properties
        where provider = any(${[...providers]}::text[]) and (${box})`.execute(db)
      return { centre, houses: nearest(rows, centre, area.radiusKm * 1_000) }
    },
    async find(house, providers) {
      const { rows } = await sql<Row>`
        select ${columns}, images, description from search.properties
        where house = ${house} and provider = any(${[...providers]}::text[])`.execute(db)
      return rows.length === 0 ? null : mergeHouse(house, rows.map(toProperty))
    },
    async findProperty(provider, code) {
      const { rows } = await sql<Row>`
        select ${columns}, images, description from search.properties where provider = ${provider} and code = ${code}`.execute(db)
      return rows[0] === undefined ? null : toProperty(rows[0])
    },
  }
}

const columns = sql.raw(
  `provider, code, house, name, stars, latitude, longitude, address, city, country, district, type, amenities, rating,
   check_in_from as "checkInFrom", check_out_until as "checkOutUntil"`,
)

type Row = Omit<Property, 'amenities' | 'images'> & {
  readonly house: string
  readonly amenities: readonly string[]
  readonly images: readonly string[]
}

function toProperty(row: Row): Property {
  const { house: _house, ...property } = row
  return { ...property, amenities: property.amenities as readonly Amenity[] }
}

function nearest(rows: readonly Row[], centre: Position, metresMax: number): NearHouse[] {
  const byHouse = new Map<string, Row[]>()
  for (const row of rows) {
    const others = byHouse.get(row.house)
    if (others === undefined) byHouse.set(row.house, [row])
    else others.push(row)
  }
  return [...byHouse]
    .map(([id, members]) => mergeHouse(id, members.map(toProperty)))
    .map((house) => ({ ...house, distanceM: Math.round(metresBetween(centre, house)) }))
    .filter((house) => house.distanceM <= metresMax)
    .sort((a, b) => a.distanceM - b.distanceM || (a.id < b.id ? -1 : 1))
    .slice(0, HOUSES_MAX)
}

/** Boxes of degrees that hold everything so near; two where the area reaches over the date line, all around near a pole. */
function boxesAround({ latitude, longitude }: Position, km: number) {
  const height = km / DEGREE_KM
  const cosine = Math.cos(((Math.abs(latitude) + height) * Math.PI) / 180)
  const width = Math.abs(latitude) + height >= 89 ? 180 : Math.min(180, height / cosine)
  const [south, north] = [latitude - height, latitude + height]
  const box = (west: number, east: number) =>
    sql`point(longitude, latitude) <@ box(point(${west}::float8, ${south}::float8), point(${east}::float8, ${north}::float8))`
  const [west, east] = [longitude - width, longitude + width]
  if (width === 180) return box(-180, 180)
  if (west < -180) return sql`${box(west + 360, 180)} or ${box(-180, east)}`
  if (east > 180) return sql`${box(west, 180)} or ${box(-180, east - 360)}`
  return box(west, east)
}

/** Fewer houses do not say where a town's middle is. */
const TOWN_MIN = 3
const TOWN_KM = 100

/**
 * The middle of the town that a place stands for: where the middle one of its houses lies. An airport lies far outside, and the
 * code of a city has no other position of its own. Null for a point, for one of several airports of a city, which
 * means itself, and where too few houses are known.
 */
async function townCentre(db: Db, { place }: StayArea, providers: readonly string[]): Promise<Position | null> {
  if (place === null || !meansItsTown(place)) return null
  const { rows } = await sql<{ count: number; latitude: number | null; longitude: number | null }>`
    select count(*)::int as count,
      percentile_cont(0.5) within group (order by latitude) as latitude,
      percentile_cont(0.5) within group (order by longitude) as longitude
    from search.properties
    where country = ${place.country} and city_key = ${fold(place.city)} and provider = any(${[...providers]}::text[])
      and (${boxesAround(place, TOWN_KM)})`.execute(db)
  const [{ count, latitude, longitude }] = rows as [(typeof rows)[number]]
  return count < TOWN_MIN || latitude === null || longitude === null ? null : { latitude, longitude }
}

/** A city, and the only airport of one: who searches hotels in "Munich" does not want to sleep at its airport. */
function meansItsTown(place: Place): boolean {
  return (
    place.kind === 'city' ||
    !listPlaces().some((city) => city.kind === 'city' && city.airports.length > 1 && city.airports.includes(place.code))
  )
}
