import { fromMoneyText } from '../kernel/money.ts'
import { parseInstant, parseZonedTime, type LocalDateTime } from '../kernel/time.ts'
import type { FlightOffer, Penalty, Segment, Slice } from './flight.ts'
import type { OfferView, PenaltyView, SegmentView, SliceView } from './offer-view.ts'

/** What an offer's JSON form says of the flights and their rules: everything but price, id, expiry and the supplier's token. */
export type FlightFacts = Pick<
  FlightOffer,
  | 'validatingCarrier'
  | 'refundable'
  | 'changeable'
  | 'penalties'
  | 'lastTicketingAt'
  | 'priceGuaranteedUntil'
  | 'slices'
  | 'emissionsKg'
  | 'selfTransfer'
>

/**
 * The inverse of `toOfferView` for what it tells unchanged. Members that earlier releases did not write are read as not
 * stated. Throws a RangeError for an amount or a time it did not write.
 */
export function fromOfferView(view: Omit<OfferView, 'id'>): FlightFacts {
  return {
    validatingCarrier: view.validating_carrier,
    refundable: view.refundable,
    changeable: view.changeable,
    penalties: view.penalties.map(toPenalty),
    lastTicketingAt: view.last_ticketing_at,
    priceGuaranteedUntil: view.price_guaranteed_until ? parseInstant(view.price_guaranteed_until) : null,
    slices: view.slices.map(toSlice),
    emissionsKg: view.emissions_kg,
    selfTransfer: view.self_transfer && {
      offerIds: view.self_transfer.offer_ids,
      connection: {
        arrivalAirport: view.self_transfer.connection.arrival_airport,
        departureAirport: view.self_transfer.connection.departure_airport,
        minutes: view.self_transfer.connection.minutes,
        minimumMinutes: view.self_transfer.connection.minimum_minutes,
        risk: view.self_transfer.connection.risk,
      },
    },
  }
}

function toPenalty(view: PenaltyView): Penalty {
  return {
    kind: view.kind,
    allowed: view.allowed,
    amount: view.amount && fromMoneyText(view.amount),
    percent: view.percent ?? null,
    when: view.when ?? null,
    until: view.until ?? null,
  }
}

function toSlice(view: SliceView): Slice {
  return {
    origin: view.origin,
    destination: view.destination,
    durationMinutes: view.duration_minutes,
    segments: view.segments.map(toSegment),
  }
}

function toSegment(view: SegmentView): Segment {
  return {
    carrier: view.carrier,
    flightNumber: view.flight_number,
    operatingCarrier: view.operating_carrier,
    origin: view.origin,
    originTerminal: view.origin_terminal,
    destination: view.destination,
    destinationTerminal: view.destination_terminal,
    departure: toZonedTime(view.departure),
    arrival: toZonedTime(view.arrival),
    durationMinutes: view.duration_minutes,
    equipment: view.equipment,
    technicalStops: view.technical_stops ?? null,
    cabin: view.cabin,
    bookingClass: view.booking_class,
    fareBasis: view.fare_basis,
    brand: view.brand,
    baggage: view.baggage.map((bag) => ({ kind: bag.kind, pieces: bag.pieces, weightKg: bag.weight_kg })),
  }
}

function toZonedTime(time: { local: string; offset: string | null }): Segment['departure'] {
  parseZonedTime(time.local)
  return { local: time.local as LocalDateTime, offset: time.offset }
}
