import type { BookingEvents } from '../booking/index.ts'
import type { PaymentEvents } from '../payments/index.ts'
import type { ReportingEvents } from '../reporting/index.ts'
import { countBooking } from './count-booking.ts'
import type { WorkerDeps } from './deps.ts'
import type { Duty } from './duties.ts'
import { issueDocuments } from './issue-documents.ts'
import { mendBreak } from './mend-break.ts'
import {
  mailCancelled,
  mailConfirming,
  mailLatePayment,
  mailRefundCompleted,
  mailRefundFailed,
  mailRefundPending,
  mailScheduleChange,
  mailTicketed,
} from './send-notices.ts'

export type Events = BookingEvents & PaymentEvents & ReportingEvents

/** An event as a reaction gets it; for a booking's event `subjectId` is the booking. */
export type Happened<Name extends keyof Events> = { readonly id: string; readonly subjectId: string; readonly body: Events[Name] }

/** What happens once about an event: harmless when it happens twice. */
export type Reaction<Name extends keyof Events> = (deps: WorkerDeps, event: Happened<Name>) => Promise<unknown>

/**
 * When this has happened, these duties do that. All of it, on this page: an event without a line here does not compile, nor
 * does a reaction that is nobody's duty. Each duty has a queue of its own (duties.ts), so that none waits for another's; each
 * reaction is a job of its own, tried again by itself, so that a mail that fails never runs a ticket again; and each is
 * harmless when it runs twice. The names are part of job ids: two reactions to one event never share one, and none is used again
 * for something else.
 */
export const reactions: { readonly [Name in keyof Events]: { readonly [Of in Duty]?: Readonly<Record<string, Reaction<Name>>> } } = {
  'payment.notified': { payments: { syncPayment: (deps, { body }) => deps.payments.sync(body.paymentId) } },
  'payment.captured': { payments: { markBookingPaid: (deps, { body }) => deps.bookings.markPaid(body) } },
  'payment.failed': {},
  'payment.mismatched': {},
  // Nothing is cancelled by itself: the ticket may stand, and the case may be won.
  'payment.charged_back': {},
  'refund.requested': { refunds: { sendRefund: (deps, { body }) => deps.payments.sendRefund(body.refundId) } },
  'refund.completed': { refunds: { noteRefund: (deps, { body }) => deps.bookings.noteRefundCompleted(body) } },
  'refund.failed': { refunds: { noteRefund: (deps, { body }) => deps.bookings.noteRefundFailed(body) } },

  'booking.placed': {},
  'booking.payment_started': {},
  'booking.paid': { ticketing: { ticketBooking: (deps, { subjectId }) => deps.bookings.advance(subjectId) } },
  'booking.sent_to_supplier': {},
  'booking.reserved': { bookkeeping: { countBooking: (deps, { subjectId, body }) => countBooking(deps, subjectId, body.itemId) } },
  'booking.in_doubt': {
    notifications: { mailConfirming: (deps, { id, subjectId }) => mailConfirming(deps, { eventId: id, bookingId: subjectId }) },
  },
  'booking.requoted': {},
  'booking.ticketed': {
    documents: { issueETicket: (deps, { subjectId }) => issueDocuments(deps, subjectId) },
    'schedule-changes': { watchSchedule: async (deps, { subjectId }) => deps.bookings.scheduleChanges?.startWatching(subjectId) },
  },
  'booking.document_issued': {
    notifications: {
      mailTicketed: (deps, { id, subjectId, body }) => mailTicketed(deps, { eventId: id, bookingId: subjectId, itemId: body.itemId }),
    },
  },
  'booking.schedule_changed': {
    notifications: {
      mailChange: (deps, { id, subjectId, body }) =>
        mailScheduleChange(deps, { eventId: id, bookingId: subjectId, changeId: body.changeId }),
    },
  },
  'booking.schedule_change_withdrawn': {},
  'booking.schedule_change_answered': {
    'schedule-changes': {
      carryOut: (deps, { subjectId, body }) =>
        body.action === 'refund'
          ? deps.bookings.advance(subjectId)
          : (deps.bookings.scheduleChanges?.carryOut(subjectId, body.changeId) ?? Promise.resolve()),
    },
  },
  'booking.schedule_change_unanswered': {},
  'booking.schedule_change_accepted': { documents: { issueETicket: (deps, { subjectId }) => issueDocuments(deps, subjectId) } },
  'booking.schedule_change_not_accepted': {},
  'booking.cancellation_agreed': {},
  'booking.cancellation_refused': {},
  'booking.refund_pending': {
    notifications: {
      mailRefund: (deps, { id, subjectId, body }) =>
        mailRefundPending(deps, { eventId: id, bookingId: subjectId, refundId: body.refundId }),
    },
  },
  'booking.refund_completed': {
    notifications: {
      mailRefund: (deps, { id, subjectId, body }) =>
        mailRefundCompleted(deps, { eventId: id, bookingId: subjectId, refundId: body.refundId }),
    },
  },
  'booking.refund_failed': {
    notifications: {
      mailRefund: (deps, { id, subjectId, body }) => mailRefundFailed(deps, { eventId: id, bookingId: subjectId, refundId: body.refundId }),
    },
  },
  'booking.late_payment_arrived': { payments: { judgeLatePayment: (deps, { subjectId }) => deps.bookings.judgeLatePayment(subjectId) } },
  'booking.reinstated': {},
  'booking.late_payment': {
    notifications: { mailRefund: (deps, { id, subjectId }) => mailLatePayment(deps, { eventId: id, bookingId: subjectId }) },
  },
  'booking.orphan_cancelled': {},
  'booking.cancelled': {
    notifications: { mailCancelled: (deps, { id, subjectId }) => mailCancelled(deps, { eventId: id, bookingId: subjectId }) },
  },

  'reconciliation.break_opened': { bookkeeping: { mendBreak: (deps, { body }) => mendBreak(deps, body) } },
  'reconciliation.break_settled': {},
  'reconciliation.written_off': {},
  'reconciliation.write_off_reversed': {},
}
