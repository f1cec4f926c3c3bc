import { readShopReply, type Provider, type ShopReply, type UnreadShop } from '../../providers/contract.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import { cleanOffers } from './clean-offers.ts'
import { encodeFlightPart } from '../flights/flight-part.ts'
import type { SupersetPart } from '../supersets/superset.ts'

/** Who answered: all that reading asks of a provider. */
export type Answerer = Pick<Provider, 'id' | 'flights'>

/** What a supplier's reply has become: a part of a superset (null without offers), and how much of it is not in there. */
export type ReadReply = {
  readonly part: SupersetPart | null
  readonly offers: number
  readonly solutions: number
  readonly duplicates: number
  readonly unusable: number
}

/** Reads a reply in this thread. Throws ProviderError for one that is refused or cannot be read. */
export async function readReply(provider: Answerer, query: FlightQuery, reply: ShopReply | UnreadShop): Promise<ReadReply> {
  const shopped = readShopReply(provider, query, reply)
  const { offers, duplicates, unusable } = cleanOffers(query, shopped.offers)
  const part = offers.length === 0 ? null : await encodeFlightPart(provider.id, offers)
  return { part, offers: offers.length, solutions: shopped.solutions, duplicates, unusable }
}
