-- What every context shares: the role the application runs as, the outbox (which is also the audit trail), stored
-- answers of idempotent requests, and the queue of cases that need a person.

do $$
begin
  create role farewire_app nologin;
exception when duplicate_object or unique_violation then null; -- roles belong to the cluster, not to the database
end $$;

create schema if not exists platform;
grant usage on schema platform to farewire_app;

-- One table is both outbox (published_at is null) and audit trail. Bodies hold ids and facts, never names or documents.
create table platform.events (
  id text primary key,
  position bigint generated always as identity,
  name text not null,
  subject_id text not null,
  body jsonb not null,
  actor text not null,
  occurred_at timestamptz not null default now(),
  published_at timestamptz
);
create index events_unpublished on platform.events (position) where published_at is null;
create index events_subject on platform.events (subject_id, position);
grant select, insert on platform.events to farewire_app;
-- The application may say that an event was handed on; it may not rewrite what happened.
grant update (published_at) on platform.events to farewire_app;

-- What still has to be done about an event. The queue only wakes a worker up; this is what cannot be lost with it.
create table platform.pending_reactions (
  event_id text not null references platform.events (id),
  reaction text not null,
  queued_at timestamptz not null,
  primary key (event_id, reaction)
);
create index pending_reactions_age on platform.pending_reactions (queued_at);
grant select, insert, update, delete on platform.pending_reactions to farewire_app;

-- The stored answer of a request that carried an Idempotency-Key (semantics S5).
create table platform.idempotency_keys (
  scope text not null,
  key text not null,
  request_hash text not null,
  locked_until timestamptz not null,
  status integer,
  body jsonb,
  created_at timestamptz not null default now(),
  primary key (scope, key)
);
create index idempotency_keys_age on platform.idempotency_keys (created_at);
grant select, insert, update, delete on platform.idempotency_keys to farewire_app;

-- A case that software may not decide alone: it waits here, with its age, for a person (semantics S14).
create table platform.work_items (
  id text primary key,
  kind text not null,
  subject_id text not null,
  summary text not null,
  details jsonb not null,
  state text not null default 'open' check (state in ('open', 'done')),
  owner text,
  created_at timestamptz not null default now(),
  closed_at timestamptz,
  unique (kind, subject_id)
);
create index work_items_open on platform.work_items (created_at) where state = 'open';
grant select, insert, update on platform.work_items to farewire_app;
