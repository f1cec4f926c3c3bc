import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createWorkerBench, type WorkerBench } from '../../test/support/worker-bench.ts'
import { outboxStore } from '../platform/outbox-store.ts'
import { relayEvents, type PendingReaction } from '../platform/outbox.ts'
import { createQueue, createQueueWorker, type JobQueue } from '../platform/queue.ts'
import { postgresRecords } from '../platform/records.ts'
import { duties } from './duties.ts'
import { createWorkers } from './index.ts'
import { react, reactionsTo } from './react.ts'
import { retireSingleQueue } from './retire-single-queue.ts'

let bench: WorkerBench
let old: JobQueue
let closers: (() => Promise<unknown>)[]

beforeAll(async () => {
  bench = await createWorkerBench()
})
afterAll(() => bench.close())
beforeEach(async () => {
  await bench.reset()
  old = createQueue('reactions', bench.stateRedis)
  closers = [() => old.close()]
})
afterEach(async () => {
  for (const close of closers.toReversed()) await close()
})

/** The relay of the release before: everything into one queue. */
const relayAsBefore = () =>
  relayEvents({
    ...bench.options,
    ...{ store: outboxStore, records: postgresRecords, reactionsTo },
    queue: (pending) =>
      old.add(pending.map((one) => ({ name: one.reaction, id: `${one.event.id}-${one.reaction}`, data: { ...one, replays: 0 } }))),
  })

/** The worker of the release before; what it has failed at for good it tells nobody of. */
function workAsBefore(): () => Promise<void> {
  const connection = bench.stateRedis.duplicate()
  const worker = createQueueWorker({
    ...{ name: 'reactions', connection, concurrentMax: 10, lockMs: 30_000, onFailure: () => undefined },
    work: (job) => react({ ...bench.options, outbox: outboxStore }, job.data as unknown as PendingReaction),
  })
  const close = async (): Promise<void> => {
    await worker.close()
    connection.disconnect()
  }
  closers.push(close)
  return close
}

const keysLeft = () => bench.stateRedis.keys('{farewire:reactions}*')
const letters = () =>
  bench.db
    .selectFrom('platform.work_items')
    .select(['state', 'subject_id', 'closed_by'])
    .where('kind', '=', 'dead_letter')
    .orderBy('id')
    .execute()
const waitedTooLong = () =>
  bench.db
    .updateTable('platform.pending_reactions')
    .set({ queued_at: new Date(bench.options.clock.now() - 16_000) })
    .execute()

test('what lies in the one queue of the release before is done in those of the duties, and the old one goes', async () => {
  const subjects: string[] = []
  for (const duty of duties) subjects.push(await bench.happen(duty))
  await relayAsBefore()
  expect(await old.counts()).toMatchObject({ wait: duties.length })
  await waitedTooLong()
  const workers = createWorkers(bench.options)
  closers.push(workers.close)
  await expect.poll(() => bench.done.toSorted(), { timeout: 15_000 }).toEqual(subjects.toSorted())
  await expect.poll(keysLeft, { timeout: 10_000 }).toEqual([])
})

test('while a worker of the release before lives, its queue stays, and it works beside the new ones', async () => {
  const workers = createWorkers(bench.options)
  const closeOld = workAsBefore()
  closers.push(workers.close)
  const subjects: string[] = []
  for (let round = 0; round < 3; round += 1) {
    for (const duty of duties) subjects.push(await bench.happen(duty))
    if (round % 2 === 0) await relayAsBefore()
    await waitedTooLong()
    expect(await retireSingleQueue(bench.db, bench.stateRedis)).toBe(false)
  }
  await expect.poll(() => new Set(bench.done), { timeout: 15_000 }).toEqual(new Set(subjects))
  expect(await keysLeft()).not.toEqual([])
  await closeOld()
  expect(await retireSingleQueue(bench.db, bench.stateRedis)).toBe(true)
  expect(await keysLeft()).toEqual([])
  expect(await retireSingleQueue(bench.db, bench.stateRedis), 'nothing is there any more').toBe(false)
  expect(await keysLeft()).toEqual([])
})

test('a failure in the old queue that nobody was told of is told; its case closes when the reaction is done after all', async () => {
  let isMended = false
  bench.act = async () => {
    if (!isMended) throw Object.assign(new Error('poison'), { name: 'UnrecoverableError' })
  }
  await bench.happen('ticketing')
  await relayAsBefore()
  const closeOld = workAsBefore()
  await expect.poll(async () => (await old.counts())['failed'], { timeout: 10_000 }).toBe(1)
  await closeOld()
  expect(await letters()).toEqual([])
  expect(await retireSingleQueue(bench.db, bench.stateRedis)).toBe(true)
  expect(await letters()).toMatchObject([{ state: 'open' }])

  await waitedTooLong()
  const first = createWorkers(bench.options)
  const failed = createQueue('ticketing', bench.stateRedis)
  closers.push(failed.close)
  await expect.poll(async () => (await failed.counts())['failed'], { timeout: 10_000 }).toBe(1)
  await first.close()
  expect(await letters(), 'a case that is tried again stays open while it fails').toMatchObject([{ state: 'open' }])

  isMended = true
  await bench.stateRedis.flushdb()
  await waitedTooLong()
  const second = createWorkers(bench.options)
  await expect.poll(() => bench.done.length, { timeout: 10_000 }).toBe(1)
  await second.close()
  // Looked at once a minute, and when workers start.
  const third = createWorkers(bench.options)
  closers.push(third.close)
  await expect.poll(letters, { timeout: 10_000 }).toMatchObject([{ state: 'done', closed_by: null }])
}, 60_000)
