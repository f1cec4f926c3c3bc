import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { invalidRequest } from '../kernel/problems.ts'
import { plusMs } from '../kernel/time.ts'
import type { Ops } from './index.ts'
import {
  ActionBody,
  ActionParams,
  ActionReply,
  ApprovalBody,
  ClaimBody,
  IdempotencyHeaders,
  WorkItemDetailReply,
  WorkItemPage,
  WorkItemParams,
  WorkItemQuery,
} from './schemas.ts'
import { toActionView } from './view-item.ts'

export type WorkItemRoutesOptions = {
  readonly ops: Ops
  /** Refuses whoever is no operator, and notes who it is; null is that nobody is, and that there is nothing here. */
  readonly guard: ((request: FastifyRequest, reply: FastifyReply) => Promise<void>) | null
  readonly operatorOf: (request: FastifyRequest) => string
  /** The way a POST is answered once per Idempotency-Key. */
  readonly idempotent: (
    request: FastifyRequest,
    reply: FastifyReply,
    work: (requestName: string) => Promise<{ status: number; body: unknown }>,
  ) => Promise<unknown>
}

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const PAGE = 50

/** Cases that need a person, and what people do about them. Prefix /v1. */
export const workItemRoutes: FastifyPluginAsyncTypebox<WorkItemRoutesOptions> = async (app, { ops, guard, operatorOf, idempotent }) => {
  if (guard === null) return
  app.addHook('onRequest', guard)
  const tags = ['operations']

  app.get(
    '/ops/work-items',
    {
      schema: { tags, summary: 'Cases that need a person, the oldest first', querystring: WorkItemQuery, response: { 200: WorkItemPage } },
    },
    async ({ query }) => {
      const { items, nextAfterId } = await ops.list({
        ...(query.state !== undefined && { state: query.state }),
        ...(query.kind !== undefined && { kind: query.kind }),
        ...(query.owner !== undefined && { owner: query.owner }),
        ...(query.older_than !== undefined && { openedBefore: plusMs(ops.now(), -toMs(query.older_than)) }),
        ...(query.cursor !== undefined && { afterId: fromCursor(query.cursor) }),
        limit: Number(query.limit ?? PAGE),
      })
      return { data: items, next_cursor: nextAfterId && Buffer.from(nextAfterId).toString('base64url') }
    },
  )

  app.get(
    '/ops/work-items/:id',
    {
      schema: {
        tags,
        summary: 'One case: its cause and age, what it is about, what can be done and what that needs, and what was done',
        params: WorkItemParams,
        response: { 200: WorkItemDetailReply },
      },
    },
    async ({ params }) => ops.view(params.id),
  )

  app.post(
    '/ops/work-items/:id/claim',
    {
      schema: {
        tags,
        summary: 'Make a case yours',
        params: WorkItemParams,
        body: ClaimBody,
        response: { 200: WorkItemDetailReply },
      },
    },
    async (request) => {
      await ops.claim({ workItemId: request.params.id, by: operatorOf(request), takeOver: request.body.take_over ?? false })
      return ops.view(request.params.id)
    },
  )

  app.post(
    '/ops/work-items/:id/actions/:action',
    {
      schema: {
        tags,
        summary: 'Do something about a case, or propose it where it takes two people; Idempotency-Key required',
        params: ActionParams,
        headers: IdempotencyHeaders,
        body: ActionBody,
        response: { 200: ActionReply, 202: ActionReply },
      },
    },
    (request, reply) =>
      idempotent(request, reply, async (requestName) => {
        const { id: workItemId, action } = request.params
        const taken = await ops.act({ workItemId, action, input: request.body, by: operatorOf(request), requestName })
        return { status: taken.state === 'done' ? 200 : 202, body: toActionView(taken) }
      }) as never,
  )

  app.post(
    '/ops/work-items/:id/approvals',
    {
      schema: {
        tags,
        summary: 'Approve or reject what somebody else has proposed; Idempotency-Key required',
        params: WorkItemParams,
        headers: IdempotencyHeaders,
        body: ApprovalBody,
        response: { 200: ActionReply, 202: ActionReply },
      },
    },
    (request, reply) =>
      idempotent(request, reply, async () => {
        const { action_id: actionId, decision, reason = null } = request.body
        const decided = await ops.decide({ workItemId: request.params.id, actionId, decision, reason, by: operatorOf(request) })
        return { status: decided.state === 'running' ? 202 : 200, body: toActionView(decided) }
      }) as never,
  )
}

function toMs(age: string): number {
  return Number(age.slice(0, -1)) * UNIT_MS[age.at(-1) as keyof typeof UNIT_MS]
}

function fromCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString()
  if (/^wrk_[0-9a-z]{26}$/.test(id)) return id
  throw invalidRequest({
    moneyMoved: 'none',
    errors: [{ pointer: 'cursor', code: 'cursor', message: 'is not a next_cursor of this list' }],
  })
}
