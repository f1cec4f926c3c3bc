import type { BookingDeps } from './deps.ts'
import { readRefundName } from './refund-name.ts'
import { withBooking } from './with-booking.ts'

export type RefundNews = { readonly bookingId: string; readonly paymentId: string; readonly refundId: string }

/** Notes that the gateway says the money is on its way back. Only now is the booking REFUNDED (semantics S9). */
export async function noteRefundCompleted(deps: BookingDeps, news: RefundNews): Promise<void> {
  const { paymentId, refundId } = news
  const ofItem = await itemRefunded(deps, refundId)
  await withBooking(deps, news.bookingId, (_tx, _booking, write) =>
    write.happen({ type: 'refund_completed', paymentId, ...ofItem }, { refundId, actor: 'gateway' }),
  )
}

/** Notes that the gateway refused the refund: the booking stays, or is again, REFUND_PENDING; payments has put it before a person. */
export async function noteRefundFailed(deps: BookingDeps, news: RefundNews): Promise<void> {
  const { paymentId, refundId } = news
  const ofItem = await itemRefunded(deps, refundId)
  await withBooking(deps, news.bookingId, (_tx, _booking, write) =>
    write.happen({ type: 'refund_failed', paymentId, ...ofItem }, { refundId, actor: 'gateway' }),
  )
}

/** The item whose own refund it is, as the state machine wants it told. */
async function itemRefunded(deps: Pick<BookingDeps, 'payments'>, refundId: string): Promise<{ ofItem?: string }> {
  const refund = await deps.payments.findRefund(refundId)
  const { ofItem } = readRefundName(refund?.reason ?? '')
  return ofItem === undefined ? {} : { ofItem }
}
