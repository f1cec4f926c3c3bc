import type { Pricing } from '../../pricing/index.ts'
import type { StayOffer } from '../../travel/stay.ts'
import type { Pricer } from '../engine/priced-view.ts'

const AT_PROPERTY = '@property'

/** What decides about the price of a rate beside its amount: the currency, and who takes the guest's money. */
export function priceKeyOf({ total, payAt }: Pick<StayOffer, 'total' | 'payAt'>): string {
  return payAt === 'property' ? total.currency + AT_PROPERTY : total.currency
}

/** The currency of such a key. */
export function currencyOf(priceKey: string): string {
  return priceKey.split('@')[0]!
}

/** Prices stays. What the guest pays at the property is the property's own price: nothing is added to it. */
export function createStayPricer(pricing: Pick<Pricing, 'amountPricer'>): Pricer {
  return (priceKey, provider) => pricing.amountPricer(currencyOf(priceKey), { provider, isPaidToSeller: priceKey.endsWith(AT_PROPERTY) })
}
