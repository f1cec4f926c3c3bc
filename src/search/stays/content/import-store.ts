import { sql } from 'kysely'
import { fromDate, type Instant } from '../../../kernel/time.ts'
import type { Db, Tx } from '../../../platform/postgres.ts'

/** A walk through one supplier's content, claimed by whoever goes on with it. */
export type Walk = {
  readonly provider: string
  readonly walk: number
  /** Where it goes on; null is at the beginning. */
  readonly cursor: string | null
  readonly imported: number
  readonly total: number | null
}

/**
 * Claims the supplier's import for `claimMs`: the walk that was interrupted, or a new one when the last is done or
 * `restart` says so. Null while somebody else has it. Decided on the database's clock.
 */
export async function claimImport(
  db: Db,
  claim: { readonly provider: string; readonly by: string; readonly claimMs: number; readonly restart: boolean },
): Promise<Walk | null> {
  const { provider, by, claimMs, restart } = claim
  const { rows } = await sql<Walk>`
    insert into search.content_imports as i
      (provider, walk, state, cursor, imported, total, claimed_by, claimed_until, started_at, updated_at)
    values (${provider}, 1, 'running', null, 0, null, ${by}, now() + ${claimMs}::float8 * interval '1 millisecond', now(), now())
    on conflict (provider) do update set
      walk = i.walk + case when i.state = 'done' or ${restart}::boolean then 1 else 0 end,
      cursor = case when i.state = 'done' or ${restart}::boolean then null else i.cursor end,
      imported = case when i.state = 'done' or ${restart}::boolean then 0 else i.imported end,
      started_at = case when i.state = 'done' or ${restart}::boolean then now() else i.started_at end,
      state = 'running',
      claimed_by = excluded.claimed_by,
      claimed_until = excluded.claimed_until,
      updated_at = now()
    where i.claimed_until is null or i.claimed_until < now()
    returning provider, walk, cursor, imported, total`.execute(db)
  return rows[0] ?? null
}

/** Locks the claim for this transaction and renews it; false when somebody else has taken it over. */
export async function renewClaim(tx: Tx, { provider, by, claimMs }: { provider: string; by: string; claimMs: number }): Promise<boolean> {
  const { rows } = await sql`
    update search.content_imports set claimed_until = now() + ${claimMs}::float8 * interval '1 millisecond', updated_at = now()
    where provider = ${provider} and claimed_by = ${by} returning provider`.execute(tx)
  return rows.length === 1
}

/** Notes how far the walk has come: where it goes on, or, with null, that it is done. */
export async function noteProgress(
  tx: Tx,
  { provider, cursor, imported, total }: { provider: string; cursor: string | null; imported: number; total: number | null },
): Promise<void> {
  await tx
    .updateTable('search.content_imports')
    .set({ cursor, imported, total, ...(cursor === null && { state: 'done', completed_at: sql<Date>`now()` }) })
    .where('provider', '=', provider)
    .execute()
}

/** Gives a claim back, if it is still ours. */
export async function giveClaimBack(db: Db, { provider, by }: { provider: string; by: string }): Promise<void> {
  await db
    .updateTable('search.content_imports')
    .set({ claimed_by: null, claimed_until: null })
    .where('provider', '=', provider)
    .where('claimed_by', '=', by)
    .execute()
}

/** When the supplier's content was last walked through to its end; null before the first time, or while a walk waits to go on. */
export async function lastCompleted(db: Db, provider: string): Promise<Instant | null> {
  const row = await db.selectFrom('search.content_imports').selectAll().where('provider', '=', provider).executeTakeFirst()
  return row?.state === 'done' && row.completed_at !== null ? fromDate(row.completed_at) : null
}
