import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { BookingRoutesOptions } from '../routes.ts'
import { BookingReply, IdempotencyHeaders } from '../schemas.ts'
import type { ChangeAction } from './change-set.ts'
import { ScheduleChangeParams } from './schemas.ts'

export type ScheduleChangeRoutesOptions = Pick<BookingRoutesOptions, 'bookings' | 'idempotent'>

const answers = [
  ['acceptances', 'accept', 'Agree to a change that the airline has made; Idempotency-Key required'],
  ['refunds', 'refund', 'Give a ticket that the airline has changed back, for a full refund; Idempotency-Key required'],
] as const satisfies readonly (readonly [path: string, action: ChangeAction, summary: string])[]

/** A traveller's answer to what the airline has changed. It is carried out afterwards: the booking's page tells how far it is. */
export const scheduleChangeRoutes: FastifyPluginAsyncTypebox<ScheduleChangeRoutesOptions> = async (app, { bookings, idempotent }) => {
  for (const [path, action, summary] of answers) {
    app.post(
      `/bookings/:bookingId/schedule-changes/:seq/${path}`,
      {
        schema: { tags: ['booking'], summary, params: ScheduleChangeParams, headers: IdempotencyHeaders, response: { 202: BookingReply } },
      },
      (request, reply) =>
        idempotent(request, reply, async () => {
          const { bookingId, seq } = request.params
          await bookings.answerScheduleChange({ bookingId, seq: Number(seq), action })
          return { status: 202, body: await bookings.view(bookingId) }
        }) as never,
    )
  }
}
