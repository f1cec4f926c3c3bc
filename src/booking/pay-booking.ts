import { isSameMoney, toMoneyText, type Money } from '../kernel/money.ts'
import type { Instant } from '../kernel/time.ts'
import type { StartedPayment } from '../payments/index.ts'
import type { Booking } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { isPaidAtProperty } from './machine/index.ts'
import { bookingNotPayable, priceChanged } from './problems.ts'
import { withBooking } from './with-booking.ts'

export type PayOrder = {
  readonly bookingId: string
  readonly expectedTotal: Money
  readonly returnPath: string
  readonly attemptKey: string
  /** The address of the customer's browser, for gateways that must be told. */
  readonly customerIp?: string | null
}

/** `null`: there is nothing to pay, because the property takes the guest's money; the booking goes on to it. */
export type PayReply = StartedPayment | null

/**
 * Opens a payment page for a booking; asking again while one is open returns the same one. The status is claimed first,
 * with the time to pay checked in the same transaction, so that an expiring booking cannot be paid (semantics S6).
 */
export async function payBooking(deps: BookingDeps, order: PayOrder): Promise<PayReply> {
  const booking = await withBooking(deps, order.bookingId, async (tx, current, write) => {
    assertPayable(current, order, await deps.records.now(tx))
    const actor = current.userId ?? 'traveller'
    return write.happen({ type: isPaidAtProperty(current) ? 'confirmed_unpaid' : 'payment_started' }, { actor })
  })
  if (isPaidAtProperty(booking)) return null
  const tripUrl = deps.publicUrl + order.returnPath
  return deps.payments.start({
    bookingId: booking.id,
    amount: booking.total,
    description: `Booking ${booking.reference}`,
    customerEmail: booking.contact.email,
    customerIp: order.customerIp ?? null,
    country: deps.guestCountry ?? null,
    expiresAt: booking.paymentRequiredBy,
    returnUrl: `${tripUrl}?payment=returned`,
    attemptKey: order.attemptKey,
    cancelUrl: `${tripUrl}?payment=cancelled`,
  })
}

function assertPayable(booking: Booking, order: PayOrder, now: Instant): void {
  const isWaiting = booking.status === 'INIT' || booking.status === 'PENDING_PAYMENT'
  if (!isWaiting || booking.paymentRequiredBy <= now) {
    throw bookingNotPayable({
      moneyMoved: isWaiting || booking.status === 'CANCELLED' ? 'none' : 'captured',
      more: { booking_id: booking.id, booking_status: booking.status },
    })
  }
  if (!isSameMoney(booking.total, order.expectedTotal))
    throw priceChanged({ moneyMoved: 'none', more: { booking_id: booking.id, total: toMoneyText(booking.total) } })
}
