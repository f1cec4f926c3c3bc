import type { WorkerDeps } from './deps.ts'

/** Tells search that a supplier has confirmed an item: what may be looked at it grows with what is booked at it. */
export async function countBooking(
  deps: Pick<WorkerDeps, 'bookings'> & { readonly search: Pick<WorkerDeps['search'], 'noteBooking'> },
  bookingId: string,
  itemId: string,
): Promise<void> {
  const item = (await deps.bookings.get(bookingId)).items.find((one) => one.id === itemId)
  if (item) await deps.search.noteBooking(item.provider, item.id)
}
