import type { FlightOffer } from './flight.ts'
import type { StayOffer } from './stay.ts'

/** Anything that can be verified, booked and paid. */
export type Offer = FlightOffer | StayOffer

/** True for rooms; everything else is flown. */
export function isStay(offer: Offer): offer is StayOffer {
  return !('slices' in offer)
}

/** What the traveller calls whoever sells it. */
export function sellerWord(offer: Offer): 'airline' | 'hotel' {
  return isStay(offer) ? 'hotel' : 'airline'
}
