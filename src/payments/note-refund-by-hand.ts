import { toDate } from '../kernel/time.ts'
import { getGateway, type PaymentsDeps } from './deps.ts'
import { refundNotByHand, refundUnknown } from './problems.ts'
import type { Refund } from './refund.ts'
import { settleRefund } from './settle-refund.ts'
import { withRefund } from './with-refund.ts'

/** `reference`: the bank's of the transfer, by which it is found in the account's statement. */
export type RefundByHand = { readonly refundId: string; readonly reference: string }

/**
 * Notes that a person has transferred a refund which the payment provider cannot make. Noting it again changes nothing.
 * Throws problems: no such refund, or one that its provider makes itself, which nobody may report as done.
 */
export async function noteRefundByHand(deps: PaymentsDeps, { refundId, reference }: RefundByHand): Promise<Refund> {
  const known = await deps.store.findRefund(deps.db, refundId)
  if (!known) throw refundUnknown()
  if (getGateway(deps, known.provider).capabilities.refund !== 'manual') throw refundNotByHand()
  return withRefund(deps, refundId, async (tx, refund) => {
    if (refund.status !== 'requested' && refund.status !== 'pending') return refund
    const now = deps.clock.now()
    const done = { state: 'succeeded', amount: refund.amount, providerRefundRef: reference, failureCode: null } as const
    const settled = await settleRefund(deps, tx, refund, done, now)
    await deps.records.closeWorkItem(tx, 'refund_by_hand', refund.id, toDate(now))
    return settled
  })
}
