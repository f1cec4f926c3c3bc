import { utcDate, type Clock } from '../kernel/time.ts'
import type { FlightQuery } from '../travel/flight.ts'
import { findPlace } from '../travel/places.ts'
import type { FanOut } from './fan-out.ts'
import { freshUntil } from './freshness.ts'
import { todayIn } from './origin-day.ts'
import { cacheKeyOf } from './search-query.ts'
import { startFlight, type Flight, type Singleflight } from './singleflight.ts'
import type { SupersetMemory } from './superset-memory.ts'
import type { SupersetStore } from './superset-store.ts'
import { checkedAtOf, growSuperset, openSuperset, type SourceAnswer, type Superset } from './superset.ts'

/** A superset to answer from, and whether it was there before this search asked. */
export type Obtained = { readonly superset: Superset; readonly fromCache: boolean }

export type SupersetsDeps = {
  readonly clock: Clock
  readonly fanOut: FanOut
  readonly memory: SupersetMemory
  readonly store: SupersetStore
  readonly singleflight: Singleflight<Obtained>
  /** Uniform in [0, 1); spreads expiries. */
  readonly random: () => number
}

export type Supersets = {
  /**
   * A fresh superset for the query: from memory, from the shared cache, or from the suppliers, who are asked once
   * however many ask us. Reports each growth while suppliers answer. Never fails for what a supplier or the cache does.
   */
  readonly obtain: (query: FlightQuery) => Flight<Obtained>
  /** The latest superset of this key that is still retained, fresh or not; null when there is none. */
  readonly findCurrent: (key: string) => Promise<Superset | null>
  /** The superset of this version with at least so many offers; null when it is gone. */
  readonly findVersion: (version: string, offersMin: number) => Promise<Superset | null>
  /** Settles when late answers have come and the cache has been written. */
  readonly idle: () => Promise<void>
}

export function createSupersets(deps: SupersetsDeps): Supersets {
  const { clock, memory, store } = deps
  const background = new Set<Promise<unknown>>()
  function inBackground(work: Promise<unknown>): void {
    background.add(work)
    const forget = () => background.delete(work)
    work.then(forget, forget)
  }

  function keep(superset: Superset): void {
    memory.keep(superset)
    // Nobody's answers are nothing to tell other processes: they may have better luck at once.
    if (superset.sources.some((source) => source.state === 'answered')) inBackground(store.publish(superset))
  }

  async function build(query: FlightQuery, key: string, report: (obtained: Obtained) => void): Promise<Obtained> {
    let superset = openSuperset(key, deps.fanOut.sources(), clock)
    let isAnswered = false
    const random = deps.random()
    report({ superset, fromCache: false })
    const { answered, finished } = deps.fanOut.ask(query, (answer: SourceAnswer) => {
      superset = withFreshness(growSuperset(superset, answer), query, clock, random)
      if (isAnswered) keep(superset)
      else report({ superset, fromCache: false })
    })
    inBackground(finished)
    await answered
    isAnswered = true
    keep(superset)
    return { superset, fromCache: false }
  }

  return {
    obtain(query) {
      const key = cacheKeyOf(query)
      const held = memory.findCurrent(key)
      if (held !== null && held.freshUntil > clock.now()) return startFlight(async () => ({ superset: held, fromCache: true }))
      return deps.singleflight.join(key, async (report) => {
        const shared = await store.findCurrent(key)
        if (shared === null || shared.freshUntil <= clock.now()) return build(query, key, report)
        memory.keep(shared)
        return { superset: shared, fromCache: true }
      })
    },
    async findCurrent(key) {
      const held = memory.findCurrent(key) ?? (await store.findCurrent(key))
      return held !== null && held.retainedUntil > clock.now() ? held : null
    },
    async findVersion(version, offersMin) {
      const held = memory.findVersion(version)
      // Another process may have seen this superset grow by a late answer.
      if (held !== null && held.offers.length >= offersMin) return held
      const shared = await store.findVersion(version)
      if (shared !== null) memory.keep(shared)
      return shared ?? held
    },
    async idle() {
      while (background.size > 0) await Promise.allSettled(background)
    },
  }
}

function withFreshness(superset: Superset, query: FlightQuery, clock: Clock, random: number): Superset {
  const [outbound] = query.slices
  const zone = outbound === undefined ? undefined : findPlace(outbound.origin)?.timeZone
  const today = zone === undefined ? utcDate(clock.now()) : todayIn(zone, clock)
  const { sources, offers } = superset
  const facts = {
    now: clock.now(),
    checkedAt: checkedAtOf(superset),
    today,
    departureDate: outbound?.departureDate ?? today,
    sources,
    offers: offers.length,
    random,
  }
  return { ...superset, freshUntil: freshUntil(facts) }
}
