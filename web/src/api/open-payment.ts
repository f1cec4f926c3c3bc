import { startPayment } from './bookings.ts'
import { newIdempotencyKey } from './idempotency-key.ts'
import { ApiProblem } from './problem.ts'
import { readTab, writeTab } from './tab-store.ts'
import type { Money } from './types.ts'

const opening = new Map<string, Promise<string | null>>()

/**
 * The address of the hosted page where the booking can be paid; null when there is nothing left to pay. Pressing twice,
 * reloading or losing the answer asks with the same key, so that there is only ever one payment.
 */
export function openPayment(bookingId: string, total: Money): Promise<string | null> {
  const running = opening.get(bookingId)
  if (running !== undefined) return running
  const started = open(bookingId, total).finally(() => opening.delete(bookingId))
  opening.set(bookingId, started)
  return started
}

async function open(bookingId: string, total: Money): Promise<string | null> {
  const slot = `farewire.payment-key.${bookingId}`
  const key = readTab<string>(slot) ?? newIdempotencyKey()
  writeTab(slot, key)
  try {
    const payment = await startPayment(bookingId, total, key)
    writeTab(slot, null)
    return payment.redirect_url
  } catch (cause) {
    // A refusal is an answer: the next try is a new one. Only a lost answer must be asked for again with its key.
    const isAnswer = cause instanceof ApiProblem && cause.status >= 400 && cause.status < 500 && cause.code !== 'request-in-flight'
    if (isAnswer) writeTab(slot, null)
    throw cause
  }
}
