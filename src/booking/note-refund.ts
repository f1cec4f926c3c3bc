import { moveTo } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { announce } from './events.ts'
import { withBooking } from './with-booking.ts'

export type RefundNews = { readonly bookingId: string; readonly refundId: string }

/** Notes that the gateway says the money is on its way back. Only now is the booking REFUNDED (semantics S9). */
export async function noteRefundCompleted(deps: BookingDeps, news: RefundNews): Promise<void> {
  await withBooking(deps, news.bookingId, async (tx, booking, change) => {
    // A late payment's refund leaves a cancelled booking cancelled.
    if (booking.status !== 'REFUND_PENDING') return
    await change(moveTo(booking, 'REFUNDED'))
    await announce(deps, tx, 'booking.refund_completed', booking.id, { refundId: news.refundId }, 'gateway')
  })
}

/** Notes that the gateway refused the refund: the booking stays REFUND_PENDING, in view; payments has put it before a person. */
export async function noteRefundFailed(deps: BookingDeps, news: RefundNews): Promise<void> {
  await withBooking(deps, news.bookingId, async (tx, booking, change) => {
    await change({})
    await announce(deps, tx, 'booking.refund_failed', booking.id, { refundId: news.refundId }, 'gateway')
  })
}
