import type { Money } from '../../kernel/money.ts'
import { parseZonedTime, type LocalDateTime, type ZonedTime } from '../../kernel/time.ts'
import { findPlace, zonedOffset } from '../../travel/places.ts'
import type { FlightOffer, PassengerFare, Penalty, Segment, Slice } from '../../travel/flight.ts'
import type { PassengerType } from '../../travel/passenger.ts'
import type { Reservation, SegmentHold, Ticket } from '../../travel/reservation.ts'
import { attribute, child, children, descendants, type XmlElement } from '../../platform/xml.ts'
import type { ShopReply, WriteOutcome } from '../contract.ts'
import { isSuccess } from './exchange.ts'
import { unknown } from './faults.ts'
import { createMoneyReader, readBasisPoints, readCount, readFlag, sumKnown, type MoneyReader } from './read-values.ts'
import { PROVIDER_ID } from './wire.ts'

/**
 * Reads OTA_AirLowFareSearchRS, for whoever is shown one: each priced itinerary is an offer, with its slices where the
 * message tells the flights and without any where it only tells fares. We shop hotels with OpenTravel, not flights.
 */
export function readLowFares(message: XmlElement): ShopReply {
  const itineraries = children(child(message, 'PricedItineraries'), 'PricedItinerary')
  const amounts = createMoneyReader(message)
  const offers = itineraries.flatMap((itinerary, index) => readItinerary(itinerary, index, amounts) ?? [])
  return { solutions: itineraries.length, offers }
}

function readItinerary(itinerary: XmlElement, solution: number, amounts: MoneyReader): FlightOffer | null {
  const pricing = child(itinerary, 'AirItineraryPricingInfo')
  const fare = child(pricing, 'ItinTotalFare')
  const total = amounts.amount(child(fare, 'TotalFare'), 'Amount')
  if (!total) return null
  const base = amounts.amount(child(fare, 'EquivFare') ?? child(fare, 'BaseFare'), 'Amount')
  const taxes = readTaxes(child(fare, 'Taxes'), total.currency, amounts)
  const ticketing = child(itinerary, 'TicketingInfo')
  return {
    id: attribute(itinerary, 'SequenceNumber') ?? String(solution + 1),
    provider: PROVIDER_ID,
    solution,
    total,
    base: base?.currency === total.currency ? base : null,
    taxes,
    passengers: children(child(pricing, 'PTC_FareBreakdowns'), 'PTC_FareBreakdown').flatMap((one) => readFare(one, amounts) ?? []),
    validatingCarrier:
      attribute(child(itinerary, 'ValidatingAirline'), 'Code') ?? attribute(child(pricing, 'ValidatingAirline'), 'Code') ?? null,
    refundable: null,
    ...readChanges(pricing),
    lastTicketingAt: attribute(ticketing, 'TicketTimeLimit') ?? null,
    expiresAt: null,
    slices: readSlices(child(itinerary, 'AirItinerary')),
    emissionsKg: null,
    selfTransfer: null,
    supplierToken: JSON.stringify({ sequence: attribute(itinerary, 'SequenceNumber') ?? null }),
  }
}

function readTaxes(taxes: XmlElement | undefined, currency: string, amounts: MoneyReader): Money | null {
  const stated =
    amounts.amount(taxes, 'Amount', currency) ?? sumKnown(children(taxes, 'Tax').map((tax) => amounts.amount(tax, 'Amount', currency)))
  return stated?.currency === currency ? stated : null
}

function readFare(breakdown: XmlElement, amounts: MoneyReader): PassengerFare | null {
  const quantity = child(breakdown, 'PassengerTypeQuantity')
  const code = attribute(quantity, 'Code') ?? 'ADT'
  const fare = child(breakdown, 'PassengerFare')
  const count = readCount(attribute(quantity, 'Quantity')) ?? 1
  const each = amounts.amount(child(fare, 'TotalFare'), 'Amount')
  // Some sellers price the type and others one of it; with one passenger both are the same.
  return { type: toPassengerType(code), count, total: count === 1 ? each : null, base: null, taxes: null }
}

function toPassengerType(code: string): PassengerType {
  if (/^INF?$|^7$/.test(code)) return 'infant'
  return /^(CHD|CNN|C\d\d|8)$/.test(code) ? 'child' : 'adult'
}

/** A change that costs the whole fare is none; other percentages are told as they are. */
function readChanges(pricing: XmlElement | undefined): Pick<FlightOffer, 'changeable' | 'penalties'> {
  const rules = descendants(pricing, 'VoluntaryChanges')
  const flags = rules.map((rule) => readFlag(attribute(rule, 'VolChangeInd')))
  const percents = rules.map((rule) => readBasisPoints(attribute(child(rule, 'Penalty'), 'Percent')))
  if (rules.length === 0) return { changeable: null, penalties: [] }
  const isForbidden = flags.includes(false) || percents.some((percent) => percent !== null && percent >= 10_000)
  const changeable = isForbidden ? false : flags.every((flag) => flag === true) ? true : null
  const known = percents.filter((percent) => percent !== null)
  const penalty: Penalty = {
    kind: 'change',
    allowed: changeable,
    amount: null,
    percent: known.length === 0 ? null : Math.max(...known),
    when: null,
  }
  return { changeable, penalties: [penalty] }
}

