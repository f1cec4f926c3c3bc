import type { Selectable } from 'kysely'
import { newId } from '../kernel/ids.ts'
import { money, type Money } from '../kernel/money.ts'
import { fromDate, plusMs, toDate, type Clock, type Instant } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import type { DB } from '../platform/tables.gen.ts'
import type { ActionInput, ActionState, LoggedAction } from './action.ts'

/** Longer than any action takes: afterwards its process is believed dead, and another takes it up. */
const LEASE_MS = 3 * 60_000

function toAction(row: Selectable<DB['ops.actions']>): LoggedAction {
  return {
    id: row.id,
    workItemId: row.work_item_id,
    action: row.action,
    input: row.input as ActionInput,
    state: row.state as ActionState,
    amount: row.amount === null || row.currency === null ? null : money(row.amount, row.currency),
    needsApproval: row.needs_approval,
    proposedBy: row.proposed_by,
    proposedAt: fromDate(row.proposed_at),
    decidedBy: row.decided_by,
    decisionReason: row.decision_reason,
    outcome: row.outcome,
    finishedAt: row.finished_at && fromDate(row.finished_at),
    version: row.version,
  }
}

export type NewAction = {
  readonly workItemId: string
  readonly action: string
  readonly input: ActionInput
  readonly amount: Money | null
  readonly needsApproval: boolean
  readonly by: string
  readonly requestName: string
}

/** Logs an action as proposed, or as running where nobody else has to agree. Fails on `actions_undecided` while there is another. */
export async function insertAction(deps: { clock: Clock }, tx: Tx, action: NewAction): Promise<LoggedAction> {
  const now = deps.clock.now()
  const row = await tx
    .insertInto('ops.actions')
    .values({
      id: newId('act', deps.clock),
      work_item_id: action.workItemId,
      action: action.action,
      input: JSON.stringify(action.input),
      state: action.needsApproval ? 'proposed' : 'running',
      amount: action.amount?.amount ?? null,
      currency: action.amount?.currency ?? null,
      needs_approval: action.needsApproval,
      proposed_by: action.by,
      proposed_at: toDate(now),
      request_name: action.requestName,
      running_until: action.needsApproval ? null : toDate(plusMs(now, LEASE_MS)),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toAction(row)
}

/** The action that the request logged, or undefined. */
export async function findActionOfRequest(db: Db | Tx, requestName: string): Promise<LoggedAction | undefined> {
  const row = await db.selectFrom('ops.actions').selectAll().where('request_name', '=', requestName).executeTakeFirst()
  return row && toAction(row)
}

/** The action, locked until the transaction ends, or undefined. */
export async function lockAction(tx: Tx, id: string): Promise<LoggedAction | undefined> {
  const row = await tx.selectFrom('ops.actions').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toAction(row)
}

/** Every action of a case, oldest first. */
export async function listActions(db: Db, workItemId: string): Promise<LoggedAction[]> {
  const rows = await db
    .selectFrom('ops.actions')
    .selectAll()
    .where('work_item_id', '=', workItemId)
    .orderBy('proposed_at')
    .orderBy('id')
    .execute()
  return rows.map(toAction)
}

export type Decision = { readonly state: 'running' | 'rejected'; readonly by: string; readonly reason: string | null; readonly at: Instant }

/** Notes the decision if the action is still as it was read; undefined otherwise. Rejecting your own names nobody. */
export async function decideStored(tx: Tx, action: LoggedAction, decision: Decision): Promise<LoggedAction | undefined> {
  const row = await tx
    .updateTable('ops.actions')
    .set({
      state: decision.state,
      decided_by: decision.by === action.proposedBy ? null : decision.by,
      decided_at: toDate(decision.at),
      decision_reason: decision.reason,
      running_until: decision.state === 'running' ? toDate(plusMs(decision.at, LEASE_MS)) : null,
      version: action.version + 1,
      ...(decision.state === 'rejected' && { finished_at: toDate(decision.at) }),
    })
    .where('id', '=', action.id)
    .where('version', '=', action.version)
    .returningAll()
    .executeTakeFirst()
  return row && toAction(row)
}

/** Notes how a running action ended, unless somebody else has taken it up meanwhile; undefined then. */
export async function finishStored(
  tx: Tx,
  action: LoggedAction,
  end: { state: 'done' | 'failed'; outcome: string; at: Instant },
): Promise<LoggedAction | undefined> {
  const row = await tx
    .updateTable('ops.actions')
    .set({ state: end.state, outcome: end.outcome, finished_at: toDate(end.at), running_until: null, version: action.version + 1 })
    .where('id', '=', action.id)
    .where('version', '=', action.version)
    .where('state', '=', 'running')
    .returningAll()
    .executeTakeFirst()
  return row && toAction(row)
}

/** Takes up running actions whose process is believed dead. */
export async function claimStaleActions(deps: { db: Db; clock: Clock }, limit: number): Promise<LoggedAction[]> {
  const now = deps.clock.now()
  const rows = await deps.db
    .updateTable('ops.actions')
    .set((eb) => ({ running_until: toDate(plusMs(now, LEASE_MS)), version: eb('version', '+', 1) }))
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('ops.actions')
        .select('id')
        .where('state', '=', 'running')
        .where('running_until', '<=', toDate(now))
        .orderBy('running_until')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
  return rows.map(toAction)
}
