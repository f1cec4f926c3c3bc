import { compress } from '@mongodb-js/zstd'
import type { Redis } from 'ioredis'
import { plusMs, toIso, type Clock } from '../../src/kernel/time.ts'
import { encodeFlightPart } from '../../src/search/flights/flight-part.ts'
import { silentLogger } from '../../src/search/logger.ts'
import { cacheKeyOf } from '../../src/search/question/search-query.ts'
import { createSharedCache } from '../../src/search/supersets/shared-cache.ts'
import { createSupersetStore } from '../../src/search/supersets/superset-store.ts'
import {
  growSuperset,
  offerIdOf,
  openSuperset,
  type SourceFact,
  type Superset,
  type SupersetPart,
} from '../../src/search/supersets/superset.ts'
import type { FlightQuery } from '../../src/travel/flight.ts'
import { hashOf, offersOf, SUPPLIERS, type Route } from './data-set.ts'
import type { ShownOffer } from './facts.ts'
import { shownPriceOf } from './prices.ts'

/** A superset as those keep it who keep objects: JSON in one zstd frame. */
export type ObjectDocument = {
  readonly version: string
  readonly sources: readonly unknown[]
  readonly prices: { readonly checked_at: string; readonly fresh_until: string; readonly is_stale: boolean }
  readonly offers: readonly ShownOffer[]
}

/** So many different sets of offers; routes share them, because what differs between routes is not what is measured. */
const DATA_SETS = 4
const FRESH_MS = 60 * 60_000

export function queryOf({ origin, destination, departureDate }: Route): FlightQuery {
  return { slices: [{ origin, destination, departureDate }], passengers: { adults: 1, children: 0, infants: 0 }, cabin: 'economy' }
}

/** Where the object servers look for a route. */
export function documentKeyOf(route: Pick<Route, 'origin' | 'destination'>): string {
  return `objects:${route.origin}:${route.destination}`
}

export type Seed = {
  /** Names the data. */
  readonly hash: string
  /** Puts a new superset of the route into the cache, in both forms, and tells all processes as a fan-out would. */
  readonly publish: (route: number) => Promise<void>
  /** The same without the objects: it costs this process next to nothing, which an open loop needs. */
  readonly publishOurs: (route: number) => Promise<void>
}

/** Prepares the data and fills the cache with a superset for each route. */
export async function seedCache(redis: Redis, clock: Clock, options: { routes: readonly Route[]; offers: number }): Promise<Seed> {
  const { routes } = options
  const store = createSupersetStore({ cache: createSharedCache({ redis, logger: silentLogger }), clock, logger: silentLogger })
  const sets = await Promise.all(Array.from({ length: DATA_SETS }, (_, i) => encodeSet(routes[0]!, options.offers, i + 1)))

  async function publishOurs(place: number): Promise<Superset> {
    const superset = toSuperset(cacheKeyOf(queryOf(routes[place]!)), sets[place % DATA_SETS]!.parts, clock)
    if (!(await store.publish(superset))) throw new Error('the cache did not take a superset')
    return superset
  }

  async function publish(place: number): Promise<void> {
    const superset = await publishOurs(place)
    const documented: ObjectDocument = {
      version: superset.version,
      sources: superset.sources.map(toSource),
      prices: { checked_at: toIso(superset.startedAt), fresh_until: toIso(superset.freshUntil), is_stale: false },
      offers: sets[place % DATA_SETS]!.shown.map(({ offer, shown }, i) => ({
        offer: { ...offer, id: offerIdOf(superset.version, i) },
        shown,
      })),
    }
    await redis.set(documentKeyOf(routes[place]!), await compress(Buffer.from(JSON.stringify(documented), 'utf8')))
  }

  for (let place = 0; place < routes.length; place += 1) await publish(place)
  return {
    hash: hashOf(sets.map((set) => set.shown.map(({ offer }) => offer))),
    publish,
    publishOurs: async (place) => void (await publishOurs(place)),
  }
}

type DataSet = { readonly parts: readonly SupersetPart[]; readonly shown: readonly ShownOffer[] }

async function encodeSet(route: Route, count: number, seed: number): Promise<DataSet> {
  const bySupplier = offersOf(route, count, seed)
  const parts = await Promise.all([...bySupplier].map(([provider, offers]) => encodeFlightPart(provider, offers)))
  return { parts, shown: [...bySupplier.values()].flat().map((offer) => ({ offer, shown: shownPriceOf(offer) })) }
}

function toSuperset(key: string, parts: readonly SupersetPart[], clock: Clock): Superset {
  const now = clock.now()
  const facts = SUPPLIERS.map(({ id, name }, i): SourceFact => {
    const offers = parts[i]!.offers
    const counts = { offers, solutions: offers, duplicates: 0, unusable: 0 }
    return { provider: id, name, state: 'answered', ms: 100, fault: null, answeredAt: now, retentionMs: FRESH_MS, ...counts }
  })
  let superset = openSuperset(key, facts, clock)
  for (const [i, fact] of facts.entries()) superset = growSuperset(superset, { fact, part: parts[i]! })
  return {
    ...superset,
    startedAt: now,
    freshUntil: plusMs(now, FRESH_MS),
    staleUntil: plusMs(now, FRESH_MS),
    retainedUntil: plusMs(now, FRESH_MS),
  }
}

function toSource({ provider, name, state, offers, solutions, ms, fault, duplicates, unusable }: SourceFact) {
  return { provider, name, state, offers, solutions, ms, fault, left_out: { duplicates, unusable, unpriced: 0 } }
}
