import type { Money } from '../kernel/money.ts'
import { instantOf, minuteOfDay, type Instant, type LocalDateTime } from '../kernel/time.ts'
import type { Pricing } from '../pricing/index.ts'
import { stopsOf, type FlightOffer, type Segment, type Slice } from '../travel/flight.ts'
import { OFFER_SORTS, type OfferSort } from './search-query.ts'
import type { Superset } from './superset.ts'

/** A supplier's offer, its own total net, with the price a customer is shown for it. */
export type ShownOffer = { readonly offer: FlightOffer; readonly total: Money }

/** An offer with everything a filter or a sort asks of it, read out once. */
export type PricedOffer = ShownOffer & {
  /** Its place in the superset. */
  readonly index: number
  readonly price: number
  /** Of the slice with the most. */
  readonly stops: number
  /** The marketing carriers of all segments, each once. */
  readonly carriers: readonly string[]
  /** Minutes of the day, one pair per slice. */
  readonly times: readonly { readonly departure: number; readonly arrival: number }[]
  readonly sortValues: Readonly<Record<OfferSort, number>>
}

/** The offers of a superset that can be sold and have a price, in the order of the price shown, and in every other order. */
export type PricedSuperset = {
  readonly superset: Superset
  /** Cheapest first; equal prices in the order of the superset. */
  readonly offers: readonly PricedOffer[]
  /** For each sort, positions in `offers`. Equal values come cheapest first. */
  readonly orders: Readonly<Record<OfferSort, readonly number[]>>
  readonly carriers: readonly string[]
  /** How many offers of each supplier could not be priced. */
  readonly unpriced: ReadonlyMap<string, number>
  /** When the next of its offers is withdrawn by its supplier, and a new view is due. */
  readonly validUntil: Instant | null
}

/** Sorts after every duration that is known. */
const UNKNOWN_MINUTES = Number.MAX_SAFE_INTEGER

/** The superset as it may be shown at `now`: offers that a supplier has withdrawn by then are not part of it. */
export function priceSuperset(superset: Superset, pricing: Pricing, now: Instant): PricedSuperset {
  const unpriced = new Map<string, number>()
  const offers: PricedOffer[] = []
  let validUntil: Instant | null = null
  for (const [index, net] of superset.offers.entries()) {
    if (net.expiresAt !== null) {
      if (net.expiresAt <= now) continue
      if (validUntil === null || net.expiresAt < validUntil) validUntil = net.expiresAt
    }
    const price = pricing.shownPrice(net.total, { provider: net.provider })
    if (price.outcome === 'unpriced') unpriced.set(net.provider, (unpriced.get(net.provider) ?? 0) + 1)
    else offers.push(toPricedOffer(net, price.total, index))
  }
  offers.sort((a, b) => a.price - b.price || a.index - b.index)
  const carriers = [...new Set(offers.flatMap((offer) => offer.carriers))].sort()
  const orders = Object.fromEntries(OFFER_SORTS.map((sort) => [sort, orderBy(offers, sort)])) as Record<OfferSort, number[]>
  return { superset, offers, orders, carriers, unpriced, validUntil }
}

/** Views already made: a superset is priced once, until one of its offers is withdrawn. */
export function createPricedViews(pricing: Pricing): (superset: Superset, now: Instant) => PricedSuperset {
  const views = new WeakMap<Superset, PricedSuperset>()
  return (superset, now) => {
    const view = views.get(superset)
    if (view !== undefined && (view.validUntil === null || now < view.validUntil)) return view
    const made = priceSuperset(superset, pricing, now)
    views.set(superset, made)
    return made
  }
}

/** The cheapest and the dearest of a list in price order. */
export function priceRange(offers: readonly PricedOffer[]): { min: Money; max: Money } | null {
  const [first, last] = [offers[0], offers[offers.length - 1]]
  return first === undefined || last === undefined ? null : { min: first.total, max: last.total }
}

function orderBy(offers: readonly PricedOffer[], sort: OfferSort): number[] {
  // The list is in price order and the sort is stable, so that equal values stay cheapest first.
  return offers.map((_, i) => i).sort((a, b) => offers[a]!.sortValues[sort] - offers[b]!.sortValues[sort])
}

/** Reads out of an offer what filters and sorts ask of it. `index` is its place in the superset. */
export function toPricedOffer(net: FlightOffer, total: Money, index: number): PricedOffer {
  const outbound = net.slices[0]!.segments
  return {
    offer: net,
    total,
    index,
    price: total.amount,
    stops: Math.max(...net.slices.map(stopsOf)),
    carriers: [...new Set(net.slices.flatMap((slice) => slice.segments.map((segment) => segment.carrier)))],
    times: net.slices.map(({ segments }) => ({
      departure: minuteOfDay(segments[0]!.departure.local),
      arrival: minuteOfDay(segments[segments.length - 1]!.arrival.local),
    })),
    sortValues: {
      price: total.amount,
      duration: sum(net.slices.map(minutesOf)),
      departure: toNumber(outbound[0]!.departure.local),
      arrival: toNumber(outbound[outbound.length - 1]!.arrival.local),
    },
  }
}

function sum(minutes: readonly (number | null)[]): number {
  return minutes.reduce<number>((total, m) => (m === null || total === UNKNOWN_MINUTES ? UNKNOWN_MINUTES : total + m), 0)
}

/** As the supplier says, or from the offsets it states; null when neither is known. */
function minutesOf(slice: Slice): number | null {
  if (slice.durationMinutes !== null) return slice.durationMinutes
  const departure = instantIfKnown(slice.segments[0]!.departure)
  const arrival = instantIfKnown(slice.segments[slice.segments.length - 1]!.arrival)
  return departure === null || arrival === null ? null : Math.round((arrival - departure) / 60_000)
}

function instantIfKnown(time: Segment['departure']): Instant | null {
  return time.offset === null ? null : instantOf({ local: time.local, offset: time.offset })
}

/** "2026-12-01T09:35" as 202612010935, which sorts as the clock does. */
function toNumber(local: LocalDateTime): number {
  return Number(local.replaceAll(/\D/g, ''))
}
