import type { StayOffer } from '../../travel/stay.ts'
import { OFFERS_MAX } from '../engine/part.ts'
import type { StayQuestion } from './stay-question.ts'

/** What is left of a supplier's reply, and how much was not. */
export type CleanStays = {
  readonly offers: readonly StayOffer[]
  readonly duplicates: number
  readonly unusable: number
  readonly packageOnly: number
}

/**
 * The rates that answer the question, each once. Unusable: of a property or of days that were not asked for (a rate of
 * other days may be cheaper than every real one), not for every room, or more than a reply may hold. Rates that may only be
 * sold in a package are left out: shown alone they would give away its price (semantics S12). Duplicate: the same
 * rooms, terms and price again under another token; the first is kept.
 */
export function cleanStays({ query, homes }: StayQuestion, offers: readonly StayOffer[]): CleanStays {
  const answering = offers.filter(
    (offer) =>
      homes.has(offer.property) &&
      offer.checkIn === query.checkIn &&
      offer.checkOut === query.checkOut &&
      offer.rooms.length === query.rooms.length,
  )
  const alone = answering.filter((offer) => !offer.isPackageOnly)
  const kept = new Map<string, StayOffer>()
  for (const offer of alone) {
    const content = JSON.stringify({ ...offer, id: '', supplierToken: '', expiresAt: null })
    if (!kept.has(content)) kept.set(content, offer)
  }
  const once = [...kept.values()]
  return {
    offers: once.slice(0, OFFERS_MAX),
    duplicates: alone.length - once.length,
    unusable: offers.length - answering.length + Math.max(0, once.length - OFFERS_MAX),
    packageOnly: answering.length - alone.length,
  }
}
