import { Redis } from 'ioredis'

/**
 * A connection for the request path: a Redis that is down or slow fails the command within 300 ms instead of making
 * a traveller wait. Callers treat every failure as "not there".
 */
export function createRequestRedis(url: string): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 300,
    connectTimeout: 2_000,
    retryStrategy: (attempt) => Math.min(100 * attempt, 2_000),
  })
  redis.on('error', () => undefined) // each command reports its own failure; without a listener ioredis prints to the console
  return redis
}

/** A connection for queues, which wait for Redis to come back. */
export function createWorkerRedis(url: string): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    connectTimeout: 5_000,
    retryStrategy: (attempt) => Math.min(100 * attempt, 2_000),
  })
  redis.on('error', () => undefined)
  return redis
}
