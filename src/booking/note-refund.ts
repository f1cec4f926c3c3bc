import { openWorkItem } from '../platform/work-items.ts'
import { moveTo } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { announce } from './events.ts'
import { withBooking } from './store.ts'

export type RefundNews = { readonly bookingId: string; readonly refundId: string }

/** Notes that the gateway says the money is on its way back. Only now is the booking REFUNDED (semantics S9). */
export async function noteRefundCompleted(deps: BookingDeps, news: RefundNews): Promise<void> {
  await withBooking(deps, news.bookingId, async (tx, booking, change) => {
    // A late payment's refund leaves a cancelled booking cancelled.
    if (booking.status !== 'REFUND_PENDING') return
    await change(moveTo(booking, 'REFUNDED'))
    await announce(tx, 'booking.refund_completed', booking.id, { refundId: news.refundId }, 'gateway')
  })
}

/** Notes that the gateway refused the refund: the booking stays REFUND_PENDING, in view, and a person takes over. */
export async function noteRefundFailed(deps: BookingDeps, news: RefundNews): Promise<void> {
  await withBooking(deps, news.bookingId, async (tx, booking, change) => {
    await change({})
    await announce(tx, 'booking.refund_failed', booking.id, { refundId: news.refundId }, 'gateway')
    await openWorkItem(tx, {
      kind: 'refund_failed',
      subjectId: news.refundId,
      summary: `The gateway refused to refund ${booking.reference}. Pay the traveller back another way.`,
      details: { bookingId: booking.id, amount: booking.total.amount, currency: booking.total.currency },
    })
  })
}
