import { toMoneyText, type Money, type MoneyText } from '../../src/kernel/money.ts'
import type { Translation } from '../../src/providers/index.ts'
import type { FlightOffer } from '../../src/travel/flight.ts'
import { toOfferView, type OfferView } from '../../src/travel/offer-view.ts'
import type { Coupon, Ticket } from '../../src/travel/reservation.ts'

type CouponView = Pick<Coupon, 'number' | 'status' | 'carrier' | 'origin' | 'destination'> & { flight_number: string | null }
type TicketView = { number: string; passenger_name: string | null; coupons: CouponView[] }

/** What a message says, as it is printed. `reason` is null when the outcome is ok. */
export type Description =
  | { solutions: number; offers: OfferView[] }
  | {
      outcome: 'ok' | 'rejected' | 'unknown'
      reason: string | null
      code?: string
      message?: string
      pnr?: string | null
      status?: string
      total?: MoneyText | null
      refund?: MoneyText | null
      ticket_by?: string | null
      supplier_ref?: string
      segments?: { carrier: string; flight_number: string; status: string }[]
      tickets?: TicketView[]
    }

/** The printed form of a translation; offers are sorted by price. */
export function describe(translation: Translation): Description {
  switch (translation.kind) {
    case 'offers':
      return { solutions: translation.solutions, offers: translation.offers.toSorted(byPrice).map((offer) => toOfferView(offer)) }
    case 'reservation': {
      const { result } = translation
      if (result.outcome !== 'ok') return describeFailure(result)
      const { pnr, status, total, ticketBy, supplierRef, segments, tickets } = result.value
      return {
        outcome: 'ok',
        reason: null,
        pnr,
        status,
        total: toMoneyTextOrNull(total),
        ticket_by: ticketBy,
        supplier_ref: supplierRef,
        segments: segments.map((segment) => ({ carrier: segment.carrier, flight_number: segment.flightNumber, status: segment.status })),
        tickets: tickets.map(describeTicket),
      }
    }
    case 'tickets': {
      const { result, pnr } = translation
      const held = { pnr, total: toMoneyTextOrNull(translation.total) }
      if (result.outcome !== 'ok') return { ...describeFailure(result), ...held }
      return { outcome: 'ok', reason: null, ...held, tickets: result.value.map(describeTicket) }
    }
    case 'cancellation': {
      const { result, pnr } = translation
      if (result.outcome !== 'ok') return { ...describeFailure(result), pnr }
      return { outcome: 'ok', reason: null, pnr, refund: toMoneyTextOrNull(result.value.refund) }
    }
  }
}

type Failure =
  | { readonly outcome: 'rejected'; readonly reason: string; readonly code: string; readonly message: string }
  | { readonly outcome: 'unknown'; readonly cause: string; readonly message: string }

function describeFailure(failure: Failure): { outcome: 'rejected' | 'unknown'; reason: string; code?: string; message: string } {
  const { outcome, message } = failure
  return outcome === 'rejected'
    ? { outcome, reason: failure.reason, code: failure.code, message }
    : { outcome, reason: failure.cause, message }
}

function describeTicket(ticket: Ticket): TicketView {
  const coupons = ticket.coupons.map(({ number, status, carrier, flightNumber, origin, destination }) => ({
    number,
    status,
    carrier,
    flight_number: flightNumber,
    origin,
    destination,
  }))
  return { number: ticket.number, passenger_name: ticket.passengerName, coupons }
}

/** Cheapest first. Amounts of different currencies have no order of their own, so each currency stands together. */
function byPrice(a: FlightOffer, b: FlightOffer): number {
  if (a.total.currency !== b.total.currency) return a.total.currency < b.total.currency ? -1 : 1
  return a.total.amount - b.total.amount
}

function toMoneyTextOrNull(value: Money | null): MoneyText | null {
  return value === null ? null : toMoneyText(value)
}
