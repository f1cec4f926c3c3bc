import type { Redis } from 'ioredis'
import { createDutyQueues, type DutyQueues, type JobCounts } from './duty-queues.ts'

const DEADLINE_MS = 1_000

/** Counts the jobs of each duty by state; null where the queues do not answer within a second. */
export function createJobCounts(stateRedis: Redis): { read: () => Promise<JobCounts | null>; close: () => Promise<void> } {
  let queues: DutyQueues | undefined
  return {
    read: async () => {
      queues ??= createDutyQueues(stateRedis)
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), DEADLINE_MS)
      })
      try {
        return await Promise.race([queues.counts().catch(() => null), late])
      } finally {
        clearTimeout(timer)
      }
    },
    close: async () => queues?.close(),
  }
}
