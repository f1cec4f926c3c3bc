import type { LocalDate } from '../../kernel/time.ts'
import { findBreak, listBreaks, type Break, type BreakState } from './break-store.ts'
import { writeOff, type Breaks } from './breaks.ts'
import type { ReconciliationDeps } from './deps.ts'
import { assertBegun, reconcileDay, reconcileDue } from './reconcile.ts'
import { listBreakEntries } from './posting-store.ts'
import { listRuns, requestRun } from './run-store.ts'
import { writeCsv } from './write-csv.ts'

/** The daily comparison of ledger, gateways and suppliers. */
export function createReconciliation(deps: ReconciliationDeps) {
  const breaks: Breaks = {
    find: (breakId) => findBreak(deps.db, breakId),
    writeOff: (order) => writeOff(deps, order),
  }
  return {
    breaks,
    /** Compares a day now; null while another run is under way. */
    run: (day: LocalDate, by: string) => reconcileDay(deps, day, by),
    /** Begins what was asked for or is due. */
    runDue: (signal?: AbortSignal) => reconcileDue(deps, signal),
    /** Has a worker compare a day. */
    request: async (day: LocalDate, by: string) => {
      assertBegun(deps, day)
      return requestRun(deps, day, by)
    },
    runs: (options: { day?: LocalDate; limit: number }) => listRuns(deps.db, options),
    listBreaks: (filter: { day?: LocalDate; state?: BreakState; afterId?: string; limit: number }) => listBreaks(deps.db, filter),
    /** What differences have made in the ledger: write-offs, and their reversals. */
    entriesOf: (breaks: readonly Break[]) =>
      listBreakEntries(
        deps.db,
        breaks.map((one) => one.id),
      ),
    csv: (day: LocalDate) => writeCsv(deps.db, day),
  }
}

export type Reconciliation = ReturnType<typeof createReconciliation>
