import { newId } from '../kernel/ids.ts'
import { fromDate, type Instant } from '../kernel/time.ts'
import type { Db, Tx } from './postgres.ts'

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
  await tx
    .insertInto('platform.events')
    .values({ id: newId('evt'), name: event.name, subject_id: event.subjectId, body: JSON.stringify(event.body), actor: event.actor })
    .execute()
}

/** An event as its subject's history tells it. */
export type PastEvent = { readonly name: string; readonly body: unknown; readonly actor: string; readonly occurredAt: Instant }

const HISTORY_MAX = 200

/** The first 200 events of a subject, oldest first. */
export async function listEvents(db: Db, subjectId: string): Promise<PastEvent[]> {
  const rows = await db
    .selectFrom('platform.events')
    .select(['name', 'body', 'actor', 'occurred_at'])
    .where('subject_id', '=', subjectId)
    .orderBy('position')
    .limit(HISTORY_MAX)
    .execute()
  return rows.map((row) => ({ name: row.name, body: row.body, actor: row.actor, occurredAt: fromDate(row.occurred_at) }))
}
