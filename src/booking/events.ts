import type { Tx } from '../platform/postgres.ts'
import type { FailureReason } from './booking.ts'
import type { BookingDeps } from './deps.ts'

/** What booking announces. Bodies hold ids and facts, never people. */
export type BookingEvents = {
  'booking.placed': { provider: string; offerId: string; amount: number; currency: string }
  'booking.payment_started': Record<string, never>
  /** `paymentId` is null where the guest pays at the property. */
  'booking.paid': { paymentId: string | null }
  'booking.sent_to_supplier': { attemptId: string; operation: string; reference: string }
  'booking.reserved': { attemptId: string; pnr: string }
  'booking.in_doubt': { attemptId: string; operation: string; cause: string; answerBy: string | null }
  'booking.requoted': { attemptId: string; outcome: string }
  'booking.ticketed': { pnr: string; tickets: number }
  'booking.document_issued': { key: string }
  'booking.refund_pending': { reason: FailureReason; refundId: string }
  'booking.refund_completed': { refundId: string }
  'booking.refund_failed': { refundId: string }
  'booking.late_payment': { paymentId: string; refundId: string }
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
