import type { Booking, Refund } from '../api/types.ts'
import type { WireState } from '../ui/wire.tsx'
import { isPaidThere, sellerOf, type Seller } from './goods.ts'

export type Stage = { key: string; state: WireState; label: string; detail?: string; at?: string }

const reasons: Record<Seller, Record<string, string>> = {
  airline: {
    sold_out: 'The airline sold the last seat before your ticket was issued.',
    price_changed: 'The airline raised the price after you paid. No dearer price is accepted for you.',
    rejected: 'The airline refused the booking.',
    no_answer: 'The airline did not answer in time.',
    late_payment: 'The payment arrived after the time to pay had ended.',
    schedule_change: 'The airline changed your flight, and you gave the ticket back.',
  },
  hotel: {
    sold_out: 'The hotel sold its last room before it confirmed yours.',
    price_changed: 'The hotel raised the price after you paid. No dearer price is accepted for you.',
    rejected: 'The hotel refused the booking.',
    no_answer: 'The hotel did not answer in time.',
    late_payment: 'The payment arrived after the time to pay had ended.',
  },
}

const stageWords = {
  airline: {
    sent: 'Sent to the airline',
    reserved: 'Seats reserved',
    done: 'Ticketed',
    documents: 'Documents',
    writing: 'The e-ticket is being written',
    refused: 'Not ticketed',
  },
  hotel: {
    sent: 'Sent to the hotel',
    reserved: 'Rooms reserved',
    done: 'Confirmed',
    documents: 'Voucher',
    writing: 'The voucher is being written',
    refused: 'Not confirmed',
  },
} as const

/** Why there is a refund instead of what was booked, in words. */
export function reasonWords(refund: Refund | null, seller: Seller): string {
  const unknown = seller === 'hotel' ? 'The hotel did not confirm the booking.' : 'The airline did not issue the ticket.'
  return refund === null ? unknown : (reasons[seller][refund.reason] ?? unknown)
}

/** The booking as stages on the wire, each with the time it was reached; a refund replaces what will not happen. */
export function toStages(booking: Booking): Stage[] {
  const words = stageWords[sellerOf(booking)]
  const at = (event: string) => booking.timeline.find((entry) => entry.event === event)?.at
  const placed: Stage = { key: 'placed', state: 'done', label: 'Placed', ...timed(at('booking.placed') ?? booking.created_at) }
  if (booking.stage === 'cancelled') return [placed, ...cancelledStages(booking, at)]
  const paid = paidStage(booking, at('booking.paid'))
  const sentAt = at('booking.sent_to_supplier')
  const isPaid = booking.stage !== 'awaiting_payment'
  const sent: Stage = {
    key: 'sent',
    label: words.sent,
    state: sentAt !== undefined ? 'done' : isPaid && booking.stage === 'confirming' ? 'now' : 'todo',
    ...(booking.pnr === null ? {} : { detail: words.reserved }),
    ...timed(sentAt),
  }
  if (booking.stage === 'refunding' || booking.stage === 'refunded')
    return [placed, paid, ...(sentAt === undefined ? [] : [sent]), ...refundStages(booking, at)]
  const ticketedAt = at('booking.ticketed')
  const documentAt = at('booking.document_issued')
  const isTicketed = booking.stage === 'ticketed'
  const hasDocument = booking.documents.length > 0
  return [
    placed,
    paid,
    sent,
    {
      key: 'ticketed',
      label: words.done,
      state: isTicketed ? 'done' : sentAt !== undefined ? 'now' : 'todo',
      ...(isTicketed || sentAt === undefined ? {} : { detail: waitingWords(booking) }),
      ...timed(ticketedAt),
    },
    {
      key: 'documents',
      label: words.documents,
      state: hasDocument ? 'done' : isTicketed ? 'now' : 'todo',
      ...(isTicketed && !hasDocument ? { detail: words.writing } : {}),
      ...timed(documentAt),
    },
  ]
}

/** True while the seller's reply to something we sent has been lost and is being looked up. */
export function isInDoubt(booking: Booking): boolean {
  const last = booking.timeline
    .filter((entry) => entry.event === 'booking.in_doubt' || entry.event === 'booking.reserved' || entry.event === 'booking.ticketed')
    .at(-1)
  return booking.stage === 'confirming' && last?.event === 'booking.in_doubt'
}

/** True for a booking that ended because the seller said no before anything was paid. */
export function wasRefused(booking: Booking): boolean {
  return booking.stage === 'cancelled' && booking.timeline.some((entry) => entry.event === 'booking.sent_to_supplier')
}

function paidStage(booking: Booking, paidAt: string | undefined): Stage {
  if (isPaidThere(booking)) {
    const isWaiting = booking.stage === 'awaiting_payment'
    return {
      key: 'paid',
      state: isWaiting ? 'act' : 'done',
      label: 'Nothing to pay now',
      detail: isWaiting ? 'Waiting for you to send it to the hotel.' : 'You pay at the hotel.',
      ...timed(paidAt),
    }
  }
  if (booking.stage === 'awaiting_payment')
    return { key: 'paid', state: 'act', label: 'Payment', detail: 'Waiting for you. Nothing charged yet.' }
  return { key: 'paid', state: 'done', label: 'Paid', ...timed(paidAt) }
}

function cancelledStages(booking: Booking, at: (event: string) => string | undefined): Stage[] {
  const seller = sellerOf(booking)
  const isRefused = wasRefused(booking)
  const cancelled: Stage = {
    key: 'cancelled',
    state: 'failed',
    label: isRefused ? stageWords[seller].refused : isPaidThere(booking) ? 'Not sent in time' : 'Not paid in time',
    ...(booking.money_moved === 'none' ? { detail: 'Cancelled. Nothing charged.' } : {}),
    ...timed(at('booking.cancelled')),
  }
  return at('booking.late_payment') === undefined ? [cancelled] : [cancelled, ...refundStages(booking, at).slice(1)]
}

function refundStages(booking: Booking, at: (event: string) => string | undefined): Stage[] {
  const seller = sellerOf(booking)
  const startedAt = at('booking.refund_pending') ?? at('booking.late_payment')
  const isSent = booking.refund?.state === 'completed'
  const hasFailed = booking.refund?.state === 'failed'
  return [
    {
      key: 'refused',
      state: 'failed',
      label: booking.refund?.reason === 'schedule_change' ? 'Ticket given back' : stageWords[seller].refused,
      detail: reasonWords(booking.refund, seller),
      ...timed(startedAt),
    },
    { key: 'refund-started', state: 'done', label: 'Refund started', ...timed(startedAt) },
    {
      key: 'refund-sent',
      state: hasFailed ? 'failed' : isSent ? 'done' : 'now',
      label: hasFailed ? 'Refund held up' : 'Refund sent to your bank',
      ...(hasFailed ? { detail: 'The bank refused it. We are taking care of it and will e-mail you.' } : {}),
      ...timed(at('booking.refund_completed') ?? at('booking.refund_failed')),
    },
  ]
}

function waitingWords(booking: Booking): string {
  const seller = sellerOf(booking)
  return isInDoubt(booking) ? `The ${seller}'s answer was lost. We are asking again, not ordering again.` : `Waiting for the ${seller}`
}

function timed(at: string | undefined): { at?: string } {
  return at === undefined ? {} : { at }
}
