import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { createTestRedis, type TestRedis } from '../../test/support/redis.ts'
import { systemClock } from '../kernel/time.ts'
import { createChangeFeed, type ChangeFeed } from '../platform/change-feed.ts'
import { recordEvent } from '../platform/events.ts'
import { replayReaction } from '../platform/outbox-store.ts'
import { createWorkerRedis } from '../platform/redis.ts'
import { noteDeadLetters } from './dead-letters.ts'
import { createDutyQueues } from './duty-queues.ts'
import { createWorkers, type WorkersOptions } from './index.ts'

let database: TestDatabase
let redis: TestRedis
let stateRedis: ReturnType<typeof createWorkerRedis>
let changes: ChangeFeed
let workers: { close: () => Promise<void> }
let synced: string[]
let poison: string
let isMended: boolean

beforeAll(async () => {
  ;[database, redis] = await Promise.all([createTestDatabase(), createTestRedis()])
  stateRedis = createWorkerRedis(redis.url)
  changes = createChangeFeed(stateRedis)
})
afterAll(async () => {
  changes.close()
  stateRedis.disconnect()
  await Promise.all([database.close(), redis.close()])
})
beforeEach(() => {
  synced = []
  poison = `pay_${randomUUID()}`
  isMended = false
  workers = createWorkers(options())
})
afterEach(() => workers.close())

/** Workers whose only reaction that matters is to ask a gateway; one payment kills it every time. */
function options(): WorkersOptions {
  const nothing = async () => 0
  const idle = new Proxy({}, { get: () => nothing })
  const payments = {
    syncOpen: async () => ({ checked: 0, failures: [] }),
    pollRefunds: async () => ({ checked: 0, failures: [] }),
    sync: async (paymentId: string) => {
      // Not tried a second time, so that the test need not wait for twelve.
      if (paymentId === poison && !isMended) throw Object.assign(new Error('poison'), { name: 'UnrecoverableError' })
      synced.push(paymentId)
    },
  }
  return {
    ...{ db: database.db, stateRedis, changes, clock: systemClock, logger: pino({ level: 'silent' }), concurrentMax: 3, lockMs: 30_000 },
    ...{ bookings: idle, stayContent: { refresh: nothing }, ops: { resume: nothing }, reconciliation: { runDue: nothing }, payments },
    forgetIdempotencyKeys: nothing,
    publicUrl: 'https://shop.example',
  } as unknown as WorkersOptions
}

async function notify(paymentId: string): Promise<void> {
  const body = { paymentId, bookingId: 'bkg_1', inboxId: 'inb_1', eventType: 'paid' }
  await database.db
    .transaction()
    .execute((tx) => recordEvent(tx, { name: 'payment.notified', subjectId: paymentId, body, actor: 'stripe' }))
}

const letters = () => database.db.selectFrom('platform.work_items').selectAll().where('kind', '=', 'dead_letter').orderBy('id').execute()
const detailsOf = (row: { details: unknown }) =>
  row.details as { ids: Record<string, string>; error: string; eventId: string; reaction: string }
const mine = async () => (await letters()).find((row) => detailsOf(row).ids['paymentId'] === poison)

test('F36: a poison job becomes a case with its cause and ids, and holds up no other', async () => {
  await notify(poison)
  const others = Array.from({ length: 20 }, () => `pay_${randomUUID()}`)
  for (const other of others) await notify(other)
  await expect.poll(() => synced.length, { timeout: 10_000 }).toBe(20)
  expect(new Set(synced)).toEqual(new Set(others))
  await expect.poll(mine, { timeout: 10_000 }).toBeDefined()
  const letter = (await mine())!
  expect(letter).toMatchObject({ state: 'open', severity: 'high' })
  expect(detailsOf(letter)).toMatchObject({ error: 'poison', reaction: 'syncPayment', ids: { paymentId: poison, bookingId: 'bkg_1' } })
})

test('S14: replayed it runs again, stays open while it fails, and closes when it succeeds', async () => {
  await notify(poison)
  await expect.poll(mine, { timeout: 10_000 }).toBeDefined()
  const { eventId, reaction } = detailsOf((await mine())!)
  const replay = () => database.db.transaction().execute((tx) => replayReaction(tx, eventId, reaction))
  const failedJobs = async () => {
    const queues = createDutyQueues(stateRedis)
    const failed = (await queues.listFailed(50)).filter((job) => JSON.stringify(job.data).includes(eventId)).length
    await queues.close()
    return failed
  }
  expect(await replay()).toBe(true)
  await expect.poll(failedJobs, { timeout: 15_000 }).toBe(2)
  expect((await mine())!.state).toBe('open')
  isMended = true
  expect(await replay()).toBe(true)
  await expect.poll(async () => (await mine())!.state, { timeout: 15_000 }).toBe('done')
  expect(synced).toEqual([poison])
  expect((await mine())!.closed_by).toBeNull()
  expect(await replay(), 'what has been done is not done again').toBe(false)
})

test('a job whose failure nobody was told of is found in the queue, but not one that was done or is being replayed', async () => {
  await notify(poison)
  await expect.poll(mine, { timeout: 10_000 }).toBeDefined()
  const { eventId, reaction } = detailsOf((await mine())!)
  await workers.close()
  const forget = () =>
    database.db
      .updateTable('platform.work_items')
      .set({ kind: `told_${randomUUID()}` })
      .where('kind', '=', 'dead_letter')
      .execute()
  await forget()
  const queues = createDutyQueues(stateRedis)
  await noteDeadLetters(database.db, queues)
  expect((await letters()).map((row) => detailsOf(row).eventId)).toContain(eventId)
  await forget()
  await database.db.transaction().execute((tx) => replayReaction(tx, eventId, reaction))
  await noteDeadLetters(database.db, queues)
  expect((await letters()).map((row) => detailsOf(row).eventId)).not.toContain(eventId)
  await queues.close()
  workers = createWorkers(options())
})
