import { recordEvent } from '../platform/events.ts'
import type { Tx } from '../platform/postgres.ts'

/** What reporting announces. The subject is the break. */
export type ReportingEvents = {
  /** Our books and somebody else's differ, newly or again. `theirRef` is the other side's own reference. */
  'reconciliation.break_opened': {
    breakId: string
    kind: string
    side: string
    source: string
    bookingId: string | null
    paymentId: string | null
    ourRef: string | null
    theirRef: string | null
  }
  'reconciliation.break_settled': { breakId: string }
  /** Two people have accepted the difference, and the ledger has taken it over. */
  'reconciliation.written_off': { breakId: string; reason: string; amount: number | null; currency: string | null }
  /** What was accepted is gone, or has become another difference: the ledger has taken the write-off back. */
  'reconciliation.write_off_reversed': { breakId: string; reason: string }
}

/** Records an event in the transaction that makes it true. */
export function announce<Name extends keyof ReportingEvents>(
  tx: Tx,
  name: Name,
  subjectId: string,
  body: ReportingEvents[Name],
  actor = 'farewire',
): Promise<void> {
  return recordEvent(tx, { name, subjectId, body, actor })
}
