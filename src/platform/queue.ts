import { Queue, Worker, type Job } from 'bullmq'
import type { Redis } from 'ioredis'

/** What travels through a queue: ids and facts, never people. */
export type JobData = { readonly [key: string]: unknown }

/** A job that failed every time. */
export type FailedJob = { readonly name: string; readonly data: JobData; readonly error: string }

export type JobQueue = {
  /** Adds jobs; one whose id is already known is ignored. */
  readonly add: (jobs: readonly { name: string; id: string; data: JobData }[]) => Promise<void>
  readonly queue: Queue
  /** Jobs that failed for good, the newest first. */
  readonly listFailed: (limit: number) => Promise<FailedJob[]>
  readonly counts: () => Promise<Readonly<Record<string, number>>>
  readonly close: () => Promise<void>
}

/** Queue names carry a hash tag so that in a Redis Cluster all keys of one queue share a slot. */
function prefixOf(name: string): string {
  return `{farewire:${name}}`
}

/** A durable queue. A job that keeps failing ends in its failed set, where a person sees and replays it. */
export function createQueue(name: string, connection: Redis): JobQueue {
  const queue = new Queue(name, {
    connection,
    prefix: prefixOf(name),
    defaultJobOptions: {
      attempts: 12,
      backoff: { type: 'exponential', delay: 500, jitter: 0.3 },
      // The database says what has been done. A queue that remembers it for itself refuses what a database that lost its last
      // commits has to have done again.
      removeOnComplete: true,
      removeOnFail: false,
    },
  })
  queue.on('error', () => undefined)
  return {
    queue,
    listFailed: async (limit) =>
      (await queue.getFailed(0, limit - 1)).flatMap((job: Job | undefined) =>
        job ? [{ name: job.name, data: job.data as JobData, error: job.failedReason ?? '' }] : [],
      ),
    counts: () => queue.getJobCounts('wait', 'active', 'delayed', 'failed'),
    add: async (jobs) => void (await queue.addBulk(jobs.map((job) => ({ name: job.name, data: job.data, opts: { jobId: job.id } })))),
    close: () => queue.close(),
  }
}

/** A try of a job that failed; `last` when no further try follows and a person has to look. */
export type JobFailure = {
  readonly jobId: string
  readonly name: string
  readonly data: JobData
  readonly error: Error
  readonly last: boolean
}

export type QueueWorkerOptions = {
  readonly name: string
  readonly connection: Redis
  readonly concurrentMax: number
  /** How long a worker may be silent before its jobs are taken for stalled. */
  readonly lockMs: number
  readonly work: (job: { name: string; data: JobData }) => Promise<void>
  readonly onFailure: (failure: JobFailure) => void
}

/**
 * Works a queue. The same job may run twice, even at the same time (a stalled worker): whoever reacts must be harmless
 * when repeated. A stalled job is never counted as failed, because that could look like a supplier's "no".
 */
export function createQueueWorker(options: QueueWorkerOptions): { close: () => Promise<void> } {
  const worker = new Worker(options.name, async (job: Job) => options.work({ name: job.name, data: job.data as JobData }), {
    connection: options.connection,
    prefix: prefixOf(options.name),
    concurrency: options.concurrentMax,
    lockDuration: options.lockMs,
    stalledInterval: Math.ceil(options.lockMs / 3),
    maxStalledCount: 50,
  })
  worker.on('error', () => undefined)
  worker.on('failed', (job, error) => {
    if (!job) return
    const last = job.attemptsMade >= (job.opts.attempts ?? 1) || error.name === 'UnrecoverableError'
    options.onFailure({ jobId: job.id ?? '', name: job.name, data: job.data as JobData, error, last })
  })
  return { close: () => worker.close() }
}
