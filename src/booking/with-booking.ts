import type { Tx } from '../platform/postgres.ts'
import { moveTo, StaleBooking, type Booking, type BookingChange } from './booking.ts'
import type { BookingDeps } from './deps.ts'

/** What a piece of work on one booking is given: the booking as read, and the way to change it. */
export type BookingWork<T> = (tx: Tx, booking: Booking, change: (change: BookingChange) => Promise<Booking>) => Promise<T>

const ROUNDS_MAX = 8

/**
 * Reads a booking, lets `work` decide, and writes its change only if nobody else has written since (`WHERE version =
 * read_version`); otherwise all of `work`'s statements are rolled back and it decides again. Throws when there is no such booking.
 */
export async function withBooking<T>(
  deps: Pick<BookingDeps, 'db' | 'clock' | 'store' | 'records'>,
  id: string,
  work: BookingWork<T>,
): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await deps.records.transact(deps.db, async (tx) => {
        const booking = await deps.store.findBooking(tx, id)
        if (!booking) throw new Error(`there is no booking ${id}`)
        let current = booking
        return work(tx, booking, async (change) => {
          if (change.status && change.status !== current.status) moveTo(current, change.status)
          current = await deps.store.updateBooking(tx, current, change, deps.clock.now())
          return current
        })
      })
    } catch (error) {
      if (!(error instanceof StaleBooking) || round >= ROUNDS_MAX) throw error
    }
  }
}
