import { UNKNOWN, type RankedOffers } from '../engine/column-schema.ts'

/** What each part of the "best" order weighs, in thousandths of the cheapest price. Published: README.md. */
const BEST = { price: 1_000, duration: 400, perStop: 60, overnight: 150, selfTransfer: 200 } as const
const RANK_MAX = 2_000_000_000

/**
 * The "best" order: price in parts of the cheapest and duration in parts of the shortest, with something on top for every
 * stop, a night at an airport and a connection nobody protects. Over all offers, so that no filter changes the order.
 * A duration that is not known counts as the longest that is. Nobody can pay for a place in it.
 */
export function bestRank(offers: RankedOffers): Float64Array {
  const [minutes, stops] = [offers.number('duration'), offers.number('stops')]
  let [shortest, longest] = [Infinity, -Infinity]
  for (const value of minutes) {
    if (value === UNKNOWN) continue
    shortest = Math.min(shortest, value)
    longest = Math.max(longest, value)
  }
  const cheapest = Math.max(1, offers.prices[0] ?? 1)
  return Float64Array.from({ length: offers.count }, (_, i) => {
    const price = Math.round((BEST.price * offers.prices[i]!) / cheapest)
    const duration =
      shortest === Infinity ? 0 : Math.round((BEST.duration * (minutes[i] === UNKNOWN ? longest : minutes[i]!)) / Math.max(1, shortest))
    const night = offers.has('overnight', 'yes', i) ? BEST.overnight : 0
    const selfTransfer = offers.has('self_transfer', 'yes', i) ? BEST.selfTransfer : 0
    return Math.min(RANK_MAX, price + duration + BEST.perStop * stops[i]! + night + selfTransfer)
  })
}

/** The "price with bag" order: offers that include a checked bag, then those that do not say, then those that do not. */
export function bagRank(offers: RankedOffers): Float64Array {
  return Float64Array.from({ length: offers.count }, (_, i) => (offers.has('bags', 'unknown', i) ? 1 : offers.has('bags', '0', i) ? 2 : 0))
}
