import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { relayEvents, type PublishedEvent } from '../platform/outbox.ts'
import type { Db } from '../platform/postgres.ts'
import type { ChangeFeed } from '../platform/change-feed.ts'
import { createQueue, createQueueWorker, type JobData } from '../platform/queue.ts'
import { openWorkItem } from '../platform/work-items.ts'
import type { WorkerDeps } from './deps.ts'
import { reactions, type Events, type Happened } from './reactions.ts'
import { runEvery } from './run-every.ts'
import { schedules } from './schedules.ts'

export type { WorkerDeps } from './deps.ts'

const QUEUE = 'reactions'

export type WorkersOptions = WorkerDeps & {
  readonly db: Db
  readonly stateRedis: Redis
  readonly changes: ChangeFeed
  readonly logger: Logger
  readonly concurrentMax: number
  readonly forgetIdempotencyKeys: () => Promise<number>
}

/** Starts the relay, the reactions and the schedules; `close` lets what is under way finish. */
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
    work: (job) => react(options, job),
    onFailure: (failure) => {
      const facts = { job: failure.jobId, reaction: failure.name, last: failure.last, err: failure.error }
      if (!failure.last) return logger.warn(facts, 'a reaction failed and will be tried again')
      logger.error(facts, 'a reaction failed for good')
      void openDeadLetter(options, failure).catch((err: unknown) => logger.error({ ...facts, err }, 'a dead letter could not be noted'))
    },
  })
  const relay = () => relayEvents({ db: options.db, clock: options.clock, deliver: (events) => deliver(options, queue.add, events) })
  const loops = schedules.map((schedule) =>
    runEvery(
      schedule.everyMs,
      () => schedule.run({ ...options, relay }),
      (err) => logger.warn({ schedule: schedule.name, err }, 'a schedule failed and will run again'),
    ),
  )
  return {
    close: async () => {
      await Promise.all(loops.map((loop) => loop.stop()))
      await worker.close()
      await queue.close()
      workerRedis.disconnect()
    },
  }
}

type AddJobs = (jobs: readonly { name: string; id: string; data: JobData }[]) => Promise<void>

/** One job per event and reaction; their ids keep an event that is relayed twice from being reacted to twice. */
async function deliver(options: WorkersOptions, add: AddJobs, events: readonly PublishedEvent[]): Promise<void> {
  const jobs = events.flatMap((event) => {
    const names = Object.keys(reactions[event.name as keyof Events] ?? {})
    return names.map((name) => ({ name: `${event.name}:${name}`, id: `${event.id}-${name}`, data: { event } }))
  })
  if (jobs.length > 0) await add(jobs)
  const bookingIds = events.map((event) => (typeof event.body['bookingId'] === 'string' ? event.body['bookingId'] : event.subjectId))
  await options.changes.publish(bookingIds).catch(() => undefined) // open pages look for themselves every few seconds
}

async function react(options: WorkersOptions, job: { name: string; data: JobData }): Promise<void> {
  const event = job.data['event'] as PublishedEvent
  const reaction = reactions[event.name as keyof Events]?.[job.name.split(':')[1] ?? ''] as
    | ((deps: WorkerDeps, event: Happened<never>) => Promise<unknown>)
    | undefined
  if (!reaction) throw new Error(`there is no reaction ${job.name}`)
  await reaction(options, event as unknown as Happened<never>)
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
