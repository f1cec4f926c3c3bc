import { isSameMoney, money, toMoneyText, type Money, type MoneyText } from '../kernel/money.ts'
import { toIso, type ZonedTime } from '../kernel/time.ts'
import { aircraftName } from './aircraft.ts'
import {
  stopsOf,
  type Baggage,
  type CabinClass,
  type ConnectionRisk,
  type FlightOffer,
  type PassengerFare,
  type Penalty,
  type PenaltyWindow,
  type Segment,
  type SelfTransfer,
  type Slice,
} from './flight.ts'
import type { PassengerType } from './passenger.ts'

export type BaggageView = { kind: 'personal' | 'carry_on' | 'checked'; pieces: number | null; weight_kg: number | null }

export type SegmentView = {
  carrier: string
  carrier_name?: string
  flight_number: string
  operating_carrier: string | null
  origin: string
  origin_terminal: string | null
  destination: string
  destination_terminal: string | null
  departure: { local: string; offset: string | null }
  arrival: { local: string; offset: string | null }
  duration_minutes: number | null
  equipment: string | null
  equipment_name?: string
  technical_stops: string[] | null
  cabin: CabinClass | null
  booking_class: string | null
  fare_basis: string | null
  brand: string | null
  baggage: BaggageView[]
}

export type SliceView = { origin: string; destination: string; duration_minutes: number | null; stops: number; segments: SegmentView[] }

export type PassengerFareView = {
  type: PassengerType
  count: number
  total: MoneyText | null
  base: MoneyText | null
  taxes: MoneyText | null
  fees: MoneyText | null
  baggage: BaggageView[][] | null
}

export type PenaltyView = {
  kind: 'change' | 'refund'
  allowed: boolean | null
  amount: MoneyText | null
  percent: number | null
  when: PenaltyWindow | null
  until: string | null
}

export type SelfTransferView = {
  offer_ids: string[]
  connection: {
    arrival_airport: string
    departure_airport: string
    minutes: number
    minimum_minutes: number
    risk: ConnectionRisk
  }
}

/** An offer as it travels in JSON, the same wherever one is shown: search, verification, booking, command line. */
export type OfferView = {
  id: string
  provider: string
  solution: number
  total: MoneyText
  base: MoneyText | null
  taxes: MoneyText | null
  passengers: PassengerFareView[]
  validating_carrier: string | null
  last_ticketing_at: string | null
  price_guaranteed_until: string | null
  expires_at: string | null
  refundable: boolean | null
  changeable: boolean | null
  penalties: PenaltyView[]
  slices: SliceView[]
  emissions_kg: number | null
  self_transfer: SelfTransferView | null
}

export type OfferViewOptions = {
  /** The price to show instead of the supplier's net total, in any currency. */
  total?: Money
  /** The carrier's name by its IATA code; a code without a name gets none. */
  carrierName?: (code: string) => string | undefined
}

/**
 * The JSON form of an offer. When the price shown is not the supplier's own, the supplier's base and taxes would reveal
 * what we pay and in which currency, so they are left out; the passengers' totals are shared out in the supplier's
 * proportion and add up to the price shown exactly. The supplier's token never leaves.
 */
export function toOfferView(offer: FlightOffer, options: OfferViewOptions = {}): OfferView {
  const carrierName = options.carrierName
  return {
    id: offer.id,
    provider: offer.provider,
    solution: offer.solution,
    ...toPriceView(offer, options.total ?? offer.total),
    ...toTermsView(offer),
    slices: offer.slices.map((slice) => ({
      ...toDirectionView(slice),
      segments: slice.segments.map((segment) => ({ ...toFlownView(segment, carrierName), ...toBoughtView(segment) })),
    })),
    ...toRemarksView(offer),
  }
}

/** The end of what stands before the slices, beside the price. */
export type TermsView = Pick<
  OfferView,
  'validating_carrier' | 'last_ticketing_at' | 'price_guaranteed_until' | 'expires_at' | 'refundable' | 'changeable' | 'penalties'
>

export function toTermsView(offer: FlightOffer): TermsView {
  const guaranteedUntil = offer.priceGuaranteedUntil ?? null
  return {
    validating_carrier: offer.validatingCarrier,
    last_ticketing_at: offer.lastTicketingAt,
    price_guaranteed_until: guaranteedUntil === null ? null : toIso(guaranteedUntil),
    expires_at: offer.expiresAt === null ? null : toIso(offer.expiresAt),
    refundable: offer.refundable,
    changeable: offer.changeable,
    penalties: offer.penalties.map(toPenaltyView),
  }
}

/** What stands after the slices. Offers that earlier releases stored lack both: not said, and one contract. */
export function toRemarksView(offer: Pick<FlightOffer, 'emissionsKg' | 'selfTransfer'>): Pick<OfferView, 'emissions_kg' | 'self_transfer'> {
  return {
    emissions_kg: offer.emissionsKg ?? null,
    self_transfer: offer.selfTransfer ? toSelfTransferView(offer.selfTransfer) : null,
  }
}

