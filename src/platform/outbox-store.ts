import { sql } from 'kysely'
import { toDate, type Instant } from '../kernel/time.ts'
import type { PendingReaction, PublishedEvent } from './outbox.ts'
import type { Db, Tx } from './postgres.ts'

/** Takes the oldest unpublished events and marks them published; those that another relay is taking are left to it. */
async function takeUnpublished(tx: Tx, limit: number): Promise<readonly PublishedEvent[]> {
  const rows = await tx
    .selectFrom('platform.events')
    .select(['id', 'name', 'subject_id', 'body'])
    .where('published_at', 'is', null)
    .orderBy('position')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  if (rows.length === 0) return []
  await tx
    .updateTable('platform.events')
    .set({ published_at: sql`now()` })
    .where(
      'id',
      'in',
      rows.map((row) => row.id),
    )
    .execute()
  return rows.map(toEvent)
}

/** Notes what has to be done about events. */
async function addPending(tx: Tx, pending: readonly PendingReaction[], now: Instant): Promise<void> {
  await tx
    .insertInto('platform.pending_reactions')
    .values(pending.map(({ event, reaction }) => ({ event_id: event.id, reaction, queued_at: toDate(now) })))
    .execute()
}

/** Takes what was queued before `queuedBefore` and is still not done, as queued `now`. */
async function takeLatePending(
  db: Db,
  options: { readonly now: Instant; readonly queuedBefore: Instant; readonly limit: number },
): Promise<readonly PendingReaction[]> {
  const late = await db
    .updateTable('platform.pending_reactions as pending')
    .from('platform.events as event')
    .set({ queued_at: toDate(options.now) })
    .whereRef('event.id', '=', 'pending.event_id')
    .where((eb) =>
      eb(
        eb.refTuple('pending.event_id', 'pending.reaction'),
        'in',
        eb
          .selectFrom('platform.pending_reactions')
          .select(['event_id', 'reaction'])
          .where('queued_at', '<', toDate(options.queuedBefore))
          .orderBy('queued_at')
          .limit(options.limit)
          .forUpdate()
          .skipLocked()
          .$asTuple('event_id', 'reaction'),
      ),
    )
    .returning(['event.id', 'event.name', 'event.subject_id', 'event.body', 'pending.reaction', 'pending.replays'])
    .execute()
  return late.map((row) => ({ event: toEvent(row), reaction: row.reaction, replays: row.replays }))
}

/** True while the reaction has not been done: a job that was queued twice finds out here. */
async function isPending(db: Db, eventId: string, reaction: string): Promise<boolean> {
  const row = await db
    .selectFrom('platform.pending_reactions')
    .select('event_id')
    .where('event_id', '=', eventId)
    .where('reaction', '=', reaction)
    .executeTakeFirst()
  return row !== undefined
}

/** Notes that the reaction has been done. */
async function settleReaction(db: Db | Tx, eventId: string, reaction: string): Promise<void> {
  await db.deleteFrom('platform.pending_reactions').where('event_id', '=', eventId).where('reaction', '=', reaction).execute()
}

function toEvent(row: { id: string; name: string; subject_id: string; body: unknown }): PublishedEvent {
  return { id: row.id, name: row.name, subjectId: row.subject_id, body: row.body as Record<string, unknown> }
}

/**
 * Takes up again a reaction that has failed for good: it becomes another job, within seconds, as one that was queued too long
 * ago. True where there is one to be done.
 */
export async function replayReaction(tx: Tx, eventId: string, reaction: string): Promise<boolean> {
  const row = await tx
    .updateTable('platform.pending_reactions')
    .set((eb) => ({ replays: eb('replays', '+', 1), queued_at: sql`to_timestamp(0)` }))
    .where('event_id', '=', eventId)
    .where('reaction', '=', reaction)
    .returning('replays')
    .executeTakeFirst()
  return row !== undefined
}

/** How often each pending reaction of these events was taken up again, by event and reaction. */
export async function listReplays(db: Db, eventIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.selectFrom('platform.pending_reactions').selectAll().where('event_id', 'in', eventIds).execute()
  return new Map(rows.map((row) => [`${row.event_id}-${row.reaction}`, row.replays]))
}

/** Gives a reaction up: it will not be done. */
export async function giveUpReaction(tx: Tx, eventId: string, reaction: string): Promise<void> {
  await settleReaction(tx, eventId, reaction)
}

/** The outbox as Postgres keeps it. */
export const outboxStore = { takeUnpublished, addPending, takeLatePending, isPending, settleReaction }

/** What relay and workers ask of whatever keeps the outbox. */
export type OutboxStore = Readonly<typeof outboxStore>
