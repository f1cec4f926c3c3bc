import type { Money } from '../kernel/money.ts'
import { flightNames } from '../travel/flight-names.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import { toOfferView } from '../travel/offer-view.ts'
import { toStayOfferView } from '../travel/stay-view.ts'

/** An offer as clients see it, at the price the traveller was told. */
export function toOfferJson({ offer, total }: { readonly offer: Offer; readonly total: Money }) {
  return isStay(offer) ? toStayOfferView(offer, { total }) : toOfferView(offer, { total, carrierName: flightNames.carrier })
}
