import type { Redis } from 'ioredis'
import type { PendingReaction } from '../platform/outbox.ts'
import { createQueue, type FailedJob, type JobData } from '../platform/queue.ts'
import { duties, type Duty } from './duties.ts'
import { dutyOf } from './react.ts'

/** The queues of all duties. */
export type DutyQueues = {
  /** Wakes up whose duty each of these is. May be given the same again. */
  readonly add: (pending: readonly PendingReaction[]) => Promise<void>
  /** What failed for good, the newest `limit` of each duty. */
  readonly listFailed: (limit: number) => Promise<FailedJob[]>
  /** Jobs of each duty by their state. */
  readonly counts: () => Promise<JobCounts>
  readonly close: () => Promise<void>
}

export type JobCounts = Readonly<Record<Duty, Readonly<Record<string, number>>>>

export function createDutyQueues(stateRedis: Redis): DutyQueues {
  const queues = duties.map((duty) => ({ duty, queue: createQueue(duty, stateRedis) }))
  return {
    add: async (pending) => {
      const adding = queues.map(async ({ duty, queue }) => {
        const jobs = pending.filter(({ event, reaction }) => dutyOf(event.name, reaction) === duty).map(toJob)
        if (jobs.length > 0) await queue.add(jobs)
      })
      await Promise.all(adding)
    },
    listFailed: async (limit) => (await Promise.all(queues.map(({ queue }) => queue.listFailed(limit)))).flat(),
    counts: async () => {
      const counted = await Promise.all(queues.map(async ({ duty, queue }) => [duty, await queue.counts()] as const))
      return Object.fromEntries(counted) as JobCounts
    },
    close: async () => void (await Promise.all(queues.map(({ queue }) => queue.close()))),
  }
}

/** The job's id keeps an event that is queued twice from being reacted to twice. A replayed one is another job. */
function toJob({ event, reaction, replays = 0 }: PendingReaction): { name: string; id: string; data: JobData } {
  const id = `${event.id}-${reaction}${replays === 0 ? '' : `-again${replays}`}`
  return { name: `${event.name}:${reaction}`, id, data: { event, reaction, replays } }
}
