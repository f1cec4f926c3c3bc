import { newId } from '../kernel/ids.ts'
import { fromDate, type Instant } from '../kernel/time.ts'
import type { Db, Tx } from './postgres.ts'
import { statement, type Given } from './statement.ts'

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** Something that has happened. `name` is `context.past_participle`; `body` holds ids and facts, never names or documents. */
export type EventRecord = {
  readonly name: string
  readonly subjectId: string
  readonly body: { readonly [key: string]: JsonValue }
  /** Who made it happen: "traveller", "stripe", "worker", a user id. */
  readonly actor: string
}

/**
 * Writes the event into the outbox, which is also the audit trail, as part of the transaction that makes it true.
 * It takes a transaction and not a pool so that an event without its change, or a change without its event, cannot be.
 */
export async function recordEvent(tx: Tx, event: EventRecord): Promise<void> {
  const { name, subjectId, body, actor } = event
  await insertEvent(tx, { id: newId('evt'), name, subject_id: subjectId, body: JSON.stringify(body), actor })
}

type EventRow = { id: string; name: string; subject_id: string; body: string; actor: string }

const insertEvent = statement((db, event: Given<EventRow>) => db.insertInto('platform.events').values(event))

/** An event as its subject's history tells it. */
export type PastEvent = { readonly name: string; readonly body: unknown; readonly actor: string; readonly occurredAt: Instant }

const HISTORY_MAX = 200

const selectOfSubject = statement((db, { subjectId }: Given<{ subjectId: string }>) =>
  db
    .selectFrom('platform.events')
    .select(['name', 'body', 'actor', 'occurred_at'])
    .where('subject_id', '=', subjectId)
    .orderBy('position')
    .limit(HISTORY_MAX),
)

/** The first 200 events of a subject, oldest first. */
export async function listEvents(db: Db, subjectId: string): Promise<PastEvent[]> {
  const { rows } = await selectOfSubject(db, { subjectId })
  return rows.map((row) => ({ name: row.name, body: row.body, actor: row.actor, occurredAt: fromDate(row.occurred_at) }))
}
