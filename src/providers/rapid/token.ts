import { createHash, randomUUID } from 'node:crypto'
import type { StayOffer } from '../../travel/stay.ts'
import type { CancellationTerms } from './cancellation.ts'

/** What an offer is bought with. Their links are kept as they came: what is in them is nobody's business but theirs. */
export type OfferToken = {
  readonly priceCheck: string
  /** Null until the price has been checked. */
  readonly book: string | null
  /** The customer's session with them, which begins when an offer is chosen: searches are shared. */
  readonly session: string | null
  /** Where the guest lives; stated as the billing country where ours is not configured. */
  readonly country: string
  readonly terms: CancellationTerms
}

/** What an itinerary is read with: the link the booking came with, or the e-mail address where it was found by reference. */
export type ItineraryRef = {
  readonly itinerary: string
  readonly session: string
} & ({ readonly retrieve: string } | { readonly email: string })

export function parseToken(offer: Pick<StayOffer, 'supplierToken'>): OfferToken {
  return JSON.parse(offer.supplierToken) as OfferToken
}

export function parseRef(supplierRef: string): ItineraryRef {
  return JSON.parse(supplierRef) as ItineraryRef
}

export function newSession(): string {
  return randomUUID()
}

/** An offer's id: the same for the same rate behind the same links at the same price. */
export function toOfferId(parts: readonly unknown[]): string {
  return `rapid_${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 24)}`
}
