import { negateMoney, sumMoney, type Money } from '../../kernel/money.ts'
import type { Reservation } from '../../travel/reservation.ts'
import { findBillable, findTotal, proportionOf, toMoney } from './amounts.ts'
import type { ItineraryRef } from './token.ts'
import type { WireItinerary, WireItineraryRoom } from './wire.ts'

export function itineraryIdOf(wire: WireItinerary): string {
  return String(wire.itinerary_id)
}

/**
 * Their itinerary as our reservation. It is active when every room is booked and cancelled when every room is. Anything
 * between (a room that is pending, one of two cancelled, rooms that are not shown yet) is for somebody to look at.
 */
export function toReservation(wire: WireItinerary, ref: ItineraryRef): Reservation {
  const statuses = (wire.rooms ?? []).map(({ status }) => status)
  const isEvery = (...words: string[]): boolean => statuses.length > 0 && statuses.every((status) => status && words.includes(status))
  return {
    pnr: itineraryIdOf(wire),
    supplierRef: JSON.stringify(ref),
    status: isEvery('booked') ? 'active' : isEvery('canceled', 'cancelled') ? 'cancelled' : 'unknown',
    segments: [],
    total: totalOf(wire),
    tickets: [],
    ticketBy: null,
  }
}

export function isCancelled({ status }: WireItineraryRoom): boolean {
  return status === 'canceled' || status === 'cancelled'
}

function totalOf(wire: WireItinerary): Money | null {
  return orNull(() => findTotal(inclusiveOf(wire)))
}

/**
 * What cancelled rooms give back, where every one says so in a common currency; null when the supplier will say later.
 * They write it with a minus, as money that leaves them, and in the currency they bill: it is told in that of the
 * itinerary's total, at the rate that the itinerary itself has.
 */
export function toRefund(wire: WireItinerary): Money | null {
  return orNull(() => {
    const sum = sumOfRefunds(wire)
    const total = totalOf(wire)
    if (!sum || !total || sum.currency === total.currency) return sum
    const billable = findBillable(inclusiveOf(wire))
    return billable && proportionOf(total, { part: sum, of: billable, rounding: 'down' })
  })
}

function sumOfRefunds(wire: WireItinerary): Money | null {
  const refunds = (wire.rooms ?? []).flatMap(({ rate }) => toMoney(rate?.cancel_refund?.amount, rate?.cancel_refund?.currency) ?? [])
  const [first] = refunds
  if (!first || refunds.length < (wire.rooms ?? []).length || refunds.some(({ currency }) => currency !== first.currency)) return null
  const sum = sumMoney(refunds, first.currency)
  return sum.amount < 0 ? negateMoney(sum) : sum
}

function inclusiveOf(wire: WireItinerary) {
  return (wire.rooms ?? []).map(({ rate }) => rate?.pricing?.totals?.inclusive)
}

/** An amount that cannot be read must not hide the reservation it belongs to. */
function orNull(read: () => Money | null): Money | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
