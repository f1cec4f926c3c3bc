import Type, { type Static } from 'typebox'
import { MoneySchema, Nullable, OneOf } from '../travel/schemas.ts'

const closed = { additionalProperties: false } as const
const time = () => Type.String({ format: 'date-time' })
const words = (description: string, max = 500) => Type.String({ minLength: 1, maxLength: max, description })

export const WorkItemParams = Type.Object({ id: Type.String({ pattern: '^wrk_[0-9a-z]{26}$' }) })
export const ActionParams = Type.Object({
  id: Type.String({ pattern: '^wrk_[0-9a-z]{26}$' }),
  action: Type.String({ pattern: '^[a-z][a-z-]{1,40}$' }),
})

export const WorkItemQuery = Type.Object(
  {
    state: Type.Optional(OneOf(['open', 'done'])),
    kind: Type.Optional(Type.String({ pattern: '^[a-z_]{1,60}$' })),
    owner: Type.Optional(Type.String({ pattern: '^[a-z0-9._-]{1,41}$' })),
    older_than: Type.Optional(Type.String({ pattern: '^\\d{1,5}[smhd]$', description: 'Open for longer than that: 90s, 30m, 4h, 2d.' })),
    cursor: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,60}$', description: 'next_cursor of the page before.' })),
    limit: Type.Optional(Type.String({ pattern: '^([1-9]\\d?|100)$', description: '1 to 100; 50 where it is not said.' })),
  },
  closed,
)

export const ClaimBody = Type.Object({ take_over: Type.Optional(Type.Boolean()) }, closed)
export const ActionBody = Type.Object(
  {
    reason: Type.Optional(words('Why, for whoever reads the log.')),
    supplier_ref: Type.Optional(words("The supplier's own reference.", 300)),
    gateway_ref: Type.Optional(words("The gateway's own reference.", 300)),
    bank_reference: Type.Optional(words("The bank's reference.", 300)),
  },
  closed,
)
export const ApprovalBody = Type.Object(
  {
    action_id: Type.String({ pattern: '^act_[0-9a-z]{26}$' }),
    decision: OneOf(['approve', 'reject']),
    reason: Type.Optional(words('Why.')),
  },
  closed,
)
export const IdempotencyHeaders = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ description: 'Required.' })) })

export const WorkItemReply = Type.Object(
  {
    id: Type.String(),
    kind: Type.String(),
    severity: OneOf(['low', 'normal', 'high']),
    state: OneOf(['open', 'done']),
    owner: Nullable(Type.String()),
    subject_id: Type.String(),
    cause: Type.String(),
    opened_at: time(),
    age_seconds: Type.Integer({ minimum: 0 }),
    due_at: time(),
    is_overdue: Type.Boolean(),
    closed_at: Nullable(time()),
    closed_by: Nullable(Type.String({ description: 'Null where what it waited for has happened.' })),
    resolution: Nullable(Type.String()),
  },
  closed,
)
export type WorkItemView = Static<typeof WorkItemReply>

export const WorkItemPage = Type.Object({ data: Type.Array(WorkItemReply), next_cursor: Nullable(Type.String()) }, closed)

export const ActionReply = Type.Object(
  {
    id: Type.String(),
    work_item_id: Type.String(),
    action: Type.String(),
    input: Type.Record(Type.String(), Type.String()),
    state: OneOf(['proposed', 'running', 'done', 'failed', 'rejected']),
    amount: Nullable(MoneySchema),
    needs_approval: Type.Boolean(),
    proposed_by: Type.String(),
    proposed_at: time(),
    decided_by: Nullable(Type.String()),
    decision_reason: Nullable(Type.String()),
    outcome: Nullable(Type.String()),
    finished_at: Nullable(time()),
  },
  closed,
)
export type ActionView = Static<typeof ActionReply>

const Facts = Type.Record(Type.String(), Type.Unknown())

export const WorkItemDetailReply = Type.Object(
  {
    ...WorkItemReply.properties,
    details: Facts,
    money_at_stake: Nullable(MoneySchema),
    subject: Type.Object(
      {
        booking: Nullable(
          Type.Object(
            {
              id: Type.String(),
              reference: Type.String(),
              status: Type.String(),
              total: MoneySchema,
              items: Type.Array(
                Type.Object(
                  { provider: Type.String(), ticketing: Type.String(), refund: Type.String(), pnr: Nullable(Type.String()) },
                  closed,
                ),
              ),
            },
            closed,
          ),
        ),
        payment: Nullable(
          Type.Object(
            {
              id: Type.String(),
              status: Type.String(),
              amount: MoneySchema,
              provider: Type.String(),
              provider_ref: Nullable(Type.String()),
            },
            closed,
          ),
        ),
        refund: Nullable(
          Type.Object(
            {
              id: Type.String(),
              status: Type.String(),
              amount: MoneySchema,
              provider: Type.String(),
              provider_ref: Nullable(Type.String()),
              reason: Type.String(),
              failure_code: Nullable(Type.String()),
            },
            closed,
          ),
        ),
      },
      closed,
    ),
    actions: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          title: Type.String(),
          needs: Type.Array(Type.Object({ name: Type.String(), description: Type.String(), required: Type.Boolean() }, closed)),
          needs_approval: Type.Boolean({ description: 'Whether another person has to agree.' }),
        },
        closed,
      ),
    ),
    log: Type.Array(ActionReply),
    history: Type.Array(Type.Object({ event: Type.String(), by: Type.String(), at: time(), facts: Facts }, closed)),
  },
  closed,
)
export type WorkItemDetail = Static<typeof WorkItemDetailReply>
