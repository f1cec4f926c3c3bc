import { sql, type Selectable } from 'kysely'
import { newId } from '../../kernel/ids.ts'
import { fromDate, plusMs, toDate, type Clock, type Instant, type LocalDate } from '../../kernel/time.ts'
import { inTransaction, type Db, type Tx } from '../../platform/postgres.ts'
import type { DB } from '../../platform/tables.gen.ts'
import type { SourceReport } from './sources.ts'

/** `incomplete`: a source could not be asked; the day is compared again. */
export type RunState = 'requested' | 'running' | 'done' | 'incomplete' | 'failed'

export type Run = {
  readonly id: string
  readonly day: LocalDate
  readonly state: RunState
  readonly askedBy: string
  readonly sources: readonly SourceReport[]
  readonly opened: number
  readonly settled: number
  readonly error: string | null
  readonly requestedAt: Instant
  readonly finishedAt: Instant | null
}

/** Renewed with every batch of lines: a run that stands still for so long is believed dead. */
const LEASE_MS = 5 * 60_000
/** Any number that nothing else locks. */
const LOCK = 7_205_301

export function toRun(row: Selectable<DB['reporting.reconciliation_runs']>): Run {
  return {
    id: row.id,
    day: row.day as LocalDate,
    state: row.state as RunState,
    askedBy: row.asked_by,
    sources: (row.sources as unknown as SourceReport[]).map(withDefaults),
    opened: row.opened,
    settled: row.settled,
    error: row.error,
    requestedAt: fromDate(row.requested_at),
    finishedAt: row.finished_at && fromDate(row.finished_at),
  }
}

/** What runs of an earlier release did not say of a source. */
function withDefaults(report: SourceReport): SourceReport {
  const statement = report.state === 'no_statement' ? null : 'books'
  return { ...report, statement: report.statement ?? statement, untold: report.untold ?? 0 }
}

/** Asks for a run; the same one while it waits. A worker carries it out. */
export async function requestRun(deps: { db: Db; clock: Clock }, day: LocalDate, by: string): Promise<Run> {
  return inTransaction(deps.db, async (tx) => {
    await tx
      .insertInto('reporting.reconciliation_runs')
      .values({ id: newId('rec', deps.clock), day, state: 'requested', asked_by: by, requested_at: toDate(deps.clock.now()) })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const row = await tx
      .selectFrom('reporting.reconciliation_runs')
      .selectAll()
      .where('day', '=', day)
      .where('state', '=', 'requested')
      .executeTakeFirstOrThrow()
    return toRun(row)
  })
}

/**
 * Becomes the only runner, under a lock that is held for this transaction alone, because a run waits for gateways and no
 * transaction may: `choose` says which run to begin. Null where another is under way or there is nothing to do. A runner that
 * has stood still for five minutes is ended here.
 */
export async function beginRun(
  deps: { db: Db; clock: Clock },
  choose: (tx: Tx) => Promise<{ day: LocalDate; by: string; id?: string } | null>,
): Promise<Run | null> {
  return inTransaction(deps.db, async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx)
    const now = deps.clock.now()
    await tx
      .updateTable('reporting.reconciliation_runs')
      .set({ state: 'failed', error: 'its process died', finished_at: toDate(now) })
      .where('state', '=', 'running')
      .where('running_until', '<', toDate(now))
      .execute()
    const running = await tx.selectFrom('reporting.reconciliation_runs').select('id').where('state', '=', 'running').executeTakeFirst()
    if (running) return null
    const chosen = await choose(tx)
    if (!chosen) return null
    const running_until = toDate(plusMs(now, LEASE_MS))
    const row =
      chosen.id === undefined
        ? await tx
            .insertInto('reporting.reconciliation_runs')
            .values({
              ...{ id: newId('rec', deps.clock), day: chosen.day, state: 'running', asked_by: chosen.by },
              ...{ requested_at: toDate(now), running_until },
            })
            .returningAll()
            .executeTakeFirstOrThrow()
        : await tx
            .updateTable('reporting.reconciliation_runs')
            .set({ state: 'running', running_until })
            .where('id', '=', chosen.id)
            .returningAll()
            .executeTakeFirstOrThrow()
    return toRun(row)
  })
}

/** Another process has believed this run dead: what it goes on writing must not count. */
export class RunLost extends Error {
  constructor(id: string) {
    super(`${id} is no longer the run under way`)
    this.name = 'RunLost'
  }
}

/** Renews the claim on being the only runner; throws {@link RunLost}. Every write of a run goes with it. */
export async function keepRun(deps: { clock: Clock }, tx: Tx, id: string): Promise<void> {
  const renewed = await tx
    .updateTable('reporting.reconciliation_runs')
    .set({ running_until: toDate(plusMs(deps.clock.now(), LEASE_MS)) })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst()
  if (renewed.numUpdatedRows === 0n) throw new RunLost(id)
}

export type RunEnd = Pick<Run, 'state' | 'sources' | 'opened' | 'settled' | 'error'>

/** Notes how the run ended. */
export async function endRun(deps: { db: Db; clock: Clock }, id: string, end: RunEnd): Promise<Run> {
  const row = await deps.db
    .updateTable('reporting.reconciliation_runs')
    .set({ ...end, sources: JSON.stringify(end.sources), running_until: null, finished_at: toDate(deps.clock.now()) })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new RunLost(id)
  return toRun(row)
}

/** Runs, the newest first. */
export async function listRuns(db: Db, options: { day?: LocalDate; limit: number }): Promise<Run[]> {
  let query = db
    .selectFrom('reporting.reconciliation_runs')
    .selectAll()
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(options.limit)
  if (options.day !== undefined) query = query.where('day', '=', options.day)
  return (await query.execute()).map(toRun)
}
