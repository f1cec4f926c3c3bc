import { Problem } from '../kernel/problems.ts'
import { recordEvent } from '../platform/events.ts'
import { inTransaction, isUniqueViolation, type Tx } from '../platform/postgres.ts'
import { assignWorkItem, findWorkItem, lockWorkItem, resolveWorkItem, type StoredWorkItem } from '../platform/work-items.ts'
import { actionsOf } from './actions.ts'
import type { Action, ActionInput, LoggedAction } from './action.ts'
import { claimStaleActions, decideStored, findActionOfRequest, finishStored, insertAction, lockAction } from './action-store.ts'
import type { OpsDeps } from './deps.ts'
import { moneyAtStake, needsApproval } from './money-at-stake.ts'
import {
  actionDecided,
  actionNotAllowed,
  actionUnderWay,
  actionUnknown,
  approvalByProposer,
  workItemClosed,
  workItemTaken,
  workItemUnknown,
} from './problems.ts'

/** What a person wants done. `requestName` names the request: repeated, it is the same action. */
export type ActionOrder = {
  readonly workItemId: string
  readonly action: string
  readonly input: ActionInput
  readonly by: string
  readonly requestName: string
}

export type ApprovalOrder = {
  readonly workItemId: string
  readonly actionId: string
  readonly decision: 'approve' | 'reject'
  readonly reason: string | null
  readonly by: string
}

/** Makes the case somebody's. Throws work-item-unknown, -closed, and -taken unless it is taken over on purpose. */
export async function claimItem(deps: OpsDeps, order: { workItemId: string; by: string; takeOver: boolean }): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    const item = await lockOpenItem(tx, order.workItemId)
    if (item.owner === order.by) return
    if (item.owner !== null && !order.takeOver) throw workItemTaken({ moneyMoved: 'none', more: { owner: item.owner } })
    await assignWorkItem(tx, item.id, order.by)
    await audit(tx, 'work_item.claimed', item.id, order.by, { from: item.owner })
  })
}

/**
 * Does what a person wants about a case, or, where that takes two, only notes it as proposed. It is logged before it is done,
 * and done by whoever logged it; a process that dies over it leaves it to `resumeActions`. Throws the problems of the context,
 * and what the action itself is refused with, which is then how it ended.
 */
export async function takeAction(deps: OpsDeps, order: ActionOrder): Promise<LoggedAction> {
  const known = await findActionOfRequest(deps.db, order.requestName)
  if (known) return known
  const item = await findWorkItem(deps.db, order.workItemId)
  if (!item) throw workItemUnknown({ moneyMoved: 'none' })
  const action = findAction(deps, item, order.action)
  const input = readInput(action, order.input)
  const amount = await moneyAtStake(deps, item)
  const isForTwo = needsApproval(deps, action, amount)
  const { logged, isNew } = await logAction(deps, order, { amount, input, isForTwo })
  return isNew && logged.state === 'running' ? runAction(deps, logged) : logged
}

/**
 * Decides about a proposed action: another person approves it, and it is done, once however many approve at the same time; or
 * anybody rejects it. Throws action-unknown, action-decided, approval-by-proposer, and what the action is refused with.
 */
export async function decideAction(deps: OpsDeps, order: ApprovalOrder): Promise<LoggedAction> {
  const decided = await inTransaction(deps.db, async (tx) => {
    const action = await lockAction(tx, order.actionId)
    if (!action || action.workItemId !== order.workItemId) throw actionUnknown({ moneyMoved: 'none' })
    if (action.state !== 'proposed')
      throw actionDecided({ moneyMoved: 'none', more: { state: action.state, decided_by: action.decidedBy } })
    const isApproved = order.decision === 'approve'
    if (isApproved && action.proposedBy === order.by) throw approvalByProposer({ moneyMoved: 'none' })
    if (isApproved) await lockOpenItem(tx, action.workItemId)
    const state = isApproved ? 'running' : 'rejected'
    const after = await decideStored(tx, action, { state, by: order.by, reason: order.reason, at: deps.clock.now() })
    if (!after) throw actionDecided({ moneyMoved: 'none' })
    await audit(tx, isApproved ? 'work_item.action_approved' : 'work_item.action_rejected', action.workItemId, order.by, {
      ...factsOf(action),
      reason: order.reason,
    })
    return after
  })
  return decided.state === 'running' ? runAction(deps, decided) : decided
}

/** Takes up actions whose process died over them. Returns how many. */
export async function resumeActions(deps: OpsDeps): Promise<number> {
  const stale = await claimStaleActions(deps, 10)
  for (const action of stale) {
    if (action.version > TRIES_MAX) await finish(deps, action, { state: 'failed', outcome: 'it never came to an end', closes: false })
    // How it ended stands in the log; nobody waits for it here.
    else await runAction(deps, action).catch((error: unknown) => (error instanceof Problem ? undefined : Promise.reject(error)))
  }
  return stale.length
}

