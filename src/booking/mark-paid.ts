import { announce } from './events.ts'
import { moveTo } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { withBooking } from './with-booking.ts'

/** Money that has arrived at a gateway for a booking. */
export type CapturedPayment = { readonly paymentId: string; readonly bookingId: string }

/**
 * Notes that the booking is paid. Money for a booking that is no longer waiting for it — expired, cancelled, or paid
 * already by another payment — never moves the booking and is given back in the same transaction (semantics S7).
 */
export async function markPaid(deps: BookingDeps, payment: CapturedPayment): Promise<void> {
  await withBooking(deps, payment.bookingId, async (tx, booking, change) => {
    if (booking.paymentId === payment.paymentId) return
    if (booking.status === 'PENDING_PAYMENT') {
      await change(moveTo(booking, 'PAID', { paymentId: payment.paymentId }))
      await announce(deps, tx, 'booking.paid', booking.id, { paymentId: payment.paymentId }, 'gateway')
      return
    }
    const known = await deps.payments.refundsOf(booking.id, tx)
    const refund = await deps.payments.requestRefund(tx, {
      paymentId: payment.paymentId,
      bookingId: booking.id,
      amount: booking.total,
      reason: 'late_payment',
    })
    if (known.some((one) => one.id === refund.id)) return
    await change({})
    await announce(deps, tx, 'booking.late_payment', booking.id, { paymentId: payment.paymentId, refundId: refund.id }, 'gateway')
  })
}
