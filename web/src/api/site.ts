import { queryOptions } from '@tanstack/react-query'
import { request } from './client.ts'

/** What this installation is: whether anything in it is real, and its currency. */
export function siteQuery() {
  return queryOptions({
    queryKey: ['site'],
    queryFn: ({ signal }) => request<{ sandbox: boolean; currency: string }>('GET', '/v1/site', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}
