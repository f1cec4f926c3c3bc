import { toIso } from '../kernel/time.ts'
import { sellerWord } from '../travel/offer.ts'
import { firstItem, type Booking } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import type { BookingEvents } from './events.ts'

export type TimelineEntry = { at: string; event: string; text: string }

/** What each event means to the traveller; null keeps what is only ours from the page. */
const words: { [Name in keyof BookingEvents]: (body: BookingEvents[Name], seller: 'airline' | 'hotel') => string | null } = {
  'booking.placed': () => 'Booking placed',
  'booking.payment_started': () => 'Payment page opened',
  'booking.paid': (body) => (body.paymentId === null ? 'Nothing to pay now: you pay at the hotel' : 'Payment received'),
  'booking.sent_to_supplier': (body, seller) =>
    ({ book: `Sent to the ${seller}`, ticket: 'Ticket ordered', cancel: 'Reservation given back' })[body.operation] ?? null,
  'booking.reserved': (body, seller) => `Reserved by the ${seller}: ${body.pnr}`,
  'booking.in_doubt': (_, seller) => `The ${seller}'s answer was lost. We are asking again`,
  'booking.requoted': (body, seller) =>
    body.outcome === 'affordable'
      ? `The ${seller} asked us to book again at the same price`
      : `The ${seller} raised the price after you paid`,
  'booking.ticketed': (body, seller) => `${seller === 'hotel' ? 'Confirmed' : 'Ticketed'}: ${body.pnr}`,
  'booking.document_issued': (_, seller) => (seller === 'hotel' ? 'Voucher ready' : 'E-ticket ready'),
  'booking.cancellation_agreed': (_, seller) => `You give the ${seller === 'hotel' ? 'booking' : 'ticket'} back, for a full refund`,
  'booking.cancellation_refused': (_, seller) => `The ${seller} did not take it back. A colleague is taking care of it`,
  'booking.schedule_changed': (body) =>
    body.kind === 'cancelled'
      ? 'The airline has cancelled your flight'
      : body.isMaterial
        ? 'The airline has changed your flight and wants your answer'
        : 'The airline has changed your flight slightly. Nothing for you to do',
  'booking.schedule_change_withdrawn': () => 'The airline has taken its change back',
  'booking.schedule_change_answered': (body) =>
    body.action === 'refund'
      ? null
      : body.by === 'deadline'
        ? 'The small change was accepted for you'
        : 'You accepted the new flight. We are telling the airline',
  'booking.schedule_change_unanswered': () => 'The time to answer has ended. A colleague is taking care of it',
  'booking.schedule_change_accepted': () => 'The airline has confirmed the new flight',
  'booking.schedule_change_not_accepted': () => 'The airline did not confirm the new flight. A colleague is taking care of it',
  'booking.refund_pending': (body) => (body.reason === 'schedule_change' ? 'Refund of the changed ticket started' : 'Full refund started'),
  'booking.refund_completed': () => 'Refund sent to your bank',
  'booking.refund_failed': () => 'The refund was refused. A colleague is taking care of it',
  'booking.late_payment_arrived': () => 'A payment came after the time to pay. We are asking whether the trip can still be had for it',
  'booking.reinstated': () => 'The trip can still be had: your payment is used for it',
  'booking.late_payment': () => 'A payment came too late and is being returned in full',
  'booking.orphan_cancelled': () => null,
  'booking.cancelled': (body, seller) =>
    body.reason === 'not_paid' ? 'Cancelled: not paid in time' : `Cancelled: the ${seller} did not confirm, nothing was charged`,
}

/** What has happened to a booking, oldest first, in words. */
export async function tellTimeline(deps: Pick<BookingDeps, 'db' | 'records'>, booking: Booking): Promise<TimelineEntry[]> {
  const events = await deps.records.listEvents(deps.db, booking.id)
  return events.flatMap((event) => {
    const tell = words[event.name as keyof BookingEvents] as ((body: unknown, seller: string) => string | null) | undefined
    const { itemId } = event.body as { itemId?: string }
    const { offer } = booking.items.find((item) => item.id === itemId) ?? firstItem(booking)
    const text = tell?.(event.body, sellerWord(offer)) ?? null
    return text === null ? [] : [{ at: toIso(event.occurredAt), event: event.name, text }]
  })
}
