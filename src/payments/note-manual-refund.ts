import { toDate } from '../kernel/time.ts'
import { isUniqueViolation } from '../platform/postgres.ts'
import { getGateway, type PaymentsDeps } from './deps.ts'
import { refundNotManual, refundTransferReused, refundUnknown } from './problems.ts'
import type { Refund } from './refund.ts'
import { completeRefund } from './settle-refund.ts'
import { withRefund } from './with-refund.ts'

/** `bankReference`: the bank's of the transfer, by which it is found in the account's statement. `by`: who says so. */
export type ManualRefundNote = { readonly bankReference: string; readonly by: string }

/**
 * Notes that a person has transferred a refund which the payment provider cannot make: completed, posted once, its work
 * item closed. Noting it again changes nothing, whatever is noted then. Throws problems: no such refund, one that its
 * provider makes itself, which nobody may report as done, or a transfer that has been noted for another refund.
 */
export async function noteManualRefund(deps: PaymentsDeps, refundId: string, note: ManualRefundNote): Promise<Refund> {
  const bankReference = note.bankReference.trim()
  if (bankReference === '' || note.by === '') throw new RangeError('a transfer is noted with its reference and by somebody')
  const known = await deps.store.findRefund(deps.db, refundId)
  if (!known) throw refundUnknown()
  if (getGateway(deps, known.provider).capabilities.refund !== 'manual') throw refundNotManual()
  try {
    return await withRefund(deps, refundId, async (tx, refund) => {
      if (refund.status !== 'requested' && refund.status !== 'pending') return refund
      const now = deps.clock.now()
      const completed = await completeRefund(deps, tx, refund, { providerRef: bankReference, notedBy: note.by }, now)
      await deps.records.closeWorkItem(tx, 'refund_manual', refund.id, toDate(now))
      return completed
    })
  } catch (error) {
    if (isUniqueViolation(error, 'refunds_provider_ref')) throw refundTransferReused()
    throw error
  }
}
