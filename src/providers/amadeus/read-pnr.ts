import type { Money } from '../../kernel/money.ts'
import { child, children, descendants, type XmlElement } from '../../platform/xml.ts'
import type { Coupon, Reservation, SegmentHold, Ticket } from '../../travel/reservation.ts'
import { PROVIDER_ID } from './exchange.ts'
import { ProviderError } from '../errors.ts'
import { readRefusal, type Refusal } from './faults.ts'
import { readCount, readDate, readMoneyOrNull, readTime, sumKnown, textAt, timesKnown } from './read-values.ts'
import { toHold } from './wire.ts'

/** A PNR as it stands, with what is needed to act on it. */
export type PnrView = {
  readonly reservation: Reservation
  readonly remarks: readonly string[]
  readonly travellers: readonly Traveller[]
  /** Our numbering of the flights: their references, which fares and documents point to. */
  readonly flights: readonly PnrFlight[]
}

export type Traveller = { readonly reference: string; readonly surname: string; readonly givenName: string; readonly hasInfant: boolean }

export type PnrFlight = SegmentHold & {
  readonly reference: string
  readonly origin: string | null
  readonly destination: string | null
  readonly departure: string | null
  readonly bookingClass: string | null
}

/** What a PNR that was not ended has for a locator where a host shows one at all. */
export const NO_LOCATOR = 'XXXXXX'

/**
 * Reads a PNR_Reply; undefined when it shows no record: only an error, or one that was never ended. A record without flights has
 * been cancelled: hosts keep it to be looked at until it is purged.
 */
export function readPnr(reply: XmlElement): PnrView | undefined {
  const pnr = readLocator(reply)
  if (pnr === undefined) return undefined
  const travellers = children(reply, 'travellerInfo').map(readTraveller)
  const itinerary = children(reply, 'originDestinationDetails').flatMap((one) => children(one, 'itineraryInfo'))
  const flights = itinerary.filter(isFlight).map(readFlight)
  const elements = children(child(reply, 'dataElementsMaster'), 'dataElementsIndiv')
  const isLive = itinerary.some((one) => !isFlight(one)) || flights.some((flight) => flight.status !== 'cancelled')
  return {
    reservation: {
      pnr,
      supplierRef: pnr,
      status: isLive ? 'active' : 'cancelled',
      segments: flights.map(({ carrier, flightNumber, status }) => ({ carrier, flightNumber, status })),
      total: readTotal(reply),
      tickets: elements.flatMap((element) => readTicketElement(element, travellers, flights)),
      ticketBy: elements.map(readTicketLimit).find((limit) => limit !== null) ?? null,
    },
    remarks: elements.flatMap(readRemarks),
    travellers,
    flights,
  }
}

/** What the fares stored with a record cost, where it shows them: each is for one of the passengers it names. */
function readTotal(reply: XmlElement): Money | null {
  const fares = children(reply, 'tstData').map((fare) => {
    const total = children(child(fare, 'fareData'), 'monetaryInfo').find((one) => textAt(one, 'qualifier') === 'T')
    const passengers = descendants(child(fare, 'referenceForTstData'), 'reference').filter((one) => textAt(one, 'qualifier') === 'PT')
    return timesKnown(readMoneyOrNull(textAt(total, 'amount'), textAt(total, 'currencyCode')), Math.max(1, passengers.length))
  })
  return sumKnown(fares, fares[0]?.currency ?? '')
}

/** The locator of the record that a PNR_Reply shows, its own and no airline's. */
export function readLocator(reply: XmlElement): string | undefined {
  const reservations = children(reply, 'pnrHeader').flatMap((header) => descendants(header, 'reservation'))
  const own = reservations.find((one) => textAt(one, 'companyId') === '1A') ?? reservations[0]
  return textAt(own, 'controlNumber')
}

/** The errors in a PNR_Reply: of the message, and of single elements that the host did not accept. */
export function readPnrErrors(reply: XmlElement): readonly Refusal[] {
  const holders = [
    ...children(reply, 'generalErrorInfo'),
    ...descendants(reply, 'elementErrorInformation'),
    ...descendants(reply, 'nameError'),
  ]
  const errors = descendants(reply, 'errorInfo').filter((one) => !holders.includes(one))
  return [...holders, ...errors].flatMap(readRefusal)
}

/** The locators in a PNR_List, which answers a name that more than one record has. */
export function readLocators(list: XmlElement): readonly string[] {
  const found = descendants(list, 'reservation').filter((one) => (textAt(one, 'companyId') ?? '1A') === '1A')
  return [...new Set(found.flatMap((one) => textAt(one, 'controlNumber') ?? []))]
}

/** Reads the locator that a reservation of ours is kept under; throws ProviderError for anything else. */
export function toLocator(supplierRef: string): string {
  if (!/^[A-Z0-9]{5,8}$/.test(supplierRef)) throw new ProviderError(PROVIDER_ID, 'refused', 'the reservation has no Amadeus locator')
  return supplierRef
}

function isFlight(itinerary: XmlElement): boolean {
  const kind = textAt(itinerary, 'elementManagementItinerary', 'segmentName')
  return kind === undefined ? textAt(itinerary, 'travelProduct', 'productDetails', 'identification') !== undefined : kind === 'AIR'
}

