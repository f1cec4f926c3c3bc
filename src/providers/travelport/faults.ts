import { attribute, child, childText, descendants, type XmlElement } from '../../platform/xml.ts'
import type { RejectionReason, WriteOutcome } from '../contract.ts'

/** A SOAP fault with the detail that Travelport puts in it. */
export type SoapFault = {
  /** Their numeric code, else the SOAP faultcode. */
  readonly code: string
  readonly message: string
  /** What the host said about each segment, "*0 AVAIL/WL OPEN*". */
  readonly segmentErrors: readonly string[]
}

/** Reads a SOAP Fault element. */
export function readFault(element: XmlElement): SoapFault {
  const info = child(element, 'detail')?.children[0]
  const description = childText(info, 'Description')
  const text = childText(element, 'faultstring') ?? ''
  return {
    code: childText(info, 'Code') ?? childText(element, 'faultcode') ?? 'unknown',
    message: description && description !== text ? `${text} (${description})` : text,
    segmentErrors: descendants(info, 'ErrorMessage').map((one) => one.text.trim()),
  }
}

/** No fares and no seats: an answer to a search, not a failure. 3037 "unable to fare quote", 2602 "no solutions". */
const NOTHING_FOUND = new Set(['3037', '2602'])

/** True when the fault says that nothing is sold for what was asked. */
export function isNothingFound(fault: SoapFault): boolean {
  return NOTHING_FOUND.has(fault.code)
}

/** No hotel and no rate: 4965 "no results found", 5574 "no engine has an answer". */
const NO_HOTEL = new Set(['4965', '5574'])

/** True when the fault says that no room is sold there then. */
export function isNoHotel(fault: SoapFault): boolean {
  return NO_HOTEL.has(fault.code)
}

/** True when the host has no seat in the class: "*0 AVAIL/WL OPEN*", "*0 AVAIL/WL CLOSED*", or only a waitlist. */
export function isNoSeat(fault: SoapFault): boolean {
  return fault.code === '3000' && fault.segmentErrors.length > 0 && fault.segmentErrors.every(isNoSeatText)
}

/** True for what the host writes when a class is full or only waitlisted. */
export function isNoSeatText(text: string): boolean {
  return /\b0 AVAIL\b/i.test(text) || /waitlisted segment/i.test(text)
}

/** True when the fault of AirRetrieveDocument says that the reservation has no tickets (yet). */
export function isNoTickets(fault: SoapFault): boolean {
  return fault.code === '3000' && /has no tickets/i.test(fault.message)
}

type Rejection = { readonly reason: RejectionReason; readonly proves: (fault: SoapFault) => boolean }

/**
 * The allow-list for AirCreateReservation: faults after which no universal record exists. With RestrictWaitlist and
 * RetainReservation="None", as we send them, the host ignores the whole transaction when a segment cannot be sold.
 */
const BOOK_REJECTIONS: readonly Rejection[] = [{ reason: 'sold_out', proves: isNoSeat }]

/** The allow-list for AirTicketing: 12009 is "tickets not issued". */
const TICKET_REJECTIONS: readonly Rejection[] = [{ reason: 'declined', proves: (fault) => fault.code === '12009' }]

/** What a fault in reply to a write proves. Everything that is not on the operation's list is unknown. */
export function outcomeOfFault(
  operation: 'book' | 'ticket' | 'cancel' | 'void' | 'refund' | 'exchange' | 'book-stay',
  fault: SoapFault,
): Exclude<WriteOutcome<never>, { outcome: 'ok' }> {
  const rejections = operation === 'book' ? BOOK_REJECTIONS : operation === 'ticket' ? TICKET_REJECTIONS : []
  const known = rejections.find((one) => one.proves(fault))
  const message = [fault.message, ...new Set(fault.segmentErrors)].filter((part) => part !== '').join('; ')
  return known
    ? { outcome: 'rejected', reason: known.reason, code: fault.code, message }
    : { outcome: 'unknown', cause: 'unrecognised', message: `${fault.code}: ${message}` }
}

/**
 * Why a single ticket was refused for certain: the payment was not authorised, so the host printed nothing. Other
 * failures of AirTicketing prove nothing.
 */
export function isPaymentRefused(failure: XmlElement): boolean {
  return attribute(failure, 'Code') === '12008' && /REFUSE CREDIT|NOT AUTHORIZED/i.test(attribute(failure, 'Message') ?? '')
}
