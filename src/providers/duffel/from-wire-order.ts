import type { Reservation, SegmentHold, Ticket } from '../../travel/reservation.ts'
import type { Cancellation } from '../contract.ts'
import { toFlightNumber, toMoney } from './from-wire-offer.ts'
import type { WireCancellation, WireDocument, WireOrder } from './wire.ts'

/**
 * Their order as our reservation. An order exists only once the airline has confirmed it, so its segments are confirmed
 * until it is cancelled. The reservation's total includes whatever services were booked along.
 */
export function toReservation(wire: WireOrder): Reservation {
  const isCancelled = Boolean(wire.cancelled_at)
  const isReleased = !isCancelled && hasLapsed(wire)
  const status: SegmentHold['status'] = isCancelled ? 'cancelled' : isReleased ? 'unknown' : 'confirmed'
  return {
    pnr: wire.booking_reference,
    supplierRef: wire.id,
    status: isCancelled ? 'cancelled' : isReleased ? 'unknown' : 'active',
    segments: wire.slices.flatMap((slice) =>
      slice.segments.map((segment) => ({
        carrier: segment.marketing_carrier.iata_code,
        flightNumber: toFlightNumber(segment.marketing_carrier_flight_number),
        status,
      })),
    ),
    total: toMoney(wire.total_amount, wire.total_currency),
    tickets: toTickets(wire),
    ticketBy: wire.payment_status?.awaiting_payment ? (wire.payment_status.payment_required_by ?? null) : null,
  }
}

/**
 * True for a held order whose time has run out: "the space will be released by the airline", and Duffel says only that no
 * payment is awaited, as it does of a paid one. https://duffel.com/docs/guides/holding-orders-and-paying-later
 */
function hasLapsed({ type, payment_status: payment, documents }: WireOrder): boolean {
  const isHold = type === 'hold' || type === 'pay_later'
  return isHold && payment?.awaiting_payment === false && payment.paid_at === null && (documents ?? []).length === 0
}

/**
 * The e-tickets among an order's documents; receipts for bags and seats (EMDs) are not tickets. Older messages state no
 * type: then every document is a ticket. Duffel does not tell the state of coupons, so none are listed.
 */
export function toTickets(wire: Pick<WireOrder, 'documents' | 'passengers'>): readonly Ticket[] {
  return (wire.documents ?? [])
    .filter((document) => !document.type || document.type === 'electronic_ticket')
    .map((document) => ({
      number: document.unique_identifier.replace(/[\s-]/g, ''),
      passengerName: holderOf(document, wire.passengers),
      coupons: [],
    }))
}

/** Whose it is, where that is certain: one passenger is named, or there is only one. */
function holderOf(document: WireDocument, passengers: WireOrder['passengers']): string | null {
  const ids = document.passenger_ids ?? []
  const holder =
    ids.length === 1
      ? passengers.find((passenger) => passenger.id === ids[0])
      : ids.length === 0 && passengers.length === 1
        ? passengers[0]
        : undefined
  const name = [holder?.given_name, holder?.family_name].filter(Boolean).join(' ')
  return name === '' ? null : name
}

/**
 * What a confirmed cancellation gives back to us. Airline credits and vouchers are not money: they are null, "to be
 * settled", and never shown as an amount that was refunded.
 */
export function toCancellation(wire: Pick<WireCancellation, 'refund_amount' | 'refund_currency' | 'refund_to'>): Cancellation {
  const isMoney = wire.refund_to !== 'voucher' && wire.refund_to !== 'airline_credits'
  return { refund: isMoney ? toMoney(wire.refund_amount, wire.refund_currency) : null }
}

/** Our reference, where the order carries one. */
export function referenceOf(wire: { readonly metadata?: Readonly<Record<string, unknown>> | null }): string | null {
  const reference = wire.metadata?.['reference']
  return typeof reference === 'string' ? reference : null
}
