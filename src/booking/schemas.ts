import { Type, type Static } from 'typebox'
import { PASSENGER_TYPES } from '../travel/passenger.ts'
import { MoneySchema, Nullable, OfferSchema, OneOf } from '../travel/schemas.ts'
import { StayOfferSchema } from '../travel/stay-schemas.ts'
import { BOOKING_STATUSES } from './machine/index.ts'
import { ScheduleChangeSchema } from './schedule-changes/schemas.ts'

const strict = { additionalProperties: false }
/** Flights, or rooms (which say so in `kind`). */
const AnyOffer = Type.Union([OfferSchema, StayOfferSchema])
const DateSchema = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'A date, 1990-04-18.' })
const CountrySchema = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2.' })
const InstantSchema = Type.String({ description: 'RFC 3339 in UTC.' })

export const OfferParams = Type.Object({ offerId: Type.String({ maxLength: 120 }) }, strict)
export const BookingParams = Type.Object({ bookingId: Type.String({ maxLength: 60 }) }, strict)

export const DocumentQuery = Type.Object(
  { item: Type.Optional(Type.String({ maxLength: 60, description: 'Which item, where several have such a document.' })) },
  strict,
)

export const DocumentParams = Type.Object({ bookingId: Type.String({ maxLength: 60 }), kind: OneOf(['e-ticket', 'voucher']) }, strict)

