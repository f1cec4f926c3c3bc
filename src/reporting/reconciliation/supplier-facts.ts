import { sql } from 'kysely'

/**
 * What we have asked suppliers for, and whether it should stand there: one row per reservation tried. What is still in doubt,
 * or under way, should neither stand nor be gone.
 */
export const supplierFacts = sql`(
  select
    a.reference as fact_id, a.provider as source, a.reference as our_ref, a.reservation ->> 'supplierRef' as their_ref,
    a.reservation ->> 'pnr' as other_ref, a.booking_id, (a.offer -> 'total' ->> 'amount')::bigint as amount,
    a.offer -> 'total' ->> 'currency' as currency, a.state as attempt_state, i.ticketing_status as item_status, b.status as booking_status,
    a.state = 'ok' and i.write_operation is null and i.ticketing_status in ('booked', 'ticketed')
      and b.status in ('PENDING_TICKET', 'TICKETED') as should_stand,
    i.write_operation is null and (i.ticketing_status in ('left_over', 'refused', 'released')
      or (b.status in ('REFUND_PENDING', 'REFUNDED', 'CANCELLED') and i.ticketing_status <> 'ticketed')) as should_not_stand,
    coalesce(a.answered_at, a.sent_at) as at
  from booking.attempts a
  join booking.items i on i.id = a.item_id
  join booking.bookings b on b.id = a.booking_id
  where a.operation = 'book')`
