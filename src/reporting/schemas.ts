import Type, { type Static } from 'typebox'
import { MoneySchema, Nullable, OneOf } from '../travel/schemas.ts'

const closed = { additionalProperties: false } as const
const time = () => Type.String({ format: 'date-time' })
const day = () => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'A day in UTC.' })

/** `by_query`: made of one question about each payment and refund that we know of; money that we know nothing of is not in it. */
const statementKind = () => OneOf(['books', 'by_query'])

export const ReconciliationBody = Type.Object({ day: day() }, closed)
export const ReconciliationQuery = Type.Object(
  {
    day: Type.Optional(day()),
    state: Type.Optional(OneOf(['open', 'settled', 'written_off'])),
    cursor: Type.Optional(Type.String({ pattern: '^brk_[0-9a-z]{26}$', description: 'next_cursor of the page before.' })),
  },
  closed,
)
export const CsvParams = Type.Object({ day: day() })
export const IdempotencyHeaders = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ description: 'Required.' })) })

export const RunReply = Type.Object(
  {
    id: Type.String(),
    day: day(),
    state: OneOf(['requested', 'running', 'done', 'incomplete', 'failed']),
    asked_by: Type.String(),
    requested_at: time(),
    finished_at: Nullable(time()),
    opened: Type.Integer(),
    settled: Type.Integer(),
    error: Nullable(Type.String()),
    sources: Type.Array(
      Type.Object(
        {
          side: OneOf(['gateway', 'supplier']),
          source: Type.String(),
          state: OneOf(['compared', 'no_statement', 'failed']),
          statement: Nullable(statementKind()),
          lines: Type.Integer(),
          matched: Type.Integer(),
          untold: Type.Integer({
            description: 'Payments and refunds that were asked about and about which nothing could be told; not compared.',
          }),
          error: Nullable(Type.String()),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type RunView = Static<typeof RunReply>

const BreakReply = Type.Object(
  {
    id: Type.String(),
    day: day(),
    side: OneOf(['gateway', 'supplier']),
    source: Type.String(),
    kind: Type.String(),
    state: OneOf(['open', 'settled', 'written_off']),
    our_ref: Nullable(Type.String()),
    their_ref: Nullable(Type.String()),
    ours: Nullable(MoneySchema),
    theirs: Nullable(MoneySchema),
    our_status: Nullable(Type.String()),
    their_status: Nullable(Type.String()),
    booking_id: Nullable(Type.String()),
    payment_id: Nullable(Type.String()),
    first_seen_at: time(),
    last_seen_at: time(),
    age_seconds: Type.Integer({ minimum: 0 }),
    resolved_at: Nullable(time()),
    resolved_by: Nullable(Type.String()),
    resolution: Nullable(Type.String()),
    statement: Nullable(statementKind()),
    ledger: Type.Array(
      Type.Object(
        { posting_id: Type.String(), event_type: Type.String(), account: Type.String(), amount: MoneySchema, at: time() },
        closed,
      ),
      { description: 'What has been posted about it: the write-off, and where it was taken back, its reversal.' },
    ),
  },
  closed,
)
export type BreakView = Static<typeof BreakReply>

export const ReconciliationsReply = Type.Object(
  { runs: Type.Array(RunReply), breaks: Type.Array(BreakReply), next_cursor: Nullable(Type.String()) },
  closed,
)

export const QueuesReply = Type.Object(
  {
    data: Type.Array(
      Type.Object(
        {
          queue: Type.String(),
          waiting: Type.Integer({ minimum: 0 }),
          oldest_at: Nullable(time()),
          oldest_seconds: Nullable(Type.Integer()),
        },
        closed,
      ),
    ),
    jobs: Nullable(
      Type.Record(Type.String(), Type.Record(Type.String(), Type.Integer({ minimum: 0 })), {
        description: 'Jobs by the duty whose queue they are in and by state; null where the queues do not answer.',
      }),
    ),
  },
  closed,
)
