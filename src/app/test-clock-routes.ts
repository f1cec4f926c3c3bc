import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { defineProblem, invalidRequest } from '../kernel/problems.ts'
import { toIso } from '../kernel/time.ts'
import type { TestClock } from '../platform/test-clock.ts'

const clockUnknown = defineProblem({
  code: 'test-clock-unknown',
  status: 404,
  title: 'There is no such test clock',
  detail: 'An installation has one clock. Use /v1/test-clocks/default.',
})

const ClockReply = Type.Object({ id: Type.String(), now: Type.String({ description: 'RFC 3339 in UTC.' }) })
const ClockParams = Type.Object({ id: Type.String({ maxLength: 60 }) })
const AdvanceBody = Type.Object(
  { seconds: Type.Integer({ minimum: 1, maximum: 31_536_000, description: 'How far to go, a year at most. It never goes back.' }) },
  { additionalProperties: false },
)

const OFFSET_MAX_MS = 63_072_000_000

/** The clock of a sandbox, which anybody who may use the sandbox may put forward. Prefix /v1; not registered elsewhere. */
export const testClockRoutes: FastifyPluginAsyncTypebox<{ clock: TestClock }> = async (app, { clock }) => {
  const assertOurs = (id: string): void => {
    if (id !== 'default') throw clockUnknown({ moneyMoved: 'none' })
  }
  app.get(
    '/test-clocks/:id',
    { schema: { tags: ['sandbox'], summary: 'What the clock of this sandbox shows', params: ClockParams, response: { 200: ClockReply } } },
    async (request) => {
      assertOurs(request.params.id)
      return { id: 'default', now: toIso(clock.now()) }
    },
  )
  app.post(
    '/test-clocks/:id/advance',
    {
      schema: {
        tags: ['sandbox'],
        summary: 'Put the clock of this sandbox forward: holds expire, times to pay end',
        params: ClockParams,
        body: AdvanceBody,
        response: { 200: ClockReply },
      },
    },
    async (request) => {
      assertOurs(request.params.id)
      try {
        return { id: 'default', now: toIso(await clock.advance(request.body.seconds * 1_000)) }
      } catch (error) {
        if ((error as { code?: string }).code !== CHECK_VIOLATION) throw error
        throw invalidRequest({
          moneyMoved: 'none',
          errors: [
            {
              pointer: '/seconds',
              code: 'range',
              message: `The clock may be ${OFFSET_MAX_MS / 86_400_000} days ahead at most. Start with fresh data to begin again.`,
            },
          ],
        })
      }
    },
  )
}

/** Postgres's code for a broken check constraint: the offset's. */
const CHECK_VIOLATION = '23514'
