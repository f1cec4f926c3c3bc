import { queryOptions } from '@tanstack/react-query'
import { request } from './client.ts'
import type { Place } from './types.ts'

const hourMs = 3_600_000

/** Places whose code, name or city begins like the text typed. */
export function placesQuery(text: string) {
  const q = text.trim()
  return queryOptions({
    queryKey: ['places', q.toLowerCase()],
    queryFn: async ({ signal }) =>
      (await request<{ data: Place[] }>('GET', `/v1/places?${new URLSearchParams({ q, limit: '8' })}`, { signal })).data,
    enabled: q.length > 0,
    staleTime: hourMs,
  })
}

/** The one place with this code, null when the directory does not know it. */
export function placeQuery(code: string) {
  return queryOptions({
    queryKey: ['place', code],
    queryFn: async ({ signal }) => {
      const { data } = await request<{ data: Place[] }>('GET', `/v1/places?${new URLSearchParams({ q: code, limit: '8' })}`, { signal })
      return data.find((place) => place.code === code) ?? null
    },
    enabled: code.length === 3,
    staleTime: hourMs,
  })
}
