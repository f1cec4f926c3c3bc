import { Type, type TSchema } from 'typebox'
import { CABIN_CLASSES } from './flight.ts'
import { PASSENGER_TYPES } from './passenger.ts'

/** TypeBox shapes of the words of the trade on the wire, shared by every context's schemas. */

/** The value or null. */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** One of these words. */
export const OneOf = <T extends string>(values: readonly T[]) => Type.Enum([...values], { type: 'string' })

export const MoneySchema = Type.Object(
  {
    amount: Type.String({ pattern: '^-?\\d+(\\.\\d+)?$', description: 'Decimal string with exactly the currency’s digits.' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217.' }),
  },
  { additionalProperties: false },
)

const TimeSchema = Type.Object({ local: Type.String(), offset: Nullable(Type.String()) }, { additionalProperties: false })

const BaggageSchema = Type.Object(
  {
    kind: OneOf(['personal', 'carry_on', 'checked']),
    pieces: Nullable(Type.Integer()),
    weight_kg: Nullable(Type.Number()),
  },
  { additionalProperties: false },
)

const SegmentSchema = Type.Object(
  {
    carrier: Type.String(),
    carrier_name: Type.Optional(Type.String()),
    flight_number: Type.String(),
    operating_carrier: Nullable(Type.String()),
    origin: Type.String(),
    origin_terminal: Nullable(Type.String()),
    destination: Type.String(),
    destination_terminal: Nullable(Type.String()),
    departure: TimeSchema,
    arrival: TimeSchema,
    duration_minutes: Nullable(Type.Integer()),
    equipment: Nullable(Type.String()),
    cabin: Nullable(OneOf(CABIN_CLASSES)),
    booking_class: Nullable(Type.String()),
    fare_basis: Nullable(Type.String()),
    brand: Nullable(Type.String()),
    baggage: Type.Array(BaggageSchema),
  },
  { additionalProperties: false },
)

const SliceSchema = Type.Object(
  {
    origin: Type.String(),
    destination: Type.String(),
    duration_minutes: Nullable(Type.Integer()),
    stops: Type.Integer(),
    segments: Type.Array(SegmentSchema),
  },
  { additionalProperties: false },
)

const PassengerFareSchema = Type.Object(
  {
    type: OneOf(PASSENGER_TYPES),
    count: Type.Integer(),
    total: Nullable(MoneySchema),
    base: Nullable(MoneySchema),
    taxes: Nullable(MoneySchema),
  },
  { additionalProperties: false },
)

const PenaltySchema = Type.Object(
  { kind: OneOf(['change', 'refund']), allowed: Nullable(Type.Boolean()), amount: Nullable(MoneySchema) },
  { additionalProperties: false },
)

const SelfTransferSchema = Type.Object(
  {
    offer_ids: Type.Array(Type.String()),
    connection: Type.Object(
      {
        arrival_airport: Type.String(),
        departure_airport: Type.String(),
        minutes: Type.Integer(),
        minimum_minutes: Type.Integer(),
        risk: OneOf(['low', 'medium', 'high']),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false, description: 'Several tickets sold as one journey: nobody protects the connection between them.' },
)

/** The shape of `toOfferView`. */
export const OfferSchema = Type.Object(
  {
    id: Type.String(),
    provider: Type.String(),
    solution: Type.Integer(),
    total: MoneySchema,
    base: Nullable(MoneySchema),
    taxes: Nullable(MoneySchema),
    passengers: Type.Array(PassengerFareSchema),
    validating_carrier: Nullable(Type.String()),
    last_ticketing_at: Nullable(Type.String()),
    expires_at: Nullable(Type.String()),
    refundable: Nullable(Type.Boolean()),
    changeable: Nullable(Type.Boolean()),
    penalties: Type.Array(PenaltySchema),
    slices: Type.Array(SliceSchema),
    emissions_kg: Nullable(Type.Integer({ description: 'CO₂ equivalent of all passengers together, as the supplier says.' })),
    self_transfer: Nullable(SelfTransferSchema),
  },
  { additionalProperties: false },
)
