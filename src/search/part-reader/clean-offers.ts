import type { FlightOffer, FlightQuery } from '../../travel/flight.ts'

/** What is left of a supplier's reply, and how much was not. */
export type CleanOffers = { readonly offers: readonly FlightOffer[]; readonly duplicates: number; readonly unusable: number }

/**
 * The offers that answer the question, each once. Unusable: not one slice per slice asked for, or a slice nobody flies.
 * Duplicate: the same flights, fare, price and conditions again under another id; the first is kept. Equal itineraries
 * of two suppliers, or at two prices, are different offers.
 */
export function cleanOffers(query: FlightQuery, offers: readonly FlightOffer[]): CleanOffers {
  const usable = offers.filter(
    (offer) => offer.slices.length === query.slices.length && offer.slices.every((slice) => slice.segments.length > 0),
  )
  const first = new Map<string, FlightOffer>()
  for (const offer of usable) {
    const content = JSON.stringify({ ...offer, id: '', solution: 0, supplierToken: '', expiresAt: null })
    if (!first.has(content)) first.set(content, offer)
  }
  return { offers: [...first.values()], duplicates: usable.length - first.size, unusable: offers.length - usable.length }
}
