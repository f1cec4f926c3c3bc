import type { Contact } from '../travel/passenger.ts'
import type { Property } from '../travel/property.ts'
import type { Guest, StayOffer, StayQuery } from '../travel/stay.ts'
import type { Call, PriceReplyOf, Supplier } from './contract.ts'

/** What a shop call found. `solutions` counts the properties that have a room. */
export type StayShopReply = { readonly solutions: number; readonly offers: readonly StayOffer[] }

export type StayPriceReply = PriceReplyOf<StayOffer>

/** What to buy. `reference` is ours, unique per attempt, stored on the supplier's side and found again by `find`. */
export type StayOrder = {
  readonly reference: string
  readonly offer: StayOffer
  readonly guests: readonly Guest[]
  readonly contact: Contact
}

/** A page of the supplier's static content; `next` is the cursor of the one after it, null after the last. */
export type ContentPage = {
  readonly properties: readonly Property[]
  /** How many there are in all, null when the supplier does not say. */
  readonly total: number | null
  readonly next: string | null
}

/**
 * A seller of stays. A reservation's `pnr` is the confirmation number that the guest shows; `tickets` stay empty, because
 * the confirmed reservation is the voucher.
 */
export type StaySupplier = Supplier<StayQuery, StayOffer, StayShopReply, StayOrder> & {
  /** How many properties one shop call may name; a search for more is several calls. */
  readonly propertiesMax: number
  /** Static content page by page, from the beginning (null) or from a cursor of an earlier page, days later too. Read. */
  readonly content: (cursor: string | null, call: Call) => Promise<ContentPage>
}
