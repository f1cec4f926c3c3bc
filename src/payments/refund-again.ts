import type { Tx } from '../platform/postgres.ts'
import type { PaymentsDeps } from './deps.ts'
import { refundNotFailed, refundUnknown } from './problems.ts'
import type { Refund } from './refund.ts'
import { requestRefund } from './request-refund.ts'

/** A refund that has failed, for whoever wants to ask for it once more. Throws refund-unknown and refund-not-failed. */
export async function getFailedRefund(deps: Pick<PaymentsDeps, 'db' | 'store'>, refundId: string): Promise<Refund> {
  const refund = await deps.store.findRefund(deps.db, refundId)
  if (!refund) throw refundUnknown()
  if (refund.status !== 'failed') throw refundNotFailed({ detail: `The refund is ${refund.status}; only a failed one is made again.` })
  return refund
}

/**
 * Asks, in the caller's transaction, for a refund that has failed once more: another refund, named after the first, so that
 * asking twice is asking once. Throws what `requestRefund` refuses.
 */
export async function refundAgain(
  deps: Pick<PaymentsDeps, 'clock' | 'store' | 'records' | 'gateways'>,
  tx: Tx,
  failed: Refund,
): Promise<{ refund: Refund; isNew: boolean }> {
  const { paymentId, bookingId, amount } = failed
  const reason = `${failed.reason}:again`
  // Whoever else asks for it at the same time waits for the payment's lock, and then finds ours.
  await deps.store.lockPayment(tx, paymentId)
  const known = await deps.store.findRefundByReason(tx, paymentId, reason)
  return { refund: known ?? (await requestRefund(deps, tx, { paymentId, bookingId, amount, reason })), isNew: known === undefined }
}
