import { readShopReply, type Provider, type ShopReply, type StayShopReply, type UnreadShop } from '../../providers/contract.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import { encodeFlightPart } from '../flights/flight-part.ts'
import { cleanStays } from '../stays/clean-stays.ts'
import { encodeStayPart } from '../stays/stay-part.ts'
import { readStayShop, type StayQuestion } from '../stays/stay-question.ts'
import type { SupersetPart } from '../supersets/superset.ts'
import { cleanOffers } from './clean-offers.ts'

/** Who answered: all that reading asks of a provider. */
export type Answerer = Pick<Provider, 'id' | 'flights' | 'stays'>

/** What a supplier's reply has become: a part of a superset (null without offers), and how much of it is not in there. */
export type ReadReply = {
  readonly part: SupersetPart | null
  readonly offers: number
  readonly solutions: number
  readonly duplicates: number
  readonly unusable: number
  /** Rates of stays that may only be sold in a package; absent for what knows no packages. */
  readonly packageOnly?: number
}

/** Reads a reply in this thread. Throws ProviderError for one that is refused or cannot be read. */
export async function readReply(provider: Answerer, query: FlightQuery, reply: ShopReply | UnreadShop): Promise<ReadReply> {
  const shopped = readShopReply(provider, query, reply)
  const { offers, duplicates, unusable } = cleanOffers(query, shopped.offers)
  const part = offers.length === 0 ? null : await encodeFlightPart(provider.id, offers)
  return { part, offers: offers.length, solutions: shopped.solutions, duplicates, unusable }
}

/** The same of a reply about stays. */
export async function readStayReply(provider: Answerer, question: StayQuestion, reply: StayShopReply | UnreadShop): Promise<ReadReply> {
  const shopped = readStayShop(provider, question.query, reply)
  const { offers, ...left } = cleanStays(question, shopped.offers)
  const part = offers.length === 0 ? null : await encodeStayPart(provider.id, offers, question.homes)
  return { part, offers: offers.length, solutions: shopped.solutions, ...left }
}
