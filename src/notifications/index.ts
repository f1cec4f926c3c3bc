import type { Clock } from '../kernel/time.ts'
import { flightNames } from '../travel/flight-names.ts'
import { renderLetter, type Letter } from './letter.ts'
import {
  toConfirmingLetter,
  toNotConfirmedLetter,
  toPaymentExpiredLetter,
  toRefundCompletedLetter,
  toRefundDelayedLetter,
  toRefundOnItsWayLetter,
  toStayConfirmedLetter,
  toTicketedLetter,
  type Confirming,
  type NotConfirmed,
  type Notice,
  type PaymentExpired,
  type RefundCompleted,
  type RefundDelayed,
  type RefundOnItsWay,
  type StayConfirmed,
  type Ticketed,
} from './letters.ts'
import { toScheduleChangedLetter, type ScheduleChanged } from './schedule-letters.ts'
import { createPost, type Mail, type PostTimeouts } from './post.ts'

export type {
  Confirming,
  NotConfirmed,
  Notice,
  PaymentExpired,
  RefundCompleted,
  RefundDelayed,
  RefundOnItsWay,
  RefundReason,
  StayConfirmed,
  Ticketed,
} from './letters.ts'
export type { ScheduleChanged } from './schedule-letters.ts'
export { MailError } from './post.ts'

export type NotificationsOptions = {
  /** "smtp://user:password@host:25", "smtps://…". */
  readonly smtpUrl: string
  /** "Farewire <tickets@farewire.example>"; its domain is that of the Message-IDs. */
  readonly from: string
  /** Where travellers reach the site. */
  readonly publicUrl: string
  readonly clock: Clock
  readonly timeouts?: Partial<PostTimeouts>
}

/**
 * Mails to travellers. Each resolves when the mail server has taken the mail and throws MailError otherwise. Sending
 * the same event's mail again repeats its Message-ID, by which mailboxes fold the two into one.
 */
export type Notifications = {
  /** The tickets are there; the e-ticket is attached. */
  readonly sendTicketed: (news: Ticketed) => Promise<void>
  /** The hotel has confirmed; the voucher is attached. */
  readonly sendStayConfirmed: (news: StayConfirmed) => Promise<void>
  /** The answer of airline or hotel is late. */
  readonly sendConfirming: (news: Confirming) => Promise<void>
  /** There is no ticket; the full amount comes back. */
  readonly sendRefundOnItsWay: (news: RefundOnItsWay) => Promise<void>
  /** The money has been given to the traveller's bank. */
  readonly sendRefundCompleted: (news: RefundCompleted) => Promise<void>
  /** The refund was refused; a person is taking care of it. */
  readonly sendRefundDelayed: (news: RefundDelayed) => Promise<void>
  /** Nothing was to be paid, and the seller did not confirm. */
  readonly sendNotConfirmed: (news: NotConfirmed) => Promise<void>
  /** The airline has changed or cancelled flights that were ticketed. */
  readonly sendScheduleChanged: (news: ScheduleChanged) => Promise<void>
  /** Nobody paid in time; nothing was charged. */
  readonly sendPaymentExpired: (news: PaymentExpired) => Promise<void>
}

/** Notifications through one SMTP server. */
export function createNotifications(options: NotificationsOptions): Notifications {
  const post = createPost(options)
  const writing = { publicUrl: options.publicUrl.replace(/\/+$/, ''), names: flightNames }
  const send = (kind: string, notice: Notice, letter: Letter, attachments: Mail['attachments'] = []): Promise<void> =>
    post({ name: `${kind}.${notice.eventId}`, to: notice.to, ...renderLetter(letter), attachments })

  return {
    sendTicketed: (news) =>
      send('booking-ticketed', news, toTicketedLetter(writing, news), [
        { filename: `e-ticket-${news.bookingReference}.pdf`, content: news.document, contentType: 'application/pdf' },
      ]),
    sendStayConfirmed: (news) =>
      send('stay-confirmed', news, toStayConfirmedLetter(writing, news), [
        { filename: `voucher-${news.bookingReference}.pdf`, content: news.document, contentType: 'application/pdf' },
      ]),
    sendConfirming: (news) => send('booking-confirming', news, toConfirmingLetter(writing, news)),
    sendRefundOnItsWay: (news) => send('refund-on-its-way', news, toRefundOnItsWayLetter(writing, news)),
    sendRefundCompleted: (news) => send('refund-completed', news, toRefundCompletedLetter(writing, news)),
    sendRefundDelayed: (news) => send('refund-delayed', news, toRefundDelayedLetter(writing, news)),
    sendNotConfirmed: (news) => send('not-confirmed', news, toNotConfirmedLetter(writing, news)),
    sendScheduleChanged: (news) => send('schedule-changed', news, toScheduleChangedLetter(writing, news)),
    sendPaymentExpired: (news) => send('payment-expired', news, toPaymentExpiredLetter(writing, news)),
  }
}
