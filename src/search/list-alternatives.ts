import { itineraryKey, type FlightOffer } from '../travel/flight.ts'
import type { SearchParts } from './deps.ts'
import { lifetimeOf } from './find-offer.ts'
import { toPricedOffer, type PricedOffer, type ShownOffer } from './priced-superset.ts'
import { parseOfferId } from './superset.ts'

/** One percent of the price counts as half an hour of departure, one stop more or less as ten hours. */
const HOURS_PER_PERCENT = 0.5
const HOURS_PER_STOP = 10

/**
 * Offers nearest to one that is gone, at most `limit`, one per itinerary, from the latest superset of the same search.
 * The fare that is gone is left out; another fare of the same flights, or the same from another supplier, is near.
 */
export async function listAlternatives(parts: SearchParts, offerId: string, limit: number): Promise<ShownOffer[]> {
  const id = parseOfferId(offerId)
  const origin = id === null ? null : await parts.supersets.findVersion(id.version, id.index + 1)
  const goneOffer = id === null ? undefined : origin?.offers[id.index]
  if (origin === null || goneOffer === undefined) return []
  const price = parts.pricing.shownPrice(goneOffer.total, { provider: goneOffer.provider })
  if (price.outcome === 'unpriced') return []

  const gone = toPricedOffer(goneOffer, price.total, -1)
  const goneFare = fareKey(goneOffer)
  const now = parts.clock.now()
  const superset = (await parts.supersets.findCurrent(origin.key)) ?? origin
  const ranked = parts
    .priced(superset, now)
    .offers.filter(({ offer }) => lifetimeOf(superset, offer).resolvableUntil > now && fareKey(offer) !== goneFare)
    .map((offer) => ({ offer, hours: hoursBetween(gone, offer) }))
    .sort((a, b) => a.hours - b.hours || a.offer.price - b.offer.price)

  const nearest = new Map<string, ShownOffer>()
  for (const { offer } of ranked) {
    if (nearest.size >= limit) break
    const key = itineraryKey(offer.offer)
    if (!nearest.has(key)) nearest.set(key, { offer: offer.offer, total: offer.total })
  }
  return [...nearest.values()]
}

/** What is sold, by whom, under which fare; not for how much. */
function fareKey(offer: FlightOffer): string {
  const fares = offer.slices.flatMap((slice) =>
    slice.segments.map((segment) => `${segment.bookingClass ?? ''}.${segment.fareBasis ?? ''}.${segment.brand ?? ''}`),
  )
  return [offer.provider, itineraryKey(offer), ...fares].join('|')
}

function hoursBetween(gone: PricedOffer, offer: PricedOffer): number {
  const percent = gone.price === 0 ? 0 : (Math.abs(offer.price - gone.price) / gone.price) * 100
  const minutes = offer.times.reduce(
    (sum, { departure }, slice) => sum + Math.abs(departure - (gone.times[slice]?.departure ?? departure)),
    0,
  )
  return percent * HOURS_PER_PERCENT + minutes / 60 + Math.abs(offer.stops - gone.stops) * HOURS_PER_STOP
}
