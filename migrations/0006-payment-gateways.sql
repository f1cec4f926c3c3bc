-- Several gateways. Each wants our reference in a form of its own: one an integer, another a date in front, so a payment
-- and a refund have a number to make it from, and the reference itself, made once and kept.

alter table payments.payments
  add column number bigint generated always as identity,
  add column client_ref text,
  -- Which gateway in turn the attempt is at: one that could not open a page is followed by the next.
  add column attempt_turn integer not null default 1;
update payments.payments set client_ref = id;
alter table payments.payments
  alter column client_ref set not null,
  drop constraint payments_booking_id_attempt_key_key,
  add unique (booking_id, attempt_key, attempt_turn);
create unique index payments_number on payments.payments (number);
-- A notification that names our reference alone must find one payment.
create unique index payments_client_ref on payments.payments (provider, client_ref);

alter table payments.refunds
  add column number bigint generated always as identity,
  add column client_ref text;
update payments.refunds set client_ref = id;
alter table payments.refunds alter column client_ref set not null;
create unique index refunds_number on payments.refunds (number);
create unique index refunds_client_ref on payments.refunds (provider, client_ref);
