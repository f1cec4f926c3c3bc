import { plusMs } from '../kernel/time.ts'
import { advanceBooking } from './advance-booking.ts'
import type { Booking } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { expireBookings } from './expire-bookings.ts'
import { attachReservation, cancelOrphan, giveUpBooking, probeBooking } from './help-in-doubt.ts'
import { requestRefundAgain } from './request-refund-again.ts'
import { judgeLatePayment } from './judge-late-payment.ts'
import { markPaid, type CapturedPayment } from './mark-paid.ts'
import { sendNotice, noteDocument, type NoticeKind } from './note-fulfilment.ts'
import { noteRefundCompleted, noteRefundFailed, type RefundNews } from './note-refund.ts'
import { payBooking, type PayOrder } from './pay-booking.ts'
import { placeBooking, type Order } from './place-booking.ts'
import { bookingUnknown, scheduleChangeUnknown } from './problems.ts'
import { resumeBookings } from './resume-bookings.ts'
import { createScheduleChanges, type ChangeOrder } from './schedule-changes/index.ts'
import { noteFoundOrphan, sweepOrphans, type OrphanFound } from './sweep-orphans.ts'
import { settleInDoubt } from './settle-in-doubt.ts'
import { verifyOffer } from './verify-offer.ts'
import { viewBooking } from './view-booking.ts'

export { firstItem, type Booking, type BookingItem } from './booking.ts'
export { bookingStore, type BookingStore } from './booking-store.ts'
export type { BookingDeps, BookingPolicy } from './deps.ts'
export type { BookingEvents } from './events.ts'
export type { FailureReason } from './machine/index.ts'
export { readRefundName } from './refund-name.ts'
export { bookingRoutes } from './routes.ts'
export { addedSlices, removedSlices, scheduleChangeRoutes, scheduleChangeStore, type AnsweredChange } from './schedule-changes/index.ts'
export { refundDueBy } from './view-booking.ts'

/** What the rest of Farewire may ask of booking. Every use case may be called again: repetition is harmless. */
export function createBookings(deps: BookingDeps) {
  const { changes } = deps
  const scheduleChanges = changes ? createScheduleChanges({ ...deps, changes }) : null
  return {
    /** What airlines change about tickets; null where nobody watches. */
    scheduleChanges,
    answerScheduleChange: async (order: ChangeOrder): Promise<void> => {
      if (!scheduleChanges) throw scheduleChangeUnknown()
      await scheduleChanges.answer(order)
    },
    verify: (offerId: string) => verifyOffer(deps, offerId),
    place: (order: Order) => placeBooking(deps, order),
    pay: (order: PayOrder) => payBooking(deps, order),
    view: (bookingId: string) => viewBooking(deps, bookingId),
    get: async (bookingId: string): Promise<Booking> => {
      const booking = await deps.store.findBooking(deps.db, bookingId)
      if (!booking) throw bookingUnknown({ more: { booking_id: bookingId } })
      return booking
    },
    markPaid: (payment: CapturedPayment) => markPaid(deps, payment),
    judgeLatePayment: (bookingId: string) => judgeLatePayment(deps, bookingId),
    advance: (bookingId: string) => advanceBooking(deps, bookingId),
    /** Asks for a failed refund once more. */
    requestRefundAgain: (refundId: string) => requestRefundAgain(deps, refundId),
    probe: (bookingId: string) => probeBooking(deps, bookingId),
    attachReservation: (input: { bookingId: string; supplierRef: string }) => attachReservation(deps, input),
    giveUp: (bookingId: string) => giveUpBooking(deps, bookingId),
    cancelOrphan: (input: { bookingId: string; supplierRef: string | null }) => cancelOrphan(deps, input),
    /** Has the sweep look for, and cancel, what an ended booking has with its supplier. Does nothing for a booking that has not ended. */
    noteOrphan: (input: OrphanFound) => noteFoundOrphan(deps, input),
    sweepOrphans: () => sweepOrphans(deps),
    settleInDoubt: () => settleInDoubt(deps),
    resume: () => resumeBookings(deps),
    expire: () => expireBookings(deps),
    /** Forgets live confirmations a day after they ended. */
    forgetOffers: () => deps.store.forgetVerifiedOffers(deps.db, plusMs(deps.clock.now(), -86_400_000)),
    noteDocument: (bookingId: string, document: { itemId: string; key: string }) => noteDocument(deps, bookingId, document),
    noteRefundCompleted: (news: RefundNews) => noteRefundCompleted(deps, news),
    noteRefundFailed: (news: RefundNews) => noteRefundFailed(deps, news),
    sendNotice: (bookingId: string, kind: NoticeKind, send: () => Promise<void>) => sendNotice(deps, bookingId, kind, send),
  }
}

export type Bookings = ReturnType<typeof createBookings>
