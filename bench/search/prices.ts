import { money, type Money } from '../../src/kernel/money.ts'
import { createPricing, DEFAULT_RATES } from '../../src/pricing/index.ts'
import type { FlightOffer } from '../../src/travel/flight.ts'

/** Three percent on top, shown in dollars: every price of the bench is converted, marked up and rounded. */
export const pricing = createPricing({
  version: 'bench',
  displayCurrency: 'USD',
  rates: DEFAULT_RATES,
  markups: [{ provider: null, basisPoints: 300, fee: null }],
})

/** The price a traveller is shown for an offer. */
export function shownPriceOf(offer: FlightOffer): Money {
  const shown = pricing.shownPrice(offer.total, { provider: offer.provider })
  if (shown.outcome === 'unpriced') throw new Error(`an offer in ${offer.total.currency} has no price: ${shown.reason}`)
  return money(shown.total.amount, shown.total.currency)
}
