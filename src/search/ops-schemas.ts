import { Type } from 'typebox'
import { Nullable, OneOf } from '../travel/schemas.ts'

const closed = { additionalProperties: false } as const
const count = (description?: string) => Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) })
const maybe = (description: string) => Nullable(Type.Integer({ description }))

const CountsReply = Type.Object(
  {
    calls: count('Shop calls sent, second ones included.'),
    hedged: count('Second calls, sent because the first was slow.'),
    answered: count('Searches it answered.'),
    late: count('Of those, answers that came after the search had stopped waiting.'),
    timed_out: count('Searches it never answered.'),
    failed: count('Searches it answered with a fault, or could not be reached for.'),
    throttled: count('Searches that it, or our own limits, refused.'),
  },
  closed,
)

const SupplierReply = Type.Object(
  {
    provider: Type.String(),
    name: Type.String(),
    breaker: Nullable(OneOf(['closed', 'open', 'half_open'])),
    active: count('Searches being asked.'),
    waiting: count('Searches waiting for a place.'),
    bulkhead: Nullable(Type.Object({ active: count('Calls of every kind under way.'), queued: count() }, closed)),
    samples: count('Calls whose times are known; percentiles need 20.'),
    p50_ms: maybe('Null until the supplier is known.'),
    p95_ms: maybe('Null until the supplier is known.'),
    deadline_ms: count('How long a search that began now would wait for it.'),
    offers_p50: maybe('Offers in the middle one of its last answers.'),
    last_five_minutes: CountsReply,
    last_hour: CountsReply,
    look_to_book: Type.Object(
      {
        looks_today: count('Of all processes, since midnight UTC.'),
        bookings_today: count(),
        looks_last_day: count('Of all processes, in this hour and the 23 before.'),
        bookings_last_day: count(),
        looks_per_booking: Nullable(Type.Number({ description: 'Of the last day; null without a booking.' })),
        left_in_day: maybe('Null is without limit.'),
        left_in_minute: maybe('What may go at once; null is without limit.'),
      },
      closed,
    ),
    last_fault: Nullable(Type.Object({ fault: Type.String(), at: Type.String({ format: 'date-time' }) }, closed)),
  },
  closed,
)

/** How every supplier of flights does. */
export const SuppliersReply = Type.Object({ data: Type.Array(SupplierReply) }, closed)
