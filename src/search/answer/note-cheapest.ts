import type { Clock } from '../../kernel/time.ts'
import type { Pricing } from '../../pricing/index.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import { openPart } from '../engine/part.ts'
import { netOf } from '../flights/flight-part.ts'
import type { FoundPrice, PriceHistory } from '../price-history/index.ts'
import { checkedAtOf, offersIn, type Superset } from '../supersets/superset.ts'

export type NoteCheapestDeps = { readonly pricing: Pricing; readonly prices: Pick<PriceHistory, 'note'>; readonly clock: Clock }

/**
 * Leaves what a search has found in the history of prices: the net price of the offer that is shown cheapest. A search in
 * which a supplier is missing says nothing about having found nothing.
 */
export function noteCheapest(deps: NoteCheapestDeps, query: FlightQuery, superset: Superset): void {
  const cheapest = findCheapest(deps, superset)
  const isWhole = superset.sources.every((source) => source.state === 'answered')
  if (cheapest === null && !isWhole) return
  deps.prices.note(query, { cheapest, checkedAt: checkedAtOf(superset), offers: offersIn(superset) })
}

/** A walk over the net prices: nobody has asked to see these offers, so no view is made of them. */
function findCheapest({ pricing, clock }: NoteCheapestDeps, superset: Superset): FoundPrice['cheapest'] {
  const now = clock.now()
  let lowest = Infinity
  let cheapest: FoundPrice['cheapest'] = null
  for (const { provider, hot } of superset.parts) {
    const part = openPart(hot)
    const pricers = part.currencies.map((currency) => pricing.amountPricer(currency, { provider }))
    for (let i = 0; i < part.count; i += 1) {
      const isWithdrawn = part.expiresAt[i] !== 0 && part.expiresAt[i]! <= now
      const price = isWithdrawn ? null : (pricers[part.currencyCodes[i]!]?.(part.net[i]!) ?? null)
      if (price === null || price >= lowest) continue
      lowest = price
      cheapest = { net: netOf(part, i), provider }
    }
  }
  return cheapest
}
