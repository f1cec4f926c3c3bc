import type { Tx } from '../platform/postgres.ts'
import type { BookingDeps } from './deps.ts'
import type { FailureReason } from './machine/index.ts'

/** What booking announces. Bodies hold ids and facts, never people. */
export type BookingEvents = {
  'booking.placed': { offerIds: readonly string[]; amount: number; currency: string }
  'booking.payment_started': Record<string, never>
  /** `paymentId` is null where the guest pays at the property. */
  'booking.paid': { paymentId: string | null }
  'booking.sent_to_supplier': { itemId: string; attemptId: string; operation: string; reference: string }
  'booking.reserved': { itemId: string; attemptId: string; pnr: string }
  'booking.in_doubt': { itemId: string; attemptId: string; operation: string; cause: string; answerBy: string | null }
  'booking.requoted': { itemId: string; attemptId: string; outcome: string }
  'booking.ticketed': { pnr: string; tickets: number }
  'booking.document_issued': { itemId: string; key: string }
  'booking.refund_pending': { reason: FailureReason; refundId: string }
  'booking.refund_completed': { refundId: string }
  'booking.refund_failed': { refundId: string }
  /** Money for a booking that was cancelled for want of it: whether it is still good for anything is found out next. */
  'booking.late_payment_arrived': { paymentId: string }
  'booking.reinstated': { paymentId: string }
  /** Money that goes back in full, because nobody waited for it. */
  'booking.late_payment': { paymentId: string; refundId: string }
  /** A reservation found at the supplier after the booking had ended has been given back. */
  'booking.orphan_cancelled': { reference: string; supplierRef: string }
  'booking.cancelled': { reason: 'not_paid' | 'not_confirmed' }
}

/** Records an event of a booking inside the transaction that makes it true. */
export function announce<Name extends keyof BookingEvents>(
  deps: Pick<BookingDeps, 'records'>,
  tx: Tx,
  name: Name,
  bookingId: string,
  body: BookingEvents[Name],
  actor = 'farewire',
): Promise<void> {
  return deps.records.recordEvent(tx, { name, subjectId: bookingId, body, actor })
}
