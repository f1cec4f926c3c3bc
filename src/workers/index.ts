import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { outboxStore } from '../platform/outbox-store.ts'
import { relayEvents, requeueReactions, type OutboxDeps, type PendingReaction, type PublishedEvent } from '../platform/outbox.ts'
import type { Db } from '../platform/postgres.ts'
import { postgresRecords } from '../platform/records.ts'
import type { ChangeFeed } from '../platform/change-feed.ts'
import { createQueueWorker, type JobFailure } from '../platform/queue.ts'
import { closeDoneLetters, noteDeadLetters, openDeadLetter, settleDeadLetter } from './dead-letters.ts'
import type { WorkerDeps } from './deps.ts'
import { duties, shareOf, type Duty } from './duties.ts'
import { createDutyQueues } from './duty-queues.ts'
import { react, reactionsTo } from './react.ts'
import { retireSingleQueue } from './retire-single-queue.ts'
import { runEvery } from './run-every.ts'
import { schedules } from './schedules.ts'

export type { WorkerDeps } from './deps.ts'
export { reissueDocuments } from './issue-documents.ts'
export type { JobCounts } from './duty-queues.ts'
export { createJobCounts } from './job-counts.ts'
export { readReactionAges } from './reaction-ages.ts'

/** Less than a deployment waits for a process to end. */
const CLOSE_MS = 15_000

export type WorkersOptions = WorkerDeps & {
  readonly db: Db
  readonly stateRedis: Redis
  readonly changes: ChangeFeed
  readonly logger: Logger
  /** How many reactions this process does at once; each duty has its share. */
  readonly concurrentMax: number
  /** How long a worker may be silent before its jobs go to another one. */
  readonly lockMs: number
  readonly forgetIdempotencyKeys: () => Promise<number>
  readonly ops: { readonly resume: () => Promise<number> }
  readonly reconciliation: { readonly runDue: (stopping: AbortSignal) => Promise<unknown> }
}

/** Starts the relay, the reactions and the schedules; `close` takes nothing new and lets what is under way finish, for 15 s at most. */
export function createWorkers(options: WorkersOptions): { close: () => Promise<void> } {
  const { logger } = options
  const queues = createDutyQueues(options.stateRedis)
  // A worker waits on a connection of its own; for everything else they share one, apart from that of the requests.
  const workerRedis = options.stateRedis.duplicate()
  workerRedis.on('error', () => undefined)
  const workers = duties.map((duty) =>
    createQueueWorker({
      name: duty,
      connection: workerRedis,
      concurrentMax: shareOf(duty, options.concurrentMax),
      lockMs: options.lockMs,
      work: (job) => work(options, job.data as unknown as PendingReaction),
      onFailure: (failure) => noteFailure(options, duty, failure),
    }),
  )
  const outbox: OutboxDeps = {
    db: options.db,
    store: outboxStore,
    records: postgresRecords,
    clock: options.clock,
    reactionsTo,
    queue: queues.add,
  }
  const closing = new AbortController()
  const scheduled = {
    closing: closing.signal,
    relay: async () => tellPages(options, await relayEvents(outbox)),
    requeue: () => requeueReactions(outbox),
    resumeActions: () => options.ops.resume(),
    reconcile: () => options.reconciliation.runDue(closing.signal),
    tendDeadLetters: async () => {
      await noteDeadLetters(options.db, queues)
      await closeDoneLetters(options)
    },
    retireSingleQueue: () => retireSingleQueue(options.db, options.stateRedis),
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
    const finishing = Promise.allSettled([...loops.map((loop) => loop.stop()), ...workers.map((worker) => worker.close())])
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, CLOSE_MS, 'late').unref())
    // What does not end in time is begun again elsewhere: a job by its queue, everything else by the next look.
    if ((await Promise.race([finishing, late])) === 'late') logger.warn('what was under way did not finish in time')
    workerRedis.disconnect()
    await Promise.race([queues.close(), late])
  }
  let stopping: Promise<void> | undefined
  return { close: () => (stopping ??= stop()) }
}

function work(options: WorkersOptions, pending: PendingReaction): Promise<void> {
  const isReplay = (pending.replays ?? 0) > 0
  const outbox = isReplay ? { ...outboxStore, settleReaction: () => settleDeadLetter(options, pending) } : outboxStore
  return react({ ...options, outbox }, pending)
}

function noteFailure({ db, logger }: WorkersOptions, duty: Duty, failure: JobFailure): void {
  const facts = { duty, job: failure.jobId, reaction: failure.name, last: failure.last, err: failure.error }
  if (!failure.last) return logger.warn(facts, 'a reaction failed and will be tried again')
  logger.error(facts, 'a reaction failed for good')
  void openDeadLetter(db, failure.data as unknown as PendingReaction, failure.error.message).catch((err: unknown) =>
    logger.error({ ...facts, err }, 'a dead letter could not be noted'),
  )
}

async function tellPages(options: WorkersOptions, events: readonly PublishedEvent[]): Promise<void> {
  const bookingIds = events.map((event) => (typeof event.body['bookingId'] === 'string' ? event.body['bookingId'] : event.subjectId))
  await options.changes.publish(bookingIds).catch(() => undefined) // open pages look for themselves every few seconds
}
