import type { Money } from '../../kernel/money.ts'
import type { Reservation, SegmentHold, Ticket } from '../../travel/reservation.ts'
import { attribute, child, children, childText, type XmlElement } from '../../platform/xml.ts'
import { isNoSeatText } from './faults.ts'
import { malformed, readMoneyOrNull, required, sumKnown, timesKnown } from './read-values.ts'
import { toHold, type Locators } from './wire.ts'

/** A universal record as it stands, with what is needed to act on it and to judge whether it is whole. */
export type RecordView = {
  readonly reservation: Reservation
  readonly locators: Locators
  /** Rises with each change; AirCancel must cite the current one. */
  readonly version: string
  /** True when a fare is stored with it, without which nothing can be ticketed. */
  readonly hasStoredFare: boolean
  /** True when the record says that tickets exist. Which ones, AirRetrieveDocument says more reliably. */
  readonly mentionsTickets: boolean
  readonly remarks: readonly string[]
  /** The flights as the host writes them, with the group that tells which belong together. */
  readonly flights: readonly XmlElement[]
  /** The day on which the reservation was made, as the host writes it. */
  readonly createdOn: string | null
}

/** Reads the UniversalRecord in a reply; undefined when the reply holds none. */
export function readRecord(reply: XmlElement): RecordView | undefined {
  const record = child(reply, 'UniversalRecord')
  if (!record) return undefined
  const air = children(record, 'AirReservation')[0]
  const provider = child(record, 'ProviderReservationInfo')
  const locators: Locators = {
    record: required(record, 'LocatorCode'),
    air: attribute(air, 'LocatorCode') ?? '',
    pnr: attribute(provider, 'LocatorCode') ?? '',
  }
  if (locators.pnr === '') throw malformed('the universal record names no PNR')
  const segments = children(air, 'AirSegment').map(readHold)
  const fares = children(air, 'AirPricingInfo')
  return {
    locators,
    version: attribute(record, 'Version') ?? '0',
    hasStoredFare: fares.length > 0,
    mentionsTickets:
      fares.some((fare) => attribute(fare, 'Ticketed') === 'true') || children(child(air, 'DocumentInfo'), 'TicketInfo').length > 0,
    remarks: children(record, 'GeneralRemark').map((remark) => childText(remark, 'RemarkData') ?? ''),
    flights: children(air, 'AirSegment'),
    createdOn: attribute(provider, 'CreateDate')?.slice(0, 10) ?? null,
    reservation: {
      ...readAirReservation(air, locators),
      status: readStatus(attribute(record, 'Status'), air, segments),
      ticketBy: attribute(fares[0], 'LatestTicketingTime') ?? attribute(child(record, 'ActionStatus'), 'TicketDate') ?? null,
    },
  }
}

/** An AirReservation under these locators. What else its record holds, and so whether it is active, it does not say. */
export function readAirReservation(air: XmlElement | undefined, locators: Locators): Reservation {
  const segments = children(air, 'AirSegment').map(readHold)
  const fares = children(air, 'AirPricingInfo')
  return {
    pnr: locators.pnr,
    supplierRef: writeLocators(locators),
    status: readStatus('Active', air, segments),
    segments,
    total: readStoredTotal(fares),
    tickets: readTicketList(air),
    ticketBy: attribute(fares[0], 'LatestTicketingTime') ?? null,
  }
}

/** Why a new reservation is not what was ordered, or null when it is whole. `soldOut` tells a lost seat from a lost fare. */
export type Flaw = { readonly soldOut: boolean; readonly message: string }

/**
 * Judges AirCreateReservationRsp: it can hold a record and yet lack a segment, have one only waitlisted, or have no
 * fare stored ("NO VALID FARE"). Such a reservation is a side effect that cannot be ticketed.
 */
