import { Type, type Static } from 'typebox'
import { Nullable, OfferSchema, OneOf } from '../../travel/schemas.ts'
import { CHANGE_STATUSES } from './change-set.ts'

const strict = { additionalProperties: false }
const InstantSchema = Type.String({ description: 'RFC 3339 in UTC.' })

export const ScheduleChangeSchema = Type.Object(
  {
    seq: Type.Integer({ description: 'What an answer cites. Only the latest of an item may be answered.' }),
    item_id: Type.String(),
    kind: OneOf(['changed', 'cancelled']),
    is_material: Type.Boolean({ description: 'Whether the traveller is asked; otherwise told only.' }),
    removed: OfferSchema.properties.slices,
    added: OfferSchema.properties.slices,
    status: OneOf(CHANGE_STATUSES),
    actions: Type.Array(OneOf(['accept', 'refund']), { description: 'What can be done about it now.' }),
    respond_by: Nullable(InstantSchema),
    default_action: OneOf(['accept', 'ask_person', 'none']),
    found_at: InstantSchema,
    answered_at: Nullable(InstantSchema),
  },
  strict,
)

/** A change of the airline's as the traveller sees it: what goes, what comes, what can be done, and by when. */
export type ScheduleChangeView = Static<typeof ScheduleChangeSchema>

export const ScheduleChangeParams = Type.Object(
  { bookingId: Type.String({ maxLength: 60 }), seq: Type.String({ pattern: '^[1-9][0-9]{0,5}$', description: 'The seq of the change.' }) },
  strict,
)
