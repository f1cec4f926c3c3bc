-- The daily comparison of our ledger with what gateways and suppliers say of the same day. Nothing here changes the ledger.

create table reporting.reconciliation_runs (
  id text primary key,
  -- A calendar date in UTC, as text: drivers read a date as a moment in their own zone.
  day text not null check (day ~ '^\d{4}-\d{2}-\d{2}$'),
  state text not null check (state in ('requested', 'running', 'done', 'incomplete', 'failed')),
  asked_by text not null,
  -- Per gateway and supplier: how many lines it had and what became of them, or that it has no statement.
  sources jsonb not null default '[]',
  opened integer not null default 0,
  settled integer not null default 0,
  error text,
  running_until timestamptz,
  requested_at timestamptz not null,
  finished_at timestamptz
);
create index reconciliation_runs_day on reporting.reconciliation_runs (day, requested_at);
create unique index reconciliation_runs_one on reporting.reconciliation_runs ((true)) where state = 'running';
create unique index reconciliation_runs_requested on reporting.reconciliation_runs (day) where state = 'requested';
grant select, insert, update on reporting.reconciliation_runs to farewire_app;

-- A line of somebody's books, and which fact of ours it is.
create table reporting.statement_lines (
  side text not null check (side in ('gateway', 'supplier')),
  source text not null,
  line_id text not null,
  day text not null,
  kind text not null,
  -- Suppliers only: whether it stands.
  status text,
  client_ref text,
  provider_ref text,
  amount bigint,
  currency char(3),
  fee bigint,
  at timestamptz not null,
  fact_id text,
  matched_by text check (matched_by in ('reference', 'amount_and_time')),
  run_id text not null references reporting.reconciliation_runs (id),
  primary key (side, source, line_id)
);
create index statement_lines_day on reporting.statement_lines (side, source, day);
create index statement_lines_unmatched on reporting.statement_lines (side, source) where fact_id is null;
create unique index statement_lines_fact on reporting.statement_lines (side, source, fact_id) where fact_id is not null;
grant select, insert, update, delete on reporting.statement_lines to farewire_app;

-- A difference, from when it was first seen until it is gone or two people have accepted it.
create table reporting.breaks (
  id text primary key,
  side text not null,
  source text not null,
  kind text not null check (kind in
    ('missing_with_us', 'missing_at_gateway', 'amount_differs', 'currency_differs', 'duplicate', 'missing_at_supplier',
     'live_at_supplier_but_refunded', 'status_differs')),
  -- The line, or the fact of ours, that it is about.
  key text not null,
  day text not null,
  our_ref text,
  their_ref text,
  our_amount bigint,
  our_currency char(3),
  their_amount bigint,
  their_currency char(3),
  our_status text,
  their_status text,
  booking_id text,
  payment_id text,
  state text not null default 'open' check (state in ('open', 'settled', 'written_off')),
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  last_seen_run text not null references reporting.reconciliation_runs (id),
  handed_over_at timestamptz,
  resolved_at timestamptz,
  resolved_by text,
  resolution text,
  unique (side, source, kind, key)
);
create index breaks_open on reporting.breaks (side, source) where state = 'open';
create index breaks_day on reporting.breaks (day, id);
grant select, insert, update on reporting.breaks to farewire_app;

-- What the ledger says the gateways hold or have given back, one row per posting. Refunds and chargebacks are positive when money left.
create view reporting.money_facts as
  select
    t.posting_id as fact_id,
    t.payment_provider as source,
    case t.event_type when 'PAYMENT_SUCCESS' then 'payment' when 'CHARGEBACK' then 'chargeback' else 'refund' end as kind,
    case when t.event_type in ('PAYMENT_SUCCESS', 'CHARGEBACK') then p.id else r.id end as our_ref,
    case when t.event_type in ('PAYMENT_SUCCESS', 'CHARGEBACK') then p.client_ref else r.client_ref end as client_ref,
    case when t.event_type in ('PAYMENT_SUCCESS', 'CHARGEBACK') then p.provider_payment_ref else r.provider_ref end as their_ref,
    case when t.event_type in ('PAYMENT_SUCCESS', 'CHARGEBACK') then p.provider_ref end as other_ref,
    t.booking_id,
    t.payment_id,
    case t.event_type when 'PAYMENT_SUCCESS' then t.amount else - t.amount end as amount,
    t.currency,
    case t.event_type when 'PAYMENT_SUCCESS' then coalesce(p.captured_at, t.created_at)
      when 'REFUND_COMPLETED' then coalesce(r.completed_at, t.created_at) else t.created_at end as at
  from payments.transactions t
  join payments.payments p on p.id = t.payment_id
  left join payments.refunds r on r.id = t.payload ->> 'refundId'
  where t.account = 'gateway';
grant select on reporting.money_facts to farewire_app;

-- What we have asked gateways for, whatever came of it.
create view reporting.money_intents as
  select p.provider as source, 'payment' as kind, p.id as our_ref, p.client_ref as client_ref, p.provider_payment_ref as their_ref,
    p.provider_ref as other_ref, p.booking_id, p.id as payment_id, p.amount, p.currency, p.status
  from payments.payments p
  union all
  select r.provider, 'refund', r.id, r.client_ref, r.provider_ref, null, r.booking_id, r.payment_id, r.amount, r.currency, r.status
  from payments.refunds r;
grant select on reporting.money_intents to farewire_app;
