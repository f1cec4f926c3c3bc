import { newId } from '../../../kernel/ids.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/postgres.ts'
import type { Property } from '../../../travel/property.ts'
import { cleanProperty } from './clean-property.ts'
import { listCandidates, listKnown, lockHouses, upsertProperties, type KnownProperty, type PropertyToKeep } from './property-store.ts'
import { findHouse, type Candidate } from './same-house.ts'

/** How much of a page is kept, and how much of it could not be. */
export type KeptPage = { readonly kept: number; readonly unusable: number }

/**
 * Keeps a page of one supplier's content, each property under the house it is. A property keeps its house while it shares
 * it with another supplier's and is called and placed as before; any other looks for one again.
 */
export async function keepPage(
  tx: Tx,
  clock: Clock,
  page: { readonly provider: string; readonly walk: number; readonly properties: readonly Property[] },
): Promise<KeptPage> {
  const { provider, walk } = page
  // A code that is said twice is the property it is said to be last.
  const usable = page.properties.flatMap((one) => toUsable(provider, one))
  const properties = [...new Map(usable.map((one) => [one.code, one])).values()]
  await lockHouses(tx)
  const known = await listKnown(
    tx,
    provider,
    properties.map((one) => one.code),
  )
  const looking = properties.filter((one) => !keepsHouse(known.get(one.code), one))
  const candidates = await listCandidates(tx, provider, looking)
  const houses = chooseHouses(clock, { properties, known, candidates })
  await upsertProperties(tx, walk, houses)
  return { kept: properties.length, unusable: page.properties.length - usable.length }
}

function toUsable(provider: string, property: Property): Property[] {
  const cleaned = cleanProperty(property)
  return cleaned === null ? [] : [{ ...cleaned, provider }]
}

function keepsHouse(known: KnownProperty | undefined, property: Property): boolean {
  return known !== undefined && !known.isAlone && isUnmoved(known, property)
}

function isUnmoved(known: KnownProperty, property: Property): boolean {
  return (
    known.name === property.name &&
    known.city === property.city &&
    known.country === property.country &&
    known.latitude === property.latitude &&
    known.longitude === property.longitude
  )
}

type Choice = {
  readonly properties: readonly Property[]
  readonly known: ReadonlyMap<string, KnownProperty>
  readonly candidates: ReadonlyMap<string, readonly Candidate[]>
}

/** The house of each property: its own, one of another supplier's nearby, or a new one; never one for two of them. */
function chooseHouses(clock: Clock, { properties, known, candidates }: Choice): PropertyToKeep[] {
  const taken = new Set<string>()
  const settled = properties.filter((one) => keepsHouse(known.get(one.code), one))
  for (const one of settled) taken.add(known.get(one.code)!.house)
  return properties.map((property) => {
    const before = known.get(property.code)
    if (keepsHouse(before, property)) return { property, house: before!.house }
    const free = (candidates.get(property.code) ?? []).filter((candidate) => !taken.has(candidate.house))
    // A house shared until now is left to the others when the property is no longer called or placed like it.
    const house = findHouse(property, free) ?? (before?.isAlone === true ? before.house : newId('hse', clock))
    taken.add(house)
    return { property, house }
  })
}
