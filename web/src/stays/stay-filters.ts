import type { StayFilterKey, StaySearch } from '../api/stay-search.ts'
import type { StayFacets } from '../api/types.ts'
import { about, chosenValues, named, notStated, oneOf, rangeWords, toggleValue, valueWords, type SetFilter } from '../lists/set-filter.ts'
import { moneyWords } from '../ui/money-words.ts'
import { amenityWords, boardName, distanceWords, houseTypeWords, starsWords } from '../ui/stay-words.ts'

type SetFacet = 'stars' | 'boards' | 'refundable' | 'pay_at' | 'amenities' | 'districts' | 'property_types' | 'suppliers'

/** A filter of hotels by values. */
export type StayFilter = SetFilter<SetFacet & StayFilterKey>

const orNotStated = (words: (value: string) => string) => (value: string) => (value === 'unknown' ? notStated : words(value))

export const stayFilters: Record<SetFacet, StayFilter> = {
  stars: { key: 'stars', label: 'Stars', words: orNotStated((value) => starsWords(Number(value)) ?? value), alone: about('Stars') },
  boards: { key: 'boards', label: 'Meals', words: orNotStated(boardName), alone: about('Meals') },
  refundable: {
    key: 'refundable',
    label: 'Cancelling',
    words: oneOf({ yes: 'Free cancellation', no: 'No free cancellation' }),
    alone: about('Cancelling'),
  },
  pay_at: {
    key: 'pay_at',
    label: 'When you pay',
    words: oneOf({ booking: 'Pay now', property: 'Pay at the hotel' }),
    alone: about('When you pay'),
  },
  amenities: { key: 'amenities', label: 'The hotel has', words: amenityWords },
  districts: { key: 'districts', label: 'District', words: orNotStated((value) => value), alone: about('District') },
  property_types: { key: 'property_types', label: 'Kind of house', words: houseTypeWords, needsSeveral: true },
  suppliers: { key: 'suppliers', label: 'Sold through', words: named, alone: (words) => `Sold through ${words}` },
}

/** The lowest ratings there are to ask for. */
export const leastRatings = ['9', '8', '7', '6'] as const

export type ActiveStayFilter = { key: StayFilterKey; id: string; label: string; without: StaySearch }

/** Each filter in force, in words, with the search as it is without it. */
export function activeStayFilters(search: StaySearch, facets: StayFacets | null, currency: string): ActiveStayFilter[] {
  const active: ActiveStayFilter[] = []
  const add = (label: string, key: StayFilterKey, ...more: StayFilterKey[]) => {
    const without = { ...search }
    for (const each of [key, ...more]) delete without[each]
    active.push({ key, id: key, label, without })
  }
  if (search.name !== undefined) add(`Name: ${search.name}`, 'name')
  if (search.min_price !== undefined || search.max_price !== undefined)
    add(
      rangeWords(search.min_price, search.max_price, (amount) => moneyWords({ amount, currency })),
      'min_price',
      'max_price',
    )
  for (const filter of Object.values(stayFilters)) {
    for (const value of chosenValues(search, filter.key)) {
      active.push({
        key: filter.key,
        id: `${filter.key}-${value}`,
        label: valueWords(filter, facets, value),
        without: toggleValue(search, filter.key, value),
      })
    }
  }
  if (search.max_distance !== undefined) add(`Up to ${distanceWords(Number(search.max_distance))} from the centre`, 'max_distance')
  if (search.min_rating !== undefined) add(`Guests rate it ${search.min_rating} or more`, 'min_rating')
  return active
}

/** The filters that say something of a rate rather than of its house. */
const rateKeys: readonly StayFilterKey[] = ['boards', 'refundable', 'pay_at', 'suppliers', 'min_price', 'max_price']

/** Those in force that hide rates of a house. */
export function rateFilters(filters: readonly ActiveStayFilter[]): ActiveStayFilter[] {
  return filters.filter(({ key }) => rateKeys.includes(key))
}

/** The search with every rate of a house let through. */
export function withoutRateFilters(search: StaySearch): StaySearch {
  const all = { ...search }
  for (const key of rateKeys) delete all[key]
  return all
}

/** The orders a list of hotels can have; the first is the one a search begins with. */
export const staySorts = [
  { value: 'best', label: 'Best' },
  { value: 'price', label: 'Cheapest' },
  { value: 'distance', label: 'Nearest the centre' },
  { value: 'rating', label: 'Best rated' },
  { value: 'stars', label: 'Most stars' },
] as const
