import { UNKNOWN, type RankedOffers } from '../engine/column-schema.ts'

/** What each part of the "best" order weighs, in thousandths of the middle price. Published: README.md. */
const BEST = { price: 1_000, perRatingTenth: 20, perKm: 60, perHalfStar: 30, notFree: 100 } as const
const RANK_MAX = 2_000_000_000

/**
 * The "best" order: price in parts of the middle price, with something on top for every tenth of a point that guests
 * withheld, every kilometre from the centre, every half star that is missing, and for money that is not given back. Over
 * all offers, so that no filter changes the order. What is not known counts as the worst that is. Nobody can pay for
 * a place in it.
 */
export function bestStayRank(offers: RankedOffers): Float64Array {
  const [rating, stars, distance] = [offers.number('rating'), offers.number('half_stars'), offers.number('distance_m')]
  const worst = { rating: leastOf(rating, 100), stars: leastOf(stars, 10) }
  const middle = Math.max(1, offers.prices[offers.count >> 1] ?? 1)
  return Float64Array.from({ length: offers.count }, (_, i) => {
    const price = Math.round((BEST.price * offers.prices[i]!) / middle)
    const guests = BEST.perRatingTenth * (100 - (rating[i] === UNKNOWN ? worst.rating : rating[i]!))
    const house = BEST.perHalfStar * (10 - (stars[i] === UNKNOWN ? worst.stars : stars[i]!))
    const way = Math.round((BEST.perKm * distance[i]!) / 1_000)
    const risk = offers.has('refundable', 'yes', i) ? 0 : BEST.notFree
    return Math.min(RANK_MAX, price + guests + house + way + risk)
  })
}

/** The highest of a column first, unknown ones last. */
export function highestFirst(column: string): (offers: RankedOffers) => Float64Array {
  return (offers) => Float64Array.from(offers.number(column), (value) => (value === UNKNOWN ? UNKNOWN : -value))
}

/** The least value that is known; `byDefault` when none is, so that nobody is behind for it. */
function leastOf(values: Int32Array, byDefault: number): number {
  let least = Infinity
  for (const value of values) if (value !== UNKNOWN && value < least) least = value
  return least === Infinity ? byDefault : least
}
