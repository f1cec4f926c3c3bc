import { itemOf } from './booking.ts'
import { announce } from './events.ts'
import type { BookingDeps } from './deps.ts'
import { withBooking } from './with-booking.ts'

/** Notes where the e-ticket or voucher of an item lies, and announces it once. */
export async function noteDocument(deps: BookingDeps, bookingId: string, document: { itemId: string; key: string }): Promise<void> {
  const { itemId, key } = document
  await withBooking(deps, bookingId, async (tx, booking, write) => {
    if (itemOf(booking, itemId).documentKey !== null) return
    await write.note(itemId, { documentKey: key })
    await announce(deps, tx, 'booking.document_issued', booking.id, { itemId, key })
  })
}

export type NoticeKind =
  | 'ticketed'
  | `ticketed:${string}`
  | `schedule_change:${string}`
  | `refund_pending:${string}`
  | `refund_completed:${string}`
  | `refund_failed:${string}`
  | 'confirming'
  | 'refund_pending'
  | 'refund_completed'
  | 'refund_failed'
  | 'cancelled'
  | 'late_payment'

/**
 * Sends a mail about a booking unless one of its kind has been sent. It is noted after the mail server took it: a
 * process that dies in between sends it a second time under the same Message-ID, which is better than never.
 */
export async function sendNotice(
  deps: Pick<BookingDeps, 'db' | 'store'>,
  bookingId: string,
  kind: NoticeKind,
  send: () => Promise<void>,
): Promise<void> {
  if (await deps.store.isNoticeSent(deps.db, bookingId, kind)) return
  await send()
  await deps.store.noteNotice(deps.db, bookingId, kind)
}
