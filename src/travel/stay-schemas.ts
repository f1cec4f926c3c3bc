import { Type } from 'typebox'
import { MoneySchema, Nullable, OneOf } from './schemas.ts'
import { BOARD_BASES } from './stay.ts'

const strict = { additionalProperties: false }

const DueSchema = Type.Object(
  { kind: OneOf(['tax', 'fee', 'resort_fee', 'city_tax', 'other']), name: Type.String(), amount: Nullable(MoneySchema) },
  { ...strict, description: 'What the guest pays at the property, in its own currency and beside the total.' },
)

const StepSchema = Type.Object(
  { from: Nullable(Type.String()), penalty: Nullable(MoneySchema) },
  { ...strict, description: 'From then on cancelling costs so much, until the next step. Null: from the booking on; not told.' },
)

/** The shape of `toStayOfferView`. */
export const StayOfferSchema = Type.Object(
  {
    kind: Type.Literal('stay'),
    id: Type.String(),
    provider: Type.String(),
    property: Type.Object({ code: Type.String(), name: Type.String() }, strict),
    check_in: Type.String(),
    check_out: Type.String(),
    nights: Type.Integer(),
    rooms: Type.Array(Type.Object({ name: Type.String(), adults: Type.Integer(), child_ages: Type.Array(Type.Integer()) }, strict)),
    board: Nullable(OneOf(BOARD_BASES)),
    board_text: Nullable(Type.String()),
    rate_plan: Nullable(Type.String()),
    total: MoneySchema,
    pay_at: Nullable(OneOf(['booking', 'property'])),
    due_at_property: Type.Array(DueSchema),
    refundable: Nullable(Type.Boolean()),
    cancellation: Nullable(Type.Array(StepSchema)),
    rooms_left: Nullable(Type.Integer()),
    remarks: Type.Array(Type.String()),
    expires_at: Nullable(Type.String()),
  },
  strict,
)