const TRIES_MAX = 12

async function logAction(
  deps: OpsDeps,
  order: ActionOrder,
  facts: { amount: LoggedAction['amount']; input: ActionInput; isForTwo: boolean },
): Promise<{ logged: LoggedAction; isNew: boolean }> {
  try {
    const logged = await inTransaction(deps.db, async (tx) => {
      const item = await lockOpenItem(tx, order.workItemId)
      if (item.owner === null) await assignWorkItem(tx, item.id, order.by)
      const logged = await insertAction(deps, tx, { ...order, input: facts.input, amount: facts.amount, needsApproval: facts.isForTwo })
      await audit(tx, facts.isForTwo ? 'work_item.action_proposed' : 'work_item.action_taken', item.id, order.by, factsOf(logged))
      return logged
    })
    return { logged, isNew: true }
  } catch (error) {
    if (isUniqueViolation(error, 'actions_undecided')) throw actionUnderWay({ moneyMoved: 'none' })
    const known = isUniqueViolation(error, 'actions_request_name_key') ? await findActionOfRequest(deps.db, order.requestName) : undefined
    if (known) return { logged: known, isNew: false }
    throw error
  }
}

/** Carries out an action that this process has logged as running. A refusal is its end; any other fault leaves it to be taken up again. */
async function runAction(deps: OpsDeps, logged: LoggedAction): Promise<LoggedAction> {
  const item = await findWorkItem(deps.db, logged.workItemId)
  if (!item) throw workItemUnknown()
  const by = logged.decidedBy === null ? logged.proposedBy : `${logged.proposedBy}, ${logged.decidedBy}`
  try {
    const { outcome, closes } = await findAction(deps, item, logged.action).run(deps, item, logged.input, {
      actionId: logged.id,
      by,
      amount: logged.amount,
    })
    return await finish(deps, logged, { state: 'done', outcome, closes })
  } catch (error) {
    if (error instanceof Problem) await finish(deps, logged, { state: 'failed', outcome: error.message, closes: false })
    throw error
  }
}

async function finish(
  deps: OpsDeps,
  logged: LoggedAction,
  end: { state: 'done' | 'failed'; outcome: string; closes: boolean },
): Promise<LoggedAction> {
  const at = deps.clock.now()
  return inTransaction(deps.db, async (tx) => {
    const after = await finishStored(tx, logged, { state: end.state, outcome: end.outcome, at })
    if (!after) return logged
    const by = logged.decidedBy ?? logged.proposedBy
    if (end.closes) await resolveWorkItem(tx, logged.workItemId, { by, resolution: end.outcome, at })
    await audit(tx, end.state === 'done' ? 'work_item.action_done' : 'work_item.action_failed', logged.workItemId, by, {
      ...factsOf(logged),
      outcome: end.outcome,
    })
    return after
  })
}

async function lockOpenItem(tx: Tx, id: string): Promise<StoredWorkItem> {
  const item = await lockWorkItem(tx, id)
  if (!item) throw workItemUnknown({ moneyMoved: 'none' })
  if (item.state !== 'open') throw workItemClosed({ moneyMoved: 'none' })
  return item
}

function findAction(deps: OpsDeps, item: StoredWorkItem, name: string): Action {
  const offered = actionsOf(deps, item)
  const action = offered.find((one) => one.name === name)
  if (!action) throw actionNotAllowed({ moneyMoved: 'none', more: { actions: offered.map((one) => one.name) } })
  return action
}

/** What the action needs, and nothing else. */
function readInput(action: Action, given: ActionInput): ActionInput {
  const names = action.needs.map((need) => need.name)
  const errors = [
    ...action.needs
      .filter((need) => !need.isOptional && !given[need.name]?.trim())
      .map((need) => ({ pointer: `/${need.name}`, code: 'required', message: `is needed: ${need.description}` })),
    ...Object.keys(given)
      .filter((name) => !names.includes(name))
      .map((name) => ({ pointer: `/${name}`, code: 'unknown', message: 'is not needed' })),
  ]
  if (errors.length > 0)
    throw actionNotAllowed({ moneyMoved: 'none', detail: `Nothing has been done. Correct the fields named in errors.`, errors })
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.trim()]))
}

function factsOf({ id, action, amount }: LoggedAction): {
  actionId: string
  action: string
  amount: number | null
  currency: string | null
} {
  return { actionId: id, action, amount: amount?.amount ?? null, currency: amount?.currency ?? null }
}

/** The audit entry of what a person did, in the transaction that makes it true. */
function audit(tx: Tx, name: string, subjectId: string, actor: string, body: Record<string, string | number | null>): Promise<void> {
  return recordEvent(tx, { name, subjectId, body, actor })
}
