import { plusMs, type Clock } from '../kernel/time.ts'
import { failpoint } from './failpoint.ts'
import type { OutboxStore } from './outbox-store.ts'
import type { Db } from './postgres.ts'
import type { Records } from './records.ts'

/** An event as it is handed to those who react to it. */
export type PublishedEvent = {
  readonly id: string
  readonly name: string
  readonly subjectId: string
  readonly body: Record<string, unknown>
}

/** One thing that still has to be done about an event. */
export type PendingReaction = {
  readonly event: PublishedEvent
  readonly reaction: string
  /** How often it was taken up again after it had failed for good; absent is never. */
  readonly replays?: number
}

export type OutboxDeps = {
  readonly db: Db
  readonly store: OutboxStore
  readonly records: Pick<Records, 'transact'>
  readonly clock: Clock
  /** The names of everything that reacts to an event of this name. */
  readonly reactionsTo: (eventName: string) => readonly string[]
  /** Wakes workers up. May lose what it is given, or be given the same again. */
  readonly queue: (pending: readonly PendingReaction[]) => Promise<void>
}

/** Of events, and of each reaction that is queued again. */
const BATCH = 100
/** Far longer than a queue that works takes to start a job. */
const REQUEUE_AFTER_MS = 15_000

/**
 * Turns the oldest unpublished events into pending reactions, in one transaction, and then wakes workers up; returns the
 * events. Several relays share the work. What is lost between here and a worker is queued again by {@link requeueReactions}.
 */
export async function relayEvents(deps: OutboxDeps): Promise<readonly PublishedEvent[]> {
  const now = deps.clock.now()
  const { events, pending } = await deps.records.transact(deps.db, async (tx) => {
    const claimed = await deps.store.takeUnpublished(tx, BATCH)
    const reactions = claimed.flatMap((event) => deps.reactionsTo(event.name).map((reaction) => ({ event, reaction })))
    if (reactions.length > 0) await deps.store.addPending(tx, reactions, now)
    return { events: claimed, pending: reactions }
  })
  if (events.length > 0) failpoint('events-relayed')
  await deps.queue(pending)
  return events
}

/**
 * Queues again what has been pending for a while: a queue lost its jobs, or a relay died before it could wake anyone.
 * A job that is still known to the queue ignores it. Returns how many.
 */
export async function requeueReactions(deps: OutboxDeps): Promise<number> {
  const now = deps.clock.now()
  const late = await deps.store.takeLatePending(deps.db, { now, queuedBefore: plusMs(now, -REQUEUE_AFTER_MS), limit: BATCH })
  await deps.queue(late)
  return late.length
}
