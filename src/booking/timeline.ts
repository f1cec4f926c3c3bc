import { toIso } from '../kernel/time.ts'
import { listEvents } from '../platform/events.ts'
import type { Db } from '../platform/postgres.ts'
import type { BookingEvents } from './events.ts'

export type TimelineEntry = { at: string; event: string; text: string }

/** What each event means to the traveller; null keeps what is only ours from the page. */
const words: { [Name in keyof BookingEvents]: (body: BookingEvents[Name]) => string | null } = {
  'booking.placed': () => 'Booking placed',
  'booking.payment_started': () => 'Payment page opened',
  'booking.paid': () => 'Payment received',
  'booking.sent_to_supplier': (body) =>
    ({ book: 'Sent to the airline', ticket: 'Ticket ordered', cancel: 'Reservation given back' })[body.operation] ?? null,
  'booking.reserved': (body) => `Reserved by the airline: ${body.pnr}`,
  'booking.in_doubt': () => "The airline's answer was lost. We are asking again",
  'booking.requoted': (body) =>
    body.outcome === 'affordable' ? 'The airline asked us to book again at the same price' : 'The airline raised the price after you paid',
  'booking.ticketed': (body) => `Ticketed: ${body.pnr}`,
  'booking.document_issued': () => 'E-ticket ready',
  'booking.refund_pending': () => 'Full refund started',
  'booking.refund_completed': () => 'Refund sent to your bank',
  'booking.refund_failed': () => 'The refund was refused. A colleague is taking care of it',
  'booking.late_payment': () => 'A payment came too late and is being returned in full',
  'booking.cancelled': () => 'Cancelled: not paid in time',
}

/** What has happened to a booking, oldest first, in words. */
export async function tellTimeline(db: Db, bookingId: string): Promise<TimelineEntry[]> {
  const events = await listEvents(db, bookingId)
  return events.flatMap((event) => {
    const tell = words[event.name as keyof BookingEvents] as ((body: unknown) => string | null) | undefined
    const text = tell?.(event.body) ?? null
    return text === null ? [] : [{ at: toIso(event.occurredAt), event: event.name, text }]
  })
}
