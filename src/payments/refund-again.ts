import type { PaymentsDeps } from './deps.ts'
import { refundNotFailed, refundUnknown } from './problems.ts'
import type { Refund } from './refund.ts'
import { requestRefund } from './request-refund.ts'

/**
 * Asks for a refund that has failed once more: another refund, named after the first, so that asking twice is asking once.
 * Throws refund-unknown, refund-not-failed, and what `requestRefund` refuses.
 */
export async function refundAgain(deps: PaymentsDeps, refundId: string): Promise<Refund> {
  return deps.records.transact(deps.db, async (tx) => {
    const failed = await deps.store.findRefund(tx, refundId)
    if (!failed) throw refundUnknown()
    if (failed.status !== 'failed') throw refundNotFailed({ detail: `The refund is ${failed.status}; only a failed one is made again.` })
    const { paymentId, bookingId, amount } = failed
    return requestRefund(deps, tx, { paymentId, bookingId, amount, reason: `${failed.reason}:again` })
  })
}
