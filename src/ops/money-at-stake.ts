import { compareMoney, type Money } from '../kernel/money.ts'
import type { StoredWorkItem } from '../platform/work-items.ts'
import type { Action } from './action.ts'
import { bookingOf, paymentOf, refundOf } from './actions.ts'
import type { OpsDeps } from './deps.ts'

/** Reactions that move no money: giving one up costs nothing. */
const HARMLESS = /^(mail|issue|count)/

/** The money a case is about; null where it is about none. */
export async function moneyAtStake(deps: OpsDeps, item: StoredWorkItem): Promise<Money | null> {
  if (item.kind === 'dead_letter' && HARMLESS.test(String(item.details['reaction']))) return null
  if (item.kind === 'reconciliation_break') return (await deps.breaks.find(item.subjectId))?.difference ?? null
  const [refundId, paymentId, bookingId] = [refundOf(item), paymentOf(item), bookingOf(item)]
  const refund = refundId === null ? undefined : await deps.payments.findRefund(refundId)
  if (refund) return refund.amount
  const payment = paymentId === null ? undefined : await deps.payments.find(paymentId)
  if (payment) return payment.amount
  return bookingId === null ? null : (await deps.bookings.get(bookingId)).total
}

/** Whether a second person has to agree to the action. */
export function needsApproval(deps: OpsDeps, action: Pick<Action, 'approval'>, amount: Money | null): boolean {
  if (action.approval !== 'above_limit' || amount === null) return action.approval === 'always'
  const shown = deps.toDisplayCurrency(amount)
  return shown === null || compareMoney(shown, deps.approvalLimit) > 0
}
