import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'

/**
 * Duffel's words, v2: only the fields that we read, everything else is ignored. Checked against the reference at
 * https://duffel.com/docs/api and the types of `@duffel/api` 4.30.0.
 */
export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))

const WireAirline = Type.Object({ iata_code: Nullable(Type.String()) })

const WirePlace = Type.Object({ iata_code: Type.String(), time_zone: Nullable(Type.String()) })

const WireBaggage = Type.Object({ type: Type.String(), quantity: Nullable(Type.Integer({ minimum: 0 })) })

const WireSegmentPassenger = Type.Object({
  passenger_id: Nullable(Type.String()),
  cabin_class: Nullable(Type.String()),
  fare_basis_code: Nullable(Type.String()),
  baggages: Nullable(Type.Array(WireBaggage)),
})

const WireSegment = Type.Object({
  marketing_carrier: Type.Object({ iata_code: Type.String() }),
  marketing_carrier_flight_number: Type.String(),
  operating_carrier: Nullable(WireAirline),
  origin: WirePlace,
  origin_terminal: Nullable(Type.String()),
  destination: WirePlace,
  destination_terminal: Nullable(Type.String()),
  departing_at: Type.String(),
  arriving_at: Type.String(),
  duration: Nullable(Type.String()),
  aircraft: Nullable(Type.Object({ iata_code: Nullable(Type.String()) })),
  stops: Nullable(Type.Array(Type.Object({ airport: Nullable(Type.Object({ iata_code: Nullable(Type.String()) })) }))),
  passengers: Nullable(Type.Array(WireSegmentPassenger)),
})
export type WireSegment = Static<typeof WireSegment>

export const WireSlice = Type.Object({
  duration: Nullable(Type.String()),
  fare_brand_name: Nullable(Type.String()),
  segments: Type.Array(WireSegment, { minItems: 1 }),
})
export type WireSlice = Static<typeof WireSlice>

const WireCondition = Type.Object({
  allowed: Nullable(Type.Boolean()),
  penalty_amount: Nullable(Type.String()),
  penalty_currency: Nullable(Type.String()),
})
export type WireCondition = Static<typeof WireCondition>

const WireConditions = Type.Object({
  refund_before_departure: Nullable(WireCondition),
  change_before_departure: Nullable(WireCondition),
})

const WireOfferPassenger = Type.Object({ id: Type.String(), type: Nullable(Type.String()), age: Nullable(Type.Number()) })
export type WireOfferPassenger = Static<typeof WireOfferPassenger>

const WireOffer = Type.Object({
  id: Type.String({ minLength: 1 }),
  total_amount: Type.String(),
  total_currency: Type.String(),
  base_amount: Nullable(Type.String()),
  base_currency: Nullable(Type.String()),
  tax_amount: Nullable(Type.String()),
  tax_currency: Nullable(Type.String()),
  owner: WireAirline,
  expires_at: Nullable(Type.String()),
  // Of any type: an estimate that is written oddly must not cost the offer.
  total_emissions_kg: Type.Optional(Type.Unknown()),
  conditions: Nullable(WireConditions),
  payment_requirements: Nullable(
    Type.Object({ payment_required_by: Nullable(Type.String()), price_guarantee_expires_at: Nullable(Type.String()) }),
  ),
  passengers: Type.Array(WireOfferPassenger, { minItems: 1 }),
  // The list was renamed; old recordings carry the first name, the API of today the second.
  allowed_passenger_identity_document_types: Nullable(Type.Array(Type.String())),
  supported_passenger_identity_document_types: Nullable(Type.Array(Type.String())),
  slices: Type.Array(WireSlice, { minItems: 1 }),
})
export type WireOffer = Static<typeof WireOffer>

const WireOrderPassenger = Type.Object({
  id: Nullable(Type.String()),
  given_name: Nullable(Type.String()),
  family_name: Nullable(Type.String()),
})

const WireDocument = Type.Object({
  unique_identifier: Type.String(),
  type: Nullable(Type.String()),
  passenger_ids: Nullable(Type.Array(Type.String())),
})
export type WireDocument = Static<typeof WireDocument>

const WireCancellation = Type.Object({
  id: Type.String({ minLength: 1 }),
  order_id: Type.String({ minLength: 1 }),
  confirmed_at: Nullable(Type.String()),
  expires_at: Nullable(Type.String()),
  refund_amount: Nullable(Type.String()),
  refund_currency: Nullable(Type.String()),
  refund_to: Nullable(Type.String()),
})
export type WireCancellation = Static<typeof WireCancellation>

const WireOrder = Type.Object({
  id: Type.String({ minLength: 1 }),
  booking_reference: Type.String({ minLength: 1 }),
  type: Nullable(Type.String()),
  cancelled_at: Nullable(Type.String()),
  cancellation: Nullable(Type.Omit(WireCancellation, ['id', 'order_id'])),
  total_amount: Nullable(Type.String()),
  total_currency: Nullable(Type.String()),
  metadata: Nullable(Type.Record(Type.String(), Type.Unknown())),
  documents: Nullable(Type.Array(WireDocument)),
  passengers: Type.Array(WireOrderPassenger),
  payment_status: Nullable(
    Type.Object({
      awaiting_payment: Nullable(Type.Boolean()),
      payment_required_by: Nullable(Type.String()),
      paid_at: Nullable(Type.String()),
    }),
  ),
  slices: Type.Array(WireSlice),
})
export type WireOrder = Static<typeof WireOrder>

const WirePayment = Type.Object({
  id: Type.String({ minLength: 1 }),
  amount: Type.String(),
  currency: Nullable(Type.String()),
  status: Nullable(Type.String()),
  failure_reason: Nullable(Type.String()),
})
export type WirePayment = Static<typeof WirePayment>

const WireError = Type.Object({
  type: Nullable(Type.String()),
  code: Nullable(Type.String()),
  title: Nullable(Type.String()),
  message: Nullable(Type.String()),
  source: Nullable(Type.Object({ pointer: Nullable(Type.String()), field: Nullable(Type.String()) })),
})
export type WireError = Static<typeof WireError>

/** Offers are checked one by one afterwards, so that one that cannot be read costs itself and not the search. */
export const wireOfferRequest = Compile(Type.Object({ data: Type.Object({ id: Type.String(), offers: Type.Array(Type.Unknown()) }) }))
export const wireOffer = Compile(WireOffer)
export const wireOfferReply = Compile(Type.Object({ data: WireOffer }))
export const wireOrderReply = Compile(Type.Object({ data: WireOrder }))
/** Of the orders on a page only the reference is looked at, so that somebody else's odd order costs nothing. */
export const wireOrderPage = Compile(
  Type.Object({
    data: Type.Array(Type.Object({ metadata: Nullable(Type.Record(Type.String(), Type.Unknown())) })),
    meta: Nullable(Type.Object({ after: Nullable(Type.String()) })),
  }),
)
export const wireCancellationReply = Compile(Type.Object({ data: WireCancellation }))
export const wirePaymentReply = Compile(Type.Object({ data: WirePayment }))
export const wireErrors = Compile(Type.Object({ errors: Type.Array(WireError, { minItems: 1 }) }))
