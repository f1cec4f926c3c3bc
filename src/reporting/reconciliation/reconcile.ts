import { parseInstant, plusDays, plusMs, toDate, utcDate, type LocalDate } from '../../kernel/time.ts'
import { inTransaction, type Tx } from '../../platform/postgres.ts'
import { closeWorkItem } from '../../platform/work-items.ts'
import { announce } from '../events.ts'
import { dayNotOver } from '../problems.ts'
import { findBreak, listWatchedPayments } from './break-store.ts'
import { handOver, RECONCILIATION_BREAK, takeBackWriteOff } from './breaks.ts'
import type { ReconciliationDeps } from './deps.ts'
import { findBreaks } from './find-breaks.ts'
import { countLines, forgetOldLines, toMoneyRow, toSupplierRow, writeLines, type MoneyScope, type Scope } from './line-store.ts'
import { matchMoney, matchReservations } from './match-lines.ts'
import { beginRun, endRun, keepRun, listRuns, RunLost, type Run } from './run-store.ts'
import type { MoneyLine, MoneySource, SourceReport, StatementKind, SupplierLine, Untold } from './sources.ts'

/** Lines written, and held in memory, at a time. */
const BATCH = 500
/** A statement longer than this is somebody's mistake. */
const LINES_MAX = 2_000_000
/** A statement of a day, all its pages together. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000
/** Where more than so many can not be told, nothing is: the statement has failed. */
const UNTOLD_MAX = 1_000
/** So many payments of earlier days, at most, are asked about again where a statement is made of questions. */
const WATCHED_MAX = 1_000
const ALL_KINDS: readonly MoneyLine['kind'][] = ['payment', 'refund', 'chargeback']
/** Books of a day are asked for when they have had some time to be closed. */
const DAY_OVER_AFTER_MS = 2 * 3_600_000
const AGAIN_AFTER_MS = 15 * 60_000
/** Where a whole day differs there is one fault, and nobody is to be asked about each line: breaks are opened, and no more. */
const ANNOUNCED_MAX = 1_000

/**
 * Compares a day (UTC) with the statements of every gateway and supplier that has one, line by line and in bounded memory; the
 * same day again finds the same. Null while another run is under way. A source that fails leaves its breaks as they were, and the
 * run incomplete. Throws day-not-over for a day to come.
 */
export async function reconcileDay(deps: ReconciliationDeps, day: LocalDate, by: string): Promise<Run | null> {
  assertBegun(deps, day)
  const run = await beginRun(deps, async () => ({ day, by }))
  return run && carryOut(deps, run)
}

/**
 * Begins what was asked for, or else yesterday where nobody has compared it yet. Any number of processes may run it: one does. Where
 * it is told to stop it ends soon, incomplete.
 */
export async function reconcileDue(deps: ReconciliationDeps, signal?: AbortSignal): Promise<Run | null> {
  await handOver(deps)
  const run = await beginRun(deps, (tx) => chooseDue(deps, tx))
  return run && carryOut(deps, run, signal)
}

/** Refuses a day that has not begun. */
export function assertBegun(deps: Pick<ReconciliationDeps, 'clock'>, day: LocalDate): void {
  if (day > utcDate(deps.clock.now())) throw dayNotOver({ moneyMoved: 'none' })
}

async function chooseDue(deps: ReconciliationDeps, tx: Tx): Promise<{ day: LocalDate; by: string; id?: string } | null> {
  const asked = await tx
    .selectFrom('reporting.reconciliation_runs')
    .selectAll()
    .where('state', '=', 'requested')
    .orderBy('requested_at')
    .limit(1)
    .executeTakeFirst()
  if (asked) return { day: asked.day as LocalDate, by: asked.asked_by, id: asked.id }
  const now = deps.clock.now()
  const closedAt = plusMs(parseInstant(`${utcDate(now)}T00:00:00Z`), DAY_OVER_AFTER_MS)
  if (!deps.isDaily || now < closedAt) return null
  const day = plusDays(utcDate(now), -1)
  // One that was made while the day was going on does not count.
  const known = await tx
    .selectFrom('reporting.reconciliation_runs')
    .select('id')
    .where('day', '=', day)
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'done'), eb('finished_at', '>=', toDate(closedAt))]),
        eb('finished_at', '>', toDate(plusMs(now, -AGAIN_AFTER_MS))),
      ]),
    )
    .executeTakeFirst()
  return known ? null : { day, by: 'schedule' }
}

async function carryOut(deps: ReconciliationDeps, run: Run, stopping?: AbortSignal): Promise<Run> {
  const reports: SourceReport[] = []
  let [opened, settled] = [0, 0]
  const compare = async (scope: Scope, read: Statement | null): Promise<void> => {
    const { side, source } = scope
    const nothing = { side, source, statement: read && read.kind, lines: 0, matched: 0, untold: 0, error: null }
    if (read === null) return void reports.push({ ...nothing, state: 'no_statement' })
    try {
      const untold = await takeIn(deps, scope, stopping ? untilStopped(read.rows, stopping) : read.rows)
      const found = await compareSource(deps, { ...scope, statement: read.kind, tells: read.tells, untold })
      opened += found.opened
      settled += found.settled
      reports.push({ ...nothing, ...found.counts, untold: untold.length, state: 'compared' })
    } catch (error) {
      if (error instanceof RunLost) throw error
      reports.push({ ...nothing, state: 'failed', error: (error instanceof Error ? error.message : String(error)).slice(0, 300) })
    }
  }
  try {
    for (const gateway of deps.gateways) {
      const scope: Scope = { runId: run.id, side: 'gateway', source: gateway.id, day: run.day }
      await compare(scope, await readMoney(deps, gateway, run.day))
    }
    for (const supplier of deps.suppliers) {
      const scope: Scope = { runId: run.id, side: 'supplier', source: supplier.id, day: run.day }
      const call = { signal: AbortSignal.timeout(STATEMENT_TIMEOUT_MS) }
      const lines = supplier.statement?.(run.day, call)
      await compare(scope, lines ? { kind: 'books', tells: ALL_KINDS, rows: mapLines(lines, toSupplierRow) } : null)
    }
    reports.push(...(await listUnasked(deps, run.day)))
    await handOver(deps)
    const state = reports.some((report) => report.state === 'failed') ? 'incomplete' : 'done'
    return await endRun(deps, run.id, { state, sources: reports, opened, settled, error: null })
  } catch (error) {
    if (error instanceof RunLost) return (await listRuns(deps.db, { day: run.day, limit: 1 }))[0] ?? run
    const said = error instanceof Error ? error.message : String(error)
    return endRun(deps, run.id, { state: 'failed', sources: reports, opened, settled, error: said.slice(0, 300) })
  }
}

