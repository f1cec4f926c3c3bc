import { isSameMoney, subtractMoney, type Money } from '../kernel/money.ts'
import { instant, plusMs, type Instant } from '../kernel/time.ts'
import { ProviderError } from '../providers/errors.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import { differenceOf, type ChangeReason } from './offer-difference.ts'
import type { BookingDeps } from './deps.ts'
import { offerExpired, offerIsTwoTickets, offerUnknown, supplierUnavailable } from './problems.ts'
import { sellerOf } from './seller.ts'

/** An offer at its price to the traveller. */
export type PricedOffer = { readonly offer: Offer; readonly total: Money }

/** The supplier's live word on an offer, and what may be done next. */
export type Verified =
  | { readonly outcome: 'same'; readonly offer: PricedOffer; readonly previousTotal: Money; readonly bookableUntil: Instant }
  | {
      readonly outcome: 'changed'
      readonly offer: PricedOffer
      readonly previousTotal: Money
      readonly delta: Money
      readonly reason: ChangeReason
      readonly bookableUntil: Instant
    }
  | { readonly outcome: 'gone'; readonly previousTotal: Money; readonly alternatives: readonly PricedOffer[] }

const ALTERNATIVES_MAX = 3

/**
 * Asks the supplier, live, whether an offer is still sold and for how much (semantics S2), and remembers the answer: only
 * an offer confirmed here can be booked, until `bookableUntil`. A changed offer, and one the
 * supplier made for this traveller alone, is a new one with an id of its own.
 * Throws offer-unknown, offer-expired, or supplier-unavailable; never changes anything at the supplier.
 */
export async function verifyOffer(deps: BookingDeps, offerId: string): Promise<Verified> {
  const known = await resolve(deps, offerId)
  const provider = deps.providers.get(known.offer.provider)
  const seller = sellerOf(provider, known.offer)
  if (!provider || !seller) throw offerExpired({ more: { offer_id: offerId } })
  const now = deps.clock.now()
  const reply = await seller.price({ signal: deps.waits.deadline(provider.limits.readTimeoutMs) }).catch((error: unknown) => {
    if (error instanceof ProviderError)
      throw supplierUnavailable({ retryable: true, moneyMoved: 'none', more: { provider: provider.id, fault: error.fault } })
    throw error
  })
  if (reply.outcome === 'gone') {
    return { outcome: 'gone', previousTotal: known.total, alternatives: await deps.search.alternativesTo(offerId, ALTERNATIVES_MAX) }
  }
  const live = calledAsKnown(reply.offer, known.offer)
  const total = deps.shownPrice(live)
  const reason = differenceOf(known.offer, live) ?? (isSameMoney(total, known.total) ? null : 'price')
  const bookableUntil = earliest(plusMs(now, deps.policy.verifiedMinutes * 60_000), live.expiresAt)
  // Some suppliers answer with an offer made for this traveller alone, which must not be shared under the searched id.
  const isPrivate = live.supplierToken !== known.offer.supplierToken
  const offer = { ...live, id: reason === null && !isPrivate ? offerId : deps.records.newId('off', deps.clock) }
  await deps.store.saveVerifiedOffer(deps.db, { offer, total, verifiedAt: now, bookableUntil, isPrivate })
  if (reason === null) return { outcome: 'same', offer: { offer, total }, previousTotal: known.total, bookableUntil }
  return {
    outcome: 'changed',
    offer: { offer, total },
    previousTotal: known.total,
    delta: subtractMoney(total, known.total),
    reason,
    bookableUntil,
  }
}

/** An offer of a search, or one that an earlier verification made. */
async function resolve(deps: BookingDeps, offerId: string): Promise<PricedOffer> {
  const verified = await deps.store.findVerifiedOffer(deps.db, offerId)
  if (verified) return verified
  const found = await deps.search.findOffer(offerId)
  if (found.outcome === 'unknown') throw offerUnknown({ more: { offer_id: offerId } })
  if (found.outcome === 'expired') throw offerExpired({ more: { offer_id: offerId } })
  if (found.outcome === 'combined') throw offerIsTwoTickets({ more: { offer_id: offerId, offer_ids: found.offerIds } })
  return { offer: found.offer, total: found.total }
}

/** A house keeps the name under which the traveller chose it: not every supplier's reply about a rate says it. */
function calledAsKnown(live: Offer, known: Offer): Offer {
  return isStay(live) && isStay(known) ? { ...live, propertyName: known.propertyName } : live
}

function earliest(ours: Instant, theirs: Instant | null): Instant {
  return theirs === null ? ours : instant(Math.min(ours, theirs))
}
