import type { Clock } from '../../kernel/time.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import { netOf } from '../flights/flight-part.ts'
import { foundOf } from './gather.ts'
import type { PriceHistory } from '../price-history/index.ts'
import { checkedAtOf, type Superset } from '../supersets/superset.ts'
import type { Views } from './views.ts'

/**
 * Leaves what a search has found in the history of prices: the net price of the offer that is shown cheapest. A search in
 * which a supplier is missing says nothing about having found nothing.
 */
export function noteCheapest(
  deps: { readonly views: Views; readonly prices: PriceHistory; readonly clock: Clock },
  query: FlightQuery,
  superset: Superset,
): void {
  const { priced } = deps.views(foundOf([superset]), deps.clock.now())
  const isWhole = superset.sources.every((source) => source.state === 'answered')
  if (priced.count === 0 && !isWhole) return
  const first = priced.count === 0 ? undefined : priced.parts[priced.partOf[0]!]
  const cheapest = first === undefined ? null : { net: netOf(first.part, priced.indexOf[0]!), provider: first.provider }
  deps.prices.note(query, { cheapest, checkedAt: checkedAtOf(superset), offers: priced.count })
}
