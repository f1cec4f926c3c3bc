import { money } from '../kernel/money.ts'
import type { BookingDeps } from './deps.ts'
import { withBooking } from './with-booking.ts'

/** Money that has arrived at a gateway for a booking, in minor units. */
export type CapturedPayment = {
  readonly paymentId: string
  readonly bookingId: string
  readonly amount: number
  readonly currency: string
}

/**
 * Notes that the booking is paid. Money for a booking that is no longer waiting for it never moves the booking (semantics
 * S7): what is left of a sale that was cancelled for want of it is asked for live before it goes back, any other goes
 * back in the same transaction.
 */
export async function markPaid(deps: BookingDeps, payment: CapturedPayment): Promise<void> {
  const { paymentId, amount, currency } = payment
  await withBooking(deps, payment.bookingId, (_tx, _booking, write) =>
    write.happen({ type: 'money_arrived', paymentId, amount: money(amount, currency) }, { actor: 'gateway' }),
  )
}
