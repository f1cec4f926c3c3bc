import { addedSlices, firstItem, readRefundName, refundDueBy, removedSlices, type Booking, type BookingItem } from '../booking/index.ts'
import { formatMoney } from '../kernel/money.ts'
import { plusMs } from '../kernel/time.ts'
import type { Notice } from '../notifications/index.ts'
import type { Refund } from '../payments/index.ts'
import { isStay, sellerWord } from '../travel/offer.ts'
import { cancellationWords } from '../travel/stay-words.ts'
import { shareOfPrice } from '../travel/stay.ts'
import type { WorkerDeps } from './deps.ts'
import { ticketedItems, ticketsByPassenger } from './issue-documents.ts'

/** The event a mail tells of, and whose it is. */
export type News = { readonly eventId: string; readonly bookingId: string }

/** A person looks at a refused refund and writes within this. */
const NEWS_DAYS = 2

function noticeOf(booking: Booking, news: News): Notice {
  return {
    eventId: news.eventId,
    bookingId: booking.id,
    bookingReference: booking.reference,
    to: booking.contact.email,
    seller: sellerWord(firstItem(booking).offer),
  }
}

/** Mails an item's tickets with the e-ticket attached, or the confirmation of a stay with the voucher: a mail for each item. */
export async function mailTicketed(deps: WorkerDeps, news: News & { readonly itemId?: string }): Promise<void> {
  const booking = await deps.bookings.get(news.bookingId)
  const ticketed = ticketedItems(booking)
  const item = ticketed.find((one) => one.id === news.itemId) ?? ticketed[0]
  const document = item?.documentKey ? await deps.fulfilment.readDocument(item.documentKey) : undefined
  if (!item || !document || item.pnr === null) throw new Error(`${booking.id} has no document to mail`)
  const letter = { ...noticeOf(booking, news), seller: sellerWord(item.offer), total: item.price, document }
  // The first item's mail keeps the name that notices had when bookings had one item.
  // One that is issued anew, for flights the airline has changed, is mailed too.
  const changes = (await deps.bookings.scheduleChanges?.list(booking.id)) ?? []
  const accepted = changes.findLast((one) => one.itemId === item.id && one.answer?.action === 'accept' && one.answer.state === 'ok')
  const first = item === firstItem(booking) ? 'ticketed' : (`ticketed:${item.id}` as const)
  const kind = accepted ? (`ticketed:${accepted.id}` as const) : first
  await deps.bookings.sendNotice(booking.id, kind, () => sendTicketed(deps, booking, { ...item, pnr: item.pnr! }, letter))
}

type TicketedLetter = Notice & { readonly total: BookingItem['price']; readonly document: Buffer }

function sendTicketed(
  deps: WorkerDeps,
  booking: Booking,
  item: BookingItem & { readonly pnr: string },
  letter: TicketedLetter,
): Promise<void> {
  const { offer, pnr, price } = item
  if (!isStay(offer)) {
    const passengers = ticketsByPassenger({ passengers: booking.passengers, tickets: item.tickets })
    return deps.notifications.sendTicketed({ ...letter, pnr, passengers, slices: offer.slices, fares: offer.passengers })
  }
  return deps.notifications.sendStayConfirmed({
    ...letter,
    confirmation: pnr,
    stay: offer,
    guests: booking.passengers.map(({ givenName, familyName }) => `${givenName} ${familyName}`),
    cancelling: cancellationWords(offer, (penalty) => formatMoney(shareOfPrice(price, offer.total, penalty))),
  })
}

/** Mails that the airline's answer is late, unless it has come in the meantime. */
export async function mailConfirming(deps: WorkerDeps, news: News): Promise<void> {
  const booking = await deps.bookings.get(news.bookingId)
  const answerBy = booking.answerPromisedBy
  if (booking.status !== 'PENDING_TICKET' || answerBy === null) return
  const letter = { ...noticeOf(booking, news), total: booking.total, answerBy }
  await deps.bookings.sendNotice(booking.id, 'confirming', () => deps.notifications.sendConfirming(letter))
}

/** A refund's event names it; those of earlier releases did not, and had one. */
type RefundNews = News & { readonly refundId?: string }

async function refundOf(deps: WorkerDeps, { bookingId, refundId }: RefundNews): Promise<Refund> {
  const refunds = await deps.payments.refundsOf(bookingId)
  const refund = refunds.find((one) => one.id === refundId) ?? refunds.at(-1)
  if (!refund) throw new Error(`${bookingId} has no refund to write about`)
  return refund
}

