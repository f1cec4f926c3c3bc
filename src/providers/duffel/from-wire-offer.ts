import { parseMoney, type Money } from '../../kernel/money.ts'
import { parseInstant, type Instant } from '../../kernel/time.ts'
import type { Baggage, CabinClass, FlightOffer, FlightQuery, PassengerFare, Penalty, Segment, Slice } from '../../travel/flight.ts'
import { isSameAllowance, whereItDiffers } from '../../travel/passenger-baggage.ts'
import { PASSENGER_TYPES, type PassengerType } from '../../travel/passenger.ts'
import type { ShopReply } from '../contract.ts'
import { DUFFEL } from './faults.ts'
import { readTime } from './from-wire-time.ts'
import type { OfferToken } from './to-wire.ts'
import { wireOffer, type WireCondition, type WireOffer, type WireOfferPassenger, type WireSegment, type WireSlice } from './wire.ts'

/**
 * Each Duffel offer is one priced solution and one bookable offer; `solution` is its position in the message. An offer
 * that cannot be read (a currency nobody knows, a time that is none) is left out: it is counted and not sold.
 */
export function toShopReply(offers: readonly unknown[], query: FlightQuery | null = null): ShopReply {
  return { solutions: offers.length, offers: offers.flatMap((offer, index) => readOffer(offer, index, query)) }
}

function readOffer(offer: unknown, index: number, query: FlightQuery | null): FlightOffer[] {
  if (!wireOffer.Check(offer)) return []
  try {
    return [toOffer(offer, index, query)]
  } catch (error) {
    if (error instanceof RangeError) return []
    throw error
  }
}

/** Their offer as ours. Throws a RangeError when an amount, a time or a passenger cannot be understood. */
export function toOffer(wire: WireOffer, solution: number, query: FlightQuery | null = null): FlightOffer {
  const passengers = wire.passengers.map((passenger) => ({ id: passenger.id, type: passengerTypeOf(passenger) }))
  const leadId = (passengers.find((passenger) => passenger.type === 'adult') ?? passengers[0])!.id
  const refund = wire.conditions?.refund_before_departure ?? null
  const change = wire.conditions?.change_before_departure ?? null
  const documents = wire.supported_passenger_identity_document_types ?? wire.allowed_passenger_identity_document_types ?? []
  const price = {
    total: parseMoney(wire.total_amount, wire.total_currency),
    base: toMoney(wire.base_amount, wire.base_currency),
    taxes: toMoney(wire.tax_amount, wire.tax_currency),
  }
  const slices = wire.slices.map((slice) => toSlice(slice, leadId))
  const token: OfferToken = { offer: wire.id, passengers, passports: documents.includes('passport'), query }
  return {
    id: wire.id,
    provider: DUFFEL,
    solution,
    ...price,
    passengers: toPassengerFares(passengers, price).map((fare) => ({
      ...fare,
      baggage: toOwnBaggage(wire, fare.type, { passengers, slices }),
    })),
    validatingCarrier: wire.owner.iata_code ?? null,
    refundable: refund?.allowed ?? null,
    changeable: change?.allowed ?? null,
    penalties: [toPenalty('refund', refund), toPenalty('change', change)],
    lastTicketingAt: wire.payment_requirements?.payment_required_by ?? null,
    priceGuaranteedUntil: toInstant(wire.payment_requirements?.price_guarantee_expires_at),
    expiresAt: wire.expires_at ? parseInstant(wire.expires_at) : null,
    slices,
    emissionsKg: toKilograms(wire.total_emissions_kg),
    selfTransfer: null,
    supplierToken: JSON.stringify(token),
  }
}

/** "31" or "31.4" in whole kilograms; null when not stated or not a weight. */
function toKilograms(weight: unknown): number | null {
  const text = typeof weight === 'number' ? String(weight) : weight
  return typeof text === 'string' && /^\d{1,7}(\.\d+)?$/.test(text) ? Math.round(Number(text)) : null
}

/** A moment that the offer does not depend on; null when not stated or not a moment. */
function toInstant(text: string | null | undefined): Instant | null {
  try {
    return text ? parseInstant(text) : null
  } catch {
    return null
  }
}

/** An amount together with its currency, or null when either is not stated. */
export function toMoney(amount: string | null | undefined, currency: string | null | undefined): Money | null {
  return amount && currency ? parseMoney(amount, currency) : null
}

/** The type, or what the age says where only that is stated: under 2 on a lap, under 12 a child. */
function passengerTypeOf(passenger: WireOfferPassenger): PassengerType {
  if (passenger.type === 'adult' || passenger.type === 'child') return passenger.type
  if (passenger.type === 'infant_without_seat') return 'infant'
  if (passenger.type || typeof passenger.age !== 'number') throw new RangeError(`"${passenger.type}" is not a type of passenger`)
  return passenger.age < 2 ? 'infant' : passenger.age < 12 ? 'child' : 'adult'
}

/**
 * The message prices the party as a whole. Where all are of one type that is the type's price; otherwise a type's share
 * is not known and is not made up.
 */
function toPassengerFares(
  passengers: readonly { type: PassengerType }[],
  price: Pick<PassengerFare, 'total' | 'base' | 'taxes'>,
): PassengerFare[] {
  return PASSENGER_TYPES.flatMap((type) => {
    const count = passengers.filter((passenger) => passenger.type === type).length
    if (count === 0) return []
    return [{ type, count, ...(count === passengers.length ? price : { total: null, base: null, taxes: null }) }]
  })
}

