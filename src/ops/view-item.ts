import { toMoneyText, type Money } from '../kernel/money.ts'
import { toIso, instant, type Instant } from '../kernel/time.ts'
import { listEvents } from '../platform/events.ts'
import { findWorkItem, listWorkItems, type StoredWorkItem, type WorkItemFilter } from '../platform/work-items.ts'
import { listActions } from './action-store.ts'
import type { LoggedAction } from './action.ts'
import { actionsOf, bookingOf, paymentOf, refundOf } from './actions.ts'
import type { OpsDeps } from './deps.ts'
import { moneyAtStake, needsApproval } from './money-at-stake.ts'
import { workItemUnknown } from './problems.ts'
import type { ActionView, WorkItemDetail, WorkItemView } from './schemas.ts'

/** A page of cases, oldest first; `nextCursor` null after the last. */
export async function listItems(deps: OpsDeps, filter: WorkItemFilter): Promise<{ items: WorkItemView[]; nextAfterId: string | null }> {
  const found = await listWorkItems(deps.db, { ...filter, limit: filter.limit + 1 })
  const items = found.slice(0, filter.limit)
  return { items: items.map((item) => toView(deps, item)), nextAfterId: found.length > filter.limit ? items.at(-1)!.id : null }
}

/** Everything about one case: what it is about, what can be done and what that needs, and what was done. Throws work-item-unknown. */
export async function viewItem(deps: OpsDeps, id: string): Promise<WorkItemDetail> {
  const item = await findWorkItem(deps.db, id)
  if (!item) throw workItemUnknown({ moneyMoved: 'none' })
  const [amount, subject, logged, events] = await Promise.all([
    moneyAtStake(deps, item),
    summarise(deps, item),
    listActions(deps.db, id),
    listEvents(deps.db, id),
  ])
  const actions = actionsOf(deps, item).map((action) => ({
    name: action.name,
    title: action.title,
    needs: action.needs.map(({ name, description, isOptional }) => ({ name, description, required: !isOptional })),
    needs_approval: needsApproval(deps, action, amount),
  }))
  return {
    ...toView(deps, item),
    details: item.details,
    money_at_stake: amount && toMoneyText(amount),
    subject,
    actions: item.state === 'open' ? actions : [],
    log: logged.map(toActionView),
    history: events.map(({ name, actor, occurredAt, body }) => ({
      event: name,
      by: actor,
      at: toIso(occurredAt),
      facts: body as Record<string, unknown>,
    })),
  }
}

function toView(deps: OpsDeps, item: StoredWorkItem): WorkItemView {
  const now = deps.clock.now()
  const end: Instant = item.closedAt ?? now
  return {
    id: item.id,
    kind: item.kind,
    severity: item.severity,
    state: item.state,
    owner: item.owner,
    subject_id: item.subjectId,
    cause: item.summary,
    opened_at: toIso(item.openedAt),
    age_seconds: Math.max(0, Math.round((end - item.openedAt) / 1_000)),
    due_at: toIso(item.dueAt),
    is_overdue: item.state === 'open' && now > item.dueAt,
    closed_at: item.closedAt && toIso(item.closedAt),
    closed_by: item.closedBy,
    resolution: item.resolution,
  }
}

/** An action of the log as operators see it. */
export function toActionView(action: LoggedAction): ActionView {
  const text = (amount: Money | null) => amount && toMoneyText(amount)
  return {
    id: action.id,
    work_item_id: action.workItemId,
    action: action.action,
    input: action.input,
    state: action.state,
    amount: text(action.amount),
    needs_approval: action.needsApproval,
    proposed_by: action.proposedBy,
    proposed_at: toIso(instant(action.proposedAt)),
    decided_by: action.decidedBy,
    decision_reason: action.decisionReason,
    outcome: action.outcome,
    finished_at: action.finishedAt === null ? null : toIso(instant(action.finishedAt)),
  }
}

/** What the case is about, without people: ids, states and amounts. */
async function summarise(deps: OpsDeps, item: StoredWorkItem): Promise<WorkItemDetail['subject']> {
  const [refundId, paymentId] = [refundOf(item), paymentOf(item)]
  const refund = refundId === null ? undefined : await deps.payments.findRefund(refundId)
  const payment = paymentId === null ? undefined : await deps.payments.find(paymentId)
  const bookingId = bookingOf(item) ?? refund?.bookingId ?? payment?.bookingId ?? null
  const sale = bookingId === null ? null : await deps.bookings.get(bookingId).catch(() => null)
  return {
    booking: sale && {
      id: sale.id,
      reference: sale.reference,
      status: sale.status,
      total: toMoneyText(sale.total),
      items: sale.items.map((one) => ({ provider: one.provider, ticketing: one.position, refund: one.refund, pnr: one.pnr })),
    },
    payment: payment
      ? {
          id: payment.id,
          status: payment.status,
          amount: toMoneyText(payment.amount),
          provider: payment.provider,
          provider_ref: payment.providerRef,
        }
      : null,
    refund: refund
      ? {
          id: refund.id,
          status: refund.status,
          amount: toMoneyText(refund.amount),
          provider: refund.provider,
          provider_ref: refund.providerRef,
          reason: refund.reason,
          failure_code: refund.failureCode,
        }
      : null,
  }
}
