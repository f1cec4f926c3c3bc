import { sql } from 'kysely'
import { plusMs, toDate, type Clock } from '../kernel/time.ts'
import { failpoint } from './failpoint.ts'
import { inTransaction, type Db } from './postgres.ts'

/** An event as it is handed to those who react to it. */
export type PublishedEvent = {
  readonly id: string
  readonly name: string
  readonly subjectId: string
  readonly body: Record<string, unknown>
}

/** One thing that still has to be done about an event. */
export type PendingReaction = { readonly event: PublishedEvent; readonly reaction: string }

export type OutboxDeps = {
  readonly db: Db
  readonly clock: Clock
  /** The names of everything that reacts to an event of this name. */
  readonly reactionsTo: (eventName: string) => readonly string[]
  /** Wakes workers up. May lose what it is given, or be given the same again. */
  readonly queue: (pending: readonly PendingReaction[]) => Promise<void>
}

const BATCH = 100
/** Far longer than a queue that works takes to start a job. */
const REQUEUE_AFTER_MS = 15_000

/**
 * Turns the oldest unpublished events into pending reactions, in one transaction, and then wakes workers up; returns the
 * events. Several relays share the work. What is lost between here and a worker is queued again by {@link requeueReactions}.
 */
export async function relayEvents(deps: OutboxDeps): Promise<readonly PublishedEvent[]> {
  // Most rounds find nothing, and need no transaction to.
  const first = await deps.db.selectFrom('platform.events').select('id').where('published_at', 'is', null).limit(1).executeTakeFirst()
  if (!first) return []
  const now = toDate(deps.clock.now())
  const events = await inTransaction(deps.db, async (tx): Promise<PublishedEvent[]> => {
    const rows = await tx
      .selectFrom('platform.events')
      .select(['id', 'name', 'subject_id', 'body'])
      .where('published_at', 'is', null)
      .orderBy('position')
      .limit(BATCH)
      .forUpdate()
      .skipLocked()
      .execute()
    if (rows.length === 0) return []
    const ids = rows.map((row) => row.id)
    await tx
      .updateTable('platform.events')
      .set({ published_at: sql`now()` })
      .where('id', 'in', ids)
      .execute()
    const pending = rows.flatMap((row) => deps.reactionsTo(row.name).map((reaction) => ({ event_id: row.id, reaction, queued_at: now })))
    if (pending.length > 0) await tx.insertInto('platform.pending_reactions').values(pending).execute()
    return rows.map(toEvent)
  })
  if (events.length > 0) failpoint('events-relayed')
  await deps.queue(events.flatMap((event) => deps.reactionsTo(event.name).map((reaction) => ({ event, reaction }))))
  return events
}

/**
 * Queues again what has been pending for a while: a queue lost its jobs, or a relay died before it could wake anyone.
 * A job that is still known to the queue ignores it. Returns how many.
 */
export async function requeueReactions(deps: OutboxDeps): Promise<number> {
  const now = deps.clock.now()
  const late = await deps.db
    .updateTable('platform.pending_reactions as pending')
    .from('platform.events as event')
    .set({ queued_at: toDate(now) })
    .whereRef('event.id', '=', 'pending.event_id')
    .where((eb) =>
      eb(
        eb.refTuple('pending.event_id', 'pending.reaction'),
        'in',
        eb
          .selectFrom('platform.pending_reactions')
          .select(['event_id', 'reaction'])
          .where('queued_at', '<', toDate(plusMs(now, -REQUEUE_AFTER_MS)))
          .orderBy('queued_at')
          .limit(BATCH)
          .forUpdate()
          .skipLocked()
          .$asTuple('event_id', 'reaction'),
      ),
    )
    .returning(['event.id', 'event.name', 'event.subject_id', 'event.body', 'pending.reaction'])
    .execute()
  await deps.queue(late.map((row) => ({ event: toEvent(row), reaction: row.reaction })))
  return late.length
}

/** True while the reaction has not been done: a job that was queued twice finds out here. */
export async function isPending(db: Db, eventId: string, reaction: string): Promise<boolean> {
  const row = await db
    .selectFrom('platform.pending_reactions')
    .select('event_id')
    .where('event_id', '=', eventId)
    .where('reaction', '=', reaction)
    .executeTakeFirst()
  return row !== undefined
}

/** Notes that the reaction has been done. */
export async function settleReaction(db: Db, eventId: string, reaction: string): Promise<void> {
  await db.deleteFrom('platform.pending_reactions').where('event_id', '=', eventId).where('reaction', '=', reaction).execute()
}

function toEvent(row: { id: string; name: string; subject_id: string; body: unknown }): PublishedEvent {
  return { id: row.id, name: row.name, subjectId: row.subject_id, body: row.body as Record<string, unknown> }
}
