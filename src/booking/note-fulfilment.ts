import { announce } from './events.ts'
import type { BookingDeps } from './deps.ts'
import { withBooking } from './store.ts'

/** Notes where the e-ticket lies, and announces it once. */
export async function noteDocument(deps: BookingDeps, bookingId: string, key: string): Promise<void> {
  await withBooking(deps, bookingId, async (tx, booking, change) => {
    if (booking.documentKey !== null) return
    await change({ documentKey: key })
    await announce(tx, 'booking.document_issued', booking.id, { key })
  })
}

export type NoticeKind = 'ticketed' | 'confirming' | 'refund_pending' | 'refund_completed' | 'refund_failed' | 'cancelled' | 'late_payment'

/**
 * Sends a mail about a booking unless one of its kind has been sent. It is noted after the mail server took it: a
 * process that dies in between sends it a second time under the same Message-ID, which is better than never.
 */
export async function sendNotice(
  deps: Pick<BookingDeps, 'db'>,
  bookingId: string,
  kind: NoticeKind,
  send: () => Promise<void>,
): Promise<void> {
  const sent = await deps.db
    .selectFrom('booking.notices')
    .select('kind')
    .where('booking_id', '=', bookingId)
    .where('kind', '=', kind)
    .executeTakeFirst()
  if (sent) return
  await send()
  await deps.db
    .insertInto('booking.notices')
    .values({ booking_id: bookingId, kind })
    .onConflict((conflict) => conflict.columns(['booking_id', 'kind']).doNothing())
    .execute()
}
