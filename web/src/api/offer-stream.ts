import { toQueryString, type FlightSearch } from './flight-search.ts'
import type { FacetsUpdate, OffersUpdate, Source } from './types.ts'

/** Offers the first page of a list has. */
export const pageSize = '25'
/** Breaks of the connection a stream survives; after that one plain request is cheaper, and tells why it failed. */
const mostBreaks = 3

export type OfferStreamListener = {
  onSource: (source: Source) => void
  onOffers: (update: OffersUpdate) => void
  onFacets: (update: FacetsUpdate) => void
  onDone: () => void
  /** The stream never began or broke too often; the caller asks plainly instead. */
  onBroken: () => void
}

/**
 * Follows a search while its sources answer. When the connection breaks the browser comes back by itself and names what
 * it has seen; the server then tells all of it anew. Returns the function that stops following.
 */
export function streamOffers(search: FlightSearch, listener: OfferStreamListener): () => void {
  if (typeof EventSource === 'undefined') {
    listener.onBroken()
    return () => undefined
  }
  const stream = new EventSource(`/v1/flights/offers/stream?${toQueryString(search, { limit: pageSize })}`)
  const read = <T>(event: Event): T => JSON.parse((event as MessageEvent<string>).data) as T
  let breaks = 0
  stream.addEventListener('source', (event) => listener.onSource(read<Source>(event)))
  stream.addEventListener('offers', (event) => listener.onOffers(read<OffersUpdate>(event)))
  stream.addEventListener('facets', (event) => listener.onFacets(read<FacetsUpdate>(event)))
  stream.addEventListener('done', () => {
    stream.close()
    listener.onDone()
  })
  stream.addEventListener('error', () => {
    breaks += 1
    // A refusal closes the stream for good; a connection that broke is being made again.
    if (stream.readyState !== EventSource.CLOSED && breaks <= mostBreaks) return
    stream.close()
    listener.onBroken()
  })
  return () => stream.close()
}
