import { queryOptions } from '@tanstack/react-query'
import { request } from './client.ts'
import type { FlightSearch, SearchKey } from './flight-search.ts'
import type { PriceCalendar, PriceGrid } from './types.ts'

const minuteMs = 60_000
const travellerKeys = ['adults', 'children', 'infants', 'cabin'] as const

/**
 * Prices three days either way of the search's days, as earlier searches found them. Asked again once the search itself
 * has been answered (`isSettled`): its own price is known then. A journey of several cities has none.
 */
export function priceGridQuery(search: FlightSearch, isSettled: boolean) {
  const query = pick(search, ['origin', 'destination', 'departure_date', 'return_date', ...travellerKeys])
  return queryOptions({
    queryKey: ['price-grid', query.toString(), isSettled],
    queryFn: ({ signal }) =>
      request<PriceGrid>('GET', `/v1/flights/price-grid?${query}`, { signal, ...(isSettled ? { cache: 'no-cache' as const } : {}) }),
    enabled: search.slice === undefined,
    staleTime: minuteMs,
    retry: false,
  })
}

/** What a month of prices is asked for: a route, who travels, and for a return the nights between. */
export type CalendarRoute = FlightSearch & { nights?: string }

/** Prices of each day of a month ("2027-01") as earlier searches found them; null asks nothing. */
export function priceCalendarQuery(route: CalendarRoute | null, month: string) {
  const query = pick(route ?? {}, ['origin', 'destination', ...travellerKeys])
  query.set('month', month)
  if (route?.nights !== undefined) query.set('nights', route.nights)
  return queryOptions({
    queryKey: ['price-calendar', query.toString()],
    queryFn: ({ signal }) => request<PriceCalendar>('GET', `/v1/flights/price-calendar?${query}`, { signal }),
    enabled: route !== null,
    staleTime: minuteMs,
    retry: false,
  })
}

function pick(search: FlightSearch, keys: readonly SearchKey[]): URLSearchParams {
  const query = new URLSearchParams()
  for (const key of keys) {
    const value = search[key]
    if (value !== undefined) query.set(key, value)
  }
  return query
}
