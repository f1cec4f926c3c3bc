import { plusMs } from '../kernel/time.ts'
import { advanceBooking } from './advance-booking.ts'
import type { BookingDeps } from './deps.ts'
import { judgeLatePayment } from './judge-late-payment.ts'

const BATCH = 50
/** Longer than the outbox and the queue ever take when they work. */
const UNTOUCHED_MS = 30_000

/**
 * Carries on with paid bookings that nobody has touched for a while: a queue lost its jobs, a worker died between two
 * steps. One that only waits for a supplier is left alone by `advanceBooking`. Returns how many were looked at; one's
 * trouble does not keep the others waiting, and is thrown at the end.
 */
export async function resumeBookings(deps: BookingDeps): Promise<number> {
  const filter = { untouchedSince: plusMs(deps.clock.now(), -UNTOUCHED_MS), limit: BATCH }
  const paid = await deps.store.listBookingIds(deps.db, { statuses: ['PAID', 'PENDING_TICKET'], ...filter })
  const late = await deps.store.listLatePaymentBookingIds(deps.db, filter)
  const faults: unknown[] = []
  for (const id of paid) await advanceBooking(deps, id).catch((error: unknown) => faults.push(error))
  for (const id of late) await judgeLatePayment(deps, id).catch((error: unknown) => faults.push(error))
  if (faults.length > 0)
    throw new AggregateError(faults, `${faults.length} of ${paid.length + late.length} bookings could not be carried on`)
  return paid.length + late.length
}
