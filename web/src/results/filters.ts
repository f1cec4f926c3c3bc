import type { FilterKey, FlightSearch } from '../api/flight-search.ts'
import type { AirlineFacet, OffersAnswer, StopsFacet } from '../api/types.ts'
import { compareMoney, moneyWords } from '../ui/money-words.ts'
import type { Money } from '../api/types.ts'

export type Facets = OffersAnswer['facets']

/** A window of the day as a filter; the last minute is part of it. */
export const dayParts = [
  { label: '00–06', after: '00:00', before: '05:59' },
  { label: '06–12', after: '06:00', before: '11:59' },
  { label: '12–18', after: '12:00', before: '17:59' },
  { label: '18–24', after: '18:00', before: '23:59' },
] as const

export type TimeFilter = { label: string; after: FilterKey; before: FilterKey }

export const outboundTimes: TimeFilter[] = [
  { label: 'Departure', after: 'departure_after', before: 'departure_before' },
  { label: 'Arrival', after: 'arrival_after', before: 'arrival_before' },
]

export const returnTimes: TimeFilter[] = [
  { label: 'Return departure', after: 'return_departure_after', before: 'return_departure_before' },
  { label: 'Return arrival', after: 'return_arrival_after', before: 'return_arrival_before' },
]

/** What "at most so many stops" would leave: facets count each number of stops alone. */
export function stopsChoices(facets: StopsFacet[]): { value: number; label: string; count: number; from: Money | null }[] {
  const values = [...new Set([0, 1, ...facets.map((facet) => facet.value)])].sort((a, b) => a - b)
  return values.map((value) => {
    const within = facets.filter((facet) => facet.value <= value)
    return {
      value,
      label: value === 0 ? 'Direct only' : `Up to ${value} ${value === 1 ? 'stop' : 'stops'}`,
      count: within.reduce((sum, facet) => sum + facet.count, 0),
      from: within.reduce<Money | null>(
        (least, facet) => (facet.from !== null && (least === null || compareMoney(facet.from, least) < 0) ? facet.from : least),
        null,
      ),
    }
  })
}

/** The carriers chosen. */
export function chosenAirlines(search: FlightSearch): string[] {
  return (search.airlines ?? '').split(',').filter((code) => code !== '')
}

/** The search with one carrier more or less. */
export function toggleAirline(search: FlightSearch, code: string): FlightSearch {
  const chosen = chosenAirlines(search)
  const next = chosen.includes(code) ? chosen.filter((each) => each !== code) : [...chosen, code]
  return { ...search, airlines: next.join(',') }
}

export type ActiveFilter = { key: string; label: string; without: FlightSearch }

/** Each filter in force, in words, with the search as it is without it. */
export function activeFilters(search: FlightSearch, airlines: readonly AirlineFacet[], currency: string): ActiveFilter[] {
  const active: ActiveFilter[] = []
  if (search.max_stops !== undefined) {
    const most = Number(search.max_stops)
    active.push({
      key: 'max_stops',
      label: most === 0 ? 'Direct only' : `Up to ${most} ${most === 1 ? 'stop' : 'stops'}`,
      without: without(search, 'max_stops'),
    })
  }
  for (const code of chosenAirlines(search)) {
    active.push({
      key: `airline-${code}`,
      label: airlines.find((each) => each.value === code)?.name ?? code,
      without: toggleAirline(search, code),
    })
  }
  if (search.min_price !== undefined || search.max_price !== undefined) {
    active.push({ key: 'price', label: priceWords(search, currency), without: without(search, 'min_price', 'max_price') })
  }
  for (const time of [...outboundTimes, ...returnTimes]) {
    const [after, before] = [search[time.after], search[time.before]]
    if (after === undefined && before === undefined) continue
    active.push({ key: time.after, label: `${time.label} ${timeWords(after, before)}`, without: without(search, time.after, time.before) })
  }
  return active
}

function priceWords(search: FlightSearch, currency: string): string {
  const words = (amount: string) => moneyWords({ amount, currency })
  if (search.min_price === undefined) return `Up to ${words(search.max_price ?? '0')}`
  return search.max_price === undefined ? `From ${words(search.min_price)}` : `${words(search.min_price)} – ${words(search.max_price)}`
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
