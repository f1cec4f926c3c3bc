import type { PendingReaction } from '../../src/platform/outbox.ts'

/** A job of the queue. */
export type Job = { readonly id: string; readonly pending: PendingReaction; tries: number }

/** The queue between relay and workers: at least once, and only as long as nobody flushes it. */
export type Queue = {
  readonly waiting: Job[]
  /** Failed too often; a person replays them. */
  readonly dead: Job[]
  /** Adds what it does not know yet; what was done stays known, as it does in BullMQ. */
  readonly add: (pending: readonly PendingReaction[]) => void
  /** Takes a job that is being worked back: its worker died, or it failed. */
  readonly giveBack: (job: Job, hasFailed: boolean) => void
  /** Loses one job, and forgets that it knew it. */
  readonly forget: (job: Job) => void
  /** Gives the dead another try. */
  readonly replay: () => void
  /** Loses everything, and forgets that it ever knew it. */
  readonly flush: () => void
  readonly reset: () => void
}

const TRIES_MAX = 12

export function createQueue(): Queue {
  const waiting: Job[] = []
  const dead: Job[] = []
  const known = new Set<string>()
  return {
    waiting,
    dead,
    add: (pending) => {
      for (const one of pending) {
        const id = `${one.event.id}-${one.reaction}`
        if (known.has(id)) continue
        known.add(id)
        waiting.push({ id, pending: one, tries: 0 })
      }
    },
    giveBack: (job, hasFailed) => {
      if (!known.has(job.id)) return
      if (hasFailed) job.tries += 1
      if (job.tries >= TRIES_MAX) dead.push(job)
      else waiting.push(job)
    },
    forget: (job) => void known.delete(job.id),
    replay: () => {
      for (const job of dead.splice(0)) waiting.push({ ...job, tries: 0 })
    },
    flush: () => {
      waiting.length = 0
      known.clear()
    },
    reset: () => {
      waiting.length = dead.length = 0
      known.clear()
    },
  }
}
