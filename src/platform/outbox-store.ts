import { sql } from 'kysely'
import { fromDate, toDate, type Instant } from '../kernel/time.ts'
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

/**
 * Takes what was queued before `queuedBefore` and is still not done, as queued `now`: at most `limit` of each reaction, the oldest
 * first, so that many of one kind never stand before the few of another.
 */
async function takeLatePending(
  db: Db,
  options: { readonly now: Instant; readonly queuedBefore: Instant; readonly limit: number },
): Promise<readonly PendingReaction[]> {
  const isLate = sql<boolean>`queued_at < ${toDate(options.queuedBefore)}`
  const late = await db
    .with('late', (query) =>
      query
        .selectFrom('platform.pending_reactions')
        .select(['event_id', 'reaction', sql<number>`row_number() over (partition by reaction order by queued_at)`.as('place')])
        .where(isLate),
    )
    .with('taken', (query) =>
      query
        .selectFrom('platform.pending_reactions')
        .select(['event_id', 'reaction'])
        .where((eb) =>
          eb(
            eb.refTuple('event_id', 'reaction'),
            'in',
            eb.selectFrom('late').select(['event_id', 'reaction']).where('place', '<=', options.limit).$asTuple('event_id', 'reaction'),
          ),
        )
        // Asked again of the locked row: another look may have taken it in the meantime.
        .where(isLate)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('platform.pending_reactions as pending')
    .from(['taken', 'platform.events as event'])
    .set({ queued_at: toDate(options.now) })
    .whereRef('pending.event_id', '=', 'taken.event_id')
    .whereRef('pending.reaction', '=', 'taken.reaction')
    .whereRef('event.id', '=', 'pending.event_id')
    .returning(['event.id', 'event.name', 'event.subject_id', 'event.body', 'pending.reaction', 'pending.replays'])
    .execute()
  return late.map((row) => ({ event: toEvent(row), reaction: row.reaction, replays: row.replays }))
}

/** How many reactions are pending, by event and reaction, and since when the oldest has been. */
export async function listPendingAges(db: Db): Promise<readonly PendingAge[]> {
  const rows = await db
    .selectFrom('platform.pending_reactions as pending')
    .innerJoin('platform.events as event', 'event.id', 'pending.event_id')
    .groupBy(['event.name', 'pending.reaction'])
    .select((eb) => ['event.name', 'pending.reaction', eb.fn.countAll<number>().as('waiting'), eb.fn.min('event.occurred_at').as('oldest')])
    .execute()
  return rows.map(({ name, reaction, waiting, oldest }) => ({
    eventName: name,
    reaction,
    waiting: Number(waiting),
    oldest: fromDate(oldest),
  }))
}

export type PendingAge = { readonly eventName: string; readonly reaction: string; readonly waiting: number; readonly oldest: Instant }

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
