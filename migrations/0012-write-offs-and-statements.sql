-- Differences that two people have accepted, as postings; and statements made of one question per payment.

-- A write-off belongs to a difference, and to a booking and a payment only where the difference does. `written_off`: the loss or
-- gain of bookings we know. `suspense`: money of nobody we know, until it is found out whose it is. `supplier_due`: what suppliers
-- claim beyond, or short of, what our bookings say.
alter table payments.transactions
  drop constraint transactions_account_check,
  drop constraint transactions_event_type_check,
  alter column booking_id drop not null,
  alter column payment_id drop not null,
  add column break_id text;
alter table payments.transactions
  add constraint transactions_account_check check (account in
    ('customer_due', 'gateway', 'sale', 'refund_due', 'written_off', 'suspense', 'supplier_due')),
  add constraint transactions_event_type_check check (event_type in
    ('PAYMENT_INITIATED', 'PAYMENT_SUCCESS', 'PAYMENT_FAILED', 'REFUND_REQUESTED', 'REFUND_COMPLETED', 'REFUND_FAILED', 'CHARGEBACK',
     'WRITE_OFF', 'WRITE_OFF_REVERSED')),
  -- Nothing but a write-off is without its booking, and a write-off moves nothing that is a customer's.
  add constraint transactions_subject check (case when event_type in ('WRITE_OFF', 'WRITE_OFF_REVERSED')
    then break_id is not null and account in ('gateway', 'supplier_due', 'written_off', 'suspense')
    else break_id is null and booking_id is not null and payment_id is not null
      and account in ('customer_due', 'gateway', 'sale', 'refund_due') end);
create index transactions_break on payments.transactions (break_id, position) where break_id is not null;

-- What the ledger said before anything was written off: that is what a statement is compared with.
create or replace view reporting.money_facts as
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
  where t.account = 'gateway' and t.event_type not in ('WRITE_OFF', 'WRITE_OFF_REVERSED');

alter table reporting.breaks
  -- How often it was written off; each time is a posting of its own, and each but the last has been reversed.
  add column write_offs integer not null default 0,
  -- The decision that last wrote it off: carried out again, it does nothing.
  add column write_off_order text,
  -- What kind of statement told it.
  add column statement text check (statement in ('books', 'by_query'));
create index breaks_written_off on reporting.breaks (side, source) where state = 'written_off';

-- A difference of amounts says from now on of what: a payment adds to what a gateway holds, a refund takes from it.
update reporting.breaks b set our_status = l.kind, their_status = l.kind
  from reporting.statement_lines l
  where b.side = 'gateway' and b.kind in ('amount_differs', 'currency_differs') and b.our_status is null
    and l.side = b.side and l.source = b.source and l.line_id = b.key;

-- What a statement that is made of questions asks about: what was paid or given back on a day, and what may have been.
create index payments_captured on payments.payments (provider, captured_at) where captured_at is not null;
create index payments_not_captured on payments.payments (provider, provider_expires_at) where status <> 'captured';
create index refunds_completed on payments.refunds (provider, completed_at) where completed_at is not null;
create index refunds_not_completed on payments.refunds (provider, updated_at) where status <> 'completed';
