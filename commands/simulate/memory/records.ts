import type { Clock } from '../../../src/kernel/time.ts'
import type { Id } from '../../../src/kernel/ids.ts'
import type { OutboxStore } from '../../../src/platform/outbox-store.ts'
import type { PublishedEvent } from '../../../src/platform/outbox.ts'
import type { Records } from '../../../src/platform/records.ts'
import type { MemoryDeps } from './memory-deps.ts'
import type { EventRow, PendingRow, WorkItemRow } from './tables.ts'
import { findCell, insert, list, lock, read, take, write, type UniqueKey } from './transactions.ts'

const pendingKeys: readonly UniqueKey<PendingRow>[] = [{ name: 'pending_reactions_pkey', of: (row) => `${row.eventId} ${row.reaction}` }]
const itemKeys: readonly UniqueKey<WorkItemRow>[] = [
  { name: 'work_items_kind_subject_id_key', of: (row) => `${row.kind} ${row.subjectId}` },
]
const HISTORY_MAX = 200

/** Transactions, events and work items in memory, as src/platform keeps them in Postgres. */
export function createRecords(
  { database, tables, newId, now }: MemoryDeps,
  choices: { readonly randomInt: (limit: number) => number },
): Records {
  const { statement } = database
  return {
    transact: database.transact,
    now: (tx) => statement(tx, 'now', () => now()),
    recordEvent: (tx, event) =>
      statement(tx, 'recordEvent', (own) =>
        insert<EventRow>(own, tables.events, {
          name: event.name,
          subjectId: event.subjectId,
          body: event.body,
          actor: event.actor,
          id: newId('evt'),
          occurredAt: now(),
          isPublished: false,
        }),
      ),
    listEvents: (db, subjectId) =>
      statement(db, 'listEvents', (tx) => list(tx, tables.events, (event) => event.subjectId === subjectId).slice(0, HISTORY_MAX)),
    openWorkItem: (tx, item) =>
      statement(tx, 'openWorkItem', (own) => {
        const row: WorkItemRow = { ...item, state: 'open' }
        const cell = findCell(own, tables.workItems, (one) => one.kind === item.kind && one.subjectId === item.subjectId)
        // One that software has closed is opened again; there are no people here to close any.
        if (!cell) insert(own, tables.workItems, row, itemKeys)
        else if (lock(own, cell)!.state === 'done') write(own, cell, row)
      }),
    closeWorkItem: (tx, kind, subjectId) =>
      statement(tx, 'closeWorkItem', (own) => {
        const cell = findCell(own, tables.workItems, (item) => item.kind === kind && item.subjectId === subjectId)
        const item = cell && lock(own, cell)
        if (item?.state === 'open') write(own, cell!, { ...item, state: 'done' })
      }),
    newId: <Prefix extends string>(prefix: Prefix, _clock: Clock): Id<Prefix> => newId(prefix),
    randomInt: choices.randomInt,
  }
}

/** The outbox in memory, statement for statement what src/platform keeps in Postgres. */
export function createOutboxStore({ database, tables }: MemoryDeps): OutboxStore {
  const { statement } = database
  return {
    takeUnpublished: (tx, limit) =>
      statement(tx, 'takeUnpublished', (own) =>
        take(own, tables.events, { isWanted: (event) => !event.isPublished, by: () => 0, limit }).map((cell) => {
          const event = read(own, cell)!
          write(own, cell, { ...event, isPublished: true })
          return toPublished(event)
        }),
      ),
    addPending: (tx, pending, at) =>
      statement(tx, 'addPending', (own) => {
        for (const { event, reaction } of pending) insert(own, tables.pending, { eventId: event.id, reaction, queuedAt: at }, pendingKeys)
      }),
    takeLatePending: (db, options) =>
      statement(db, 'takeLatePending', (tx) =>
        firstOfEach(
          take(tx, tables.pending, {
            isWanted: (row) => row.queuedAt < options.queuedBefore,
            by: (row) => row.queuedAt,
            limit: Number.POSITIVE_INFINITY,
          }),
          { kindOf: (cell) => read(tx, cell)!.reaction, limit: options.limit },
        ).map((cell) => {
          const row = read(tx, cell)!
          write(tx, cell, { ...row, queuedAt: options.now })
          const event = findCell(tx, tables.events, (one) => one.id === row.eventId)
          return { event: toPublished(read(tx, event!)!), reaction: row.reaction }
        }),
      ),
    isPending: (db, eventId, reaction) =>
      statement(
        db,
        'isPending',
        (tx) => findCell(tx, tables.pending, (row) => row.eventId === eventId && row.reaction === reaction) !== undefined,
      ),
    settleReaction: (db, eventId, reaction) =>
      statement(db, 'settleReaction', (tx) => {
        const cell = findCell(tx, tables.pending, (row) => row.eventId === eventId && row.reaction === reaction)
        if (cell) write(tx, cell, undefined)
      }),
  }
}

function toPublished(event: EventRow): PublishedEvent {
  return { id: event.id, name: event.name, subjectId: event.subjectId, body: event.body as Record<string, unknown> }
}

/** At most `limit` of each kind, in their order. */
function firstOfEach<One>(all: readonly One[], options: { readonly kindOf: (one: One) => string; readonly limit: number }): One[] {
  const seen = new Map<string, number>()
  return all.filter((one) => {
    const kind = options.kindOf(one)
    const place = (seen.get(kind) ?? 0) + 1
    seen.set(kind, place)
    return place <= options.limit
  })
}
