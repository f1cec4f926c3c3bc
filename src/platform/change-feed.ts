import { createSubscriber, type RequestRedis } from './redis.ts'

const CHANNEL = 'farewire:changed'

/** Tells every process which subjects have changed, so that open pages hear of it at once. A hint: it may get lost. */
export type ChangeFeed = {
  readonly publish: (subjectIds: readonly string[]) => Promise<void>
  /** Calls `listener` at each change of the subject until the returned function is called. */
  readonly subscribe: (subjectId: string, listener: () => void) => () => void
  readonly close: () => void
}

/** A feed over Redis pub/sub with one subscription per process, however many pages are open. */
export function createChangeFeed(redis: RequestRedis): ChangeFeed {
  const listeners = new Map<string, Set<() => void>>()
  const subscriber = createSubscriber(redis)
  subscriber.on('message', (_channel: string, message: string) => {
    for (const id of message.split(' ')) for (const listener of listeners.get(id) ?? []) listener()
  })
  // ioredis subscribes again by itself after a reconnection.
  void subscriber.subscribe(CHANNEL).catch(() => undefined)
  return {
    publish: async (subjectIds) => {
      if (subjectIds.length > 0) await redis.publish(CHANNEL, [...new Set(subjectIds)].join(' '))
    },
    subscribe: (subjectId, listener) => {
      const others = listeners.get(subjectId) ?? new Set()
      listeners.set(subjectId, others.add(listener))
      return () => {
        others.delete(listener)
        if (others.size === 0) listeners.delete(subjectId)
      }
    },
    close: () => subscriber.disconnect(),
  }
}
