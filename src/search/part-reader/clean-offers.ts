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
  const kept: FlightOffer[] = []
  const likeness = new Map<string, FlightOffer>()
  const contents = new Map<string, Set<string>>()
  for (const offer of usable) {
    const likely = likenessOf(offer)
    const before = likeness.get(likely)
    if (before === undefined) {
      likeness.set(likely, offer)
      kept.push(offer)
      continue
    }
    const known = contents.get(likely) ?? new Set([contentOf(before)])
    contents.set(likely, known)
    const content = contentOf(offer)
    if (!known.has(content)) kept.push(offer)
    known.add(content)
  }
  return { offers: kept, duplicates: usable.length - kept.length, unusable: offers.length - usable.length }
}

/** All that duplicates have in common. */
function contentOf(offer: FlightOffer): string {
  return JSON.stringify({ ...offer, id: '', solution: 0, supplierToken: '', expiresAt: null })
}

/** A part of the content that tells most offers apart, so that few have to be written out whole. */
function likenessOf({ total, slices }: FlightOffer): string {
  let text = `${total.amount}${total.currency}`
  for (const { segments } of slices)
    for (const one of segments)
      text += `|${one.carrier}${one.flightNumber}.${one.departure.local}.${one.bookingClass}.${one.fareBasis}.${one.brand}`
  return text
}
