import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createWorkerBench, dutyOfSubject, type WorkerBench } from '../../test/support/worker-bench.ts'
import { outboxStore, replayReaction } from '../platform/outbox-store.ts'
import { relayEvents, type PendingReaction } from '../platform/outbox.ts'
import { createQueue, createQueueWorker } from '../platform/queue.ts'
import { postgresRecords } from '../platform/records.ts'
import { duties, shareOf, type Duty } from './duties.ts'
import { createDutyQueues } from './duty-queues.ts'
import { createWorkers } from './index.ts'
import { createJobCounts } from './job-counts.ts'
import { react, reactionsTo } from './react.ts'
import { readReactionAges } from './reaction-ages.ts'
import { reactions } from './reactions.ts'

let bench: WorkerBench
let closers: (() => Promise<unknown>)[]

beforeAll(async () => {
  bench = await createWorkerBench()
})
afterAll(() => bench.close())
beforeEach(async () => {
  closers = []
  await bench.reset()
})
afterEach(async () => {
  for (const close of closers.toReversed()) await close()
})

/** Runs until the test is over, or is closed by it. */
function work(): () => Promise<void> {
  const workers = createWorkers(bench.options)
  closers.push(workers.close)
  return workers.close
}

/** Ends when it is let go of. */
function held(): { readonly until: Promise<void>; readonly letGo: () => void } {
  let letGo = (): void => undefined
  const until = new Promise<void>((resolve) => (letGo = resolve))
  closers.push(async () => letGo())
  return { until, letGo }
}

async function happen(times: number, duty: Duty): Promise<string[]> {
  const subjects: string[] = []
  for (let at = 0; at < times; at += 1) subjects.push(await bench.happen(duty))
  return subjects
}

const relay = (queue: (pending: readonly PendingReaction[]) => Promise<void>) =>
  relayEvents({ ...bench.options, store: outboxStore, records: postgresRecords, reactionsTo, queue })

async function finishedIn(duty: Duty): Promise<string[]> {
  const queue = createQueue(duty, bench.stateRedis)
  const told = await bench.stateRedis.xrange(queue.queue.toKey('events'), '-', '+')
  await queue.close()
  const events = told.map(([, fields]) => Object.fromEntries(fields.map((field, i) => [field, fields[i + 1]])))
  return [...new Set(events.filter(({ event }) => event === 'completed' || event === 'failed').map(({ jobId }) => jobId!))].toSorted()
}

/** 200 mails and 200 documents that nobody ends, and behind them people who have paid or are owed money. */
async function floodAndWait(withinMs: number): Promise<{ doneMs: number; slow: number }> {
  const { until } = held()
  const slow: string[] = []
  bench.act = async (subject) => {
    if (!['notifications', 'documents'].includes(dutyOfSubject(subject))) return
    slow.push(subject)
    await until
  }
  await happen(200, 'notifications')
  await happen(200, 'documents')
  for (const duty of ['payments', 'ticketing', 'refunds'] as const) await happen(20, duty)
  const begun = performance.now()
  await expect.poll(() => bench.done.length, { timeout: withinMs, interval: 25 }).toBe(60)
  return { doneMs: performance.now() - begun, slow: slow.length }
}

test('mails and documents that hang, hundreds of each, delay no ticket and no refund', async () => {
  work()
  const { doneMs, slow } = await floodAndWait(5_000)
  expect(doneMs).toBeLessThan(5_000)
  expect(slow).toBe(shareOf('notifications', 20) + shareOf('documents', 20))
})

test('but they would if everything stood in one line', async () => {
  const queue = createQueue('one-line', bench.stateRedis)
  const connection = bench.stateRedis.duplicate()
  const add = (pending: readonly PendingReaction[]) =>
    queue.add(pending.map((one) => ({ name: one.reaction, id: `${one.event.id}-${one.reaction}`, data: { ...one } })))
  const worker = createQueueWorker({
    ...{ name: 'one-line', connection, concurrentMax: 20, lockMs: 30_000, onFailure: () => undefined },
    work: (job) => react({ ...bench.options, outbox: outboxStore }, job.data as unknown as PendingReaction),
  })
  closers.push(queue.close, async () => connection.disconnect(), worker.close)
  const relaying = setInterval(() => void relay(add).catch(() => undefined), 50)
  closers.push(async () => clearInterval(relaying))
  await expect(floodAndWait(5_000)).rejects.toThrow()
  expect(bench.done).toEqual([])
  expect(await queue.counts()).toMatchObject({ active: 20 })
})

test('every reaction is queued for, and worked by, whose duty it is', async () => {
  const declared = Object.entries(reactions).flatMap(([event, byDuty]) =>
    Object.entries(byDuty).flatMap(([duty, own]) => Object.keys(own).map((reaction) => ({ duty: duty as Duty, event, reaction }))),
  )
  expect(new Set(declared.map(({ duty }) => duty))).toEqual(new Set(duties))
  // Nothing of it is pending, so that each job ends at once.
  const pending = declared.map(({ event, reaction }) => ({ event: { id: event, name: event, subjectId: '', body: {} }, reaction }))
  const queues = createDutyQueues(bench.stateRedis)
  closers.push(queues.close)
  await queues.add(pending)
  work()
  const idsOf = (duty: Duty) => declared.filter((one) => one.duty === duty).map(({ event, reaction }) => `${event}-${reaction}`)
  for (const duty of duties) await expect.poll(() => finishedIn(duty), { timeout: 10_000 }).toEqual(idsOf(duty).toSorted())
})