type Party = { readonly passengers: readonly { id: string; type: PassengerType }[]; readonly slices: readonly Slice[] }

/**
 * What passengers of a type may bring on each segment, null where it is what the segments say. A type whose passengers a
 * segment does not list, or lists with different bags, has an allowance that is not stated.
 */
function toOwnBaggage(wire: WireOffer, type: PassengerType, { passengers, slices }: Party): readonly (readonly Baggage[])[] | null {
  const ids = new Set(passengers.filter((passenger) => passenger.type === type).map((passenger) => passenger.id))
  const segments = slices.flatMap((slice) => slice.segments)
  const listed = wire.slices.flatMap((slice) => slice.segments).map((segment) => segment.passengers ?? [])
  // Some messages name passengers here by ids that the offer does not list; nobody's own bags are known then.
  const areKnown = listed.some((entries) =>
    entries.some((entry) => entry.passenger_id && passengers.some(({ id }) => id === entry.passenger_id)),
  )
  if (!areKnown) return null
  const allowances = listed.map((entries): readonly Baggage[] => {
    const own = entries.filter((entry) => entry.passenger_id && ids.has(entry.passenger_id)).map(toAllowance)
    const [first = [], ...more] = own
    return more.every((other) => isSameAllowance(first, other)) ? first : []
  })
  return whereItDiffers(allowances, segments)
}

/** A missing condition is "not said"; `allowed` without an amount is allowed at a price not said. */
function toPenalty(kind: Penalty['kind'], condition: WireCondition | null): Penalty {
  const allowed = condition?.allowed ?? null
  const amount = allowed ? toMoney(condition?.penalty_amount, condition?.penalty_currency) : null
  return { kind, allowed, amount, percent: null, when: 'before_departure', until: null }
}

/** The places are those of the first and last flight: a slice may name a city where the offer has an airport. */
export function toSlice(wire: WireSlice, leadId: string): Slice {
  const segments = wire.segments.map((segment) => toSegment(segment, wire, leadId))
  return {
    origin: segments[0]!.origin,
    destination: segments.at(-1)!.destination,
    durationMinutes: toMinutes(wire.duration),
    segments,
  }
}

function toSegment(wire: WireSegment, slice: WireSlice, leadId: string): Segment {
  // Some messages name passengers here by ids that the offer does not list; the first entry then stands for the lead.
  const lead = wire.passengers?.find((passenger) => passenger.passenger_id === leadId) ?? wire.passengers?.[0]
  return {
    carrier: wire.marketing_carrier.iata_code,
    flightNumber: toFlightNumber(wire.marketing_carrier_flight_number),
    operatingCarrier: wire.operating_carrier?.iata_code ?? null,
    origin: wire.origin.iata_code,
    originTerminal: wire.origin_terminal ?? null,
    destination: wire.destination.iata_code,
    destinationTerminal: wire.destination_terminal ?? null,
    departure: readTime(wire.departing_at, wire.origin.time_zone),
    arrival: readTime(wire.arriving_at, wire.destination.time_zone),
    durationMinutes: toMinutes(wire.duration),
    equipment: wire.aircraft?.iata_code ?? null,
    technicalStops: toTechnicalStops(wire.stops),
    cabin: toCabin(lead?.cabin_class),
    bookingClass: null,
    fareBasis: lead?.fare_basis_code ?? null,
    brand: slice.fare_brand_name ?? null,
    baggage: lead ? toAllowance(lead) : [],
  }
}

function toAllowance({ baggages }: NonNullable<WireSegment['passengers']>[number]): Baggage[] {
  return (baggages ?? []).flatMap(({ type, quantity }) => toBaggage(type, quantity))
}

/** Where it lands on the way; a stop at an unnamed place makes all of them unknown. */
function toTechnicalStops(stops: WireSegment['stops']): readonly string[] | null {
  const places = stops?.map((stop) => stop.airport?.iata_code ?? '')
  return places === undefined || places.includes('') ? null : places
}

/** Numbers are compared as text between suppliers, and only some pad them: "0495" is "495". */
export function toFlightNumber(text: string): string {
  return text.trim().replace(/^0+(?=\d)/, '')
}

const CABINS: Readonly<Record<string, CabinClass>> = {
  economy: 'economy',
  premium_economy: 'premium_economy',
  business: 'business',
  first: 'first',
}

export function toCabin(text: string | null | undefined): CabinClass | null {
  return (text && Object.hasOwn(CABINS, text) && CABINS[text]) || null
}

const BAGS: Readonly<Record<string, Baggage['kind']>> = { checked: 'checked', carry_on: 'carry_on', personal_item: 'personal' }

/** A stated 0 is the fact that none is included. An empty list is what airlines send that say nothing about bags. */
function toBaggage(type: string, quantity: number | null | undefined): Baggage[] {
  const kind = Object.hasOwn(BAGS, type) ? BAGS[type] : undefined
  return kind ? [{ kind, pieces: quantity ?? null, weightKg: null }] : []
}

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:[\d.]+S)?)?$/

/** "PT02H26M" or "P1DT5M" in minutes; null when not stated or not a duration. */
export function toMinutes(duration: string | null | undefined): number | null {
  const match = duration ? DURATION.exec(duration) : null
  if (!match || duration === 'P' || duration?.endsWith('T')) return null
  const [, days = '0', hours = '0', minutes = '0'] = match
  return Number(days) * 1440 + Number(hours) * 60 + Number(minutes)
}
