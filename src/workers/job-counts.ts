import type { Redis } from 'ioredis'
import { createQueue, type JobQueue } from '../platform/queue.ts'

const DEADLINE_MS = 1_000

/** The queue that reactions go through. */
export const QUEUE = 'reactions'

/** Counts the jobs of the reactions by state; null where the queue does not answer within a second. */
export function createJobCounts(stateRedis: Redis): {
  read: () => Promise<Readonly<Record<string, number>> | null>
  close: () => Promise<void>
} {
  let queue: JobQueue | undefined
  return {
    read: async () => {
      queue ??= createQueue(QUEUE, stateRedis)
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), DEADLINE_MS)
      })
      try {
        return await Promise.race([queue.counts().catch(() => null), late])
      } finally {
        clearTimeout(timer)
      }
    },
    close: async () => queue?.close(),
  }
}
