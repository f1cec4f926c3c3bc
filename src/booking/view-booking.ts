import { toMoneyText } from '../kernel/money.ts'
import { plusMs, toIso, type Instant } from '../kernel/time.ts'
import type { Refund, LedgerEntry } from '../payments/index.ts'
import { isStay, sellerWord } from '../travel/offer.ts'
import type { Attempt } from './attempt.ts'
import { firstItem, type Booking, type BookingItem } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { isFinal, isHeldByTraveller, type BookingStatus } from './machine/index.ts'
import { toOfferJson } from './offer-json.ts'
import { bookingUnknown } from './problems.ts'
import { readRefundName } from './refund-name.ts'
import { toChangesView, type AnsweredChange } from './schedule-changes/index.ts'
import type { BookingView } from './schemas.ts'
import { tellTimeline, type TimelineEntry } from './timeline.ts'

const stages: Record<BookingStatus, BookingView['stage']> = {
  INIT: 'awaiting_payment',
  PENDING_PAYMENT: 'awaiting_payment',
  PAID: 'confirming',
  PENDING_TICKET: 'confirming',
  TICKETED: 'ticketed',
  REFUND_PENDING: 'refunding',
  REFUNDED: 'refunded',
  CANCELLED: 'cancelled',
}

/** Everything a traveller may see of a booking. Throws booking-unknown. */
export async function viewBooking(deps: BookingDeps, bookingId: string): Promise<BookingView> {
  const booking = await deps.store.findBooking(deps.db, bookingId)
  if (!booking) throw bookingUnknown({ more: { booking_id: bookingId } })
  const [attempts, entries, refunds, timeline, changes] = await Promise.all([
    // Each carries an offer and a reservation, and all they tell a traveller is whether an answer is missing.
    isAwaited(booking) ? deps.store.listAttempts(deps.db, bookingId) : [],
    deps.payments.ledgerOf(bookingId),
    deps.payments.refundsOf(bookingId),
    tellTimeline(deps, booking),
    deps.changes?.listChanges(deps.db, bookingId) ?? [],
  ])
  const ledger = entries.filter((entry) => !OF_STAFF.has(entry.eventType))
  return toBookingView(booking, { attempts, ledger, refunds, timeline, changes })
}

/** What the customer's bank contests, and what we wrote off, is our staff's, who see it in the work item and the books. */
const OF_STAFF: ReadonlySet<LedgerEntry['eventType']> = new Set(['CHARGEBACK', 'WRITE_OFF', 'WRITE_OFF_REVERSED'])

type Story = {
  attempts: readonly Attempt[]
  ledger: readonly LedgerEntry[]
  refunds: readonly Refund[]
  timeline: TimelineEntry[]
  changes: readonly AnsweredChange[]
}

function toBookingView(booking: Booking, story: Story): BookingView {
  const refund = story.refunds.at(-1)
  const items = booking.items.map((item) => toItemView(booking, item))
  const first = items[0]!
  return {
    id: booking.id,
    reference: booking.reference,
    status: booking.status,
    stage: stages[booking.status],
    version: booking.version,
    total: toMoneyText(booking.total),
    offer: first.offer,
    passengers: booking.passengers.map((p) => ({ type: p.type, title: p.title, given_name: p.givenName, family_name: p.familyName })),
    contact: { email: maskEmail(booking.contact.email), phone: `…${booking.contact.phone.slice(-3)}` },
    pnr: first.pnr,
    tickets: first.tickets,
    documents: items.flatMap((item) => item.documents),
    items,
    payment_required_by: toIso(booking.paymentRequiredBy),
    promise: promiseOf(booking, story.attempts),
    refund: refund ? toRefundView(refund) : null,
    schedule_changes: toChangesView(booking, story.changes),
    timeline: story.timeline,
    money_moved: moneyMovedOf(story.ledger),
    ledger: story.ledger.map((entry) => ({
      event_type: entry.eventType,
      account: entry.account,
      ...toMoneyText(entry.amount),
      at: toIso(entry.at),
    })),
    created_at: toIso(booking.createdAt),
    updated_at: toIso(booking.updatedAt),
  }
}

