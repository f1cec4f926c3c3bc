-- What airlines change about tickets that were sold: found, told, and answered. A change set is a fact and is never rewritten;
-- what becomes of it is in its answers.

alter table booking.items drop constraint items_ticketing_status_check;
alter table booking.items add constraint items_ticketing_status_check check (ticketing_status in
  ('waiting', 'repriced', 'booked', 'ticketed', 'unusable', 'returning', 'refused', 'released', 'left_over'));
-- A ticket is given back in full or it is the traveller's: never both (semantics S9).
alter table booking.items add constraint items_ticket_or_refund check
  (refund_status = 'none' or ticketing_status not in ('ticketed', 'returning'));

-- From when on which change is one that the traveller is asked about, and how long. A new rule is a new row.
create table booking.schedule_change_rules (
  valid_from date primary key,
  -- From this many minutes on, earlier or later, a changed departure or arrival is asked about.
  departure_moved_minutes integer not null check (departure_moved_minutes > 0),
  arrival_moved_minutes integer not null check (arrival_moved_minutes > 0),
  asks_about_other_airport boolean not null,
  asks_about_more_stops boolean not null,
  asks_about_other_carrier boolean not null,
  -- Where the airline states no time: this long after it was found, and at the latest so long before departure.
  answer_within_hours integer not null check (answer_within_hours > 0),
  answer_before_departure_hours integer not null check (answer_before_departure_hours >= 0)
);
insert into booking.schedule_change_rules values ('2026-01-01', 60, 60, true, true, true, 168, 24);
grant select on booking.schedule_change_rules to farewire_app;

-- Which tickets are looked after, and when next; null is never again. Whoever looks puts the next look off first.
create table booking.item_watches (
  item_id text primary key references booking.items (id),
  next_look_at timestamptz,
  looks integer not null default 0
);
create index item_watches_due on booking.item_watches (next_look_at) where next_look_at is not null;
grant select, insert, update on booking.item_watches to farewire_app;

create table booking.schedule_changes (
  id text primary key,
  booking_id text not null references booking.bookings (id),
  item_id text not null references booking.items (id),
  -- Counted through the booking, so that a number names one change.
  seq integer not null check (seq > 0),
  -- Of everything the supplier said: the same told twice, or to two workers at once, is one change.
  fingerprint text not null,
  kind text not null check (kind in ('changed', 'cancelled')),
  is_material boolean not null,
  -- Each with the supplier's own id of it, the slices that go and those that come.
  parts jsonb not null,
  actions jsonb not null,
  respond_by timestamptz,
  default_action text not null check (default_action in ('accept', 'ask_person', 'none')),
  rules_valid_from date not null references booking.schedule_change_rules (valid_from),
  found_at timestamptz not null,
  constraint schedule_changes_seq unique (booking_id, seq),
  constraint schedule_changes_once unique (item_id, fingerprint)
);
create index schedule_changes_respond_by on booking.schedule_changes (respond_by) where respond_by is not null;
grant select, insert on booking.schedule_changes to farewire_app;

create function booking.refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception 'a change set is never rewritten: % refused', tg_op using errcode = 'insufficient_privilege';
end $$;
create trigger schedule_changes_append_only before update or delete on booking.schedule_changes
  for each row execute function booking.refuse_rewriting();
create trigger schedule_changes_no_truncate before truncate on booking.schedule_changes
  for each statement execute function booking.refuse_rewriting();

-- What was answered, by whom, and how far that has come at the supplier (semantics S4).
create table booking.schedule_change_answers (
  id text primary key,
  change_id text not null references booking.schedule_changes (id),
  action text not null check (action in ('accept', 'refund', 'ask_person', 'withdrawn')),
  answered_by text not null check (answered_by in ('traveller', 'deadline', 'airline')),
  state text not null check (state in ('noted', 'sent', 'unknown', 'ok', 'rejected')),
  reason text,
  answered_at timestamptz not null,
  ended_at timestamptz,
  sendings integer not null default 0,
  probes integer not null default 0,
  next_step_at timestamptz,
  horizon_at timestamptz
);
-- One answer counts: what is accepted cannot be refunded at the same time.
create unique index schedule_change_answers_one on booking.schedule_change_answers (change_id) where state <> 'rejected';
create index schedule_change_answers_due on booking.schedule_change_answers (next_step_at) where state in ('noted', 'sent', 'unknown');
grant select, insert on booking.schedule_change_answers to farewire_app;
grant update (state, reason, ended_at, sendings, probes, next_step_at, horizon_at) on booking.schedule_change_answers to farewire_app;

create index items_returning on booking.items (booking_id) where ticketing_status = 'returning';

-- Flights sold before are looked after from now on.
insert into booking.item_watches (item_id, next_look_at)
select id, now() from booking.items where ticketing_status = 'ticketed' and offer ? 'slices';