/** Described here, judged by the idempotency of the gateway, which says what is wrong with it. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ description: 'Required. A key of your own, such as a UUID; send the same one when you repeat the request.' }),
  ),
})

export const VerificationBody = Type.Object({ expected_total: Type.Optional(MoneySchema) }, strict)

export const VerificationReply = Type.Object(
  {
    outcome: OneOf(['same', 'changed', 'gone']),
    offer: Nullable(AnyOffer),
    previous_total: MoneySchema,
    delta: Nullable(MoneySchema),
    reason: Nullable(OneOf(['price', 'schedule', 'baggage', 'rules'])),
    bookable_until: Nullable(InstantSchema),
    alternatives: Type.Array(AnyOffer),
  },
  strict,
)

const DocumentSchema = Type.Object(
  {
    kind: Type.Literal('passport'),
    number: Type.String({ pattern: '^[A-Z0-9]{5,20}$' }),
    issuing_country: CountrySchema,
    nationality: CountrySchema,
    expires_on: DateSchema,
  },
  strict,
)

const PassengerSchema = Type.Object(
  {
    type: OneOf(PASSENGER_TYPES),
    title: Type.Optional(Nullable(OneOf(['mr', 'ms', 'mrs', 'miss', 'dr']))),
    given_name: Type.String({ minLength: 1, maxLength: 60 }),
    family_name: Type.String({ minLength: 1, maxLength: 60 }),
    born_on: DateSchema,
    gender: OneOf(['female', 'male', 'unspecified']),
    document: Type.Optional(Nullable(DocumentSchema)),
  },
  strict,
)

const GuestSchema = Type.Object(
  {
    room: Type.Integer({ minimum: 0, maximum: 8, description: 'Which room of the stay, counted from 0.' }),
    title: Type.Optional(Nullable(OneOf(['mr', 'ms', 'mrs', 'miss', 'dr']))),
    given_name: Type.String({ minLength: 1, maxLength: 60 }),
    family_name: Type.String({ minLength: 1, maxLength: 60 }),
    age: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 17, description: 'Of a child at check-in; absent for an adult.' }))),
  },
  strict,
)

const OfferIdSchema = Type.String({ pattern: '^[A-Za-z0-9_~-]{1,120}$' })

export const BookingBody = Type.Object(
  {
    offer_id: Type.Optional(OfferIdSchema),
    offer_ids: Type.Optional(
      Type.Array(OfferIdSchema, {
        minItems: 1,
        maxItems: 6,
        description: 'Several offers paid together: all of them are got, or the money comes back. Instead of offer_id.',
      }),
    ),
    expected_total: MoneySchema,
    allow_duplicate: Type.Optional(
      Type.Boolean({
        description: 'Book although the same travellers are booked on the same flights or nights; otherwise 409 duplicate-booking.',
      }),
    ),
    passengers: Type.Optional(Type.Array(PassengerSchema, { minItems: 1, maxItems: 9, description: 'Who flies.' })),
    guests: Type.Optional(
      Type.Array(GuestSchema, { minItems: 1, maxItems: 36, description: 'Who stays: one adult of each room, or more.' }),
    ),
    contact: Type.Object(
      {
        email: Type.String({
          maxLength: 254,
          pattern: '^[^\\s\\x00-\\x1f@<>",;:]+@[^\\s\\x00-\\x1f@<>",;:]+\\.[^\\s\\x00-\\x1f@<>",;:]+$',
        }),
        phone: Type.String({ pattern: '^\\+[1-9]\\d{6,14}$', description: 'E.164, +62812345678.' }),
      },
      strict,
    ),
  },
  strict,
)

export const PaymentBody = Type.Object(
  {
    expected_total: MoneySchema,
    return_url: Type.Optional(Type.String({ pattern: '^/[A-Za-z0-9/_-]*$', maxLength: 200, description: 'A path of this site.' })),
  },
  strict,
)

export const PaymentReply = Type.Object(
  {
    id: Nullable(Type.String({ description: 'Null where nothing is paid to us: the property takes the money.' })),
    booking_id: Type.String(),
    status: Type.String({ description: '"not_needed" where the guest pays at the property; the booking then goes on by itself.' }),
    amount: MoneySchema,
    redirect_url: Nullable(Type.String()),
    expires_at: Nullable(InstantSchema),
  },
  strict,
)

const TicketsSchema = Type.Array(Type.Object({ number: Type.String(), passenger_name: Nullable(Type.String()) }, strict))
const DocumentsSchema = Type.Array(Type.Object({ kind: Type.String(), url: Type.String() }, strict))

const ItemSchema = Type.Object(
  {
    id: Type.String(),
    offer: AnyOffer,
    payment: OneOf(['due', 'paid', 'at_property']),
    ticketing: OneOf(['waiting', 'in_progress', 'in_doubt', 'reserved', 'ticketed', 'returning', 'not_ticketed']),
    refund: OneOf(['none', 'requested', 'completed', 'failed']),
    pnr: Nullable(Type.String()),
    tickets: TicketsSchema,
    documents: DocumentsSchema,
  },
  strict,
)

export const BookingReply = Type.Object(
  {
    id: Type.String(),
    reference: Type.String(),
    status: OneOf(BOOKING_STATUSES),
    stage: OneOf(['awaiting_payment', 'confirming', 'ticketed', 'refunding', 'refunded', 'cancelled']),
    version: Type.Integer(),
    total: MoneySchema,
    offer: AnyOffer,
    passengers: Type.Array(
      Type.Object(
        { type: OneOf(PASSENGER_TYPES), title: Nullable(Type.String()), given_name: Type.String(), family_name: Type.String() },
        strict,
      ),
    ),
    contact: Type.Object({ email: Type.String(), phone: Type.String() }, strict),
    pnr: Nullable(Type.String()),
    tickets: TicketsSchema,
    documents: DocumentsSchema,
    items: Type.Array(ItemSchema, {
      description: 'Everything sold, in the order it is booked. offer, pnr and tickets above are those of the first.',
    }),
    payment_required_by: InstantSchema,
    promise: Nullable(Type.Object({ text: Type.String(), answer_by: InstantSchema }, strict)),
    refund: Nullable(
      Type.Object(
        {
          amount: MoneySchema,
          held_by: OneOf(['farewire', 'bank']),
          due_by: InstantSchema,
          state: OneOf(['requested', 'pending', 'completed', 'failed']),
          reason: Type.String(),
        },
        strict,
      ),
    ),
    schedule_changes: Type.Array(ScheduleChangeSchema, {
      description: 'What airlines have changed about tickets, in the order found.',
    }),
    timeline: Type.Array(Type.Object({ at: InstantSchema, event: Type.String(), text: Type.String() }, strict)),
    money_moved: OneOf(['none', 'captured', 'refunded']),
    ledger: Type.Array(
      Type.Object(
        { event_type: Type.String(), account: Type.String(), amount: Type.String(), currency: Type.String(), at: InstantSchema },
        strict,
      ),
    ),
    created_at: InstantSchema,
    updated_at: InstantSchema,
  },
  strict,
)

/** A booking as its traveller sees it: what it is, where it stands, where the money is, and what happens next. */
export type BookingView = Static<typeof BookingReply>
