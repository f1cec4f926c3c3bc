import { money, subtractMoney, type Money } from '../../kernel/money.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { Cancellation } from '../contract.ts'
import { findAmount } from './read-amount.ts'
import type { WireBooking } from './wire.ts'

const STATUSES: Readonly<Record<string, Reservation['status']>> = { CONFIRMED: 'active', CANCELLED: 'cancelled' }

/** Their booking as ours. A cancelled one's total is what cancelling has cost. */
export function toReservation(wire: WireBooking): Reservation {
  return {
    pnr: wire.reference,
    supplierRef: wire.reference,
    status: Object.hasOwn(STATUSES, wire.status) ? STATUSES[wire.status]! : 'unknown',
    segments: [],
    total: findAmount(wire.totalNet, wire.currency),
    tickets: [],
    ticketBy: null,
  }
}

/** Whether a booking carries our reference, which Hotelbeds writes in capitals whatever was sent. */
export function isOurs(wire: WireBooking, reference: string): boolean {
  return wire.clientReference?.toUpperCase() === reference.toUpperCase()
}

/**
 * What a cancelled booking gives back of the `total` it had: all of it but the fee. Nothing where the guest would have paid at
 * the property. Null, "said later", where the message names no fee, or the total is not known.
 */
export function toCancellation(wire: WireBooking, total: Money | null): Cancellation {
  const rates = (wire.hotel?.rooms ?? []).flatMap((room) => room.rates ?? [])
  if (total && rates.length > 0 && rates.every(({ paymentType }) => paymentType === 'AT_HOTEL')) return { refund: money(0, total.currency) }
  const fee = findAmount(wire.hotel?.cancellationAmount, wire.hotel?.currency ?? wire.currency)
  if (!total || !fee || fee.currency !== total.currency) return { refund: null }
  return { refund: fee.amount >= total.amount ? money(0, total.currency) : subtractMoney(total, fee) }
}
