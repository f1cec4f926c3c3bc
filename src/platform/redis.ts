import { createHash } from 'node:crypto'
import { Cluster, Redis } from 'ioredis'

/** One Redis, or a Redis Cluster; the same commands for both, each touching keys of one slot only. */
export type RequestRedis = Redis | Cluster
export type ClusterAddress = { readonly host: string; readonly port: number }

const backOff = (attempt: number) => Math.min(100 * attempt, 2_000)

/**
 * A connection for the request path, to the Redis at a url or to the Cluster these nodes belong to: one that is down or
 * slow fails the command within 300 ms instead of making a traveller wait. Callers treat every failure as "not there".
 */
export function createRequestRedis(target: string): Redis
export function createRequestRedis(target: readonly ClusterAddress[]): Cluster
export function createRequestRedis(target: string | readonly ClusterAddress[]): RequestRedis
export function createRequestRedis(target: string | readonly ClusterAddress[]): RequestRedis {
  const patience = { maxRetriesPerRequest: 1, commandTimeout: 300, connectTimeout: 2_000 }
  const redis =
    typeof target === 'string'
      ? new Redis(target, { ...patience, enableOfflineQueue: false, retryStrategy: backOff })
      : new Cluster([...target], {
          redisOptions: patience,
          enableOfflineQueue: false,
          clusterRetryStrategy: backOff,
          // A command to a node that is gone is given up within 100 ms; each such makes the client look for the slot's new node.
          maxRedirections: 4,
          retryDelayOnFailover: 25,
          retryDelayOnClusterDown: 25,
        })
  redis.on('error', () => undefined) // each command reports its own failure; without a listener ioredis prints to the console
  return redis
}

/** A second connection to the same place that may wait and come back: for one subscription. */
export function createSubscriber(redis: RequestRedis): RequestRedis {
  const subscriber =
    redis instanceof Cluster
      ? redis.duplicate([], { enableOfflineQueue: true })
      : redis.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null, commandTimeout: undefined })
  subscriber.on('error', () => undefined)
  return subscriber
}

/** A connection for queues, which wait for Redis to come back. */
export function createWorkerRedis(url: string): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    connectTimeout: 5_000,
    retryStrategy: backOff,
  })
  redis.on('error', () => undefined)
  return redis
}

/** Runs a script where its first key lies. All its keys must share that key's slot. */
export type RedisScript = (
  redis: RequestRedis,
  keys: readonly [string, ...string[]],
  values: readonly (string | number | Buffer)[],
) => Promise<unknown>

/** A Lua script known to the server by its hash; its text is sent to a server that has not seen it. */
export function createRedisScript(text: string): RedisScript {
  const hash = createHash('sha1').update(text).digest('hex')
  return async (redis, keys, values) => {
    try {
      return await redis.evalsha(hash, keys.length, ...keys, ...values)
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error
      return redis.eval(text, keys.length, ...keys, ...values)
    }
  }
}