/** What depends on the price shown. The one place that decides what of the supplier's price may be seen. */
export function toPriceView(
  fare: Pick<FlightOffer, 'total' | 'base' | 'taxes' | 'passengers'>,
  shown: Money,
): Pick<OfferView, 'total' | 'base' | 'taxes' | 'passengers'> {
  const isNet = isSameMoney(shown, fare.total)
  return {
    total: toMoneyText(shown),
    base: isNet ? toMoneyTextOrNull(fare.base) : null,
    taxes: isNet ? toMoneyTextOrNull(fare.taxes) : null,
    passengers: isNet ? fare.passengers.map(toPassengerFareView) : toSharedFareViews(fare.passengers, shown),
  }
}

function toMoneyTextOrNull(value: Money | null): MoneyText | null {
  return value === null ? null : toMoneyText(value)
}

function toPassengerFareView(fare: PassengerFare): PassengerFareView {
  return {
    type: fare.type,
    count: fare.count,
    total: toMoneyTextOrNull(fare.total),
    base: toMoneyTextOrNull(fare.base),
    taxes: toMoneyTextOrNull(fare.taxes),
    fees: toMoneyTextOrNull(fare.fees ?? null),
    baggage: toAllowanceViews(fare),
  }
}

function toAllowanceViews({ baggage }: PassengerFare): BaggageView[][] | null {
  return baggage?.map(toBaggageViews) ?? null
}

function toBaggageViews(baggage: readonly Baggage[]): BaggageView[] {
  return baggage.map((bag) => ({ kind: bag.kind, pieces: bag.pieces, weight_kg: bag.weightKg }))
}

function toSharedFareViews(fares: readonly PassengerFare[], total: Money): PassengerFareView[] {
  const weights = fares.map((fare) => fare.total?.amount ?? -1)
  const shares = weights.length > 0 && weights.every((weight) => weight >= 0) ? shareOut(total, weights) : null
  return fares.map((fare, i) => ({
    type: fare.type,
    count: fare.count,
    total: toMoneyTextOrNull(shares?.[i] ?? null),
    base: null,
    taxes: null,
    fees: null,
    baggage: toAllowanceViews(fare),
  }))
}

/** Shares an amount ≥ 0 out by weight, minor unit by minor unit: what rounding leaves over goes to the heaviest first. */
function shareOut(total: Money, weights: readonly number[]): Money[] | null {
  const sum = weights.reduce((a, b) => a + BigInt(b), 0n)
  if (sum === 0n || total.amount < 0) return null
  const shares = weights.map((weight) => Number((BigInt(total.amount) * BigInt(weight)) / sum))
  let left = total.amount - shares.reduce((a, b) => a + b, 0)
  const heaviestFirst = weights.map((weight, i) => ({ weight, i })).sort((a, b) => b.weight - a.weight || a.i - b.i)
  for (const { i } of heaviestFirst) {
    if (left === 0) break
    shares[i] = shares[i]! + 1
    left -= 1
  }
  return shares.map((share) => money(share, total.currency))
}

function toPenaltyView(penalty: Penalty): PenaltyView {
  return {
    kind: penalty.kind,
    allowed: penalty.allowed,
    amount: toMoneyTextOrNull(penalty.amount),
    percent: penalty.percent ?? null,
    when: penalty.when ?? null,
    until: penalty.until ?? null,
  }
}

/** A slice up to its segments. */
export function toDirectionView(slice: Slice): Omit<SliceView, 'segments'> {
  return { origin: slice.origin, destination: slice.destination, duration_minutes: slice.durationMinutes, stops: stopsOf(slice) }
}

/** What a passenger has bought on a segment: the end of its view. */
export type BoughtView = Pick<SegmentView, 'cabin' | 'booking_class' | 'fare_basis' | 'brand' | 'baggage'>

export function toBoughtView(segment: Segment): BoughtView {
  return {
    cabin: segment.cabin,
    booking_class: segment.bookingClass,
    fare_basis: segment.fareBasis,
    brand: segment.brand,
    baggage: toBaggageViews(segment.baggage),
  }
}

/** The flight of a segment, whatever was bought on it: the beginning of its view. */
export function toFlownView(segment: Segment, carrierName: OfferViewOptions['carrierName']): Omit<SegmentView, keyof BoughtView> {
  const name = carrierName?.(segment.carrier)
  // Where names are wanted at all, the aircraft's is too.
  const equipment = carrierName && segment.equipment !== null ? aircraftName(segment.equipment) : undefined
  return {
    carrier: segment.carrier,
    ...(name === undefined ? {} : { carrier_name: name }),
    flight_number: segment.flightNumber,
    operating_carrier: segment.operatingCarrier,
    origin: segment.origin,
    origin_terminal: segment.originTerminal,
    destination: segment.destination,
    destination_terminal: segment.destinationTerminal,
    departure: toTimeView(segment.departure),
    arrival: toTimeView(segment.arrival),
    duration_minutes: segment.durationMinutes,
    equipment: segment.equipment,
    ...(equipment === undefined ? {} : { equipment_name: equipment }),
    technical_stops: segment.technicalStops ? [...segment.technicalStops] : null,
  }
}

function toSelfTransferView({ offerIds, connection }: SelfTransfer): SelfTransferView {
  return {
    offer_ids: [...offerIds],
    connection: {
      arrival_airport: connection.arrivalAirport,
      departure_airport: connection.departureAirport,
      minutes: connection.minutes,
      minimum_minutes: connection.minimumMinutes,
      risk: connection.risk,
    },
  }
}

function toTimeView(time: ZonedTime): { local: string; offset: string | null } {
  return { local: time.local, offset: time.offset }
}
