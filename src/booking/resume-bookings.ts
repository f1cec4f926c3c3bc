import { plusMs } from '../kernel/time.ts'
import { advanceBooking } from './advance-booking.ts'
import type { BookingDeps } from './deps.ts'

const BATCH = 50
/** Longer than the outbox and the queue ever take when they work. */
const UNTOUCHED_MS = 30_000

/**
 * Carries on with paid bookings that nobody has touched for a while: a queue lost its jobs, a worker died between two
 * steps. One that only waits for a supplier is left alone by `advanceBooking`. Returns how many were looked at.
 */
export async function resumeBookings(deps: BookingDeps): Promise<number> {
  const untouchedSince = plusMs(deps.clock.now(), -UNTOUCHED_MS)
  const ids = await deps.store.listBookingIds(deps.db, { statuses: ['PAID', 'PENDING_TICKET'], untouchedSince, limit: BATCH })
  for (const id of ids) await advanceBooking(deps, id)
  return ids.length
}
