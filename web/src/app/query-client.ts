import { QueryClient } from '@tanstack/react-query'
import { ApiProblem } from '../api/problem.ts'

const retries = 2

/** Refusals are final; only a lack of an answer or a retryable fault is tried again, and never anything that changes state. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        gcTime: 15 * 60_000,
        refetchOnWindowFocus: false,
        retry: (failures, cause) => failures < retries && cause instanceof ApiProblem && cause.isRetryable,
      },
      mutations: { retry: false },
    },
  })
}
