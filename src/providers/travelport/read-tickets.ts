import type { Money } from '../../kernel/money.ts'
import type { Coupon, Ticket } from '../../travel/reservation.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import type { WriteOutcome } from '../contract.ts'
import { isPaymentRefused } from './faults.ts'
import { readMessages, readSolutionChange } from './read-reservation.ts'
import { readCount, readMoneyOrNull, sumKnown } from './read-values.ts'
import { TICKET_ISSUED, toCoupon } from './wire.ts'

/** The electronic tickets in a reply, with what they cost together and the PNR they belong to. */
export type Documents = { readonly tickets: readonly Ticket[]; readonly total: Money | null; readonly pnr: string | null }

/** Reads the ETRs of AirTicketingRsp and AirRetrieveDocumentRsp. A conjunction ticket is several tickets of one ETR. */
export function readDocuments(reply: XmlElement): Documents {
  const records = children(reply, 'ETR')
  const totals = records.map((record) => readMoneyOrNull(attribute(record, 'TotalPrice')))
  return {
    tickets: records.flatMap(readTickets),
    total: sumKnown(totals, totals[0]?.currency ?? ''),
    pnr: attribute(records[0], 'ProviderLocatorCode') ?? null,
  }
}

/**
 * What AirTicketingRsp proves. Issued only with the words "OK:Ticket issued", 13-digit numbers and no failure beside
 * them: a reply can carry a ticket number and still be a failure. Rejected only when the payment was refused for every
 * ticket and none is in the reply. Everything else is unknown.
 */
export function outcomeOfTicketing(reply: XmlElement): WriteOutcome<readonly Ticket[]> {
  const { tickets } = readDocuments(reply)
  const failures = children(reply, 'TicketFailureInfo')
  if (failures.length > 0) {
    const message = [
      ...new Set(failures.map((failure) => `${attribute(failure, 'Code') ?? '?'}: ${attribute(failure, 'Message') ?? 'no reason given'}`)),
    ].join('; ')
    if (tickets.length === 0 && failures.every(isPaymentRefused)) return { outcome: 'rejected', reason: 'declined', code: '12008', message }
    return { outcome: 'unknown', cause: 'unrecognised', message }
  }
  const change = readSolutionChange(reply)
  if (change) return { outcome: 'unknown', cause: 'unrecognised', message: `the stored solution has changed (${change.reason})` }
  const issued = readMessages(reply).some((text) => text === TICKET_ISSUED)
  if (issued && tickets.length > 0 && tickets.every((ticket) => /^\d{13}$/.test(ticket.number))) return { outcome: 'ok', value: tickets }
  const numbers = tickets.map((ticket) => ticket.number).join(', ')
  return {
    outcome: 'unknown',
    cause: 'unrecognised',
    message: `the reply does not say "${TICKET_ISSUED}"${numbers === '' ? '' : `, though it holds ${numbers}`}`,
  }
}

/** What AirVoidDocumentRsp says of each document. */
export type VoidResult = { readonly number: string; readonly result: 'voided' | 'refused' | 'unknown'; readonly message: string }

/** Only "Success" is a void; "Complete" and the like ask for a second look. "Failed" is their word for not voided. */
export function readVoids(reply: XmlElement): readonly VoidResult[] {
  return children(reply, 'VoidResultInfo').map((info) => {
    const type = attribute(info, 'ResultType')
    const result = type === 'Success' ? 'voided' : type === 'Failed' ? 'refused' : 'unknown'
    return { number: attribute(info, 'DocumentNumber') ?? '', result, message: child(info, 'FailureRemark')?.text.trim() ?? type ?? '' }
  })
}

function readTickets(record: XmlElement): Ticket[] {
  const name = child(child(record, 'BookingTraveler'), 'BookingTravelerName')
  const full = [attribute(name, 'First'), attribute(name, 'Last')].filter((part) => part !== undefined && part !== '').join(' ')
  return children(record, 'Ticket').map((ticket) => ({
    number: attribute(ticket, 'TicketNumber') ?? '',
    passengerName: full === '' ? null : full,
    coupons: children(ticket, 'Coupon').map(readCoupon),
  }))
}

function readCoupon(coupon: XmlElement, index: number): Coupon {
  return {
    number: readCount(attribute(coupon, 'CouponNumber')) ?? index + 1,
    status: toCoupon(attribute(coupon, 'Status')),
    carrier: attribute(coupon, 'MarketingCarrier') ?? null,
    flightNumber: attribute(coupon, 'MarketingFlightNumber') ?? null,
    origin: attribute(coupon, 'Origin') ?? null,
    destination: attribute(coupon, 'Destination') ?? null,
  }
}
