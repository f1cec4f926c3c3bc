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
  /** A ticket is given back in full; its refund follows once its supplier has let go of it. */
  'booking.cancellation_agreed': { itemId: string }
  /** Its supplier keeps the ticket valid: the traveller has it still, and a person has been told. */
  'booking.cancellation_refused': { itemId: string }
  /** The airline has changed flights that were ticketed. `isMaterial`: the traveller is asked. */
  'booking.schedule_changed': { changeId: string; itemId: string; seq: number; kind: 'changed' | 'cancelled'; isMaterial: boolean }
  'booking.schedule_change_withdrawn': { changeId: string; itemId: string; seq: number }
  'booking.schedule_change_answered': {
    changeId: string
    answerId: string
    itemId: string
    seq: number
    action: 'accept' | 'refund'
    by: 'traveller' | 'deadline'
  }
  /** Nobody answered in time and there is no default: a person has been told. */
  'booking.schedule_change_unanswered': { changeId: string; itemId: string; seq: number }
  'booking.schedule_change_accepted': { changeId: string; itemId: string; seq: number }
  /** The airline did not take the answer; a person has been told. */
  'booking.schedule_change_not_accepted': { changeId: string; itemId: string; seq: number }
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
