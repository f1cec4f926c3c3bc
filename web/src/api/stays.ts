import { queryOptions } from '@tanstack/react-query'
import { request, requestAnswer } from './client.ts'
import { pageSize } from './offer-stream.ts'
import { toPriceAge, type PriceAge } from './price-age.ts'
import { ApiProblem } from './problem.ts'
import { toStayQuery, type StaySearch } from './stay-search.ts'
import type { HouseDetails, StaysAnswer } from './types.ts'

/** A page of houses, how old its prices are, and the tag that tells it from the next one. */
export type StaysPage = { answer: StaysAnswer; age: PriceAge; tag: string }

type StaysQuestion = { search: StaySearch; house: string | null }
type StaysOptions = { after?: string; limit?: string; signal?: AbortSignal; headers?: Record<string, string> }

/** One page of the houses of a search, without `after` the first; with `house` that house alone, with every rate. */
export async function getStays({ search, house }: StaysQuestion, options: StaysOptions = {}): Promise<StaysPage> {
  const query =
    house === null
      ? toStayQuery(search, {
          limit: options.limit ?? pageSize,
          rates: '1',
          ...(options.after === undefined ? {} : { after: options.after }),
        })
      : toStayQuery(search)
  const address = house === null ? '/v1/stays/offers' : `/v1/stays/houses/${encodeURIComponent(house)}/offers`
  const { body, headers } = await requestAnswer<StaysAnswer>('GET', `${address}?${query}`, {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.headers === undefined ? {} : { headers: options.headers }),
  })
  return { answer: body, age: toPriceAge(body.prices.checked_at, headers), tag: headers.get('etag') ?? '' }
}

/** The first page as soon as it differs from the one with this tag; null when it has not within ten seconds. */
export async function awaitStays(question: StaysQuestion, tag: string, signal: AbortSignal): Promise<StaysPage | null> {
  try {
    return await getStays(question, { signal, headers: { prefer: 'wait=10', 'if-none-match': tag } })
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.status === 304) return null
    throw problem
  }
}

/** All there is to tell of a house. */
export function houseQuery(house: string) {
  return queryOptions({
    queryKey: ['house', house],
    queryFn: async ({ signal }) =>
      (await request<{ data: HouseDetails }>('GET', `/v1/stays/houses/${encodeURIComponent(house)}`, { signal })).data,
    staleTime: 3_600_000,
  })
}
