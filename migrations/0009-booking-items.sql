-- A booking sells one or more items: a flight, a stay. Each has its own way through payment, ticketing and refund; the
-- booking's status follows from them. Only booking/machine decides what may become what.

create table booking.items (
  id text primary key,
  booking_id text not null references booking.bookings (id),
  -- The order in which they are booked: what can be given back most easily first.
  position integer not null,
  provider text not null,
  offer jsonb not null,
  -- Its share of what is paid to us; the shares of a booking add up to its total. Never shown.
  price_amount bigint not null check (price_amount >= 0),
  currency char(3) not null,
  is_paid_at_property boolean not null,
  payment_status text not null default 'due' check (payment_status in ('due', 'paid', 'at_property')),
  ticketing_status text not null default 'waiting' check (ticketing_status in
    ('waiting', 'repriced', 'booked', 'ticketed', 'unusable', 'refused', 'released', 'left_over')),
  write_operation text check (write_operation in ('book', 'ticket', 'cancel')),
  write_state text check (write_state in ('sent', 'unknown', 'unreached')),
  resends integer not null default 0,
  bookings integer not null default 0,
  is_kept boolean not null default false,
  reason text,
  refund_status text not null default 'none' check (refund_status in ('none', 'requested', 'completed', 'failed')),
  pnr text,
  tickets jsonb not null default '[]',
  document_key text,
  unique (booking_id, position),
  check ((write_operation is null) = (write_state is null)),
  -- No ticket without the money for it (the property takes its own), and no refund of what was never paid.
  check (payment_status <> 'due' or ticketing_status = 'waiting'),
  check (refund_status = 'none' or payment_status = 'paid')
);
create index items_pnr on booking.items (provider, pnr) where pnr is not null;
grant select, insert, update on booking.items to farewire_app;

alter table booking.attempts add column item_id text references booking.items (id);
alter table booking.bookings add column late_payment_id text;
alter table booking.bookings add column returned_payment_ids jsonb not null default '[]';
-- Found again by the sweeper when nobody has judged late money yet.
create index bookings_late_payment on booking.bookings (updated_at) where late_payment_id is not null;
-- What these held is in booking.items now. They stay, unwritten, until no process of the release before is left.
alter table booking.bookings
  alter column provider drop not null,
  alter column offer_id drop not null,
  alter column flight_segments drop not null,
  alter column items drop not null;

-- What was sold before has one item each.
insert into booking.items (id, booking_id, position, provider, offer, price_amount, currency, is_paid_at_property, payment_status,
  ticketing_status, write_operation, write_state, resends, bookings, reason, refund_status, pnr, tickets, document_key)
select
  'itm_' || substr(b.id, 5), b.id, 0, b.provider, b.items -> 0,
  b.total_amount, b.currency, coalesce(b.items -> 0 ->> 'payAt' = 'property', false),
  case
    when b.status in ('INIT', 'PENDING_PAYMENT') or (b.status = 'CANCELLED' and last.state is null) then 'due'
    when coalesce(b.items -> 0 ->> 'payAt' = 'property', false) then 'at_property'
    else 'paid'
  end,
  case
    when b.status = 'TICKETED' then 'ticketed'
    when b.status in ('REFUND_PENDING', 'REFUNDED', 'CANCELLED') and last.state is not null then
      case when last.state = 'abandoned' or (last.operation = 'cancel' and last.state = 'rejected') then 'left_over' else 'refused' end
    when last.operation = 'book' and last.state = 'ok' then 'booked'
    when last.operation = 'book' and last.state = 'rejected' and last.reason = 'price_changed' and last.books = 1 then 'repriced'
    when last.operation = 'ticket' then case when last.state in ('ok', 'rejected') and last.reason is distinct from 'not_sent' then 'unusable' else 'booked' end
    when last.operation = 'cancel' then 'unusable'
    else 'waiting'
  end,
  case when last.state in ('sent', 'unknown') or (last.state = 'rejected' and last.reason = 'not_sent' and b.status = 'PENDING_TICKET') then last.operation end,
  case
    when last.state in ('sent', 'unknown') then last.state
    when last.state = 'rejected' and last.reason = 'not_sent' and b.status = 'PENDING_TICKET' then 'unreached'
  end,
  case when last.reason = 'not_sent' then last.probes else 0 end,
  coalesce(last.books, 0), b.failure_reason,
  case
    when coalesce(b.items -> 0 ->> 'payAt' = 'property', false) then 'none'
    when b.status = 'REFUND_PENDING' then 'requested'
    when b.status = 'REFUNDED' then 'completed'
    else 'none'
  end,
  b.pnr, b.tickets, b.document_key
from booking.bookings b
left join lateral (
  select a.operation, a.state, a.reason, a.probes,
    (select count(*)::integer from booking.attempts books where books.booking_id = b.id and books.operation = 'book') as books
  from booking.attempts a where a.booking_id = b.id order by a.sent_at desc, a.id desc limit 1
) last on true;

update booking.attempts set item_id = 'itm_' || substr(booking_id, 5);
alter table booking.attempts alter column item_id set not null;
