import { placeBooking } from '../api/bookings.ts'
import { newIdempotencyKey } from '../api/idempotency-key.ts'
import { ApiProblem } from '../api/problem.ts'
import { readTab, writeTab } from '../api/tab-store.ts'
import type { BookingOrder, Money } from '../api/types.ts'

/** A try to book, as this tab remembers it: whatever happens to the page, the next try with this key is the same one. */
type Attempt = { key: string; bookingId: string | null; total: Money | null }

const pauseMs = 1_000
const tries = 4

/** The booking already placed for an offer from this tab. */
export function placedBooking(offerId: string): { bookingId: string; total: Money } | null {
  const attempt = readTab<Attempt>(slotOf(offerId))
  return attempt === null || attempt.bookingId === null || attempt.total === null
    ? null
    : { bookingId: attempt.bookingId, total: attempt.total }
}

/** Forgets a try, for a traveller who wants to begin again with other details. */
export function forgetAttempt(offerId: string): void {
  writeTab(slotOf(offerId), null)
}

/**
 * Places the booking once, however often it is called: the key is kept until the server has answered. Throws
 * ApiProblem; "idempotency-key-reused" means an earlier try with other details may have been placed.
 */
export async function placeOnce(order: BookingOrder): Promise<{ bookingId: string; total: Money }> {
  const placed = placedBooking(order.offer_id)
  if (placed !== null) return placed
  const slot = slotOf(order.offer_id)
  const key = readTab<Attempt>(slot)?.key ?? newIdempotencyKey()
  writeTab(slot, { key, bookingId: null, total: null } satisfies Attempt)
  try {
    const booking = await sendUntilAnswered(order, key)
    writeTab(slot, { key, bookingId: booking.id, total: booking.total } satisfies Attempt)
    return { bookingId: booking.id, total: booking.total }
  } catch (cause) {
    if (isRefusal(cause)) writeTab(slot, null)
    throw cause
  }
}

async function sendUntilAnswered(order: BookingOrder, key: string) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await placeBooking(order, key)
    } catch (cause) {
      const isRunning = cause instanceof ApiProblem && cause.code === 'request-in-flight'
      if (!isRunning || attempt === tries) throw cause
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

/** True when the server said no and booked nothing, so that the next try is a new one. */
function isRefusal(cause: unknown): boolean {
  if (!(cause instanceof ApiProblem)) return false
  return cause.status >= 400 && cause.status < 500 && cause.code !== 'request-in-flight' && cause.code !== 'idempotency-key-reused'
}

function slotOf(offerId: string): string {
  return `farewire.attempt.${offerId}`
}
