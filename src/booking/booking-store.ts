import { answerAttempt, claimDueAttempts, insertAttempt, listAttempts, postponeProbe, reopenAttempt } from './attempt-store.ts'
import { findDuplicate } from './duplicate-store.ts'
import { isNoticeSent, noteNotice } from './notice-store.ts'
import { claimDueOrphans, listOrphans, noteOrphan, updateOrphan } from './orphan-store.ts'
import {
  findBooking,
  findBookingPlacedBy,
  insertBooking,
  isSupplierRefTaken,
  listBookingIds,
  listLatePaymentBookingIds,
  listUnpaidBookingIds,
  updateBooking,
} from './store.ts'
import { findVerifiedOffer, forgetVerifiedOffers, saveVerifiedOffer, takePrivateOffer } from './verified-offer-store.ts'

/** Everything that booking keeps, in Postgres. */
export const bookingStore = {
  findBooking,
  findBookingPlacedBy,
  findDuplicate,
  insertBooking,
  listBookingIds,
  listLatePaymentBookingIds,
  listUnpaidBookingIds,
  updateBooking,

  answerAttempt,
  claimDueAttempts,
  insertAttempt,
  listAttempts,
  postponeProbe,
  reopenAttempt,

  findVerifiedOffer,
  forgetVerifiedOffers,
  saveVerifiedOffer,
  takePrivateOffer,

  isNoticeSent,
  noteNotice,

  claimDueOrphans,
  isSupplierRefTaken,
  listOrphans,
  noteOrphan,
  updateOrphan,
}

/** What booking asks of whatever keeps its records. */
export type BookingStore = Readonly<typeof bookingStore>
