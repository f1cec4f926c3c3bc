import { money, type Money } from '../../kernel/money.ts'
import { itineraryKey, type FlightOffer } from '../../travel/flight.ts'
import type { FlightParts } from './deps.ts'
import { UNKNOWN } from '../engine/column-schema.ts'
import type { PricedView } from '../engine/priced-view.ts'
import { numberOf } from '../engine/select.ts'
import { lifetimeOf } from './find-offer.ts'
import { SLICES_MAX, toFlightColumns } from '../flights/flight-columns.ts'
import { readFlightOffer } from '../flights/flight-part.ts'
import { foundIn } from './gather.ts'
import type { parseOfferId } from '../supersets/superset.ts'

/** One percent of the price counts as half an hour of departure, one stop more or less as ten hours. */
const HOURS_PER_PERCENT = 0.5
const HOURS_PER_STOP = 10

/**
 * Offers nearest to one that is gone, at most `limit`, one per itinerary, from the latest superset of the same search.
 * The fare that is gone is left out; another fare of the same flights, or the same from another supplier, is near.
 */
export async function listAlternatives(
  parts: FlightParts,
  id: NonNullable<ReturnType<typeof parseOfferId>>,
  limit: number,
): Promise<ShownFlight[]> {
  const origin = await parts.supersets.findVersion(id.version, id.index + 1)
  const gone = origin === null ? null : await readFlightOffer(origin, id.index)
  if (origin === null || gone === null) return []
  const price = parts.pricing.shownPrice(gone.total, { provider: gone.provider })
  if (price.outcome === 'unpriced') return []

  const goneFare = fareKey(gone)
  const now = parts.clock.now()
  const superset = (await parts.supersets.findCurrent(origin.key)) ?? origin
  const { priced } = parts.views(foundIn(superset), now)
  const nearest = new Map<string, ShownFlight>()
  for (const position of positionsByDistance(priced, gone, price.total.amount)) {
    if (nearest.size >= limit) break
    const offer = await readFlightOffer(superset, numberOf(priced, position))
    if (offer === null || fareKey(offer) === goneFare || lifetimeOf(superset, offer).resolvableUntil <= now) continue
    const key = itineraryKey(offer)
    if (!nearest.has(key)) nearest.set(key, { offer, total: money(priced.prices[position]!, parts.pricing.displayCurrency) })
  }
  return [...nearest.values()]
}

type ShownFlight = { readonly offer: FlightOffer; readonly total: Money }

/** What is sold, by whom, under which fare; not for how much. */
function fareKey(offer: FlightOffer): string {
  const fares = offer.slices.flatMap((slice) =>
    slice.segments.map((segment) => `${segment.bookingClass ?? ''}.${segment.fareBasis ?? ''}.${segment.brand ?? ''}`),
  )
  return [offer.provider, itineraryKey(offer), ...fares].join('|')
}

/** All positions, those nearest to the offer first, the cheaper of two that are as near. */
function positionsByDistance(view: PricedView, gone: FlightOffer, gonePrice: number): Uint32Array {
  const { numbers } = toFlightColumns(gone)
  const stops = view.numbers.get('stops')!.values
  const departures = Array.from({ length: SLICES_MAX }, (_, i) => `departure_${i + 1}`)
    .filter((name) => numbers[name] !== undefined)
    .map((name) => ({ gone: numbers[name]!, values: view.numbers.get(name)!.values }))
  const hours = Float64Array.from({ length: view.count }, (_, position) => {
    const percent = gonePrice === 0 ? 0 : (Math.abs(view.prices[position]! - gonePrice) / gonePrice) * 100
    const minutes = departures.reduce((sum, { gone: at, values }) => {
      const value = values[position]!
      return sum + (value === UNKNOWN ? 0 : Math.abs(value - at))
    }, 0)
    return percent * HOURS_PER_PERCENT + minutes / 60 + Math.abs(stops[position]! - numbers['stops']!) * HOURS_PER_STOP
  })
  return Uint32Array.from(hours.keys()).sort((a, b) => hours[a]! - hours[b]! || a - b)
}
