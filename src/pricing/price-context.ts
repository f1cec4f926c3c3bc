import { isStay, type Offer } from '../travel/offer.ts'
import type { PriceContext } from './shown-price.ts'

/** What of an offer decides about its price, beside the amount. */
export function priceContextOf(offer: Offer): PriceContext {
  return { provider: offer.provider, isPaidToSeller: isStay(offer) && offer.payAt === 'property' }
}