test('a reaction that this release does not know comes before a person', async () => {
  const queues = createDutyQueues(bench.stateRedis)
  closers.push(queues.close)
  await queues.add([{ event: { id: 'evt_new', name: 'booking.paid', subjectId: '', body: {} }, reaction: 'fromTheFuture' }])
  expect((await queues.counts()).bookkeeping).toMatchObject({ wait: 1 })
})

test('jobs are counted for each duty', async () => {
  const counts = createJobCounts(bench.stateRedis)
  closers.push(counts.close)
  work()
  const { until } = held()
  bench.act = () => until
  await happen(9, 'ticketing')
  await happen(4, 'refunds')
  await expect
    .poll(counts.read, { timeout: 10_000 })
    .toMatchObject({ ticketing: { active: 6, wait: 3 }, refunds: { active: 3, wait: 1 }, notifications: { active: 0, wait: 0 } })
})

test('what each duty has to do is told with the age of the oldest, also when Redis has forgotten it', async () => {
  await happen(3, 'ticketing')
  await happen(1, 'refunds')
  const before = bench.options.clock.now()
  await relay(async () => undefined)
  const ages = await readReactionAges(bench.db)
  expect(ages.map(({ queue }) => queue)).toEqual(duties.map((duty) => `reactions:${duty}`))
  const ageOf = (duty: Duty) => ages.find(({ queue }) => queue === `reactions:${duty}`)!
  expect([ageOf('ticketing').waiting, ageOf('refunds').waiting, ageOf('documents').waiting]).toEqual([3, 1, 0])
  expect(ageOf('documents').oldest).toBeNull()
  expect(ageOf('ticketing').oldest).toBeLessThanOrEqual(ageOf('refunds').oldest!)
  expect(before - ageOf('ticketing').oldest!).toBeLessThan(10_000)
})

test('a dead letter of each duty becomes a case, and is replayed through the same queue', async () => {
  let isMended = false
  bench.act = async () => {
    // Not tried a second time, so that the test need not wait for twelve.
    if (!isMended) throw Object.assign(new Error('poison'), { name: 'UnrecoverableError' })
  }
  work()
  for (const duty of duties) await happen(1, duty)
  const items = () => bench.db.selectFrom('platform.work_items').selectAll().where('kind', '=', 'dead_letter').execute()
  const letters = async () =>
    (await items()).map((row) => ({ ...(row.details as { eventId: string; reaction: string; subjectId: string }), state: row.state }))
  await expect.poll(async () => (await letters()).length, { timeout: 10_000 }).toBe(duties.length)
  const dead = await letters()
  isMended = true
  for (const { eventId, reaction } of dead)
    expect(await bench.db.transaction().execute((tx) => replayReaction(tx, eventId, reaction))).toBe(true)
  await expect.poll(async () => (await letters()).map(({ state }) => state), { timeout: 20_000 }).toEqual(Array.from(duties, () => 'done'))
  for (const { eventId, reaction, subjectId } of dead)
    expect(await finishedIn(dutyOfSubject(subjectId))).toEqual([`${eventId}-${reaction}`, `${eventId}-${reaction}-again1`])
}, 60_000)

test('on closing, what is under way in every duty is finished and nothing else is begun', async () => {
  const begun: string[] = []
  const close = work()
  const { until, letGo } = held()
  bench.act = async (subject) => {
    begun.push(subject)
    await until
  }
  for (const duty of duties) await happen(shareOf(duty, 20) + 2, duty)
  await expect.poll(() => begun.length, { timeout: 10_000 }).toBe(20)
  const closing = close()
  setTimeout(letGo, 500)
  await closing
  expect(begun).toHaveLength(20)
  expect(bench.done.toSorted()).toEqual(begun.toSorted())
  const left = await bench.db.selectFrom('platform.pending_reactions').selectAll().execute()
  expect(left).toHaveLength(2 * duties.length)
}, 30_000)

test('when Redis forgets everything, the jobs of every duty come back', async () => {
  const subjects: string[] = []
  for (const duty of duties) subjects.push(...(await happen(3, duty)))
  const queues = createDutyQueues(bench.stateRedis)
  closers.push(queues.close)
  await relay(queues.add)
  for (const counts of Object.values(await queues.counts())) expect(counts['wait']).toBe(3)
  await bench.stateRedis.flushdb()
  await bench.db
    .updateTable('platform.pending_reactions')
    .set({ queued_at: new Date(bench.options.clock.now() - 16_000) })
    .execute()
  work()
  await expect.poll(() => bench.done.length, { timeout: 15_000 }).toBe(subjects.length)
  expect(bench.done.toSorted()).toEqual(subjects.toSorted())
})
