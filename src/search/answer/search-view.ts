import type { Static } from 'typebox'
import { toIso, type Instant } from '../../kernel/time.ts'
import type { Place } from '../../travel/places.ts'
import type { PlaceReply, SearchReply } from '../schemas.ts'
import type { FlightSearch } from '../question/search-query.ts'
import { buildFactsOf } from '../supersets/superset-state.ts'
import { SELF_TRANSFER, type SourceFact, type SourceState, type Superset } from '../supersets/superset.ts'

type SearchReply = Static<typeof SearchReply>

/** What was searched, as it travels. */
export function toSearchFacts({ query }: FlightSearch): SearchReply['search'] {
  const [outbound, inbound, ...more] = query.slices
  const isReturn =
    inbound !== undefined && more.length === 0 && inbound.origin === outbound!.destination && inbound.destination === outbound!.origin
  return {
    slices: query.slices.map(({ origin, destination, departureDate }) => ({ origin, destination, departure_date: departureDate })),
    origin: outbound!.origin,
    destination: outbound!.destination,
    departure_date: outbound!.departureDate,
    return_date: isReturn ? inbound.departureDate : null,
    passengers: query.passengers,
    cabin: query.cabin,
  }
}

/** When the oldest price of all was true, until when all are fresh, and whether that has passed. */
export type PriceTimes = { readonly checkedAt: Instant; readonly freshUntil: Instant; readonly isStale: boolean }

export function priceTimesOf(supersets: readonly Superset[], now: Instant): PriceTimes {
  const checkedAt = Math.min(...supersets.map((superset) => buildFactsOf(superset).checkedAt)) as Instant
  const freshUntil = Math.min(...supersets.map((superset) => superset.freshUntil)) as Instant
  return { checkedAt, freshUntil, isStale: freshUntil <= now }
}

/** The same as it travels. */
export function toPricesReply({ checkedAt, freshUntil, isStale }: PriceTimes): SearchReply['prices'] {
  return { checked_at: toIso(checkedAt), fresh_until: toIso(freshUntil), is_stale: isStale }
}

/** What became of one supplier, as it travels. Of offers left out, those without a price are known only with the prices. */
export function toSourceReply(source: SourceFact, unpriced: number): SearchReply['sources'][number] {
  const { provider, name, state, offers, solutions, ms, fault, duplicates, unusable, packageOnly } = source
  const left = { duplicates, unusable, unpriced, ...(packageOnly !== undefined && { package_only: packageOnly }) }
  return { provider, name, state, offers, solutions, ms, fault, left_out: left }
}

/** Each supplier once, whatever number of supersets it was asked for. */
export function toSourceReplies(supersets: readonly Superset[], unpriced: ReadonlyMap<string, number>): SearchReply['sources'] {
  return mergeSources(supersets).map((source) => toSourceReply(source, unpriced.get(source.provider) ?? 0))
}

/** The worst that happened to a supplier first: what is missing must be seen. */
const STATES: readonly SourceState[] = ['asked', 'timed_out', 'failed', 'throttled', 'answered']

/** What became of each supplier in several supersets together: counts add up, the slowest and the worst are told. */
export function mergeSources(supersets: readonly Superset[]): SourceFact[] {
  const merged = new Map<string, SourceFact>()
  for (const source of supersets.flatMap((superset) => superset.sources)) {
    if (source.provider === SELF_TRANSFER) continue
    const other = merged.get(source.provider)
    if (other === undefined) merged.set(source.provider, source)
    else {
      const worst = STATES.indexOf(source.state) < STATES.indexOf(other.state) ? source : other
      merged.set(source.provider, {
        ...worst,
        offers: source.offers + other.offers,
        solutions: source.solutions + other.solutions,
        duplicates: source.duplicates + other.duplicates,
        unusable: source.unusable + other.unusable,
        ms: Math.max(source.ms, other.ms),
      })
    }
  }
  return [...merged.values()]
}

export function toPlaceReply(place: Place): Static<typeof PlaceReply>['data'][number] {
  const { code, kind, name, city, country, timeZone, airports } = place
  return { code, kind, name, city, country, time_zone: timeZone, ...(kind === 'city' ? { airports: [...airports] } : {}) }
}
