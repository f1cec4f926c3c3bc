import { sql } from 'kysely'
import { toDate, type Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/postgres.ts'
import type { MoneyScope, Scope } from './line-store.ts'
import { supplierFacts } from './supplier-facts.ts'

/** A difference that was not known, or had been gone. */
export type OpenedBreak = { readonly id: string; readonly kind: string }

/**
 * What a run makes of a source's differences: those it opened, those that are gone, and those that were written off and are gone or
 * have become others, which are among the first two as well.
 */
export type FoundBreaks = {
  readonly opened: readonly OpenedBreak[]
  readonly settled: readonly string[]
  readonly writeOffsUndone: readonly string[]
}

/** Differences of other days that a run has to look at too: open ones, and those whose write-off stands as long as they do. */
const isWatched = sql`b.state in ('open', 'written_off')`

/** Differences of the day between the ledger and the gateway, and of any day that were open. */
const moneyBreaks = ({ source, day, tells, untold }: MoneyScope) => sql`
  select case when l.currency <> f.currency then 'currency_differs' else 'amount_differs' end as kind, l.line_id as key,
    f.our_ref, coalesce(l.provider_ref, l.client_ref) as their_ref, f.amount as our_amount, f.currency as our_currency,
    l.amount as their_amount, l.currency as their_currency, f.kind as our_status, l.kind as their_status, f.booking_id, f.payment_id, l.day
  from reporting.statement_lines l
  join reporting.money_facts f on f.source = l.source and f.fact_id = l.fact_id
  where l.side = 'gateway' and l.source = ${source} and (l.amount <> f.amount or l.currency <> f.currency)
    and (l.day = ${day} or exists (select from reporting.breaks b where b.side = 'gateway' and b.source = l.source and b.key = l.line_id and ${isWatched}))
  union all
  select case when f.fact_id is not null then 'duplicate' when i.our_ref is not null then 'status_differs' else 'missing_with_us' end, l.line_id,
    coalesce(f.our_ref, i.our_ref), coalesce(l.provider_ref, l.client_ref), coalesce(f.amount, i.amount), coalesce(f.currency, i.currency),
    l.amount, l.currency, i.status, case when l.amount < 0 then l.kind || ' returned' else l.kind end, coalesce(f.booking_id, i.booking_id),
    coalesce(f.payment_id, i.payment_id), l.day
  from reporting.statement_lines l
  left join lateral (select m.* from reporting.money_facts m
    where m.source = l.source and m.kind = l.kind and sign(m.amount) = sign(l.amount)
      and (m.our_ref = l.client_ref or m.client_ref = l.client_ref or m.their_ref = l.provider_ref or m.other_ref = l.provider_ref)
    limit 1) f on true
  left join lateral (select n.* from reporting.money_intents n
    where n.source = l.source and n.kind = case l.kind when 'chargeback' then 'payment' else l.kind end
      and (n.our_ref = l.client_ref or n.client_ref = l.client_ref or n.their_ref = l.provider_ref or n.other_ref = l.provider_ref)
    limit 1) i on true
  where l.side = 'gateway' and l.source = ${source} and l.fact_id is null
  union all
  select 'missing_at_gateway', f.fact_id, f.our_ref, f.their_ref, f.amount, f.currency, null, null, f.kind, null, f.booking_id, f.payment_id,
    to_char(f.at at time zone 'UTC', 'YYYY-MM-DD')
  from reporting.money_facts f
  where f.source = ${source} and f.kind = any(${[...tells]}) and coalesce(f.our_ref, '') <> all(${[...untold]})
    and ((f.at >= ${day}::timestamp at time zone 'UTC' and f.at < (${day}::timestamp + interval '1 day') at time zone 'UTC')
      or exists (select from reporting.breaks b where b.side = 'gateway' and b.source = f.source and b.key = f.fact_id and ${isWatched}))
    and not exists (select from reporting.statement_lines m where m.side = 'gateway' and m.source = f.source and m.fact_id = f.fact_id)`

/** The same between our bookings and the supplier. What is still in doubt on our side is being asked about, and no difference. */
const supplierBreaks = ({ source, day }: Scope) => sql`
  select * from (
    select case
        when l.status = 'live' and f.should_not_stand then 'live_at_supplier_but_refunded'
        when l.status <> 'live' and f.should_stand then 'status_differs'
        when l.status = 'live' and f.attempt_state in ('rejected', 'abandoned') then 'status_differs'
        when l.status = 'live' and f.should_stand and l.currency <> f.currency then 'currency_differs'
        when l.status = 'live' and f.should_stand and l.amount <> f.amount then 'amount_differs'
      end as kind, l.line_id as key, f.our_ref, l.provider_ref as their_ref, f.amount as our_amount, f.currency as our_currency,
      l.amount as their_amount, l.currency as their_currency, f.item_status || ', ' || f.attempt_state as our_status, l.status as their_status,
      f.booking_id, null::text as payment_id, l.day
    from reporting.statement_lines l
    join ${supplierFacts} f on f.source = l.source and f.fact_id = l.fact_id
    where l.side = 'supplier' and l.source = ${source}
      and (l.day = ${day} or exists (select from reporting.breaks b where b.side = 'supplier' and b.source = l.source and b.key = l.line_id and ${isWatched}))
  ) matched where kind is not null
  union all
  select case when f.fact_id is not null then 'duplicate' else 'missing_with_us' end, l.line_id, f.our_ref, l.provider_ref, f.amount, f.currency,
    l.amount, l.currency, f.booking_status, l.status, f.booking_id, null, l.day
  from reporting.statement_lines l
  left join lateral (select n.* from ${supplierFacts} n
    where n.source = l.source and (upper(n.our_ref) = upper(l.client_ref) or n.their_ref = l.provider_ref) limit 1) f on true
  where l.side = 'supplier' and l.source = ${source} and l.fact_id is null and l.status = 'live'
  union all
  select 'missing_at_supplier', f.fact_id, f.our_ref, f.their_ref, f.amount, f.currency, null, null, f.booking_status, null, f.booking_id, null,
    to_char(f.at at time zone 'UTC', 'YYYY-MM-DD')
  from ${supplierFacts} f
  where f.source = ${source} and f.should_stand
    and ((f.at >= ${day}::timestamp at time zone 'UTC' and f.at < (${day}::timestamp + interval '1 day') at time zone 'UTC')
      or exists (select from reporting.breaks b where b.side = 'supplier' and b.source = f.source and b.key = f.fact_id and ${isWatched}))
    and not exists (select from reporting.statement_lines m where m.side = 'supplier' and m.source = f.source and m.fact_id = f.fact_id)`

/**
 * Writes down every difference of a source that has been matched: new ones are opened, known ones seen again, and open ones
 * that are there no more are settled. One that was written off stays so as long as it is there with the same amounts. What the
 * statement could not tell is as it was.
 */
export async function findBreaks(tx: Tx, scope: MoneyScope, now: Instant): Promise<FoundBreaks> {
  const { side, source, runId, statement } = scope
  const at = toDate(now)
  const { rows } = await sql<{ id: string; kind: string; was: string | null; state: string }>`
    with found as (${side === 'gateway' ? moneyBreaks(scope) : supplierBreaks(scope)}), before as (
      select kind, key, state from reporting.breaks where side = ${side} and source = ${source}
    )
    insert into reporting.breaks as b (id, side, source, kind, key, day, our_ref, their_ref, our_amount, our_currency, their_amount, their_currency,
      our_status, their_status, booking_id, payment_id, first_seen_at, last_seen_at, last_seen_run, statement)
    select 'brk_' || left(md5(concat_ws('|', ${side}::text, ${source}::text, kind, key)), 26), ${side}, ${source}, kind, key, day, our_ref, their_ref,
      our_amount, our_currency, their_amount, their_currency, our_status, their_status, booking_id, payment_id, ${at}, ${at}, ${runId}, ${statement}
    from found
    on conflict (side, source, kind, key) do update set last_seen_at = excluded.last_seen_at, last_seen_run = excluded.last_seen_run,
      statement = excluded.statement,
      our_ref = excluded.our_ref, their_ref = excluded.their_ref, our_amount = excluded.our_amount, our_currency = excluded.our_currency,
      their_amount = excluded.their_amount, their_currency = excluded.their_currency, our_status = excluded.our_status,
      their_status = excluded.their_status, booking_id = excluded.booking_id, payment_id = excluded.payment_id,
      handed_over_at = case when ${comesBack} then null else b.handed_over_at end,
      resolved_at = case when ${comesBack} then null else b.resolved_at end,
      resolved_by = case when ${comesBack} then null else b.resolved_by end,
      resolution = case when ${comesBack} then null else b.resolution end,
      state = case when ${comesBack} then 'open' else b.state end
    returning b.id, b.kind, b.state, (select before.state from before where before.kind = b.kind and before.key = b.key) as was
  `.execute(tx)
  const opened = rows.filter((row) => row.state === 'open' && row.was !== 'open')
  const gone = (state: 'open' | 'written_off', resolution: string) => settleGone(tx, scope, { state, resolution, at })
  const settled = await gone('open', 'both sides agree now')
  const undone = await gone('written_off', 'both sides agree now; the write-off has been reversed')
  return {
    opened: opened.map(({ id, kind }) => ({ id, kind })),
    settled: [...settled, ...undone],
    writeOffsUndone: [...opened.filter((row) => row.was === 'written_off').map((row) => row.id), ...undone],
  }
}

/** It had been gone, or what was written off is not what it is now. */
const comesBack = sql`(b.state = 'settled' or (b.state = 'written_off'
  and (b.our_amount, b.our_currency, b.their_amount, b.their_currency)
    is distinct from (excluded.our_amount, excluded.our_currency, excluded.their_amount, excluded.their_currency)))`

async function settleGone(
  tx: Tx,
  { side, source, runId, untold }: MoneyScope,
  end: { state: 'open' | 'written_off'; resolution: string; at: Date },
): Promise<string[]> {
  let query = tx
    .updateTable('reporting.breaks')
    .set({ state: 'settled', resolved_at: end.at, resolution: end.resolution })
    .where('side', '=', side)
    .where('source', '=', source)
    .where('state', '=', end.state)
    .where('last_seen_run', '<>', runId)
  if (untold.length > 0)
    query = query.where((eb) =>
      eb.or([eb('kind', '<>', 'missing_at_gateway'), eb('our_ref', 'is', null), eb('our_ref', 'not in', [...untold])]),
    )
  return (await query.returning('id').execute()).map((row) => row.id)
}