function readSlices(itinerary: XmlElement | undefined): readonly Slice[] {
  const options = children(child(itinerary, 'OriginDestinationOptions'), 'OriginDestinationOption')
  return options.flatMap((option) => {
    const segments = children(option, 'FlightSegment').flatMap((one) => readSegment(one) ?? [])
    const [first, last] = [segments[0], segments[segments.length - 1]]
    return first && last ? [{ origin: first.origin, destination: last.destination, durationMinutes: null, segments }] : []
  })
}

function readSegment(element: XmlElement): Segment | null {
  const [from, to] = [child(element, 'DepartureAirport'), child(element, 'ArrivalAirport')]
  const [origin, destination] = [attribute(from, 'LocationCode'), attribute(to, 'LocationCode')]
  const departure = readTime(attribute(element, 'DepartureDateTime'), origin)
  const arrival = readTime(attribute(element, 'ArrivalDateTime'), destination)
  const carrier = carrierOf(element)
  if (!origin || !destination || !departure || !arrival || !carrier) return null
  return {
    carrier,
    flightNumber: numberOf(element),
    operatingCarrier: attribute(child(element, 'OperatingAirline'), 'Code') ?? null,
    origin,
    originTerminal: attribute(from, 'Terminal') ?? null,
    destination,
    destinationTerminal: attribute(to, 'Terminal') ?? null,
    departure,
    arrival,
    durationMinutes: null,
    equipment: attribute(child(element, 'Equipment'), 'AirEquipType') ?? null,
    cabin: null,
    bookingClass: attribute(element, 'ResBookDesigCode') ?? null,
    fareBasis: null,
    brand: null,
    baggage: [],
  }
}

function carrierOf(element: XmlElement): string | undefined {
  return attribute(child(element, 'MarketingAirline'), 'Code') ?? attribute(child(element, 'OperatingAirline'), 'Code')
}

function numberOf(element: XmlElement): string {
  return (attribute(element, 'FlightNumber') ?? '').replace(/^0+(?=\d)/, '')
}

/** A time with the offset it states, else with that of the airport's zone. */
function readTime(text: string | undefined, airport: string | undefined): ZonedTime | null {
  try {
    const time = parseZonedTime(text ?? '')
    const zone = time.offset === null && airport ? findPlace(airport)?.timeZone : undefined
    return zone ? { ...time, offset: zonedOffset(zone, time.local satisfies LocalDateTime) } : time
  } catch {
    return null
  }
}

const CONFIRMED = new Set(['HK', 'KK', 'KL', 'TK', 'SS', 'RR', 'HS', 'OK'])
const WAITLISTED = new Set(['HL', 'LL', 'US', 'UU', 'WL'])
const CANCELLED = new Set(['HX', 'XX', 'UC', 'UN', 'NO', 'XL', 'XK'])

function toHold(status: string | undefined): SegmentHold['status'] {
  if (CONFIRMED.has(status ?? '')) return 'confirmed'
  if (WAITLISTED.has(status ?? '')) return 'waitlisted'
  return CANCELLED.has(status ?? '') ? 'cancelled' : 'unknown'
}

/**
 * Reads OTA_AirBookRS. Its segments are told whether or not it has a number: the standard lets a reply leave it out, and then
 * the reservation's number is empty and its status unknown.
 */
export function readAirBooking(message: XmlElement): WriteOutcome<Reservation> {
  const held = child(message, 'AirReservation')
  if (!held || !isSuccess(message)) return unknown('unrecognised', 'the reply does not say that it succeeded with a reservation')
  const references = children(held, 'BookingReferenceID')
  const number = attribute(references.find((one) => attribute(one, 'Type') === '14') ?? references[0], 'ID') ?? ''
  const flights = descendants(child(held, 'AirItinerary'), 'FlightSegment')
  const amounts = createMoneyReader(message)
  const fare = child(child(held, 'PriceInfo'), 'ItinTotalFare')
  const segments = flights.map((one) => ({
    carrier: carrierOf(one) ?? '',
    flightNumber: numberOf(one),
    status: toHold(attribute(one, 'Status')),
  }))
  return {
    outcome: 'ok',
    value: {
      pnr: number,
      supplierRef: number,
      status:
        number === '' ? 'unknown' : segments.every((one) => one.status === 'cancelled') && segments.length > 0 ? 'cancelled' : 'active',
      segments,
      total: amounts.amount(child(fare, 'TotalFare'), 'Amount'),
      tickets: readTickets(held),
      ticketBy: attribute(child(held, 'Ticketing'), 'TicketTimeLimit') ?? null,
    },
  }
}

function readTickets(held: XmlElement): readonly Ticket[] {
  return children(held, 'Ticketing').flatMap((ticketing) => {
    const number = attribute(ticketing, 'TicketDocumentNbr')?.replace(/\D/g, '')
    return number ? [{ number, passengerName: null, coupons: [] }] : []
  })
}
