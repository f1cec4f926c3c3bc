import { parseInstant } from '../../kernel/time.ts'
import type { CouponStatus, Reservation, SegmentHold } from '../../travel/reservation.ts'
import type { Cancellation, RefundQuote } from '../contract.ts'
import { findMoney } from './from-wire-flight.ts'
import type { WireBooking, WireQuote } from './wire.ts'

const HOLDS: readonly SegmentHold['status'][] = ['confirmed', 'waitlisted', 'cancelled']
const COUPONS: readonly CouponStatus[] = ['open', 'checked_in', 'flown', 'exchanged', 'refunded', 'void', 'suspended']

/** Their booking as our reservation. Throws a RangeError for an amount that is none. */
export function toReservation(wire: WireBooking): Reservation {
  return {
    pnr: wire.pnr,
    supplierRef: wire.id,
    status: wire.status === 'active' || wire.status === 'cancelled' ? wire.status : 'unknown',
    segments: wire.segments.map(({ carrier, number, status }) => ({
      carrier,
      flightNumber: number,
      status: HOLDS.find((one) => one === status) ?? 'unknown',
    })),
    total: findMoney(wire.total, wire.currency),
    tickets: wire.tickets.map(({ number, passenger, coupons }) => ({
      number,
      passengerName: passenger,
      coupons: coupons.map((coupon) => ({
        number: coupon.number,
        status: COUPONS.find((one) => one === coupon.status) ?? 'other',
        carrier: coupon.carrier,
        flightNumber: coupon.flight_number,
        origin: coupon.origin,
        destination: coupon.destination,
      })),
    })),
    ticketBy: wire.ticket_by,
  }
}

/** What a cancelled booking has given back; null is "told later". */
export function toCancellation(wire: WireBooking): Cancellation {
  return { refund: findMoney(wire.refunded, wire.currency) }
}

export function toRefundQuote(wire: WireQuote): RefundQuote {
  return {
    paid: findMoney(wire.paid, wire.currency),
    penalty: findMoney(wire.penalty, wire.currency),
    refund: findMoney(wire.refund, wire.currency),
    expiresAt: wire.expires_at === null ? null : parseInstant(wire.expires_at),
    supplierToken: wire.id,
  }
}
