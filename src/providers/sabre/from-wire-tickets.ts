import type { Coupon, CouponStatus, Ticket } from '../../travel/reservation.ts'
import { readFlightNumber } from './from-wire-flights.ts'
import { toObject, toObjects, toText, toWhole, type JsonObject } from './json.ts'

/** "1606802005008/09" is a ticket and its continuation: each of them has thirteen digits. */
export function readTicketNumbers(value: unknown): readonly string[] {
  const match = /^(\d{3}-?\d{10})(?:[/-](\d{1,3}))?$/.exec(toText(value)?.replace(/\s/g, '') ?? '')
  if (!match) return []
  const first = match[1]!.replace('-', '')
  const suffix = match[2]
  if (suffix === undefined) return [first]
  const numbers = [first]
  // Four coupons to a ticket: nobody flies more than a dozen times on one journey.
  for (let serial = first; numbers.length < 4 && !serial.endsWith(suffix);) {
    serial = `${first.slice(0, 3)}${String(Number(serial.slice(3)) + 1).padStart(10, '0')}`
    numbers.push(serial)
  }
  return numbers
}

/** Names of coupon states, and their codes where only these are told. */
const STATES: Readonly<Record<string, CouponStatus>> = {
  'Not Flown': 'open',
  Okay: 'open',
  Reactivated: 'open',
  'Checked In': 'checked_in',
  Lifted: 'flown',
  Flown: 'flown',
  Exchanged: 'exchanged',
  'Print Exchange': 'exchanged',
  Refunded: 'refunded',
  Voided: 'void',
  Suspended: 'suspended',
  I: 'open',
  OK: 'open',
  CK: 'checked_in',
  BD: 'flown',
  B: 'flown',
  E: 'exchanged',
  PE: 'exchanged',
  RF: 'refunded',
  V: 'void',
  S: 'suspended',
}

function couponStatusOf(coupon: JsonObject): CouponStatus {
  for (const said of [toText(coupon['couponStatus']), toText(coupon['couponStatusCode'])]) {
    if (said !== null && Object.hasOwn(STATES, said)) return STATES[said]!
  }
  return 'other'
}

/** The e-tickets of a booking: whose they are, and where each coupon stands. */
export function readTickets(booking: JsonObject): readonly Ticket[] {
  const travelers = toObjects(booking['travelers'])
  const flights = new Map(toObjects(booking['flights']).map((flight) => [toText(flight['itemId']), flight]))
  return toObjects(booking['flightTickets']).flatMap((ticket) => {
    const traveler = toObject(travelers[(toWhole(ticket['travelerIndex']) ?? 0) - 1])
    const coupons = readCoupons(ticket, flights)
    return readTicketNumbers(ticket['number']).map((number, index) => ({
      number,
      passengerName: nameOf(traveler),
      coupons: coupons.slice(index * 4, index * 4 + 4),
    }))
  })
}

function readCoupons(ticket: JsonObject, flights: ReadonlyMap<string | null, JsonObject>): readonly Coupon[] {
  const all = toObjects(ticket['allCoupons'])
  const coupons = all.length > 0 ? all : toObjects(ticket['flightCoupons'])
  // A ticket whose coupons are not told may still say as a whole that it is no more.
  if (coupons.length === 0)
    return ticket['ticketStatusName'] === 'Voided' || toText(ticket['ticketStatusCode'])?.startsWith('V') === true ? [VOID_COUPON] : []
  return coupons.map((coupon, index) => {
    const flight = flights.get(toText(coupon['itemId']))
    return {
      number: (index % 4) + 1,
      status: couponStatusOf(coupon),
      carrier: toText(flight?.['airlineCode']),
      flightNumber: flight ? findFlightNumber(flight['flightNumber']) : null,
      origin: toText(flight?.['fromAirportCode']),
      destination: toText(flight?.['toAirportCode']),
    }
  })
}

const VOID_COUPON: Coupon = { number: 1, status: 'void', carrier: null, flightNumber: null, origin: null, destination: null }

function findFlightNumber(value: unknown): string | null {
  try {
    return readFlightNumber(value)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** "GIVEN FAMILY", or null when the message does not say. */
export function nameOf(person: JsonObject): string | null {
  const name = [
    toText(person['givenName']) ?? toText(person['travelerGivenName']),
    toText(person['surname']) ?? toText(person['travelerSurname']),
  ]
  return name.filter(Boolean).join(' ') || null
}

/** A ticket with a coupon that may still be given back; one whose coupons are not told counts as live. */
export function isLive(ticket: Ticket): boolean {
  return ticket.coupons.length === 0 || ticket.coupons.some(({ status }) => !['void', 'refunded', 'exchanged', 'flown'].includes(status))
}
