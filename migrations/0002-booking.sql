-- The booking, what was tried with the supplier for it, and the offers a supplier has confirmed live.

create schema if not exists booking;
grant usage on schema booking to farewire_app;

create table booking.bookings (
  id text primary key,
  -- What a person reads out on the phone, and what our reference at the supplier begins with.
  reference text not null unique,
  user_id text,
  status text not null check (status in
    ('INIT', 'PENDING_PAYMENT', 'PAID', 'PENDING_TICKET', 'TICKETED', 'REFUND_PENDING', 'REFUNDED', 'CANCELLED')),
  total_amount bigint not null check (total_amount >= 0),
  currency char(3) not null,
  provider text not null,
  offer_id text not null,
  passengers jsonb not null,
  flight_segments jsonb not null,
  items jsonb not null,
  contact_details jsonb not null,
  -- Birth dates and passports, sealed with a key of this booking's own; deleting the key forgets the people.
  sealed_passengers text not null,
  sealing_key text,
  placed_by text not null unique,
  payment_required_by timestamptz not null,
  answer_promised_by timestamptz,
  pnr text,
  tickets jsonb not null default '[]',
  document_key text,
  failure_reason text,
  -- The payment that made it PAID; money of any other payment is given back.
  payment_id text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index bookings_user on booking.bookings (user_id, created_at);
create index bookings_status on booking.bookings (status, updated_at);
grant select, insert, update on booking.bookings to farewire_app;

-- One row per write sent to a supplier, committed before the call. `reference` is ours and is how a lost reply is found.
create table booking.attempts (
  id text primary key,
  booking_id text not null references booking.bookings (id),
  operation text not null check (operation in ('book', 'ticket', 'cancel')),
  provider text not null,
  reference text not null,
  offer jsonb not null,
  state text not null check (state in ('sent', 'ok', 'rejected', 'unknown', 'abandoned')),
  reservation jsonb,
  reason text,
  sent_at timestamptz not null default now(),
  answered_at timestamptz,
  probes integer not null default 0,
  next_probe_at timestamptz,
  horizon_at timestamptz not null,
  unique (reference, operation)
);
-- At most one write to a supplier is undecided per booking: nothing else may be tried meanwhile (semantics S4).
create unique index attempts_undecided on booking.attempts (booking_id) where state in ('sent', 'unknown');
create index attempts_due on booking.attempts (next_probe_at) where state in ('sent', 'unknown');
create index attempts_booking on booking.attempts (booking_id, sent_at);
grant select, insert, update on booking.attempts to farewire_app;

-- An offer as its supplier confirmed it live; only such an offer can be booked, and only until bookable_until.
create table booking.verified_offers (
  offer_id text primary key,
  provider text not null,
  offer jsonb not null,
  total_amount bigint not null,
  currency char(3) not null,
  verified_at timestamptz not null,
  -- The supplier made this offer for one traveller; it can be booked once.
  is_private boolean not null,
  booking_id text,
  bookable_until timestamptz not null
);
create index verified_offers_age on booking.verified_offers (bookable_until);
grant select, insert, update, delete on booking.verified_offers to farewire_app;

-- Which mail about a booking has been handed to the mail server, so that a repeated reaction sends none twice.
create table booking.notices (
  booking_id text not null references booking.bookings (id),
  kind text not null,
  sent_at timestamptz not null default now(),
  primary key (booking_id, kind)
);
grant select, insert, delete on booking.notices to farewire_app;
