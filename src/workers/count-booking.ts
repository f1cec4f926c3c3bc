import type { WorkerDeps } from './deps.ts'

/** Tells search that a supplier has confirmed a booking: what may be looked at it grows with what is booked at it. */
export async function countBooking(
  deps: Pick<WorkerDeps, 'bookings'> & { readonly search: Pick<WorkerDeps['search'], 'noteBooking'> },
  bookingId: string,
): Promise<void> {
  const { provider } = await deps.bookings.get(bookingId)
  await deps.search.noteBooking(provider, bookingId)
}
