import type { FlightOffer, FlightQuery } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { Call, PriceReply, UnreadShop } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { createBudget, deliver, read, type Budget, type Deps } from './exchange.ts'
import { SABRE, toTransportError } from './faults.ts'
import type { BookingView } from './from-wire-booking.ts'
import { readPrice, readRetrieved } from './read-reply.ts'
import { toGetBooking } from './to-wire-booking.ts'
import { toRevalidateRequest, toShopRequest } from './to-wire-shop.ts'
import { PATHS, type OfferToken } from './wire.ts'

/** Searches; the reply is left unread. */
export async function shop(deps: Deps, query: FlightQuery, call: Call): Promise<UnreadShop> {
  const budget = createBudget(deps, deps.settings.limits.shopTimeoutMs)
  const reply = await deliver(deps, { path: PATHS.shop, body: toShopRequest(query, deps.settings), budget }, call).catch(
    (error: unknown) => {
      throw error instanceof ProviderError ? error : toTransportError(error)
    },
  )
  return { unread: reply.bytes, status: reply.status }
}

/** Prices the offer's flights in their classes and brands anew. */
export async function price(deps: Deps, offer: FlightOffer, call: Call): Promise<PriceReply> {
  const token = readToken(offer)
  if (token.source !== 'ATPCO')
    throw new ProviderError(SABRE, 'refused', `content of the source ${token.source} is priced by messages that are not built`)
  const budget = createBudget(deps, deps.settings.limits.readTimeoutMs)
  const body = toRevalidateRequest(offer, token, deps.settings)
  return readPrice(await read(deps, { path: PATHS.revalidate, body, budget }, call), offer)
}

/** The reservation as it stands. */
export async function retrieve(deps: Deps, supplierRef: string, call: Call): Promise<Reservation> {
  return (await retrieveView(deps, supplierRef, call, createBudget(deps, deps.settings.limits.readTimeoutMs))).reservation
}

/** The same with what other operations need of it. */
export async function retrieveView(deps: Deps, supplierRef: string, call: Call, budget: Budget): Promise<BookingView> {
  return readRetrieved(await read(deps, { path: PATHS.get, body: toGetBooking(supplierRef), budget }, call))
}

/** What the offer's token holds. Throws ProviderError for one that is not ours. */
export function readToken(offer: FlightOffer): OfferToken {
  try {
    return JSON.parse(offer.supplierToken) as OfferToken
  } catch (error) {
    throw new ProviderError(SABRE, 'refused', 'the offer carries no token of Sabre’s', { cause: error })
  }
}
