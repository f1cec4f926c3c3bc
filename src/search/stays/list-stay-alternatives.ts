import { money, type Money } from '../../kernel/money.ts'
import { metresBetween, type Position } from '../../travel/great-circle.ts'
import type { StayOffer } from '../../travel/stay.ts'
import type { SearchParts } from '../answer/deps.ts'
import { lifetimeOf } from '../answer/find-offer.ts'
import { foundIn } from '../answer/gather.ts'
import { UNKNOWN } from '../engine/column-schema.ts'
import { sharedText } from '../engine/part.ts'
import type { PricedView } from '../engine/priced-view.ts'
import { numberOf } from '../engine/select.ts'
import type { parseOfferId } from '../supersets/superset.ts'
import { placedOffer } from '../supersets/pack-part.ts'
import { readStayOffer } from './stay-part.ts'
import type { StaySearch } from './stay-search.ts'
import { priceContextOf } from '../../pricing/index.ts'

/** One percent of the price counts as a hundred metres of way, one star as five hundred, another board as a kilometre, money not given back as two. */
const METRES = { perPercent: 100, perHalfStar: 250, board: 1_000, refund: 2_000 } as const

/**
 * Stays nearest to one that is gone, at most `limit`, one per house, from the latest superset of the same search. The same
 * house at another rate, or from another supplier, is nearest of all; the rate that is gone is left out.
 */
export async function listStayAlternatives(
  parts: SearchParts<StaySearch>,
  id: NonNullable<ReturnType<typeof parseOfferId>>,
  limit: number,
): Promise<{ readonly offer: StayOffer; readonly total: Money }[]> {
  const origin = await parts.supersets.findVersion(id.version, id.index + 1)
  const gone = origin === null ? null : await readStayOffer(origin, id.index)
  const placed = origin === null ? null : await placedOffer(origin, id.index)
  if (origin === null || gone === null || placed === null) return []
  const price = parts.pricing.shownPrice(gone.total, priceContextOf(gone))
  if (price.outcome === 'unpriced') return []

  const now = parts.clock.now()
  const superset = (await parts.supersets.findCurrent(origin.key)) ?? origin
  const { priced } = parts.views(foundIn(superset), now)
  const house = JSON.parse(sharedText(placed.part, 'house_view', placed.i)) as HouseFacts
  const nearest = new Map<number, { offer: StayOffer; total: Money }>()
  const goneRate = rateKey(gone)
  for (const position of positionsByDistance(priced, { gone, price: price.total.amount, house })) {
    if (nearest.size >= limit) break
    const group = priced.groups!.of[position]!
    if (nearest.has(group)) continue
    const offer = await readStayOffer(superset, numberOf(priced, position))
    if (offer === null || rateKey(offer) === goneRate || lifetimeOf(superset, offer).resolvableUntil <= now) continue
    nearest.set(group, { offer, total: money(priced.prices[position]!, parts.pricing.displayCurrency) })
  }
  return [...nearest.values()]
}

type HouseFacts = Position & { readonly stars: number | null }

/** What is sold, by whom, on which terms; not for how much. */
function rateKey({ provider, property, rooms, board, ratePlan, payAt, refundable }: StayOffer): string {
  return JSON.stringify([provider, property, rooms.map((room) => [room.code, room.name]), board, ratePlan, payAt, refundable])
}

type Gone = { readonly gone: StayOffer; readonly price: number; readonly house: HouseFacts }

/** All positions, those nearest to the offer first, the cheaper of two that are as near. */
function positionsByDistance(view: PricedView, { gone, price, house }: Gone): Uint32Array {
  const places = view.texts.get('house_view')!
  const ways = places.texts.map((text) => metresBetween(house, JSON.parse(text) as HouseFacts))
  const stars = view.numbers.get('half_stars')!.values
  const goneStars = house.stars === null ? UNKNOWN : Math.round(house.stars * 2)
  const board = gone.board ?? 'unknown'
  const metres = Float64Array.from({ length: view.count }, (_, position) => {
    const percent = price === 0 ? 0 : (Math.abs(view.prices[position]! - price) / price) * 100
    const isRated = goneStars !== UNKNOWN && stars[position] !== UNKNOWN
    const halfStars = isRated ? Math.abs(stars[position]! - goneStars) : 0
    const isOtherBoard = view.facets.get('boards')?.has(board, position) !== true
    const isWorse = gone.refundable === true && view.facets.get('refundable')?.has('yes', position) !== true
    return (
      ways[places.codes[position]!]! +
      percent * METRES.perPercent +
      halfStars * METRES.perHalfStar +
      (isOtherBoard ? METRES.board : 0) +
      (isWorse ? METRES.refund : 0)
    )
  })
  return Uint32Array.from(metres.keys()).sort((a, b) => metres[a]! - metres[b]! || a - b)
}
