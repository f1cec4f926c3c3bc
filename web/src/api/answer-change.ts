import { request } from './client.ts'
import { newIdempotencyKey } from './idempotency-key.ts'
import { ApiProblem } from './problem.ts'
import { readTab, writeTab } from './tab-store.ts'
import type { Booking, ChangeAction } from './types.ts'

const paths: Record<ChangeAction, string> = { accept: 'acceptances', refund: 'refunds' }

/** Answers a change of the airline's. Pressing again after a lost reply asks with the same key: it is one answer. */
export async function answerChange(bookingId: string, seq: number, action: ChangeAction): Promise<Booking> {
  const slot = `farewire.change-key.${bookingId}.${seq}.${action}`
  const idempotencyKey = readTab<string>(slot) ?? newIdempotencyKey()
  writeTab(slot, idempotencyKey)
  try {
    const path = `/v1/bookings/${encodeURIComponent(bookingId)}/schedule-changes/${seq}/${paths[action]}`
    const booking = await request<Booking>('POST', path, { idempotencyKey })
    writeTab(slot, null)
    return booking
  } catch (cause) {
    const isAnswer = cause instanceof ApiProblem && cause.status >= 400 && cause.status < 500 && cause.code !== 'request-in-flight'
    if (isAnswer) writeTab(slot, null)
    throw cause
  }
}
