import { newId } from '../kernel/ids.ts'
import type { JsonValue } from './events.ts'
import type { Tx } from './postgres.ts'

/** A case for a person. One per kind and subject, however often it is found. */
export type WorkItem = {
  readonly kind: string
  readonly subjectId: string
  readonly summary: string
  readonly details: { readonly [key: string]: JsonValue }
}

/** Puts a case before a person; does nothing when the same one is already there. `summary` says what to decide. */
export async function openWorkItem(tx: Tx, item: WorkItem): Promise<void> {
  await tx
    .insertInto('platform.work_items')
    .values({ id: newId('wrk'), kind: item.kind, subject_id: item.subjectId, summary: item.summary, details: JSON.stringify(item.details) })
    .onConflict((conflict) => conflict.columns(['kind', 'subject_id']).doNothing())
    .execute()
}

/** Closes the case, if there is one: what it waited for has happened. */
export async function closeWorkItem(tx: Tx, kind: string, subjectId: string, closedAt: Date): Promise<void> {
  await tx
    .updateTable('platform.work_items')
    .set({ state: 'done', closed_at: closedAt })
    .where('kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .where('state', '=', 'open')
    .execute()
}