/** Gateways that the ledger says money of the day came by, and that nobody can be asked about any more. */
async function listUnasked(deps: ReconciliationDeps, day: LocalDate): Promise<SourceReport[]> {
  const from = parseInstant(`${day}T00:00:00Z`)
  const rows = await deps.db
    .selectFrom('reporting.money_facts')
    .select('source')
    .distinct()
    .where('at', '>=', toDate(from))
    .where('at', '<', toDate(parseInstant(`${plusDays(day, 1)}T00:00:00Z`)))
    .execute()
  const asked = new Set(deps.gateways.map((gateway) => gateway.id))
  const unasked = rows.flatMap(({ source }) => (source === null || asked.has(source) ? [] : [source]))
  return unasked.map((source) => ({
    ...{ side: 'gateway', source, state: 'no_statement', statement: null, lines: 0, matched: 0, untold: 0, error: null },
  }))
}

type Row = ReturnType<typeof toMoneyRow>
type Statement = { readonly kind: StatementKind; readonly tells: readonly MoneyLine['kind'][]; readonly rows: AsyncIterable<Row | Untold> }

async function readMoney(deps: ReconciliationDeps, source: MoneySource, day: LocalDate): Promise<Statement | null> {
  const { id, statement = 'books', tells = ALL_KINDS, listSettled } = source
  if (!listSettled) return null
  const watched = statement === 'by_query' ? await listWatchedPayments(deps.db, id, WATCHED_MAX) : []
  const lines = listSettled(day, { signal: AbortSignal.timeout(STATEMENT_TIMEOUT_MS), watched })
  return { kind: statement, tells, rows: mapLines(lines, toMoneyRow) }
}

async function* mapLines<Line extends MoneyLine | SupplierLine>(
  lines: AsyncIterable<Line | Untold>,
  toRow: (line: Line) => Row,
): AsyncIterable<Row | Untold> {
  for await (const line of lines) yield 'untold' in line ? line : toRow(line)
}

async function* untilStopped<T>(rows: AsyncIterable<T>, stopping: AbortSignal): AsyncIterable<T> {
  stopping.throwIfAborted()
  for await (const row of rows) {
    stopping.throwIfAborted()
    yield row
  }
}

/** Writes the statement down, a batch at a time, each in a transaction that waits for nobody. Returns our references of what it could not tell. */
async function takeIn(deps: ReconciliationDeps, scope: Scope, rows: AsyncIterable<Row | Untold>): Promise<string[]> {
  const untold: string[] = []
  let batch: Row[] = []
  let count = 0
  const write = (): Promise<void> =>
    inTransaction(deps.db, async (tx) => {
      await keepRun(deps, tx, scope.runId)
      await writeLines(tx, scope, batch)
    })
  for await (const row of rows) {
    if ('untold' in row) {
      untold.push(row.untold.ourRef)
      if (untold.length > UNTOLD_MAX) throw new Error(`more than ${UNTOLD_MAX} payments could not be told`)
      continue
    }
    batch.push(row)
    count += 1
    if (count > LINES_MAX) throw new Error(`the statement has more than ${LINES_MAX} lines`)
    if (batch.length < BATCH) continue
    await write()
    batch = []
  }
  await write()
  return untold
}

async function compareSource(
  deps: ReconciliationDeps,
  scope: MoneyScope,
): Promise<{ opened: number; settled: number; counts: { lines: number; matched: number } }> {
  return inTransaction(deps.db, async (tx) => {
    await keepRun(deps, tx, scope.runId)
    await forgetOldLines(tx, scope)
    await (scope.side === 'gateway' ? matchMoney(tx, scope) : matchReservations(tx, scope))
    const now = deps.clock.now()
    const found = await findBreaks(tx, scope, now)
    for (const id of found.writeOffsUndone) await takeBackWriteOff(deps, tx, id)
    for (const { id } of found.opened.slice(0, ANNOUNCED_MAX)) await announceOpened(tx, id)
    for (const id of found.settled) {
      await closeWorkItem(tx, RECONCILIATION_BREAK, id, toDate(now))
      await announce(tx, 'reconciliation.break_settled', id, { breakId: id })
    }
    return { opened: found.opened.length, settled: found.settled.length, counts: await countLines(tx, scope) }
  })
}

async function announceOpened(tx: Tx, id: string): Promise<void> {
  const one = await findBreak(tx, id)
  if (!one) return
  const { kind, side, source, bookingId, paymentId, ourRef, theirRef } = one
  await announce(tx, 'reconciliation.break_opened', id, { breakId: id, kind, side, source, bookingId, paymentId, ourRef, theirRef })
}
