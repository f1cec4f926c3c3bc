import { BOARD_BASES, type StayOffer } from '../../travel/stay.ts'
import { fold } from '../../travel/search-places.ts'
import { UNKNOWN, type ColumnSchema, type OfferRow } from '../engine/column-schema.ts'
import type { NearHouse } from './content/houses.ts'
import { bestStayRank, highestFirst } from './stay-ranks.ts'

const TRI_STATE = ['yes', 'no', 'unknown'] as const

/** What stays are filtered, counted and sorted by: one row is rooms at a rate in a house, one result is a house. */
export const STAY_COLUMNS: ColumnSchema = {
  kind: 'stay',
  facets: [
    { name: 'stars', kind: 'one', group: 'stars', order: ['5', '4', '3', '2', '1', 'unknown'], isReported: true },
    // What the rate includes to eat, in the trade's codes.
    { name: 'boards', kind: 'one', group: 'boards', order: [...BOARD_BASES, 'unknown'], isReported: true },
    { name: 'refundable', kind: 'one', group: 'refundable', order: TRI_STATE, isReported: true },
    { name: 'pay_at', kind: 'one', group: 'pay_at', order: ['booking', 'property', 'unknown'], isReported: true },
    // A guest who asks for a pool and parking wants both.
    { name: 'amenities', kind: 'has', group: 'amenities', order: 'frequency', isReported: true },
    { name: 'districts', kind: 'one', group: 'districts', order: 'frequency', isReported: true, unlisted: 'unknown' },
    { name: 'property_types', kind: 'one', group: 'property_types', order: 'frequency', isReported: true },
    { name: 'suppliers', kind: 'one', group: 'suppliers', order: 'frequency', isReported: true },
  ],
  numbers: [
    { name: 'distance_m', group: 'distance' },
    // Tenths of a point of ten.
    { name: 'rating', group: 'rating' },
    { name: 'half_stars', group: 'stars' },
  ],
  reports: [
    { name: 'distance_m', least: 'distance_m', greatest: 'distance_m' },
    { name: 'rating', least: 'rating', greatest: 'rating' },
  ],
  sorts: [
    { name: 'best', by: 'rank', rank: bestStayRank },
    { name: 'distance', by: 'number', column: 'distance_m' },
    { name: 'rating', by: 'rank', rank: highestFirst('rating') },
    { name: 'stars', by: 'rank', rank: highestFirst('half_stars') },
  ],
  // The house, what is told of it, and its name as it is searched.
  texts: ['house', 'house_view', 'name'],
  group: 'house',
}

/** What a house says of all its offers, in columns. */
export type HouseColumns = Pick<OfferRow, 'facets' | 'numbers'> & {
  readonly texts: Readonly<Record<string, string>>
  readonly called: string
}

/** The columns of a house; `view` is the JSON that is told of it. */
export function toHouseColumns(house: NearHouse, view: string): HouseColumns {
  return {
    facets: {
      stars: starsOf(house.stars),
      amenities: house.amenities,
      districts: house.district ?? 'unknown',
      property_types: house.type,
    },
    numbers: {
      distance_m: house.distanceM,
      rating: house.rating === null ? UNKNOWN : Math.round(house.rating * 10),
      half_stars: house.stars === null ? UNKNOWN : Math.round(house.stars * 2),
    },
    texts: { house: house.id, house_view: view, name: fold(house.name) },
    // Not every supplier's reply names the house, and none names it better than all of their contents together.
    called: house.name,
  }
}

/** The columns of an offer, its house's among them. */
export function toStayColumns(offer: StayOffer, house: HouseColumns): Pick<OfferRow, 'facets' | 'numbers' | 'texts'> {
  return {
    facets: {
      ...house.facets,
      boards: offer.board ?? 'unknown',
      refundable: offer.refundable === null ? 'unknown' : offer.refundable ? 'yes' : 'no',
      pay_at: offer.payAt ?? 'unknown',
      suppliers: offer.provider,
    },
    numbers: house.numbers,
    texts: house.texts,
  }
}

/** Whole stars; four and a half are four and more. */
function starsOf(stars: number | null): string {
  const whole = Math.floor(stars ?? 0)
  return whole >= 1 && whole <= 5 ? String(whole) : 'unknown'
}
