import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { systemClock } from '../../src/kernel/time.ts'
import { createChangeFeed } from '../../src/platform/change-feed.ts'
import { recordEvent } from '../../src/platform/events.ts'
import type { Db } from '../../src/platform/postgres.ts'
import { createWorkerRedis } from '../../src/platform/redis.ts'
import type { Duty } from '../../src/workers/duties.ts'
import type { WorkersOptions } from '../../src/workers/index.ts'
import { createTestDatabase } from './postgres.ts'
import { createTestRedis } from './redis.ts'

/** Real queues and a real outbox, where everything that a reaction would do is one call of `act`. */
export type WorkerBench = {
  readonly db: Db
  readonly stateRedis: ReturnType<typeof createWorkerRedis>
  readonly options: WorkersOptions
  /** Has something happen that this duty reacts to; returns what `act` is then called with. */
  readonly happen: (duty: Duty) => Promise<string>
  /** What has been done, in its order. */
  readonly done: string[]
  /** How it is done; at once unless said otherwise. */
  act: (subject: string) => Promise<unknown>
  readonly reset: () => Promise<void>
  readonly close: () => Promise<void>
}

/** One event for each duty, which only this duty reacts to. */
const EVENTS: Readonly<Record<Duty, { readonly name: string; readonly body: (subject: string) => Record<string, string> }>> = {
  payments: { name: 'payment.notified', body: (paymentId) => ({ paymentId }) },
  ticketing: { name: 'booking.paid', body: () => ({}) },
  refunds: { name: 'refund.requested', body: (refundId) => ({ refundId }) },
  'schedule-changes': { name: 'booking.schedule_change_answered', body: () => ({ action: 'accept', changeId: 'chg_1' }) },
  documents: { name: 'booking.schedule_change_accepted', body: () => ({}) },
  notifications: { name: 'booking.cancelled', body: () => ({}) },
  bookkeeping: { name: 'booking.reserved', body: () => ({ itemId: 'itm_1' }) },
}

/** Whose duty `happen` made it. */
export function dutyOfSubject(subject: string): Duty {
  return subject.split('.')[0] as Duty
}

export async function createWorkerBench(): Promise<WorkerBench> {
  const [database, redis] = await Promise.all([createTestDatabase(), createTestRedis()])
  const stateRedis = createWorkerRedis(redis.url)
  const changes = createChangeFeed(stateRedis)
  const nothing = async () => 0
  const act = async (subject: string): Promise<void> => {
    await bench.act(subject)
    bench.done.push(subject)
  }
  const bookings = {
    advance: act,
    get: async (id: string) => {
      await act(id)
      return { id, reference: 'FW1', contact: { email: 'a@example.com' }, items: [{ id: 'itm_0', offer: {}, position: 'cancelled' }] }
    },
    scheduleChanges: { carryOut: act, watch: nothing, settle: nothing, endUnanswered: nothing },
  }
  const payments = {
    sync: act,
    sendRefund: act,
    syncOpen: async () => ({ checked: 0, failures: [] }),
    pollRefunds: async () => ({ checked: 0, failures: [] }),
  }
  const bench: WorkerBench = {
    db: database.db,
    stateRedis,
    options: {
      ...{ db: database.db, stateRedis, changes, clock: systemClock, logger: pino({ level: 'silent' }), concurrentMax: 20, lockMs: 30_000 },
      ...{ payments, stayContent: { refresh: nothing }, ops: { resume: nothing }, reconciliation: { runDue: nothing } },
      bookings: new Proxy(bookings, { get: (known, name) => known[name as keyof typeof known] ?? nothing }),
      forgetIdempotencyKeys: nothing,
      publicUrl: 'https://shop.example',
    } as unknown as WorkersOptions,
    happen: async (duty) => {
      const subjectId = `${duty}.${randomUUID()}`
      const { name, body } = EVENTS[duty]
      await database.db.transaction().execute((tx) => recordEvent(tx, { name, subjectId, body: body(subjectId), actor: 'test' }))
      return subjectId
    },
    done: [],
    act: nothing,
    reset: async () => {
      bench.done.length = 0
      bench.act = nothing
      await database.db.deleteFrom('platform.pending_reactions').execute()
      await database.db.updateTable('platform.events').set({ published_at: new Date() }).where('published_at', 'is', null).execute()
      await stateRedis.flushdb()
    },
    close: async () => {
      changes.close()
      stateRedis.disconnect()
      await Promise.all([database.close(), redis.close()])
    },
  }
  return bench
}
