import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import {
  isPending,
  relayEvents,
  requeueReactions,
  settleReaction,
  type OutboxDeps,
  type PendingReaction,
  type PublishedEvent,
} from '../platform/outbox.ts'
import type { Db } from '../platform/postgres.ts'
import type { ChangeFeed } from '../platform/change-feed.ts'
import { failpoint } from '../platform/failpoint.ts'
import { createQueue, createQueueWorker, type JobData } from '../platform/queue.ts'
import { openWorkItem } from '../platform/work-items.ts'
import type { WorkerDeps } from './deps.ts'
import { reactions, type Events, type Happened } from './reactions.ts'
import { runEvery } from './run-every.ts'
import { schedules } from './schedules.ts'

export type { WorkerDeps } from './deps.ts'

const QUEUE = 'reactions'

/** Less than a deployment waits for a process to end. */
const CLOSE_MS = 15_000

export type WorkersOptions = WorkerDeps & {
  readonly db: Db
  readonly stateRedis: Redis
  readonly changes: ChangeFeed
  readonly logger: Logger
  readonly concurrentMax: number
  /** How long a worker may be silent before its jobs go to another one. */
  readonly lockMs: number
  readonly forgetIdempotencyKeys: () => Promise<number>
}

/** Starts the relay, the reactions and the schedules; `close` takes nothing new and lets what is under way finish, for 15 s at most. */
export function createWorkers(options: WorkersOptions): { close: () => Promise<void> } {
  const { logger } = options
  const queue = createQueue(QUEUE, options.stateRedis)
  // A worker waits on its connection, so it cannot share one.
  const workerRedis = options.stateRedis.duplicate()
  workerRedis.on('error', () => undefined)
  const worker = createQueueWorker({
    name: QUEUE,
    connection: workerRedis,
    concurrentMax: options.concurrentMax,
    lockMs: options.lockMs,
    work: (job) => react(options, job.data),
    onFailure: (failure) => {
      const facts = { job: failure.jobId, reaction: failure.name, last: failure.last, err: failure.error }
      if (!failure.last) return logger.warn(facts, 'a reaction failed and will be tried again')
      logger.error(facts, 'a reaction failed for good')
      void openDeadLetter(options, failure).catch((err: unknown) => logger.error({ ...facts, err }, 'a dead letter could not be noted'))
    },
  })
  const outbox: OutboxDeps = {
    db: options.db,
    clock: options.clock,
    reactionsTo: (name) => Object.keys(reactions[name as keyof Events] ?? {}),
    queue: (pending) => queue.add(pending.map(toJob)),
  }
  const closing = new AbortController()
  const scheduled = {
    closing: closing.signal,
    relay: async () => tellPages(options, await relayEvents(outbox)),
    requeue: () => requeueReactions(outbox),
  }
  const loops = schedules.map((schedule) =>
    runEvery(
      schedule.everyMs,
      () => schedule.run({ ...options, ...scheduled }),
      (err) => logger.warn({ schedule: schedule.name, err }, 'a schedule failed and will run again'),
    ),
  )
  const stop = async (): Promise<void> => {
    closing.abort()
    const finishing = Promise.allSettled([...loops.map((loop) => loop.stop()), worker.close()])
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, CLOSE_MS, 'late').unref())
    // What does not end in time is begun again elsewhere: a job by the queue, everything else by the next look.
    if ((await Promise.race([finishing, late])) === 'late') logger.warn('what was under way did not finish in time')
    workerRedis.disconnect()
    await Promise.race([queue.close(), late])
  }
  let stopping: Promise<void> | undefined
  return { close: () => (stopping ??= stop()) }
}

/** The job's id keeps an event that is queued twice from being reacted to twice. */
function toJob({ event, reaction }: PendingReaction): { name: string; id: string; data: JobData } {
  return { name: `${event.name}:${reaction}`, id: `${event.id}-${reaction}`, data: { event, reaction } }
}

async function tellPages(options: WorkersOptions, events: readonly PublishedEvent[]): Promise<void> {
  const bookingIds = events.map((event) => (typeof event.body['bookingId'] === 'string' ? event.body['bookingId'] : event.subjectId))
  await options.changes.publish(bookingIds).catch(() => undefined) // open pages look for themselves every few seconds
}

async function react(options: WorkersOptions, data: JobData): Promise<void> {
  const { event, reaction: name } = data as unknown as PendingReaction
  const reaction = reactions[event.name as keyof Events]?.[name] as
    | ((deps: WorkerDeps, event: Happened<never>) => Promise<unknown>)
    | undefined
  if (!reaction) throw new Error(`there is no reaction ${event.name}:${name}`)
  if (!(await isPending(options.db, event.id, name))) return
  await reaction(options, event as unknown as Happened<never>)
  failpoint('reaction-done')
  await settleReaction(options.db, event.id, name)
}

async function openDeadLetter(options: WorkersOptions, failure: { jobId: string; name: string; error: Error }): Promise<void> {
  await options.db.transaction().execute((tx) =>
    openWorkItem(tx, {
      kind: 'dead_letter',
      subjectId: failure.jobId,
      summary: `The reaction ${failure.name} failed every time. Mend its cause and replay the job.`,
      details: { error: failure.error.message },
    }),
  )
}
