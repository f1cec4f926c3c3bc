-- What the fault runner keeps of its own in the private database: every change of a state, told by the database itself and
-- not by the code that made it.
create schema chaos;
create table chaos.history (
  position bigint generated always as identity,
  kind text not null,
  id text not null,
  from_status text,
  to_status text,
  from_version integer,
  to_version integer,
  at timestamptz not null default clock_timestamp()
);
create function chaos.note() returns trigger language plpgsql security definer as $$
begin
  insert into chaos.history (kind, id, from_status, to_status, from_version, to_version)
  values (tg_argv[0], coalesce(new.id, old.id), old.status, new.status, old.version, new.version);
  return null;
end $$;
-- Each time that a reaction becomes something to be done: it is once, whatever becomes of it afterwards.
create table chaos.told (event_id text not null, reaction text not null, at timestamptz not null default clock_timestamp());
create function chaos.note_told() returns trigger language plpgsql security definer as $$
begin
  insert into chaos.told (event_id, reaction) values (new.event_id, new.reaction);
  return null;
end $$;
create trigger chaos_note_told after insert on platform.pending_reactions for each row execute function chaos.note_told();
create trigger chaos_note after insert or update or delete on booking.bookings for each row execute function chaos.note('booking');
create trigger chaos_note after insert or update or delete on payments.payments for each row execute function chaos.note('payment');
create trigger chaos_note after insert or update or delete on payments.refunds for each row execute function chaos.note('refund');
