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
  'booking.refund_pending': () => 'Full refund started',
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
