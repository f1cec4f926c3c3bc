import { queryOptions } from '@tanstack/react-query'
import { request } from './client.ts'
import { toQueryString, type FlightSearch } from './flight-search.ts'
import type { Offer, OffersAnswer, Source, Verification } from './types.ts'

const pageSize = '25'

/** One page of a search's offers; without `after` the first. */
export function getOffers(
  search: FlightSearch,
  options: { after?: string; limit?: string; signal?: AbortSignal } = {},
): Promise<OffersAnswer> {
  const query = toQueryString(search, {
    limit: options.limit ?? pageSize,
    ...(options.after === undefined ? {} : { after: options.after }),
  })
  return request('GET', `/v1/flights/offers?${query}`, options.signal === undefined ? {} : { signal: options.signal })
}

export type OfferStreamListener = {
  onSource: (source: Source) => void
  onOffers: (answer: OffersAnswer) => void
  onDone: () => void
  /** The stream broke or never began; the caller asks with {@link getOffers} instead. */
  onBroken: () => void
}

/** Follows a search while its sources answer. Returns the function that stops following. */
export function streamOffers(search: FlightSearch, listener: OfferStreamListener): () => void {
  if (typeof EventSource === 'undefined') {
    listener.onBroken()
    return () => undefined
  }
  const stream = new EventSource(`/v1/flights/offers/stream?${toQueryString(search, { limit: pageSize })}`)
  const read = <T>(event: Event): T => JSON.parse((event as MessageEvent<string>).data) as T
  stream.addEventListener('source', (event) => listener.onSource(read<Source>(event)))
  stream.addEventListener('offers', (event) => listener.onOffers(read<OffersAnswer>(event)))
  stream.addEventListener('done', () => {
    stream.close()
    listener.onDone()
  })
  // The browser would reconnect by itself and search again; one plain request is cheaper and tells why it failed.
  stream.addEventListener('error', () => {
    stream.close()
    listener.onBroken()
  })
  return () => stream.close()
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
export function acceptedVerification(verification: Verification, offer: Offer): Verification {
  return { ...verification, outcome: 'same', offer, delta: null }
}
