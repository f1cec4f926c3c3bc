import { parseMoney, sumMoney, type Money } from '../../kernel/money.ts'
import { parseInstant, parseZonedTime } from '../../kernel/time.ts'
import type { FareRules } from '../../travel/fare-rules.ts'
import type { FlightOffer, Penalty, Segment, Slice } from '../../travel/flight.ts'
import type { Seat, SeatFeature, SeatMap } from '../../travel/seat-map.ts'
import type { AirlineChange } from '../contract.ts'
import { TESTWIRE } from './faults.ts'
import type { WireChange, WireFareRules, WireFlightOffer, WireSeatMap, WireSlice } from './wire.ts'

/** An amount, or null when it is not said. */
export function findMoney(amount: string | null, currency: string): Money | null {
  return amount === null ? null : parseMoney(amount, currency)
}

/** Their offer as ours. Throws a RangeError for an amount or a time that is none. */
export function toFlightOffer(wire: WireFlightOffer, solution: number): FlightOffer {
  const { currency } = wire
  const passengers = wire.passengers.map(({ type, count, base, taxes, total }) => ({
    type,
    count,
    base: parseMoney(base, currency),
    taxes: parseMoney(taxes, currency),
    total: parseMoney(total, currency),
  }))
  const sum = (of: 'base' | 'taxes'): Money =>
    sumMoney(
      passengers.map((fare) => fare[of]),
      currency,
    )
  return {
    id: wire.id,
    provider: TESTWIRE,
    solution,
    total: parseMoney(wire.total, currency),
    base: sum('base'),
    taxes: sum('taxes'),
    passengers,
    validatingCarrier: wire.carrier,
    refundable: wire.refund?.allowed ?? null,
    changeable: wire.change?.allowed ?? null,
    penalties: [toPenalty('refund', wire.refund, currency), toPenalty('change', wire.change, currency)],
    lastTicketingAt: null,
    expiresAt: null,
    slices: wire.slices.map(toSlice),
    emissionsKg: null,
    selfTransfer: null,
    supplierToken: wire.id,
  }
}

/** No rule is "not said"; allowed without a fee is allowed at a price not said. */
function toPenalty(kind: Penalty['kind'], rule: WireFlightOffer['refund'], currency: string): Penalty {
  return { kind, allowed: rule?.allowed ?? null, amount: rule?.allowed ? findMoney(rule.fee, currency) : null }
}

function toSlice({ segments }: WireSlice): Slice {
  const [first, last] = [segments[0]!, segments.at(-1)!]
  const flown = segments.map(toSegment)
  return {
    origin: first.origin,
    destination: last.destination,
    durationMinutes: minutesBetween(first.departs, last.arrives),
    segments: flown,
  }
}

/** Both times state their offsets, or the duration is not known. */
function minutesBetween(departs: string, arrives: string): number | null {
  if (parseZonedTime(departs).offset === null || parseZonedTime(arrives).offset === null) return null
  return Math.round((parseInstant(arrives) - parseInstant(departs)) / 60_000)
}

function toSegment(wire: WireSlice['segments'][number]): Segment {
  return {
    carrier: wire.carrier,
    flightNumber: wire.number,
    operatingCarrier: wire.operating_carrier,
    origin: wire.origin,
    originTerminal: null,
    destination: wire.destination,
    destinationTerminal: null,
    departure: parseZonedTime(wire.departs),
    arrival: parseZonedTime(wire.arrives),
    durationMinutes: wire.minutes,
    equipment: wire.equipment,
    cabin: wire.cabin,
    bookingClass: wire.booking_class,
    fareBasis: wire.fare_basis,
    brand: wire.brand,
    baggage: wire.baggage.map(({ kind, pieces, weight_kg: weightKg }) => ({ kind, pieces, weightKg })),
    technicalStops: wire.technical_stops,
  }
}

export function toAirlineChange(wire: WireChange): AirlineChange {
  return {
    id: wire.id,
    removed: wire.removed.map(toSlice),
    added: wire.added.map(toSlice),
    mayAccept: wire.may_accept,
    mayRefund: wire.may_refund,
    answerBy: wire.answer_by === null ? null : parseInstant(wire.answer_by),
  }
}

const FEATURES: readonly SeatFeature[] = [
  'window',
  'aisle',
  'middle',
  'exit',
  'bulkhead',
  'extra_legroom',
  'bassinet',
  'wing',
  'restricted_recline',
]

export function toSeatMap(wire: WireSeatMap, cabin: Segment['cabin']): SeatMap {
  const seats = wire.seats.map(({ row, column, state, price, currency, features }): Seat => ({
    number: `${row}${column}`,
    row,
    column,
    state: state === 'free' || state === 'taken' || state === 'blocked' ? state : 'unknown',
    features: FEATURES.filter((feature) => features.includes(feature)),
    price: findMoney(price, currency),
    supplierToken: null,
  }))
  return { segmentIndex: wire.segment, equipment: wire.equipment, cabins: [{ cabin, deck: 'main', columns: wire.columns, seats }] }
}

export function toFareRules(wire: WireFareRules): FareRules {
  return {
    fareBasis: wire.fare_basis,
    carrier: wire.carrier,
    origin: wire.origin,
    destination: wire.destination,
    penalties: [toPenalty('refund', wire.refund, wire.currency), toPenalty('change', wire.change, wire.currency)],
    texts: wire.texts,
  }
}
