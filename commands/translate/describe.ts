import { toMoneyText, type Money, type MoneyText } from '../../src/kernel/money.ts'
import { toIso, type Instant } from '../../src/kernel/time.ts'
import type { Translation } from '../../src/providers/index.ts'
import type { FlightOffer } from '../../src/travel/flight.ts'
import { toOfferView, type OfferView } from '../../src/travel/offer-view.ts'
import type { Coupon, Ticket } from '../../src/travel/reservation.ts'

type CouponView = Pick<Coupon, 'number' | 'status' | 'carrier' | 'origin' | 'destination'> & { flight_number: string | null }
type TicketView = { number: string; passenger_name: string | null; coupons: CouponView[] }

/** What a message says, as it is printed. `reason` is null when the outcome is ok. */
export type Description =
  | { solutions: number; offers: OfferView[]; fare_rules?: unknown[] }
  | { solutions: number; stays: unknown[]; next_ref?: boolean }
  | { quote: unknown }
  | { quotes: unknown[] }
  | { seat_maps: unknown[] }
  | { fare_rules: unknown[] }
  | { note: string; facts: unknown }
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
      return {
        solutions: translation.solutions,
        offers: translation.offers.toSorted(byPrice).map((offer) => toOfferView(offer)),
        ...(translation.rules ? { fare_rules: translation.rules.map((rules) => toWords(rules)) } : {}),
      }
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
    case 'stays':
      return {
        solutions: translation.solutions,
        stays: translation.offers.toSorted(byPrice).map((offer) => toWords({ ...offer, supplierToken: undefined })),
        ...(translation.hasMore === undefined ? {} : { next_ref: translation.hasMore }),
      }
    case 'refund-quote':
      return { quote: toWords(translation.quote) }
    case 'exchange-quotes':
      return { quotes: translation.quotes.map((quote) => toWords(quote)) }
    case 'seat-maps':
      return { seat_maps: translation.maps.map((map) => toWords(map)) }
    case 'fare-rules':
      return { fare_rules: translation.rules.map((rules) => toWords(rules)) }
    case 'note':
      return { note: translation.message, facts: toWords(translation.facts) }
  }
}

/** Any value of ours as it is printed: names in snake case, money as text, instants of `…At` and `…Until` in UTC. */
function toWords(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => toWords(one))
  if (typeof value === 'number' && /(At|By|Until|from)$/.test(name) && value > 1e11) return toIso(value as Instant)
  if (typeof value !== 'object' || value === null) return value
  if (isMoney(value)) return toMoneyText(value)
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), toWords(inner, key)]),
  )
}

function isMoney(value: object): value is Money {
  return 'amount' in value && 'currency' in value && typeof value.amount === 'number' && Object.keys(value).length === 2
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
function byPrice(a: Pick<FlightOffer, 'total'>, b: Pick<FlightOffer, 'total'>): number {
  if (a.total.currency !== b.total.currency) return a.total.currency < b.total.currency ? -1 : 1
  return a.total.amount - b.total.amount
}

function toMoneyTextOrNull(value: Money | null): MoneyText | null {
  return value === null ? null : toMoneyText(value)
}
