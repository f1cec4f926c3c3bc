-- Money: what was asked of a customer, what was given back, what the gateways told us, and the ledger of it all.

create schema if not exists payments;
grant usage on schema payments to farewire_app;

-- One row per attempt to collect money, committed before the gateway hears of it. The id is our reference there.
create table payments.payments (
  id text primary key,
  booking_id text not null,
  attempt_key text not null,
  provider text not null,
  status text not null default 'open' check (status in ('open', 'captured', 'failed', 'expired')),
  amount bigint not null check (amount > 0),
  currency char(3) not null,
  -- What the gateway was, and would again be, asked for: the same key must carry the same request. Emptied at the end.
  request jsonb,
  provider_ref text,
  provider_payment_ref text,
  redirect_url text,
  expires_at timestamptz not null,
  -- When the gateway itself stops taking money; later than expires_at where it has a minimum.
  provider_expires_at timestamptz not null,
  -- Set when the money came after this payment had ended: it was never wanted, or no longer.
  captured_late boolean not null default false,
  captured_at timestamptz,
  -- Set once when the gateway holds another amount than was asked; a person decides.
  mismatched_at timestamptz,
  failure_code text,
  checks integer not null default 0,
  next_check_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (booking_id, attempt_key)
);
-- Never two places where a customer can pay for one booking.
create unique index payments_one_open on payments.payments (booking_id) where status = 'open';
create unique index payments_provider_ref on payments.payments (provider, provider_ref);
create index payments_provider_payment_ref on payments.payments (provider, provider_payment_ref);
create index payments_due on payments.payments (next_check_at) where next_check_at is not null;
grant select, insert, update on payments.payments to farewire_app;

-- `reason` is a code and, with the payment, the natural key: asking twice for the same refund is asking once.
create table payments.refunds (
  id text primary key,
  payment_id text not null references payments.payments (id),
  booking_id text not null,
  provider text not null,
  reason text not null,
  status text not null default 'requested' check (status in ('requested', 'pending', 'completed', 'failed')),
  amount bigint not null check (amount > 0),
  currency char(3) not null,
  provider_ref text,
  failure_code text,
  -- How often it was sent. Committed before each sending: one that is above zero may have had an effect.
  sendings integer not null default 0,
  first_sent_at timestamptz,
  checks integer not null default 0,
  next_check_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  completed_at timestamptz,
  unique (payment_id, reason)
);
create index refunds_booking on payments.refunds (booking_id);
create unique index refunds_provider_ref on payments.refunds (provider, provider_ref);
create index refunds_due on payments.refunds (next_check_at) where next_check_at is not null;
grant select, insert, update on payments.refunds to farewire_app;

-- What a gateway announced, exactly as signed. The unique key makes the tenth delivery of an event the first.
create table payments.inbox (
  id text primary key,
  provider text not null,
  dedupe_key text not null,
  event_type text not null,
  payment_id text,
  body bytea not null,
  received_at timestamptz not null default now(),
  unique (provider, dedupe_key)
);
create index inbox_payment on payments.inbox (payment_id) where payment_id is not null;
grant select, insert on payments.inbox to farewire_app;

-- The ledger (semantics S13). Signed minor units; a posting is two or more entries that sum to zero. `posting_id`
-- names what is posted, so that the unique key makes a repeated posting impossible rather than merely unlikely.
create table payments.transactions (
  id text primary key,
  position bigint generated always as identity,
  posting_id text not null,
  booking_id text not null,
  payment_id text not null references payments.payments (id),
  account text not null check (account in ('customer_due', 'gateway', 'sale', 'refund_due')),
  event_type text not null check (event_type in
    ('PAYMENT_INITIATED', 'PAYMENT_SUCCESS', 'PAYMENT_FAILED', 'REFUND_REQUESTED', 'REFUND_COMPLETED', 'REFUND_FAILED', 'CHARGEBACK')),
  amount bigint not null check (amount <> 0),
  currency char(3) not null,
  payment_provider text not null,
  external_ref_id text,
  payload jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (posting_id, account)
);
create index transactions_booking on payments.transactions (booking_id, position);
create index transactions_payment on payments.transactions (payment_id);
grant select, insert on payments.transactions to farewire_app;

create function payments.refuse_unbalanced_posting() returns trigger language plpgsql as $$
begin
  if exists (
    select from payments.transactions where posting_id = new.posting_id group by booking_id, payment_id, currency having sum(amount) <> 0
  ) then
    raise exception 'posting % does not balance', new.posting_id using errcode = 'check_violation', constraint = 'transactions_balance';
  end if;
  return null;
end $$;
create constraint trigger transactions_balance after insert on payments.transactions
  deferrable initially deferred for each row execute function payments.refuse_unbalanced_posting();

-- Grants stop the application; this stops the owner too, who would have to drop the trigger and be seen doing it.
create function payments.refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: % refused', tg_op using errcode = 'insufficient_privilege';
end $$;
create trigger transactions_append_only before update or delete on payments.transactions
  for each row execute function payments.refuse_rewriting();
create trigger transactions_no_truncate before truncate on payments.transactions
  for each statement execute function payments.refuse_rewriting();
