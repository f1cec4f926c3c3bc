import type { Pricing } from '../../pricing/index.ts'
import type { Pricer } from '../engine/priced-view.ts'
import { SELF_TRANSFER } from '../supersets/superset.ts'

/** Prices flights. Tickets combined by us are made of shown prices already; nothing is added to them a second time. */
export function createFlightPricer(pricing: Pricing): Pricer {
  const asItIs = (amount: number) => amount
  return (currency, provider) =>
    provider === SELF_TRANSFER ? (currency === pricing.displayCurrency ? asItIs : null) : pricing.amountPricer(currency, { provider })
}
