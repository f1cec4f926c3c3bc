import { createHash } from 'node:crypto'
import type { Currency } from '../kernel/currency.ts'
import type { Instant } from '../kernel/time.ts'
import type { FlightQuery } from '../travel/flight.ts'
import type { SearchParts } from './deps.ts'
import { cursorBinding } from './parse-search.ts'
import type { ShownOffer } from './priced-superset.ts'
import type { Facets } from './query-offers.ts'
import { canonicalSelection, type SearchView } from './search-query.ts'
import { checkedAtOf, type SourceFact } from './superset.ts'
import type { Obtained } from './supersets.ts'

/** One page of a search, and everything a reader must know to trust it. */
export type SearchAnswer = {
  readonly query: FlightQuery
  readonly sources: readonly (SourceFact & { readonly unpriced: number })[]
  /** When the oldest price was true, how long ago that is, and until when the same search is answered from the same prices. */
  readonly prices: { readonly checkedAt: Instant; readonly ageSeconds: number; readonly freshUntil: Instant; readonly fromCache: boolean }
  readonly currency: Currency
  /** Offers that can be sold, and those of them that pass the filters. */
  readonly total: number
  readonly matching: number
  readonly facets: Facets
  readonly offers: readonly ShownOffer[]
  readonly after: string | null
  /** Equal for answers that differ in nothing but their age. */
  readonly tag: string
}

/**
 * Answers a search: a fresh superset, its prices, one page. A cursor goes on in the superset it began in while that one
 * is retained, so that pages neither overlap nor leave gaps when prices are refreshed meanwhile.
 */
export async function searchOffers(parts: SearchParts, query: FlightQuery, view: SearchView): Promise<SearchAnswer> {
  const begun = view.after === null ? null : await parts.supersets.findVersion(view.after.version, 0)
  const isRetained = begun !== null && begun.retainedUntil > parts.clock.now()
  const obtained = isRetained ? { superset: begun, fromCache: true } : await parts.supersets.obtain(query).result
  return answerFrom(parts, query, view, obtained)
}

/** The page of a superset as it stands now. */
export function answerFrom(parts: SearchParts, query: FlightQuery, view: SearchView, { superset, fromCache }: Obtained): SearchAnswer {
  const now = parts.clock.now()
  const priced = parts.priced(superset, now)
  const page = parts.page(priced, view)
  const checkedAt = checkedAtOf(superset)
  return {
    query,
    sources: superset.sources.map((source) => ({ ...source, unpriced: priced.unpriced.get(source.provider) ?? 0 })),
    prices: { checkedAt, ageSeconds: Math.max(0, Math.floor((now - checkedAt) / 1_000)), freshUntil: superset.freshUntil, fromCache },
    currency: parts.pricing.displayCurrency,
    total: page.total,
    matching: page.matching,
    facets: page.facets,
    offers: page.offers,
    after: page.next === null ? null : parts.cursors.write(page.next, cursorBinding(query, view)),
    tag: tagOf([
      superset.version,
      superset.revision,
      page.total,
      parts.pricing.version,
      canonicalSelection(view),
      view.limit,
      view.after?.index ?? '',
    ]),
  }
}

function tagOf(facts: readonly (string | number)[]): string {
  return createHash('sha256').update(facts.join('|')).digest('base64url').slice(0, 22)
}
