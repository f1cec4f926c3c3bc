import { queryOptions } from '@tanstack/react-query'
import { request, requestAnswer } from './client.ts'
import { toQueryString, type FlightSearch } from './flight-search.ts'
import { pageSize } from './offer-stream.ts'
import { toPriceAge, type PriceAge } from './price-age.ts'
import { ApiProblem } from './problem.ts'
import type { AnyOffer, OffersAnswer, Verification } from './types.ts'

/** A page of offers, how old its prices are, and the tag that tells it from the next one. */
export type OffersPage = { answer: OffersAnswer; age: PriceAge; tag: string }

/** One page of a search's offers; without `after` the first. */
export async function getOffers(
  search: FlightSearch,
  options: { after?: string; limit?: string; signal?: AbortSignal; headers?: Record<string, string> } = {},
): Promise<OffersPage> {
  const query = toQueryString(search, {
    limit: options.limit ?? pageSize,
    ...(options.after === undefined ? {} : { after: options.after }),
  })
  const { body, headers } = await requestAnswer<OffersAnswer>('GET', `/v1/flights/offers?${query}`, {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.headers === undefined ? {} : { headers: options.headers }),
  })
  return { answer: body, age: toPriceAge(body.prices.checked_at, headers), tag: headers.get('etag') ?? '' }
}

/** The first page as soon as it differs from the one with this tag; null when it has not within ten seconds. */
export async function awaitOffers(search: FlightSearch, tag: string, signal: AbortSignal): Promise<OffersPage | null> {
  try {
    return await getOffers(search, { signal, headers: { prefer: 'wait=10', 'if-none-match': tag } })
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.status === 304) return null
    throw problem
  }
}

/** The offer as it was last shown in this tab, to draw while its price is checked. */
export function shownOfferKey(offerId: string) {
  return ['shown-offer', offerId] as const
}

/** Asks the supplier whether the offer still stands. Kept as long as the page lives: coming back does not ask again. */
export function verificationQuery(offerId: string) {
  return queryOptions({
    queryKey: ['verification', offerId],
    queryFn: () => request<Verification>('POST', `/v1/offers/${encodeURIComponent(offerId)}/verifications`, { body: {} }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30 * 60_000,
    retry: false,
  })
}

/** How a supplier's verified offer reads once the traveller accepted it: the same, until it is asked again. */
export function acceptedVerification(verification: Verification, offer: AnyOffer): Verification {
  return { ...verification, outcome: 'same', offer, delta: null }
}
