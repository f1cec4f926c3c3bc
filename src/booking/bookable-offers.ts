import { addMoney, type Money } from '../kernel/money.ts'
import { toIso } from '../kernel/time.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import type { BookingDeps } from './deps.ts'
import { offerExpired, offerIsTwoTickets, offerNotVerified, offersNotCombinable, offerUnknown } from './problems.ts'
import { sellerOf } from './seller.ts'
import type { VerifiedOffer } from './verified-offer-store.ts'

/**
 * What is ordered, as confirmed live, in the order in which it is to be booked: what can be given back most easily first,
 * and what cannot last (semantics S12). Throws offer-unknown, offer-expired, offer-not-verified or offers-not-combinable.
 */
export async function bookableOffers(
  deps: BookingDeps,
  offerIds: readonly string[],
): Promise<readonly [VerifiedOffer, ...VerifiedOffer[]]> {
  const [first, ...more] = [...new Set(offerIds)]
  if (first === undefined || 1 + more.length !== offerIds.length)
    throw offersNotCombinable({ moneyMoved: 'none', detail: 'Nothing has been booked or charged. Name each offer once, and at least one.' })
  const found: [VerifiedOffer, ...VerifiedOffer[]] = [await bookableOffer(deps, first)]
  for (const id of more) found.push(await bookableOffer(deps, id))
  assertCombinable(found)
  return found.sort((a, b) => firmness(deps, a.offer) - firmness(deps, b.offer))
}

/** What all of it costs. */
export function totalOf([first, ...more]: readonly [VerifiedOffer, ...VerifiedOffer[]]): Money {
  return more.reduce((sum, one) => addMoney(sum, one.total), first.total)
}

/** True where the property takes the guest's money itself. */
export function isForProperty(offer: Offer): boolean {
  return isStay(offer) && offer.payAt === 'property'
}

async function bookableOffer(deps: BookingDeps, offerId: string): Promise<VerifiedOffer> {
  const more = { offer_id: offerId }
  const verified = await deps.store.findVerifiedOffer(deps.db, offerId)
  if (verified && verified.bookableUntil > deps.clock.now()) return verified
  if (verified)
    throw offerExpired({
      moneyMoved: 'none',
      detail: `The price was confirmed until ${toIso(verified.bookableUntil)}. Nothing has been booked or charged. Check the offer again.`,
      more,
    })
  const found = await deps.search.findOffer(offerId)
  if (found.outcome === 'found') throw offerNotVerified({ moneyMoved: 'none', more })
  if (found.outcome === 'combined') throw offerIsTwoTickets({ moneyMoved: 'none', more: { ...more, offer_ids: found.offerIds } })
  throw found.outcome === 'expired' ? offerExpired({ moneyMoved: 'none', more }) : offerUnknown({ moneyMoved: 'none', more })
}

function assertCombinable(offers: readonly VerifiedOffer[]): void {
  if (offers.length === 1) return
  if (offers.some(({ offer }) => isForProperty(offer)))
    throw offersNotCombinable({
      moneyMoved: 'none',
      detail: 'Nothing has been booked or charged. A stay that is paid at the property is booked by itself.',
    })
  if (new Set(offers.map(({ total }) => total.currency)).size > 1)
    throw offersNotCombinable({
      moneyMoved: 'none',
      detail: 'Nothing has been booked or charged. The offers are priced in several currencies.',
    })
}

/** 0: held first and ticketed later, so that it can be let go. 1: confirmed at once, given back for nothing. 2: bought when it is booked. */
function firmness(deps: BookingDeps, offer: Offer): number {
  if (sellerOf(deps.providers.get(offer.provider), offer)?.ticket) return 0
  return offer.refundable === true ? 1 : 2
}
