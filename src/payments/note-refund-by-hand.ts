import { toDate } from '../kernel/time.ts'
import { closeWorkItem } from '../platform/work-items.ts'
import { getGateway, type PaymentsDeps } from './deps.ts'
import { refundNotByHand, refundUnknown } from './problems.ts'
import type { Refund } from './refund.ts'
import { findRefund, withRefund } from './refund-store.ts'
import { settleRefund } from './settle-refund.ts'

/** `reference`: the bank's of the transfer, by which it is found in the account's statement. */
export type RefundByHand = { readonly refundId: string; readonly reference: string }

/**
 * Notes that a person has transferred a refund which the payment provider cannot make. Noting it again changes nothing.
 * Throws problems: no such refund, or one that its provider makes itself, which nobody may report as done.
 */
export async function noteRefundByHand(deps: PaymentsDeps, { refundId, reference }: RefundByHand): Promise<Refund> {
  const known = await findRefund(deps.db, refundId)
  if (!known) throw refundUnknown()
  if (getGateway(deps, known.provider).capabilities.refund !== 'manual') throw refundNotByHand()
  return withRefund(deps, refundId, async (tx, refund) => {
    if (refund.status !== 'requested' && refund.status !== 'pending') return refund
    const now = deps.clock.now()
    const done = { state: 'succeeded', amount: refund.amount, providerRefundRef: reference, failureCode: null } as const
    const settled = await settleRefund(tx, refund, done, now)
    await closeWorkItem(tx, 'refund_by_hand', refund.id, toDate(now))
    return settled
  })
}
