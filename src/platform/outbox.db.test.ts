import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { createStoppedClock } from '../kernel/time.ts'
import { recordEvent } from './events.ts'
import { outboxStore } from './outbox-store.ts'
import { relayEvents, requeueReactions, type OutboxDeps, type PendingReaction } from './outbox.ts'
import { inTransaction } from './postgres.ts'
import { postgresRecords } from './records.ts'

const { isPending, settleReaction } = outboxStore

let database: TestDatabase
let clock: ReturnType<typeof createStoppedClock>
let queued: PendingReaction[]
let deps: OutboxDeps

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.db.deleteFrom('platform.pending_reactions').execute()
  await database.db.updateTable('platform.events').set({ published_at: new Date() }).where('published_at', 'is', null).execute()
  clock = createStoppedClock('2026-11-21T08:00:00Z')
  queued = []
  deps = {
    db: database.db,
    store: outboxStore,
    records: postgresRecords,
    clock,
    reactionsTo: (name) => (name === 'thing.happened' ? ['tell', 'write'] : []),
    queue: async (pending) => void queued.push(...pending),
  }
})

const record = (name = 'thing.happened') =>
  inTransaction(database.db, (tx) => recordEvent(tx, { name, subjectId: randomUUID(), body: {}, actor: 'test' }))
const names = () => queued.map((one) => one.reaction).toSorted()

test('each reaction to an event is queued once, though ten relays run at the same time', async () => {
  for (let i = 0; i < 25; i += 1) await record()
  await Promise.all(Array.from({ length: 10 }, () => relayEvents(deps)))
  await relayEvents(deps)
  expect(queued).toHaveLength(50)
  expect(new Set(queued.map((one) => `${one.event.id} ${one.reaction}`)).size).toBe(50)
})

test('an event whose transaction is rolled back never happened', async () => {
  const failing = inTransaction(database.db, async (tx) => {
    await recordEvent(tx, { name: 'thing.happened', subjectId: 'x', body: {}, actor: 'test' })
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await relayEvents(deps)).toEqual([])
})

test('an event that nothing reacts to leaves nothing behind', async () => {
  await record('thing.ignored')
  expect(await relayEvents(deps)).toHaveLength(1)
  expect(queued).toEqual([])
})

test('what a queue lost is queued again, until it has been done', async () => {
  await record()
  await relayEvents({ ...deps, queue: () => Promise.reject(new Error('the queue is down')) }).catch(() => undefined)
  expect(await requeueReactions(deps)).toBe(0)
  clock.advance(16_000)
  expect(await requeueReactions(deps)).toBe(2)
  expect(names()).toEqual(['tell', 'write'])

  const { event } = queued[0]!
  await settleReaction(database.db, event.id, 'tell')
  expect(await isPending(database.db, event.id, 'tell')).toBe(false)
  expect(await isPending(database.db, event.id, 'write')).toBe(true)
  queued.length = 0
  clock.advance(16_000)
  await Promise.all([requeueReactions(deps), requeueReactions(deps)])
  expect(names()).toEqual(['write'])
})