/** Of several refunds each has its mails; the one of all that could not be had keeps the name it had when it was the only one. */
function refundNotice<Kind extends 'refund_pending' | 'refund_completed' | 'refund_failed'>(
  kind: Kind,
  refund: Refund,
): Kind | `${Kind}:${string}` {
  return readRefundName(refund.reason).ofItem === undefined ? kind : `${kind}:${refund.id}`
}

/** Mails that the full amount is coming back, why, and by when. */
export async function mailRefundPending(deps: WorkerDeps, news: RefundNews): Promise<void> {
  const [booking, refund] = [await deps.bookings.get(news.bookingId), await refundOf(deps, news)]
  const letter = {
    ...noticeOf(booking, news),
    amount: refund.amount,
    reason: readRefundName(refund.reason).reason,
    dueBy: refundDueBy(refund),
  }
  await deps.bookings.sendNotice(booking.id, refundNotice('refund_pending', refund), () => deps.notifications.sendRefundOnItsWay(letter))
}

/** Mails that a payment came too late and goes back. */
export async function mailLatePayment(deps: WorkerDeps, news: News): Promise<void> {
  const [booking, refund] = [await deps.bookings.get(news.bookingId), await refundOf(deps, news)]
  const letter = { ...noticeOf(booking, news), amount: refund.amount, reason: 'late_payment' as const, dueBy: refundDueBy(refund) }
  await deps.bookings.sendNotice(booking.id, 'late_payment', () => deps.notifications.sendRefundOnItsWay(letter))
}

/** Mails that the gateway has given the money to the bank. */
export async function mailRefundCompleted(deps: WorkerDeps, news: RefundNews): Promise<void> {
  const [booking, refund] = [await deps.bookings.get(news.bookingId), await refundOf(deps, news)]
  const letter = {
    ...noticeOf(booking, news),
    amount: refund.amount,
    sentAt: refund.completedAt ?? deps.clock.now(),
    dueBy: refundDueBy(refund),
  }
  await deps.bookings.sendNotice(booking.id, refundNotice('refund_completed', refund), () => deps.notifications.sendRefundCompleted(letter))
}

/** Mails that the refund was refused and who takes care of it. */
export async function mailRefundFailed(deps: WorkerDeps, news: RefundNews): Promise<void> {
  const [booking, refund] = [await deps.bookings.get(news.bookingId), await refundOf(deps, news)]
  const letter = { ...noticeOf(booking, news), amount: refund.amount, newsBy: plusMs(deps.clock.now(), NEWS_DAYS * 86_400_000) }
  await deps.bookings.sendNotice(booking.id, refundNotice('refund_failed', refund), () => deps.notifications.sendRefundDelayed(letter))
}

/** Mails that the booking has ended without a charge: not paid in time, or not confirmed where nothing was to be paid. */
export async function mailCancelled(deps: WorkerDeps, news: News): Promise<void> {
  const booking = await deps.bookings.get(news.bookingId)
  const letter = { ...noticeOf(booking, news), total: booking.total, paymentRequiredBy: booking.paymentRequiredBy }
  const { failureReason: reason } = booking
  await deps.bookings.sendNotice(booking.id, 'cancelled', () =>
    reason === null ? deps.notifications.sendPaymentExpired(letter) : deps.notifications.sendNotConfirmed({ ...letter, reason }),
  )
}

/** Mails what the airline has changed, unless it has been answered or changed again meanwhile; then there is other news. */
export async function mailScheduleChange(deps: WorkerDeps, news: News & { readonly changeId: string }): Promise<void> {
  const booking = await deps.bookings.get(news.bookingId)
  const changes = (await deps.bookings.scheduleChanges?.list(booking.id)) ?? []
  const change = changes.find((one) => one.id === news.changeId)
  if (!change || change.answer || changes.findLast((one) => one.itemId === change.itemId) !== change) return
  const { kind, isMaterial, actions, respondBy } = change
  const told = { kind, isMaterial, actions, respondBy, removed: removedSlices(change), added: addedSlices(change) }
  await deps.bookings.sendNotice(booking.id, `schedule_change:${change.id}`, () =>
    deps.notifications.sendScheduleChanged({ ...noticeOf(booking, news), seller: 'airline', ...told }),
  )
}
