import { sql } from 'kysely'
import type { Tx } from '../../platform/postgres.ts'
import type { Scope } from './line-store.ts'
import { supplierFacts } from './supplier-facts.ts'

/** A line without a usable reference is ours if it is the only one of its amount within so long of a fact, and the fact the only one for it. */
const WINDOW_MINUTES = 15

/** Finds which fact of the ledger each line of a gateway is: by reference, then by amount and time. One fact is one line. */
export async function matchMoney(tx: Tx, { source }: Scope): Promise<void> {
  // Ours first; then the provider's own. Each is a join of its own, so that each finds its index.
  const refs = [
    sql`f.our_ref = l.client_ref`,
    sql`f.client_ref = l.client_ref`,
    sql`f.their_ref = l.provider_ref`,
    sql`f.other_ref = l.provider_ref`,
  ]
  for (const isSame of refs) {
    await sql`
      with pairs as (
        select l.line_id, f.fact_id,
          row_number() over (partition by f.fact_id order by l.at, l.line_id) as of_fact,
          row_number() over (partition by l.line_id order by f.at, f.fact_id) as of_line
        from reporting.statement_lines l
        join reporting.money_facts f on f.source = l.source and f.kind = l.kind and sign(f.amount) = sign(l.amount) and ${isSame}
        where l.side = 'gateway' and l.source = ${source} and l.fact_id is null
          and not exists (select from reporting.statement_lines m
            where m.side = 'gateway' and m.source = l.source and m.fact_id = f.fact_id and m.matched_by = 'reference')
      ), chosen as (
        select line_id, fact_id from pairs where of_fact = 1 and of_line = 1
      ), released as (
        update reporting.statement_lines m set fact_id = null, matched_by = null from chosen c
        where m.side = 'gateway' and m.source = ${source} and m.fact_id = c.fact_id and m.matched_by = 'amount_and_time'
        returning m.line_id
      )
      select count(*) from released`.execute(tx)
    await sql`
      with pairs as (
        select l.line_id, f.fact_id,
          row_number() over (partition by f.fact_id order by l.at, l.line_id) as of_fact,
          row_number() over (partition by l.line_id order by f.at, f.fact_id) as of_line
        from reporting.statement_lines l
        join reporting.money_facts f on f.source = l.source and f.kind = l.kind and sign(f.amount) = sign(l.amount) and ${isSame}
        where l.side = 'gateway' and l.source = ${source} and l.fact_id is null
          and not exists (select from reporting.statement_lines m where m.side = 'gateway' and m.source = l.source and m.fact_id = f.fact_id)
      )
      update reporting.statement_lines l set fact_id = p.fact_id, matched_by = 'reference'
      from pairs p where l.side = 'gateway' and l.source = ${source} and l.line_id = p.line_id and p.of_fact = 1 and p.of_line = 1`.execute(
      tx,
    )
  }
  await sql`
    with pairs as (
      select l.line_id, f.fact_id, count(*) over (partition by l.line_id) as of_line, count(*) over (partition by f.fact_id) as of_fact
      from reporting.statement_lines l
      join reporting.money_facts f on f.source = l.source and f.kind = l.kind and f.amount = l.amount and f.currency = l.currency
        and f.at between l.at - ${WINDOW_MINUTES} * interval '1 minute' and l.at + ${WINDOW_MINUTES} * interval '1 minute'
      where l.side = 'gateway' and l.source = ${source} and l.fact_id is null and l.client_ref is null
        and (l.provider_ref is null or f.their_ref is null)
        and not exists (select from reporting.statement_lines m where m.side = 'gateway' and m.source = l.source and m.fact_id = f.fact_id)
    )
    update reporting.statement_lines l set fact_id = p.fact_id, matched_by = 'amount_and_time'
    from pairs p where l.side = 'gateway' and l.source = ${source} and l.line_id = p.line_id and p.of_line = 1 and p.of_fact = 1`.execute(
    tx,
  )
}

/** Finds which reservation of ours each line of a supplier is: by our reference, then by the supplier's. A live one before a cancelled one. */
export async function matchReservations(tx: Tx, { source }: Scope): Promise<void> {
  for (const isSame of [
    sql`upper(f.our_ref) = upper(l.client_ref)`,
    sql`f.their_ref = l.provider_ref`,
    sql`f.other_ref = l.provider_ref`,
  ]) {
    await sql`
      with pairs as (
        select l.line_id, f.fact_id,
          row_number() over (partition by f.fact_id order by (l.provider_ref = f.their_ref) desc nulls last, (l.status = 'live') desc, l.at, l.line_id) as of_fact,
          row_number() over (partition by l.line_id order by f.at, f.fact_id) as of_line
        from reporting.statement_lines l
        join ${supplierFacts} f on f.source = l.source and ${isSame}
        where l.side = 'supplier' and l.source = ${source} and l.fact_id is null
          and not exists (select from reporting.statement_lines m where m.side = 'supplier' and m.source = l.source and m.fact_id = f.fact_id)
      )
      update reporting.statement_lines l set fact_id = p.fact_id, matched_by = 'reference'
      from pairs p where l.side = 'supplier' and l.source = ${source} and l.line_id = p.line_id and p.of_fact = 1 and p.of_line = 1`.execute(
      tx,
    )
  }
}