export function findFlaw(reply: XmlElement, view: RecordView, segmentsOrdered: number | null): Flaw | null {
  const failures = children(child(reply, 'AirSegmentSellFailureInfo'), 'AirSegmentError').map(
    (error) => childText(error, 'ErrorMessage') ?? '',
  )
  if (failures.length > 0)
    return {
      soldOut: failures.every(isNoSeatText),
      message: `${failures.length} segment(s) could not be sold: ${[...new Set(failures)].join('; ')}`,
    }
  const waiting = view.reservation.segments.filter((segment) => segment.status !== 'confirmed')
  if (waiting.length > 0)
    return { soldOut: true, message: `${waiting.map((one) => `${one.carrier}${one.flightNumber} is ${one.status}`).join(', ')}` }
  if (view.reservation.segments.length === 0 || (segmentsOrdered !== null && view.reservation.segments.length < segmentsOrdered)) {
    return { soldOut: true, message: `only ${view.reservation.segments.length} of the segments are in the reservation` }
  }
  if (!view.hasStoredFare) return { soldOut: false, message: `no fare was stored: ${readMessages(reply).join('; ') || 'no reason given'}` }
  return null
}

/** The texts of a reply's ResponseMessages. */
export function readMessages(reply: XmlElement): readonly string[] {
  return children(reply, 'ResponseMessage')
    .map((message) => message.text.trim())
    .filter((text) => text !== '')
}

/** True when AirCreateReservation made nothing because price or schedule had changed (RetainReservation="None"). */
export function readSolutionChange(reply: XmlElement): { readonly reason: string; readonly total: string | null } | null {
  const change = child(reply, 'AirSolutionChangedInfo')
  return change
    ? { reason: attribute(change, 'ReasonCode') ?? 'Both', total: attribute(child(change, 'AirPricingSolution'), 'TotalPrice') ?? null }
    : null
}

/** The locators as one opaque text. */
export function writeLocators(locators: Locators): string {
  return `${locators.record}:${locators.air}:${locators.pnr}`
}

/** The inverse of {@link writeLocators}; throws ProviderError('malformed') on anything else. */
export function readLocators(supplierRef: string): Locators {
  const [record, air, pnr, ...rest] = supplierRef.split(':')
  if (!record || air === undefined || !pnr || rest.length > 0)
    throw malformed(`"${supplierRef.slice(0, 60)}" is not a reference to a universal record`)
  return { record, air, pnr }
}

function readHold(segment: XmlElement): SegmentHold {
  return {
    carrier: attribute(segment, 'Carrier') ?? '',
    flightNumber: attribute(segment, 'FlightNumber') ?? '',
    status: toHold(attribute(segment, 'Status')),
  }
}

function readStatus(status: string | undefined, air: XmlElement | undefined, segments: readonly SegmentHold[]): Reservation['status'] {
  if (status !== undefined && /cancel/i.test(status)) return 'cancelled'
  if (status !== 'Active') return 'unknown'
  // A record outlives its flights: active, but nothing in it flies any more.
  if (!air || (segments.length > 0 && segments.every((segment) => segment.status === 'cancelled'))) return 'cancelled'
  return 'active'
}

/** Each stored fare is the price of one passenger; its PassengerTypes say for how many it holds. */
function readStoredTotal(fares: readonly XmlElement[]): Money | null {
  const totals = fares.map((fare) =>
    timesKnown(readMoneyOrNull(attribute(fare, 'TotalPrice')), Math.max(1, children(fare, 'PassengerType').length)),
  )
  return sumKnown(totals, totals[0]?.currency ?? '')
}

function readTicketList(air: XmlElement | undefined): readonly Ticket[] {
  return children(child(air, 'DocumentInfo'), 'TicketInfo').flatMap((ticket) => {
    const number = attribute(ticket, 'Number')
    const name = child(ticket, 'Name')
    const full = [attribute(name, 'First'), attribute(name, 'Last')].filter((part) => part !== undefined && part !== '').join(' ')
    return number === undefined ? [] : [{ number, passengerName: full === '' ? null : full, coupons: [] }]
  })
}
