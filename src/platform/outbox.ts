import { sql } from 'kysely'
import { toDate, plusMs, type Clock } from '../kernel/time.ts'
import type { Db } from './postgres.ts'

/** An event as it is handed to those who react to it. */
export type PublishedEvent = {
  readonly id: string
  readonly name: string
  readonly subjectId: string
  readonly body: Record<string, unknown>
}

export type OutboxDeps = { readonly db: Db; readonly clock: Clock; readonly deliver: (events: readonly PublishedEvent[]) => Promise<void> }

const BATCH = 100
const CLAIM_MS = 15_000

/**
 * Hands the oldest unpublished events on and returns how many. Events are claimed for a while first, so that several
 * relays share the work and none holds a lock while it waits for the queue; a relay that dies in between leaves its
 * claim to run out, and the events are handed on again: delivery is at least once.
 */
export async function relayEvents(deps: OutboxDeps): Promise<number> {
  const now = deps.clock.now()
  const claimed = await deps.db
    .updateTable('platform.events')
    .set({ claimed_until: toDate(plusMs(now, CLAIM_MS)) })
    .where('id', 'in', (events) =>
      events
        .selectFrom('platform.events')
        .select('id')
        .where('published_at', 'is', null)
        .where((either) => either.or([either('claimed_until', 'is', null), either('claimed_until', '<', toDate(now))]))
        .orderBy('position')
        .limit(BATCH)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'name', 'subject_id', 'body', 'position'])
    .execute()
  if (claimed.length === 0) return 0
  claimed.sort((a, b) => a.position - b.position)
  await deps.deliver(
    claimed.map((row) => ({ id: row.id, name: row.name, subjectId: row.subject_id, body: row.body as Record<string, unknown> })),
  )
  await deps.db
    .updateTable('platform.events')
    .set({ published_at: sql`now()` })
    .where(
      'id',
      'in',
      claimed.map((row) => row.id),
    )
    .execute()
  return claimed.length
}
