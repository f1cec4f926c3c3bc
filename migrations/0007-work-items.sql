-- Cases for people get a severity, a due time and an end that says who brought it about; what people do about them is
-- logged, and where much money moves a second person has to agree. Reservations that a refunded booking may have left
-- with a supplier are looked for until they are gone.

alter table platform.work_items
  add column severity text not null default 'normal' check (severity in ('low', 'normal', 'high')),
  -- Of the last time it was opened: a case that software had closed is opened again when it comes back.
  add column opened_at timestamptz not null default platform.now(),
  add column due_at timestamptz not null default platform.now() + interval '24 hours',
  -- Who closed it and why; null where software did, because what it waited for happened.
  add column closed_by text,
  add column resolution text;
update platform.work_items set opened_at = created_at, due_at = created_at + interval '24 hours';
alter table platform.work_items alter column created_at set default platform.now();
create index work_items_listed on platform.work_items (id) where state = 'open';

-- How often a reaction that had failed for good was taken up again; part of its job's id, because the queue keeps the failed one.
alter table platform.pending_reactions add column replays integer not null default 0;

create schema ops;
grant usage on schema ops to farewire_app;

-- What people do about work items. A row is written before anything is done; `running` ones are taken up again when their
-- process died, and every action is harmless when repeated.
create table ops.actions (
  id text primary key,
  work_item_id text not null references platform.work_items (id),
  action text not null,
  input jsonb not null,
  state text not null check (state in ('proposed', 'running', 'done', 'failed', 'rejected')),
  -- The money it moves or writes off; null where it moves none.
  amount bigint,
  currency char(3),
  needs_approval boolean not null,
  proposed_by text not null,
  proposed_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  decision_reason text,
  -- The request that proposed it, so that a repeat cannot propose it twice.
  request_name text not null unique,
  running_until timestamptz,
  outcome text,
  version integer not null default 1,
  finished_at timestamptz,
  check (decided_by is null or decided_by <> proposed_by),
  check (not needs_approval or state in ('proposed', 'rejected') or decided_by is not null)
);
create index actions_item on ops.actions (work_item_id, proposed_at);
create index actions_running on ops.actions (running_until) where state = 'running';
-- Two people cannot be at one case at once.
create unique index actions_undecided on ops.actions (work_item_id) where state in ('proposed', 'running');
grant select, insert, update on ops.actions to farewire_app;

-- What a booking that ended without a ticket may have left with its supplier (semantics S4).
create table booking.orphans (
  booking_id text not null references booking.bookings (id),
  -- Ours, of the attempt.
  reference text not null,
  provider text not null,
  supplier_ref text,
  -- `cancelling` is committed before the supplier is told to cancel.
  state text not null default 'looking' check (state in ('looking', 'cancelling', 'cancelled', 'quiet')),
  looks integer not null default 0,
  next_look_at timestamptz,
  created_at timestamptz not null default platform.now(),
  ended_at timestamptz,
  version integer not null default 1,
  primary key (booking_id, reference)
);
create index orphans_due on booking.orphans (next_look_at) where next_look_at is not null;
grant select, insert, update on booking.orphans to farewire_app;

insert into booking.orphans (booking_id, reference, provider, supplier_ref, next_look_at)
select distinct on (a.booking_id, a.reference) a.booking_id, a.reference, a.provider, a.reservation ->> 'supplierRef', platform.now()
from booking.attempts a
join booking.bookings b on b.id = a.booking_id and b.status in ('REFUND_PENDING', 'REFUNDED', 'CANCELLED')
where a.state = 'abandoned' or (a.operation = 'cancel' and a.state = 'rejected')
order by a.booking_id, a.reference, a.sent_at desc;

-- How long what waits has been waiting.
create schema reporting;
grant usage on schema reporting to farewire_app;
create view reporting.queue_ages as
  select 'outbox' as queue, count(*) as waiting, min(occurred_at) as oldest from platform.events where published_at is null
  union all
  select 'reactions', count(*), min(e.occurred_at) from platform.pending_reactions p join platform.events e on e.id = p.event_id
  union all
  select 'dead_letters', count(*), min(opened_at) from platform.work_items where state = 'open' and kind = 'dead_letter'
  union all
  select 'attempts_in_doubt', count(*), min(sent_at) from booking.attempts where state in ('sent', 'unknown')
  union all
  select 'refunds_under_way', count(*), min(created_at) from payments.refunds where status in ('requested', 'pending')
  union all
  select 'payments_open', count(*), min(created_at) from payments.payments where status = 'open'
  union all
  select 'orphans', count(*), min(created_at) from booking.orphans where next_look_at is not null
  union all
  select 'work_items', count(*), min(opened_at) from platform.work_items where state = 'open';
grant select on reporting.queue_ages to farewire_app;
