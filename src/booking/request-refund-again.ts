import type { Refund } from '../payments/index.ts'
import type { BookingDeps } from './deps.ts'
import { withBooking } from './with-booking.ts'

/**
 * Asks for a refund that has failed once more, and takes the booking along in the same transaction. Asking twice is asking once.
 * Throws refund-unknown, refund-not-failed.
 */
export async function requestRefundAgain(deps: BookingDeps, refundId: string): Promise<Refund> {
  const failed = await deps.payments.getFailedRefund(refundId)
  return withBooking(deps, failed.bookingId, async (tx, _booking, write) => {
    const { refund, isNew } = await deps.payments.refundAgain(tx, failed)
    if (isNew) await write.happen({ type: 'refund_requested_again', paymentId: failed.paymentId }, { refundId: refund.id })
    return refund
  })
}
