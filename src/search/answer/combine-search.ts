import { LRUCache } from 'lru-cache'
import { money } from '../../kernel/money.ts'
import { itineraryKey, type FlightOffer, type FlightQuery } from '../../travel/flight.ts'
import type { FlightParts } from './deps.ts'
import { openPart } from '../engine/part.ts'
import { encodeFlightPart, readFacts } from '../flights/flight-part.ts'
import { chooseHubs, combineTickets, hubQueries, type Leg } from '../self-transfer/index.ts'
import { offerIdOf, SELF_TRANSFER, type Superset } from '../supersets/superset.ts'
import type { Found } from './views.ts'

/** The cheapest tickets of each leg that are tried with each other. */
const TICKETS_PER_LEG = 80
const COMBINED_MAX = 64

/** Combinations already made, by what they are made of. */
export type Combinations = LRUCache<string, Promise<Superset>>

export function createCombinations(): Combinations {
  return new LRUCache({ max: COMBINED_MAX })
}

/**
 * Adds journeys of two tickets to what a one-way search has found. The hubs are those its own offers connect at; the
 * tickets are searched like any other, and so come from the same cache. `legs` are given when a page goes on in them.
 */
export async function combineSearch(parts: FlightParts, query: FlightQuery, found: Found, legs?: readonly Superset[]): Promise<Found> {
  const [own] = found.supersets
  if (own === undefined || query.slices.length !== 1) return found
  const offers = offersOf(own)
  const tickets =
    legs ??
    (await searchLegs(
      parts,
      chooseHubs(offers, query).flatMap((hub) => hubQueries(query, hub)),
    ))
  if (tickets.length < 2) return found
  const versions = [own, ...tickets].map((superset) => superset.version).join('~')
  const name = `${parts.pricing.version} ${[own, ...tickets].map((superset) => `${superset.version}.${superset.revision}`).join()}`
  const known = parts.combinations.get(name)
  if (known !== undefined) return { supersets: [...found.supersets, await known], versions }
  const made = combine(parts, { own, offers, tickets, versions })
  parts.combinations.set(name, made)
  made.catch(() => parts.combinations.delete(name))
  return { supersets: [...found.supersets, await made], versions }
}

/** Legs that could not be searched are legs that are not there: two belong together, so both are left out. */
async function searchLegs(parts: FlightParts, queries: readonly FlightQuery[]): Promise<Superset[]> {
  const results = await Promise.allSettled(queries.map((query) => parts.supersets.obtain(query).result))
  const pairs = Array.from({ length: queries.length / 2 }, (_, i) => results.slice(2 * i, 2 * i + 2))
  return pairs.flatMap((pair) => (pair.every((result) => result.status === 'fulfilled') ? pair.map((result) => result.value.superset) : []))
}

type Combining = {
  readonly own: Superset
  readonly offers: readonly FlightOffer[]
  /** There and on for each hub, in turn. */
  readonly tickets: readonly Superset[]
  readonly versions: string
}

/** The combinations as a superset of their own, as fresh as the oldest of what they are made of. */
async function combine(parts: FlightParts, { own, offers, tickets, versions }: Combining): Promise<Superset> {
  const protectedItineraries = new Set(offers.map(itineraryKey))
  const journeys = Array.from({ length: tickets.length / 2 }, (_, i) =>
    combineTickets({
      first: legsOf(parts, tickets[2 * i]!),
      second: legsOf(parts, tickets[2 * i + 1]!),
      protectedItineraries,
    }),
  ).flat()
  const part = journeys.length === 0 ? null : await encodeFlightPart(SELF_TRANSFER, journeys)
  const oldest = (of: (superset: Superset) => number) => Math.min(...tickets.map(of)) as Superset['freshUntil']
  return {
    ...own,
    key: SELF_TRANSFER,
    version: versions,
    revision: tickets.reduce((sum, superset) => sum + superset.revision, 0),
    startedAt: oldest((superset) => superset.startedAt),
    freshUntil: oldest((superset) => superset.freshUntil),
    staleUntil: oldest((superset) => superset.staleUntil),
    retainedUntil: oldest((superset) => superset.retainedUntil),
    sources: tickets.flatMap((superset) => superset.sources).map((source) => ({ ...source, provider: SELF_TRANSFER, offers: 0 })),
    parts: part === null ? [] : [part],
  }
}

/** The cheapest offers of a leg with their shown prices. */
function legsOf(parts: FlightParts, superset: Superset): Leg[] {
  const { priced } = parts.views({ supersets: [superset], versions: superset.version }, parts.clock.now())
  return Array.from({ length: Math.min(priced.count, TICKETS_PER_LEG) }, (_, position) => {
    const { part, provider, firstIndex } = priced.parts[priced.partOf[position]!]!
    const i = priced.indexOf[position]!
    const id = offerIdOf(superset.version, firstIndex + i)
    return {
      id,
      offer: { ...readFacts(part, i, provider), id, supplierToken: '' },
      shown: money(priced.prices[position]!, parts.pricing.displayCurrency),
    }
  })
}

/** All offers of a superset, without their tokens. */
function offersOf(superset: Superset): FlightOffer[] {
  let first = 0
  return superset.parts.flatMap(({ provider, offers, hot }) => {
    const part = openPart(hot)
    const read = Array.from({ length: offers }, (_, i) => ({
      ...readFacts(part, i, provider),
      id: offerIdOf(superset.version, first + i),
      supplierToken: '',
    }))
    first += offers
    return read
  })
}
