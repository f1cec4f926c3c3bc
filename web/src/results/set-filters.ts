import type { FilterKey } from '../api/flight-search.ts'
import { about, named, notStated, oneOf, type SetFilter } from '../lists/set-filter.ts'
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

/** A filter of fares by values. */
export type FlightFilter = SetFilter<SetFacet & FilterKey>

const place = (value: string, name: string | null) => (name === null ? value : `${name} (${value})`)

export const setFilters: Record<SetFacet, FlightFilter> = {
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
