import type { Money } from '../../kernel/money.ts'
import { instant, type Clock, type Instant } from '../../kernel/time.ts'
import { priceContextOf, type Pricing } from '../../pricing/index.ts'
import type { Offer } from '../../travel/offer.ts'
import { offersIn, parseCombinedId, parseOfferId, startOfVersion, type Superset } from '../supersets/superset.ts'

/** A supplier's offer, its own total net, with the price a customer is shown for it. */
export type ShownOffer = { readonly offer: Offer; readonly total: Money }

/**
 * An offer that was shown, as it was shown; or that its time is over; or that it is two tickets, each to be bought by
 * itself; or that there never was one.
 */
export type FoundOffer =
  | ({
      readonly outcome: 'found'
      readonly providerId: string
      readonly checkedAt: Instant
      readonly resolvableUntil: Instant
    } & ShownOffer)
  | { readonly outcome: 'combined'; readonly offerIds: readonly string[] }
  | { readonly outcome: 'expired' }
  | { readonly outcome: 'unknown' }

/** Where the offers of one kind are found again. */
export type OfferShelf = {
  readonly findVersion: (version: string, offersMin: number) => Promise<Superset | null>
  readonly readOffer: (superset: Superset, index: number) => Promise<Offer | null>
}

export type FindOfferDeps = {
  readonly clock: Clock
  readonly pricing: Pricing
  readonly shelves: Readonly<Record<'flight' | 'stay', OfferShelf>>
}

/**
 * The offer with this id, a flight or a stay, whether or not a later search has replaced its superset, until its supplier's
 * retention or its own expiry ends (semantics S1). One whose superset the cache has lost is `expired`: searching again
 * helps.
 */
export async function findOffer({ clock, pricing, shelves }: FindOfferDeps, offerId: string): Promise<FoundOffer> {
  const combined = parseCombinedId(offerId)
  if (combined !== null) return { outcome: 'combined', offerIds: combined }
  const id = parseOfferId(offerId)
  if (id === null || startOfVersion(id.version) > clock.now()) return { outcome: 'unknown' }
  const shelf = shelves[id.kind]
  const superset = await shelf.findVersion(id.version, id.index + 1)
  if (superset === null) return { outcome: 'expired' }
  if (id.index >= offersIn(superset)) return { outcome: 'unknown' }
  const offer = await shelf.readOffer(superset, id.index)
  if (offer === null) return { outcome: 'unknown' }
  const { checkedAt, resolvableUntil } = lifetimeOf(superset, offer)
  if (clock.now() >= resolvableUntil) return { outcome: 'expired' }
  const price = pricing.shownPrice(offer.total, priceContextOf(offer))
  if (price.outcome === 'unpriced') return { outcome: 'unknown' } // it was never shown
  return { outcome: 'found', offer, total: price.total, providerId: offer.provider, checkedAt, resolvableUntil }
}

/** When the offer's price was true, and until when it may be verified. */
export function lifetimeOf(
  superset: Superset,
  offer: Pick<Offer, 'provider' | 'expiresAt'>,
): { checkedAt: Instant; resolvableUntil: Instant } {
  const source = superset.sources.find((one) => one.provider === offer.provider)
  const checkedAt = source?.answeredAt ?? superset.startedAt
  const retained = checkedAt + (source?.retentionMs ?? 0)
  return { checkedAt, resolvableUntil: instant(offer.expiresAt === null ? retained : Math.min(retained, offer.expiresAt)) }
}
