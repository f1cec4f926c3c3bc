import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { invalidRequest } from '../kernel/problems.ts'
import { isLocalDate, toIso, type Clock, type LocalDate } from '../kernel/time.ts'
import type { QueueAge } from './queue-ages.ts'
import type { Reconciliation } from './reconciliation/index.ts'
import {
  CsvParams,
  IdempotencyHeaders,
  QueuesReply,
  ReconciliationBody,
  ReconciliationQuery,
  ReconciliationsReply,
  RunReply,
} from './schemas.ts'
import { secondsSince, toBreakViews, toRunView } from './views.ts'

export type ReportingRoutesOptions = {
  readonly reconciliation: Reconciliation
  readonly queueAges: () => Promise<QueueAge[]>
  /** Jobs of each queue by state; null where the queues do not answer. */
  readonly jobCounts: () => Promise<Readonly<Record<string, Readonly<Record<string, number>>>> | null>
  readonly clock: Clock
  /** Refuses whoever is no operator; null is that nobody is, and that there is nothing here. */
  readonly guard: ((request: FastifyRequest, reply: FastifyReply) => Promise<void>) | null
  readonly operatorOf: (request: FastifyRequest) => string
  /** The way a POST is answered once per Idempotency-Key. */
  readonly idempotent: (
    request: FastifyRequest,
    reply: FastifyReply,
    work: (requestName: string) => Promise<{ status: number; body: unknown }>,
  ) => Promise<unknown>
}

const RUNS = 30
const BREAKS = 100

/** What operators are told: how long things wait, and where books differ. Prefix /v1. */
export const reportingRoutes: FastifyPluginAsyncTypebox<ReportingRoutesOptions> = async (app, options) => {
  const { reconciliation, guard, clock } = options
  if (guard === null) return
  app.addHook('onRequest', guard)
  const tags = ['operations']

  app.get(
    '/ops/queues',
    { schema: { tags, summary: 'What waits, how much of it, and for how long', response: { 200: QueuesReply } } },
    async () => {
      const [ages, jobs] = await Promise.all([options.queueAges(), options.jobCounts()])
      const now = clock.now()
      const data = ages.map(({ queue, waiting, oldest }) => ({
        queue,
        waiting,
        oldest_at: oldest && toIso(oldest),
        oldest_seconds: oldest && secondsSince(oldest, now),
      }))
      return { data, jobs: jobs && { ...jobs } }
    },
  )

  app.get(
    '/ops/reconciliations',
    {
      schema: {
        tags,
        summary: 'The last comparisons of our books with those of gateways and suppliers, and the differences',
        querystring: ReconciliationQuery,
        response: { 200: ReconciliationsReply },
      },
    },
    async ({ query }) => {
      const day = query.day === undefined ? {} : { day: readDay(query.day, 'day') }
      const [runs, breaks] = await Promise.all([
        reconciliation.runs({ ...day, limit: RUNS }),
        reconciliation.listBreaks({
          ...day,
          ...(query.state !== undefined && { state: query.state }),
          ...(query.cursor !== undefined && { afterId: query.cursor }),
          limit: BREAKS,
        }),
      ])
      return {
        runs: runs.map(toRunView),
        breaks: toBreakViews(breaks, await reconciliation.entriesOf(breaks), clock.now()),
        next_cursor: breaks.length < BREAKS ? null : breaks.at(-1)!.id,
      }
    },
  )

  app.post(
    '/ops/reconciliations',
    {
      schema: {
        tags,
        summary: 'Have a day compared now; Idempotency-Key required',
        headers: IdempotencyHeaders,
        body: ReconciliationBody,
        response: { 202: RunReply },
      },
    },
    (request, reply) =>
      options.idempotent(request, reply, async () => {
        const run = await reconciliation.request(readDay(request.body.day, '/day'), options.operatorOf(request))
        return { status: 202, body: toRunView(run) }
      }) as never,
  )

  app.get(
    '/ops/reconciliations/:day.csv',
    { schema: { tags, summary: 'The differences of a day, for a spreadsheet', params: CsvParams } },
    async (request, reply) => {
      const day = readDay(request.params.day, 'day')
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="reconciliation-${day}.csv"`)
        .send(Readable.from(reconciliation.csv(day)))
    },
  )
}

function readDay(text: string, pointer: string): LocalDate {
  if (isLocalDate(text)) return text
  throw invalidRequest({ moneyMoved: 'none', errors: [{ pointer, code: 'date', message: `"${text}" is not a date that exists` }] })
}
