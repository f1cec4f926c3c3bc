import { sql, type Selectable } from 'kysely'
import { newId } from '../kernel/ids.ts'
import { fromDate, toDate, type Instant } from '../kernel/time.ts'
import type { JsonValue } from './events.ts'
import type { Db, Tx } from './postgres.ts'
import type { DB } from './tables.gen.ts'

/** `high`: due in four hours, `normal`: in a day, `low`: in three. */
export type Severity = 'low' | 'normal' | 'high'

/** A case for a person. One per kind and subject, however often it is found. */
export type WorkItem = {
  readonly kind: string
  readonly subjectId: string
  readonly summary: string
  readonly details: { readonly [key: string]: JsonValue }
  readonly severity?: Severity
}

const DUE_HOURS: Record<Severity, number> = { high: 4, normal: 24, low: 72 }

/**
 * Puts a case before a person; does nothing while the same one is there. One that software had closed is opened again: what
 * it waited for has come undone. One that a person has closed stays closed. `summary` says what to decide.
 */
export async function openWorkItem(tx: Tx, item: WorkItem): Promise<void> {
  const severity = item.severity ?? 'normal'
  const due = sql<Date>`platform.now() + ${DUE_HOURS[severity]} * interval '1 hour'`
  const said = { summary: item.summary, details: JSON.stringify(item.details), severity, due_at: due }
  await tx
    .insertInto('platform.work_items')
    .values({ id: newId('wrk'), kind: item.kind, subject_id: item.subjectId, ...said })
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'subject_id'])
        .doUpdateSet({ ...said, state: 'open', closed_at: null, owner: null, opened_at: sql`platform.now()` })
        .where('platform.work_items.state', '=', 'done')
        .where('platform.work_items.closed_by', 'is', null),
    )
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

/** Takes back that a person has closed the case, since what was decided has come undone: it may be opened again. */
export async function forgetDecision(tx: Tx, kind: string, subjectId: string): Promise<void> {
  await tx
    .updateTable('platform.work_items')
    .set({ closed_by: null })
    .where('kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .where('state', '=', 'done')
    .execute()
}

/** A case as it stands. `closedBy` is null where software closed it. */
export type StoredWorkItem = Required<WorkItem> & {
  readonly id: string
  readonly state: 'open' | 'done'
  readonly owner: string | null
  readonly openedAt: Instant
  readonly dueAt: Instant
  readonly closedAt: Instant | null
  readonly closedBy: string | null
  readonly resolution: string | null
}

function toWorkItem(row: Selectable<DB['platform.work_items']>): StoredWorkItem {
  return {
    id: row.id,
    kind: row.kind,
    subjectId: row.subject_id,
    summary: row.summary,
    details: row.details as StoredWorkItem['details'],
    severity: row.severity as Severity,
    state: row.state as StoredWorkItem['state'],
    owner: row.owner,
    openedAt: fromDate(row.opened_at),
    dueAt: fromDate(row.due_at),
    closedAt: row.closed_at && fromDate(row.closed_at),
    closedBy: row.closed_by,
    resolution: row.resolution,
  }
}

/** What to list: `afterId` goes on behind an earlier page. Every field narrows. */
export type WorkItemFilter = {
  readonly state?: 'open' | 'done'
  readonly kind?: string
  readonly owner?: string
  readonly openedBefore?: Instant
  readonly afterId?: string
  readonly limit: number
}

/** Cases, the oldest first. */
export async function listWorkItems(db: Db, filter: WorkItemFilter): Promise<StoredWorkItem[]> {
  const { state, kind, owner, openedBefore, afterId } = filter
  let query = db.selectFrom('platform.work_items').selectAll().orderBy('id').limit(filter.limit)
  if (state !== undefined) query = query.where('state', '=', state)
  if (kind !== undefined) query = query.where('kind', '=', kind)
  if (owner !== undefined) query = query.where('owner', '=', owner)
  if (openedBefore !== undefined) query = query.where('opened_at', '<', toDate(openedBefore))
  if (afterId !== undefined) query = query.where('id', '>', afterId)
  return (await query.execute()).map(toWorkItem)
}

/** The case, or undefined. */
export async function findWorkItem(db: Db | Tx, id: string): Promise<StoredWorkItem | undefined> {
  const row = await db.selectFrom('platform.work_items').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toWorkItem(row)
}

/** The case, locked until the transaction ends, or undefined. */
export async function lockWorkItem(tx: Tx, id: string): Promise<StoredWorkItem | undefined> {
  const row = await tx.selectFrom('platform.work_items').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toWorkItem(row)
}

/** Gives the case to a person, or to nobody. */
export async function assignWorkItem(tx: Tx, id: string, owner: string | null): Promise<void> {
  await tx.updateTable('platform.work_items').set({ owner }).where('id', '=', id).execute()
}

/** Ends an open case by a person's decision; it is never opened again. */
export async function resolveWorkItem(tx: Tx, id: string, end: { by: string; resolution: string; at: Instant }): Promise<void> {
  await tx
    .updateTable('platform.work_items')
    .set({ state: 'done', closed_at: toDate(end.at), closed_by: end.by, resolution: end.resolution })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute()
}