function toItemView(booking: Booking, item: BookingItem): BookingView['items'][number] {
  return {
    id: item.id,
    offer: toOfferJson({ offer: item.offer, total: item.price }),
    payment: item.payment,
    ticketing: ticketingOf(item),
    refund: item.refund,
    pnr: item.pnr,
    tickets: item.tickets.map((ticket) => ({ number: ticket.number, passenger_name: ticket.passengerName })),
    documents: item.documentKey && isHeldByTraveller(item) ? [toDocumentView(booking, item)] : [],
  }
}

function ticketingOf(item: BookingItem): BookingView['items'][number]['ticketing'] {
  if (item.write && item.position !== 'returning') return item.write.state === 'unknown' ? 'in_doubt' : 'in_progress'
  switch (item.position) {
    case 'waiting':
    case 'ticketed':
    case 'returning':
      return item.position
    case 'repriced':
      return 'in_progress'
    case 'booked':
      return 'reserved'
    case 'unusable':
    case 'refused':
    case 'released':
    case 'left_over':
      return 'not_ticketed'
  }
}

function toDocumentView(booking: Booking, item: BookingItem): BookingView['documents'][number] {
  const kind = isStay(item.offer) ? 'voucher' : 'e-ticket'
  const which = item.id === firstItem(booking).id ? '' : `?item=${item.id}`
  return { kind, url: `/v1/bookings/${booking.id}/documents/${kind}.pdf${which}` }
}

/** Enough of an address to recognise one's own, too little to write to it. */
function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return `${email.slice(0, 1)}…${email.slice(at)}`
}

function promiseOf(booking: Booking, attempts: readonly Attempt[]): BookingView['promise'] {
  if (booking.items.some((item) => item.position === 'returning') && booking.answerPromisedBy) {
    const text =
      'We are giving your ticket back to the airline. Until it confirms, the ticket is still valid; then you get the full price back.'
    return { text, answer_by: toIso(booking.answerPromisedBy) }
  }
  if (!isAwaited(booking) || !booking.answerPromisedBy) return null
  const inDoubt = attempts.some((attempt) => attempt.state === 'unknown')
  const { offer } = booking.items.find((item) => item.write !== null) ?? firstItem(booking)
  const seller = sellerWord(offer)
  const ticket = seller === 'hotel' ? 'voucher' : 'ticket'
  const text = inDoubt
    ? `The ${seller} hasn't answered yet. Nothing else will be charged. Don't book again: we keep asking, and you get your ${ticket} or a full refund.`
    : `We are getting your ${ticket} from the ${seller}. Nothing else will be charged. You get your ${ticket} or a full refund.`
  return { text, answer_by: toIso(booking.answerPromisedBy) }
}

/** True while the traveller waits for a ticket. */
function isAwaited({ status, answerPromisedBy }: Booking): boolean {
  return !isFinal(status) && status !== 'REFUND_PENDING' && answerPromisedBy !== null
}

/** Card refunds take the bank up to ten days once it has the money. */
const BANK_DAYS = 10

/** By when the traveller has the money on the account. */
export function refundDueBy(refund: Pick<Refund, 'createdAt' | 'completedAt'>): Instant {
  return plusMs(refund.completedAt ?? refund.createdAt, BANK_DAYS * 86_400_000)
}

function toRefundView(refund: Refund): NonNullable<BookingView['refund']> {
  const heldBy = refund.status === 'completed' ? 'bank' : 'farewire'
  return {
    amount: toMoneyText(refund.amount),
    held_by: heldBy,
    due_by: toIso(refundDueBy(refund)),
    state: refund.status,
    reason: readRefundName(refund.reason).reason,
  }
}

function moneyMovedOf(ledger: readonly LedgerEntry[]): BookingView['money_moved'] {
  const atGateway = ledger.filter((entry) => entry.account === 'gateway')
  if (atGateway.length === 0) return 'none'
  return atGateway.reduce((sum, entry) => sum + entry.amount.amount, 0) > 0 ? 'captured' : 'refunded'
}
