import type { FilterKey, FlightSearch } from '../api/flight-search.ts'
import type { Facets, FacetValue } from '../api/types.ts'
import { cabinWords } from '../ui/fare-words.ts'

type SetFacet =
  | 'airlines'
  | 'alliances'
  | 'connections'
  | 'cabins'
  | 'bags'
  | 'refundable'
  | 'changeable'
  | 'overnight'
  | 'origin_airports'
  | 'destination_airports'
  | 'suppliers'

/** A filter that chooses among values of a facet. Its parameter has the facet's name. */
export type SetFilter = {
  readonly key: SetFacet & FilterKey
  readonly label: string
  /** A value in words, under its group's heading. */
  readonly words: (value: string, name: string | null) => string
  /** The same standing alone, when the group's heading is not there to read. */
  readonly alone?: (words: string) => string
  /** One value alone is nothing to choose from. */
  readonly needsSeveral?: boolean
}

const notStated = 'Not stated'
const named = (value: string, name: string | null) => name ?? value
const place = (value: string, name: string | null) => (name === null ? value : `${name} (${value})`)
const oneOf = (words: Record<string, string>) => (value: string) => words[value] ?? (value === 'unknown' ? notStated : value)
const about = (what: string) => (words: string) => (words === notStated ? `${what}: not stated` : words)

export const setFilters: Record<SetFacet, SetFilter> = {
  airlines: { key: 'airlines', label: 'Airlines', words: named },
  alliances: { key: 'alliances', label: 'Alliances', words: named },
  connections: { key: 'connections', label: 'Change flights only at', words: place, alone: (words) => `Change at ${words}` },
  cabins: {
    key: 'cabins',
    label: 'Cabin',
    words: (value) => (value === 'mixed' ? 'Mixed cabins' : value === 'unknown' ? notStated : cabinWords(value)),
    alone: about('Cabin'),
    needsSeveral: true,
  },
  bags: {
    key: 'bags',
    label: 'Checked bags included',
    words: oneOf({ '0': 'None', '1': '1 bag', '2': '2 or more' }),
    alone: (words) => `Checked bags: ${words.toLowerCase()}`,
  },
  refundable: {
    key: 'refundable',
    label: 'Refund',
    words: oneOf({ yes: 'Refundable', no: 'Not refundable' }),
    alone: about('Refund'),
  },
  changeable: { key: 'changeable', label: 'Changes', words: oneOf({ yes: 'Changeable', no: 'No changes' }), alone: about('Changes') },
  overnight: {
    key: 'overnight',
    label: 'Connections overnight',
    words: oneOf({ no: 'No night at an airport', yes: 'With a night at an airport' }),
  },
  origin_airports: {
    key: 'origin_airports',
    label: 'Departure airport',
    words: place,
    alone: (words) => `From ${words}`,
    needsSeveral: true,
  },
  destination_airports: {
    key: 'destination_airports',
    label: 'Arrival airport',
    words: place,
    alone: (words) => `To ${words}`,
    needsSeveral: true,
  },
  suppliers: {
    key: 'suppliers',
    label: 'Sold through',
    words: (value, name) => name ?? (value === 'self-transfer' ? 'Separate tickets' : value),
    alone: (words) => `Sold through ${words}`,
  },
}

/** The values of a filter that are chosen. */
export function chosenValues(search: FlightSearch, key: FilterKey): string[] {
  return (search[key] ?? '').split(',').filter((value) => value !== '')
}

/** The search with one value more or less chosen. */
export function toggleValue(search: FlightSearch, key: FilterKey, value: string): FlightSearch {
  const chosen = chosenValues(search, key)
  const next = chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]
  return { ...search, [key]: next.join(',') }
}

export type Choice = FacetValue & { label: string; isChosen: boolean }

/** What there is to choose, in the facet's order; what the address chooses and no fare has stands at the end with nothing. */
export function choicesOf(filter: SetFilter, search: FlightSearch, facets: Facets): Choice[] {
  const chosen = chosenValues(search, filter.key)
  const values: FacetValue[] = facets[filter.key]
  const missing = chosen.filter((value) => !values.some((each) => each.value === value)).map((value) => ({ value, count: 0, from: null }))
  const choices = [...values, ...missing].map((each) => ({
    ...each,
    label: filter.words(each.value, nameOf(each)),
    isChosen: chosen.includes(each.value),
  }))
  return filter.needsSeveral === true && choices.length < 2 && chosen.length === 0 ? [] : choices
}

/** A chosen value in words that stand alone. */
export function valueWords(filter: SetFilter, facets: Facets | null, value: string): string {
  const known: FacetValue | undefined = facets?.[filter.key].find((each) => each.value === value)
  const words = filter.words(value, known === undefined ? null : nameOf(known))
  return filter.alone?.(words) ?? words
}

function nameOf(value: FacetValue): string | null {
  return value.name ?? null
}
