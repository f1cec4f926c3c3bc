import { sql } from 'kysely'
import type { Tx } from '../../../platform/postgres.ts'
import { DEGREE_KM } from '../../../travel/great-circle.ts'
import type { Property } from '../../../travel/property.ts'
import { fold } from '../../../travel/search-places.ts'
import { SAME_HOUSE_METRES, type Candidate, type HouseFacts } from './same-house.ts'

/** What is known of a property before a page says it anew. */
export type KnownProperty = HouseFacts & {
  readonly code: string
  readonly house: string
  /** Whether no other supplier sells the same house. */
  readonly isAlone: boolean
}

/** Statements of a thousand rows keep below Postgres's limit of parameters. */
const ROWS_MAX = 1_000

/** One page at a time of all suppliers: two pages at once could each think a house new that they share. */
export async function lockHouses(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('search.properties'))`.execute(tx)
}

/** Those of the supplier's properties with these codes that are known, by code. */
export async function listKnown(tx: Tx, provider: string, codes: readonly string[]): Promise<Map<string, KnownProperty>> {
  const { rows } = await sql<KnownProperty>`
    select p.code, p.house, p.name, p.city, p.country, p.latitude, p.longitude,
      not exists (select 1 from search.properties o where o.house = p.house and o.provider <> p.provider) as "isAlone"
    from search.properties p
    where p.provider = ${provider} and p.code = any(${[...codes]}::text[])`.execute(tx)
  return new Map(rows.map((row) => [row.code, row]))
}

/**
 * Other suppliers' properties near each of these, by its code: in the same country, about as near as one house can be
 * placed twice, and of a house that the supplier does not sell yet under another code.
 */
export async function listCandidates(tx: Tx, provider: string, properties: readonly Property[]): Promise<Map<string, Candidate[]>> {
  const found = new Map<string, Candidate[]>()
  if (properties.length === 0) return found
  const height = SAME_HOUSE_METRES / 1_000 / DEGREE_KM
  const { rows } = await sql<Candidate & { wanted: string }>`
    select w.code as wanted, p.house, p.name, p.city, p.country, p.latitude, p.longitude
    from unnest(
      ${properties.map((one) => one.code)}::text[], ${properties.map((one) => one.country)}::text[],
      ${properties.map((one) => one.latitude)}::float8[], ${properties.map((one) => one.longitude)}::float8[],
      ${properties.map((one) => height / Math.max(0.01, Math.cos((one.latitude * Math.PI) / 180)))}::float8[]
    ) as w(code, country, latitude, longitude, width)
    join search.properties p on p.provider <> ${provider} and p.country = w.country
      and point(p.longitude, p.latitude) <@ box(
        point(w.longitude - w.width, w.latitude - ${height}::float8), point(w.longitude + w.width, w.latitude + ${height}::float8))
    where not exists (
      select 1 from search.properties o where o.provider = ${provider} and o.house = p.house and o.code <> w.code)`.execute(tx)
  for (const { wanted, ...candidate } of rows) {
    const others = found.get(wanted)
    if (others === undefined) found.set(wanted, [candidate])
    else others.push(candidate)
  }
  return found
}

export type PropertyToKeep = { readonly property: Property; readonly house: string }

/** Keeps a page of properties, each under its house, as seen by this walk. */
export async function upsertProperties(tx: Tx, walk: number, toKeep: readonly PropertyToKeep[]): Promise<void> {
  for (let from = 0; from < toKeep.length; from += ROWS_MAX) {
    await tx
      .insertInto('search.properties')
      .values(toKeep.slice(from, from + ROWS_MAX).map((one) => toRow(one, walk)))
      .onConflict((conflict) =>
        conflict.columns(['provider', 'code']).doUpdateSet((excluded) => ({
          house: excluded.ref('excluded.house'),
          name: excluded.ref('excluded.name'),
          stars: excluded.ref('excluded.stars'),
          latitude: excluded.ref('excluded.latitude'),
          longitude: excluded.ref('excluded.longitude'),
          address: excluded.ref('excluded.address'),
          city: excluded.ref('excluded.city'),
          city_key: excluded.ref('excluded.city_key'),
          country: excluded.ref('excluded.country'),
          district: excluded.ref('excluded.district'),
          type: excluded.ref('excluded.type'),
          amenities: excluded.ref('excluded.amenities'),
          rating: excluded.ref('excluded.rating'),
          images: excluded.ref('excluded.images'),
          description: excluded.ref('excluded.description'),
          check_in_from: excluded.ref('excluded.check_in_from'),
          check_out_until: excluded.ref('excluded.check_out_until'),
          walk: excluded.ref('excluded.walk'),
          updated_at: sql<Date>`now()`,
        })),
      )
      .execute()
  }
}

/** Removes what a walk that has ended did not see; returns how many. A walk that saw nothing removes nothing. */
export async function removeUnseen(tx: Tx, provider: string, walk: number): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('search.properties')
    .where('provider', '=', provider)
    .where('walk', '<', walk)
    .where((where) =>
      where.exists(
        where
          .selectFrom('search.properties as seen')
          .select('seen.code')
          .where('seen.provider', '=', provider)
          .where('seen.walk', '=', walk),
      ),
    )
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

function toRow({ property, house }: PropertyToKeep, walk: number) {
  return {
    provider: property.provider,
    code: property.code,
    house,
    name: property.name,
    stars: property.stars,
    latitude: property.latitude,
    longitude: property.longitude,
    address: property.address,
    city: property.city,
    city_key: fold(property.city ?? ''),
    country: property.country,
    district: property.district,
    type: property.type,
    amenities: [...property.amenities],
    rating: property.rating,
    images: [...property.images],
    description: property.description,
    check_in_from: property.checkInFrom,
    check_out_until: property.checkOutUntil,
    walk,
  }
}
