import type { ChaosStack, Rewrite } from './stack.ts'

/** Takes guards away in the private stack; resolves to the way back. */
export type Disarm = (stack: ChaosStack) => Promise<() => Promise<void>>

const NO_VERSION: Rewrite = { text: 'and "version" = (\\$\\d+)', by: 'and ("version" = $1 or true)' }
const NO_LOCK: Rewrite = { text: ' for update(?! skip locked)', by: '' }

/** Puts back what was taken last first. */
async function undo(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const step of steps.toReversed()) await step()
}

/** Payments are read without a lock, written whoever has written meanwhile, and posted however often. */
export const withoutPaymentGuards: Disarm = async (stack) => {
  await stack.sql('alter table payments.transactions drop constraint transactions_posting_id_account_key')
  const arm = await stack.rewrite([NO_LOCK, NO_VERSION], ['api', 'worker'])
  return () =>
    undo([
      // What was posted twice goes too: the index could not be made over it, and the rest of the run is judged by itself.
      () =>
        stack.sql(`
          alter table payments.transactions disable trigger transactions_append_only;
          delete from payments.transactions one using payments.transactions other
            where one.posting_id = other.posting_id and one.account = other.account and one.position > other.position;
          alter table payments.transactions enable trigger transactions_append_only;
          alter table payments.transactions add constraint transactions_posting_id_account_key unique (posting_id, account)`),
      arm,
    ])
}

/** The same, and each copy of a webhook counts as one of its own. */
export const withoutInbox: Disarm = async (stack) => {
  await stack.sql('alter table payments.inbox drop constraint inbox_provider_dedupe_key_key')
  const arm = await withoutPaymentGuards(stack)
  return () =>
    undo([
      () =>
        stack.sql(`
          delete from payments.inbox one using payments.inbox other
            where one.provider = other.provider and one.dedupe_key = other.dedupe_key and one.id > other.id;
          alter table payments.inbox add constraint inbox_provider_dedupe_key_key unique (provider, dedupe_key)`),
      arm,
    ])
}

/** A booking is written whoever has written it meanwhile. */
export const withoutBookingVersion: Disarm = (stack) => stack.rewrite([NO_VERSION], ['worker'])

/** The version of a booking stays what it is, and its attempts may be noted any number of times. */
export const withoutAttemptGuards: Disarm = async (stack) => {
  await stack.sql(`
    create function chaos.stand_still() returns trigger language plpgsql as $$ begin new.version := old.version; return new; end $$;
    create trigger chaos_stand_still before update on booking.bookings for each row execute function chaos.stand_still();
    drop index booking.attempts_undecided;
    alter table booking.attempts drop constraint attempts_reference_operation_key`)
  return async () => {
    // What came of it goes too, so that the rest of the run is judged by itself.
    await stack.sql(`
      drop trigger chaos_stand_still on booking.bookings;
      drop function chaos.stand_still();
      delete from booking.attempts where ctid not in (select min(ctid) from booking.attempts group by reference, operation);
      delete from booking.attempts where state in ('sent', 'unknown')
        and ctid not in (select min(ctid) from booking.attempts where state in ('sent', 'unknown') group by booking_id);
      create unique index attempts_undecided on booking.attempts (booking_id) where state in ('sent', 'unknown');
      alter table booking.attempts add constraint attempts_reference_operation_key unique (reference, operation)`)
  }
}

/** What a queue has lost is nobody's any more: nothing is queued again. */
export const withoutRequeue: Disarm = async (stack) => {
  await stack.sql(`
    create function chaos.leave_alone() returns trigger language plpgsql as $$ begin return null; end $$;
    create trigger chaos_leave_alone before update on platform.pending_reactions for each row execute function chaos.leave_alone()`)
  return async () => {
    await stack.sql('drop trigger chaos_leave_alone on platform.pending_reactions; drop function chaos.leave_alone()')
  }
}

/** Relays do not see what another one is taking, and a reaction may be noted as pending any number of times. */
export const withoutRelayClaims: Disarm = async (stack) => {
  await stack.sql('alter table platform.pending_reactions drop constraint pending_reactions_pkey')
  const arm = await stack.rewrite([{ text: '(from "platform"\\."events" .*) for update skip locked', by: '$1' }], ['worker'])
  return () =>
    undo([
      () =>
        stack.sql(`
          delete from platform.pending_reactions where ctid not in (select min(ctid) from platform.pending_reactions group by event_id, reaction);
          alter table platform.pending_reactions add constraint pending_reactions_pkey primary key (event_id, reaction)`),
      arm,
    ])
}

/** Each process goes by the time of day of its own machine, where it is asked for and where transactions race for a deadline. */
export const withoutDatabaseClock: Disarm = (stack) => {
  const here = 'to_timestamp({{clock}})'
  return stack.rewrite(
    [
      { text: 'select clock_timestamp\\(\\) as now', by: `select ${here} as now` },
      {
        text: 'platform\\.now\\(\\)',
        by: `(${here} + (select offset_ms * interval '1 millisecond' from platform.test_clock))`,
      },
    ],
    ['api', 'worker'],
  )
}
