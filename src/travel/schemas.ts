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
    equipment_name: Type.Optional(Type.String()),
    technical_stops: Nullable(
      Type.Array(Type.String(), {
        description: 'Airports where it lands on the way without a change of plane; empty: none; null: the supplier does not say.',
      }),
    ),
    cabin: Nullable(OneOf(CABIN_CLASSES)),
    booking_class: Nullable(Type.String()),
    fare_basis: Nullable(Type.String()),
    brand: Nullable(Type.String()),
    baggage: Type.Array(BaggageSchema, {
      description: 'Of the first type of passengers; where another’s differs, it is with the passengers.',
    }),
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
    fees: Nullable(MoneySchema),
    baggage: Nullable(
      Type.Array(Type.Array(BaggageSchema), {
        description: 'What this type may bring on each segment, in the order flown; null: what the segments say.',
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'Of all passengers of the type together. Base, taxes and fees are told only where the price shown is the supplier’s own.',
  },
)

const PenaltySchema = Type.Object(
  {
    kind: OneOf(['change', 'refund']),
    allowed: Nullable(Type.Boolean({ description: 'Null: the supplier does not say.' })),
    amount: Nullable(MoneySchema),
    percent: Nullable(Type.Integer({ description: 'Of the fare, in hundredths of a percent, where no amount is stated.' })),
    when: Nullable(OneOf(['before_departure', 'after_departure', 'no_show'])),
    until: Nullable(Type.String({ description: 'The end of a dated rule as the supplier writes it: a date, or a time with its offset.' })),
  },
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
    price_guaranteed_until: Nullable(
      Type.String({ description: 'RFC 3339 in UTC. Until then the supplier keeps its price, once booked, although it is not paid.' }),
    ),
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
