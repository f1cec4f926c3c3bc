import type { Tx } from '../platform/postgres.ts'
import { isPaidAtProperty, moveTo, type Booking, type BookingChange, type FailureReason } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { announce } from './events.ts'

/**
 * Turns the booking to REFUND_PENDING and asks for the money back, all in one transaction; where nothing was paid the
 * booking just ends.
 */
export async function startRefund(
  deps: Pick<BookingDeps, 'payments' | 'records'>,
  tx: Tx,
  booking: Booking,
  change: (change: BookingChange) => Promise<Booking>,
  reason: FailureReason,
): Promise<void> {
  if (isPaidAtProperty(booking)) {
    await change(moveTo(booking, 'CANCELLED', { failureReason: reason }))
    await announce(deps, tx, 'booking.cancelled', booking.id, { reason: 'not_confirmed' })
    return
  }
  if (!booking.paymentId) throw new Error(`${booking.id} is to be refunded but names no payment`)
  await change(moveTo(booking, 'REFUND_PENDING', { failureReason: reason }))
  const refund = await deps.payments.requestRefund(tx, {
    paymentId: booking.paymentId,
    bookingId: booking.id,
    amount: booking.total,
    reason,
  })
  await announce(deps, tx, 'booking.refund_pending', booking.id, { reason, refundId: refund.id })
}