function readFlight(itinerary: XmlElement): PnrFlight {
  const product = child(itinerary, 'travelProduct')
  const origin = textAt(product, 'boardpointDetail', 'cityCode') ?? null
  const date = textAt(product, 'product', 'depDate')
  return {
    reference: textAt(itinerary, 'elementManagementItinerary', 'reference', 'number') ?? '',
    carrier: textAt(product, 'companyDetail', 'identification') ?? '',
    flightNumber: textAt(product, 'productDetails', 'identification') ?? '',
    status: toHold(textAt(itinerary, 'relatedProduct', 'status')),
    origin,
    destination: textAt(product, 'offpointDetail', 'cityCode') ?? null,
    departure: date === undefined || origin === null ? null : readDeparture(date, textAt(product, 'product', 'depTime'), origin),
    bookingClass: textAt(product, 'productDetails', 'classOfService') ?? null,
  }
}

function readDeparture(date: string, time: string | undefined, origin: string): string | null {
  try {
    return readTime(date, time, origin).local
  } catch {
    return readDate(date) ?? null
  }
}

function readTraveller(info: XmlElement): Traveller {
  const data = children(info, 'passengerData')
  const person = child(data[0], 'travellerInformation')
  const passengers = data.flatMap((one) => children(child(one, 'travellerInformation'), 'passenger'))
  const isInfant = (one: XmlElement): boolean => /^(INF|IN)$/.test(textAt(one, 'type') ?? '')
  return {
    reference: textAt(info, 'elementManagementPassenger', 'reference', 'number') ?? '',
    surname: textAt(person, 'traveller', 'surname') ?? '',
    givenName:
      textAt(
        passengers.find((one) => !isInfant(one)),
        'firstName',
      ) ?? '',
    hasInfant: passengers.some(isInfant) || passengers.some((one) => (readCount(textAt(one, 'infantIndicator')) ?? 0) > 0),
  }
}

function readRemarks(element: XmlElement): readonly string[] {
  return children(element, 'miscellaneousRemarks').flatMap((one) => textAt(one, 'remarks', 'freetext') ?? [])
}

/** When the host cancels (XL) or the agency has to ticket (TL), in local time of the office: a date, with the time where one is set. */
function readTicketLimit(element: XmlElement): string | null {
  const ticket = child(child(element, 'ticketElement'), 'ticket')
  const indicator = textAt(ticket, 'indicator')
  if (indicator !== 'TL' && indicator !== 'XL') return null
  const date = readDate(textAt(ticket, 'date'))
  const time = textAt(ticket, 'time')
  if (!date) return null
  return time !== undefined && /^\d{4}$/.test(time) ? `${date}T${time.slice(0, 2)}:${time.slice(2)}` : date
}

/**
 * A ticket line: an FA or FHE element "PAX 172-2400100001/ETAF/EUR180.00/18NOV26/PARFW2100/12345675". The letter after the E says
 * what has become of it: T issued, V voided, R refunded, X exchanged. A conjunction "-02" stands for further numbers.
 */
const TICKET_LINE = /^(?:(PAX|INF) )?(\d{3})-?(\d{10})(?:-(\d{2,3}))?\/E([A-Z])([A-Z0-9]{2})?/

function readTicketElement(element: XmlElement, travellers: readonly Traveller[], flights: readonly PnrFlight[]): readonly Ticket[] {
  const name = textAt(element, 'elementManagementData', 'segmentName')
  if (name !== 'FA' && name !== 'FHE') return []
  const text = children(element, 'otherDataFreetext').map((one) => textAt(one, 'longFreetext') ?? '')[0] ?? ''
  const match = TICKET_LINE.exec(text)
  if (!match) return []
  const [, kind, airline, serial, conjunction, state] = match
  const references = descendants(element, 'reference').map((one) => [textAt(one, 'qualifier'), textAt(one, 'number')] as const)
  const traveller = travellers.find((one) => references.some(([qualifier, number]) => qualifier === 'PT' && number === one.reference))
  const numbers = conjunctionNumbers(serial!, conjunction).map((digits) => `${airline}${digits}`)
  const status = STATES[state!]
  const own = flights.filter((flight) => references.some(([qualifier, number]) => qualifier === 'ST' && number === flight.reference))
  return numbers.map((number) => ({
    number,
    // The PNR names an infant only with the adult who holds it, so its ticket is nobody's by name.
    passengerName: traveller && kind !== 'INF' ? `${traveller.givenName} ${traveller.surname}`.trim() : null,
    coupons: status === undefined ? [] : toCoupons(status, own),
  }))
}

/** What the PNR knows of coupons is what has become of all of them. Of an issued ticket it does not follow the use, so nothing is said. */
const STATES: Readonly<Record<string, Coupon['status']>> = { V: 'void', R: 'refunded', X: 'exchanged' }

function toCoupons(status: Coupon['status'], flights: readonly PnrFlight[]): readonly Coupon[] {
  if (flights.length === 0) return [{ number: 1, status, carrier: null, flightNumber: null, origin: null, destination: null }]
  return flights.map((flight, index) => ({
    number: index + 1,
    status,
    carrier: flight.carrier,
    flightNumber: flight.flightNumber,
    origin: flight.origin,
    destination: flight.destination,
  }))
}

/** "2400100001" with "02": the second number ends in 02. */
function conjunctionNumbers(serial: string, conjunction: string | undefined): readonly string[] {
  if (conjunction === undefined) return [serial]
  const last = serial.slice(0, -conjunction.length) + conjunction
  const count = Number(last) - Number(serial)
  if (count < 1 || count > 3) return [serial]
  return Array.from({ length: count + 1 }, (_, index) => String(Number(serial) + index).padStart(10, '0'))
}
