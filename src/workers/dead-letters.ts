import { toDate, type Clock } from '../kernel/time.ts'
import { listReplays, outboxStore } from '../platform/outbox-store.ts'
import type { PendingReaction } from '../platform/outbox.ts'
import { inTransaction, type Db } from '../platform/postgres.ts'
import type { JobQueue } from '../platform/queue.ts'
import { closeWorkItem, listWorkItems, openWorkItem, type StoredWorkItem } from '../platform/work-items.ts'

const KIND = 'dead_letter'
const FAILED_MAX = 200
const PAGE = 200

/** What a dead letter is a case of: an event's reaction, whichever of its jobs failed. */
function subjectOf({ event, reaction }: PendingReaction): string {
  return `${event.id}-${reaction}`
}

/** Puts a reaction that failed every time before a person. Ids and the fault, never the people the event is about. */
export async function openDeadLetter(db: Db, pending: PendingReaction, error: string): Promise<void> {
  const { event, reaction } = pending
  const ids = Object.fromEntries(
    Object.entries(event.body).flatMap(([name, value]) => (name.endsWith('Id') && typeof value === 'string' ? [[name, value]] : [])),
  )
  await inTransaction(db, (tx) =>
    openWorkItem(tx, {
      kind: KIND,
      subjectId: subjectOf(pending),
      summary: `The reaction ${event.name}:${reaction} failed every time. Mend its cause and replay it.`,
      details: { error: error.slice(0, 500), eventId: event.id, event: event.name, reaction, subjectId: event.subjectId, ids },
      severity: 'high',
    }),
  )
}

/** Notes that a reaction has been done after all, and closes its case. */
export async function settleDeadLetter(deps: { db: Db; clock: Clock }, pending: PendingReaction): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    await outboxStore.settleReaction(tx, pending.event.id, pending.reaction)
    await closeWorkItem(tx, KIND, subjectOf(pending), toDate(deps.clock.now()))
  })
}

/**
 * Closes the cases of reactions that have been done all the same: Redis had forgotten that they failed for good, or their job
 * stood in a queue that is gone, and so they were queued and tried again.
 */
export async function closeDoneLetters(deps: { db: Db; clock: Clock }): Promise<void> {
  const { db, clock } = deps
  let page: StoredWorkItem[] = []
  do {
    const afterId = page.at(-1)?.id
    page = await listWorkItems(db, { kind: KIND, state: 'open', limit: PAGE, ...(afterId !== undefined && { afterId }) })
    const pending = page.length > 0 ? await listReplays(db, page.map(eventIdOf)) : new Map()
    for (const { subjectId } of page)
      if (!pending.has(subjectId)) await inTransaction(db, (tx) => closeWorkItem(tx, KIND, subjectId, toDate(clock.now())))
  } while (page.length === PAGE)
}

function eventIdOf({ details }: StoredWorkItem): string {
  return String(details['eventId'])
}

/**
 * Looks through the queues' failed jobs for those that nobody was told of, because the process or the database died in that
 * moment. One that is being replayed, or was done otherwise, is passed over.
 */
export async function noteDeadLetters(db: Db, queues: Pick<JobQueue, 'listFailed'>): Promise<void> {
  const failed = await queues.listFailed(FAILED_MAX)
  if (failed.length === 0) return
  const letters = failed.map((job) => ({ pending: job.data as unknown as PendingReaction, error: job.error }))
  const replays = await listReplays(
    db,
    letters.map(({ pending }) => pending.event.id),
  )
  for (const { pending, error } of letters)
    if (replays.get(subjectOf(pending)) === (pending.replays ?? 0)) await openDeadLetter(db, pending, error)
}
