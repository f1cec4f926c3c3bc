import type { BookingDeps } from './deps.ts'
import { withBooking } from './with-booking.ts'

const BATCH = 50

/**
 * Cancels bookings whose time to pay is over. The gateway is told first, so that the payment page closes; if it says
 * that the money has come, the booking is left alone and the capture takes its course. Returns how many were cancelled.
 */
export async function expireBookings(deps: BookingDeps): Promise<number> {
  let cancelled = 0
  for (const id of await deps.store.listUnpaidBookingIds(deps.db, BATCH)) {
    if (!(await closePayments(deps, id))) continue
    cancelled += await withBooking(deps, id, async (tx, booking, write) => {
      if (booking.status !== 'INIT' && booking.status !== 'PENDING_PAYMENT') return 0
      if ((await deps.records.now(tx)) < booking.paymentRequiredBy) return 0
      await write.happen({ type: 'time_to_pay_ended' })
      return 1
    })
  }
  return cancelled
}

/** False when the money has come after all, or when the gateway does not say: then it is asked again later. */
async function closePayments(deps: BookingDeps, bookingId: string): Promise<boolean> {
  for (const payment of await deps.payments.paymentsOf(bookingId)) {
    if (payment.status === 'captured') return false
    if (payment.status === 'open' && (await deps.payments.expire(payment.id)).outcome !== 'expired') return false
  }
  return true
}
