import { addMoney, type Money } from '../../kernel/money.ts'
import type { Reservation, SegmentHold, Ticket } from '../../travel/reservation.ts'
import { findAmount } from './from-wire-amounts.ts'
import { readFlightNumber } from './from-wire-flights.ts'
import { nameOf, readTicketNumbers, readTickets } from './from-wire-tickets.ts'
import { isSameReference } from '../host-text.ts'
import { toFlag, toObject, toObjects, toText, type JsonObject } from './json.ts'
import { holdOf, REFERENCE_MARK } from './wire.ts'

/** A booking as booking management shows it: what we keep of it, and what the other operations need. */
export type BookingView = {
  readonly reservation: Reservation
  /** Prices stored for ticketing, by their record number. */
  readonly priceQuotes: readonly string[]
  readonly travelers: number
  readonly remarks: readonly string[]
}

/**
 * Reads a booking: the reply of getBooking itself, or what createBooking and cancelBooking put under "booking". Throws a
 * RangeError when it names no locator.
 */
export function readBooking(booking: JsonObject, confirmationId: string | null = null): BookingView {
  const locator = toText(booking['bookingId']) ?? confirmationId
  if (locator === null) throw new RangeError('a booking names no locator')
  const segments = toObjects(booking['flights']).flatMap(readHold)
  return {
    reservation: {
      pnr: locator,
      supplierRef: locator,
      status: statusOf(booking, segments),
      segments,
      total: readTotal(booking),
      tickets: readTickets(booking),
      ticketBy: ticketByOf(booking),
    },
    priceQuotes: readPriceQuotes(booking),
    travelers: toObjects(booking['travelers']).length,
    remarks: toObjects(booking['remarks']).flatMap((remark) => toText(remark['text']) ?? []),
  }
}

function readHold(flight: JsonObject): SegmentHold[] {
  const carrier = toText(flight['airlineCode'])
  if (carrier === null) return []
  let flightNumber: string
  try {
    flightNumber = readFlightNumber(flight['flightNumber'])
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    flightNumber = ''
  }
  return [{ carrier, flightNumber, status: holdOf(toText(flight['flightStatusCode']), toText(flight['flightStatusName'])) }]
}

/**
 * Active only when every flight is confirmed: one that is waitlisted or refused among them makes it no journey that was
 * agreed. A reservation whose flights were cancelled shows none, and says that there is nothing left to cancel.
 */
function statusOf(booking: JsonObject, segments: readonly SegmentHold[]): Reservation['status'] {
  if (segments.length === 0) return toFlag(booking['isCancelable']) === false ? 'cancelled' : 'unknown'
  if (segments.every((segment) => segment.status === 'confirmed')) return 'active'
  return segments.every((segment) => segment.status === 'cancelled') ? 'cancelled' : 'unknown'
}

/** What the flights cost all travellers together, as the payments sum it up; null when not told, or in two currencies. */
function readTotal(booking: JsonObject): Money | null {
  const totals = toObjects(toObject(booking['payments'])['flightTotals']).map((one) => findAmount(one['total'], one['currencyCode']))
  if (totals.length === 0 || totals.includes(null)) return null
  const [first, ...others] = totals as Money[]
  return others.every((one) => one.currency === first!.currency) ? others.reduce(addMoney, first!) : null
}

/** Active price quotes (PQ); a PQR is of an exchange, a history record is of the past. */
function readPriceQuotes(booking: JsonObject): readonly string[] {
  const records = toObjects(booking['fares'])
    .filter((fare) => toText(fare['recordTypeCode']) === 'PQ' && (toText(fare['pricingStatusCode']) ?? 'A') === 'A')
    .flatMap((fare) => toText(fare['recordId']) ?? [])
  return [...new Set(records)]
}

function ticketByOf(booking: JsonObject): string | null {
  const created = toObject(booking['creationDetails'])
  const policy = toObject(booking['futureTicketingPolicy'])
  const date = toText(created['purchaseDeadlineDate']) ?? toText(policy['ticketingDate'])
  const time = toText(created['purchaseDeadlineTime']) ?? toText(policy['ticketingTime'])
  return date !== null && time !== null ? `${date}T${time}` : date
}

/** True when a remark of the booking carries our reference. */
export function hasReference(view: BookingView, reference: string): boolean {
  return view.remarks.some((text) => {
    const at = text.toUpperCase().indexOf(REFERENCE_MARK)
    return at >= 0 && isSameReference(text.slice(at + REFERENCE_MARK.length), reference)
  })
}

/** The tickets that fulfillFlightTickets says it issued, with how sure Sabre is of each. */
export type Issued = { readonly tickets: readonly Ticket[]; readonly total: Money | null; readonly areCommitted: boolean }

/** Reads `tickets` of fulfillFlightTickets. Coupons are not told there. */
export function readIssued(reply: JsonObject): Issued {
  const issued = toObjects(reply['tickets'])
  const totals = issued.map((one) => {
    const payment = toObject(one['payment'])
    return findAmount(payment['total'], payment['currencyCode'])
  })
  const isOne = totals.length > 0 && totals.every((total) => total !== null && total.currency === totals[0]!.currency)
  return {
    tickets: issued.flatMap((one) =>
      readTicketNumbers(one['number']).map((number) => ({ number, passengerName: nameOf(one), coupons: [] })),
    ),
    total: isOne ? (totals as Money[]).reduce(addMoney) : null,
    areCommitted: issued.every((one) => one['isCommitted'] !== false && (toText(one['ticketStatusName']) ?? 'Issued') === 'Issued'),
  }
}
