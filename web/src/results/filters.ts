import { combinesTickets, slicesOf, timeFiltersOf, type FilterKey, type FlightSearch, type TimeFilter } from '../api/flight-search.ts'
import type { Facets, FacetValue, Money, StopsFacet } from '../api/types.ts'
import { chosenValues, rangeWords, toggleValue, valueWords } from '../lists/set-filter.ts'
import { compareMoney, moneyWords } from '../ui/money-words.ts'
import { durationWords } from '../ui/time-words.ts'
import { setFilters } from './set-filters.ts'

/** A window of the day as a filter; the last minute is part of it. */
export const dayParts = [
  { label: '00–06', after: '00:00', before: '05:59' },
  { label: '06–12', after: '06:00', before: '11:59' },
  { label: '12–18', after: '12:00', before: '17:59' },
  { label: '18–24', after: '18:00', before: '23:59' },
] as const

/** The time filters of each flight asked for, named so that they can be told apart. */
export function sliceTimes(search: FlightSearch): { label: string; departure: TimeFilter; arrival: TimeFilter }[] {
  return slicesOf(search).map((slice, i) => ({
    label: search.slice !== undefined ? `${slice.origin} to ${slice.destination}` : i === 0 ? 'Outbound' : 'Return',
    ...timeFiltersOf(i),
  }))
}

/** What "at most so many stops" would leave: facets count each number of stops alone. */
export function stopsChoices(facets: StopsFacet[]): { value: number; label: string; count: number; from: Money | null }[] {
  const values = [...new Set([0, 1, ...facets.map((facet) => facet.value)])].sort((a, b) => a - b)
  return values.map((value) => {
    const within = facets.filter((facet) => facet.value <= value)
    return {
      value,
      label: stopsLabel(value),
      count: within.reduce((sum, facet) => sum + facet.count, 0),
      from: within.reduce<Money | null>(
        (least, facet) => (facet.from !== null && (least === null || compareMoney(facet.from, least) < 0) ? facet.from : least),
        null,
      ),
    }
  })
}

function stopsLabel(most: number): string {
  return most === 0 ? 'Direct only' : `Up to ${most} ${most === 1 ? 'stop' : 'stops'}`
}

export type SelfTransferChoice = { value: string; label: string; count: number | null }

/**
 * The ways to treat separate tickets. They can be combined for one way only; what that would find is not counted before
 * it is asked for. Nothing to choose where nothing of the kind was found.
 */
export function selfTransferChoices(search: FlightSearch, facets: Facets): SelfTransferChoice[] {
  const count = (value: string) => facets.self_transfer.find((each) => each.value === value)?.count ?? 0
  const isCombined = combinesTickets(search)
  if (slicesOf(search).length === 1) {
    return [
      { value: '', label: 'As the sources sell them', count: null },
      { value: 'include', label: 'Also two separate tickets', count: null },
      { value: 'only', label: 'Only two separate tickets', count: isCombined ? count('yes') : null },
      { value: 'exclude', label: 'No separate tickets', count: count('no') },
    ]
  }
  if (count('yes') === 0 && search.self_transfer === undefined) return []
  return [
    { value: '', label: 'As the sources sell them', count: null },
    { value: 'exclude', label: 'No separate tickets', count: count('no') },
  ]
}

export type ActiveFilter = { key: string; label: string; without: FlightSearch }

/** Each filter in force, in words, with the search as it is without it. */
export function activeFilters(search: FlightSearch, facets: Facets | null, currency: string): ActiveFilter[] {
  const money = (amount: string) => moneyWords({ amount, currency })
  const minutes = (text: string) => durationWords(Number(text))
  const active: ActiveFilter[] = []
  const add = (label: string, ...keys: FilterKey[]) => active.push({ key: keys.join(), label, without: without(search, ...keys) })

  if (search.max_stops !== undefined) add(stopsLabel(Number(search.max_stops)), 'max_stops')
  if (search.min_price !== undefined || search.max_price !== undefined)
    add(rangeWords(search.min_price, search.max_price, money), 'min_price', 'max_price')
  for (const filter of Object.values(setFilters)) {
    for (const value of chosenValues(search, filter.key)) {
      active.push({
        key: `${filter.key}-${value}`,
        label: valueWords(filter, facets, value),
        without: toggleValue(search, filter.key, value),
      })
    }
  }
  for (const [key, filter] of [
    ['exclude_airlines', setFilters.airlines],
    ['exclude_connections', setFilters.connections],
  ] as const) {
    for (const value of chosenValues(search, key)) {
      const known: FacetValue | undefined = facets?.[filter.key].find((each) => each.value === value)
      const name = filter.words(value, known?.name ?? null)
      const label = key === 'exclude_airlines' ? `Not with ${name}` : `No change at ${name}`
      active.push({ key: `${key}-${value}`, label, without: toggleValue(search, key, value) })
    }
  }
  for (const { label, departure, arrival } of sliceTimes(search)) {
    for (const [name, time] of [
      ['departure', departure],
      ['arrival', arrival],
    ] as const) {
      const [after, before] = [search[time.after], search[time.before]]
      if (after !== undefined || before !== undefined) add(`${label} ${name} ${timeWords(after, before)}`, time.after, time.before)
    }
  }
  if (search.max_duration !== undefined) add(`Travel time up to ${minutes(search.max_duration)}`, 'max_duration')
  if (search.min_connection !== undefined || search.max_connection !== undefined)
    add(
      `Connections ${rangeWords(search.min_connection, search.max_connection, minutes).toLowerCase()}`,
      'min_connection',
      'max_connection',
    )
  if (search.max_emissions !== undefined) add(`Up to ${search.max_emissions} kg CO2e`, 'max_emissions')
  if (search.self_transfer === 'only' || search.self_transfer === 'exclude') {
    active.push({
      key: 'self_transfer',
      label: search.self_transfer === 'only' ? 'Only two separate tickets' : 'No separate tickets',
      without: { ...search, self_transfer: search.self_transfer === 'only' ? 'include' : '' },
    })
  }
  return active
}

/** How many filters are in force among these parameters. */
export function countActive(search: FlightSearch, keys: readonly FilterKey[]): number {
  return keys.reduce((sum, key) => sum + chosenValues(search, key).length, 0)
}

function timeWords(after: string | undefined, before: string | undefined): string {
  const part = dayParts.find((each) => each.after === after && each.before === before)
  if (part !== undefined) return part.label
  if (after === undefined) return `until ${before}`
  return before === undefined ? `from ${after}` : `${after}–${before}`
}

function without(search: FlightSearch, ...keys: FilterKey[]): FlightSearch {
  const rest = { ...search }
  for (const key of keys) delete rest[key]
  return rest
}
