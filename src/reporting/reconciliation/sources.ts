import type { Money } from '../../kernel/money.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'

/** A line of a gateway's books. `gross` of a refund is positive, negative where it came back. */
export type MoneyLine = {
  readonly kind: 'payment' | 'refund' | 'chargeback'
  readonly lineId: string
  readonly clientRef: string | null
  readonly providerRef: string | null
  readonly gross: Money
  readonly fee: Money | null
  readonly at: Instant
}

/** A line of a supplier's books: a reservation as it stands when asked, with the price it is sold to us for. */
export type SupplierLine = {
  readonly lineId: string
  readonly status: 'live' | 'cancelled' | 'voided'
  /** Ours, where the supplier keeps it. */
  readonly reference: string | null
  readonly supplierRef: string
  readonly amount: Money | null
  readonly at: Instant
}

/** Something of ours that a statement was to tell and could not, so that it counts neither as there nor as missing. */
export type Untold = { readonly untold: { readonly kind: MoneyLine['kind']; readonly ourRef: string } }

/**
 * `books`: the other side's own list of the day, which may hold what we know nothing of. `by_query`: made of one question about
 * each payment and refund that we know of; money that we know nothing of is not in it.
 */
export type StatementKind = 'books' | 'by_query'

/** `watched`: payments of ours, by id, that differ from what an earlier statement said; one that is made of questions asks about them again. */
export type StatementCall = { readonly signal: AbortSignal; readonly watched: readonly string[] }

/**
 * A gateway whose books of a day (UTC) may be asked for. `tells`: of which kinds of lines they speak; of all where it is not said. What
 * they never speak of is not missing in them.
 */
export type MoneySource = {
  readonly id: string
  readonly statement?: StatementKind
  readonly tells?: readonly MoneyLine['kind'][]
  readonly listSettled?: (day: LocalDate, call: StatementCall) => AsyncIterable<MoneyLine | Untold>
}

/** A supplier whose books of a day (UTC) may be asked for. */
export type SupplierSource = {
  readonly id: string
  readonly statement?: (day: LocalDate, call: { readonly signal: AbortSignal }) => AsyncIterable<SupplierLine>
}

export type Side = 'gateway' | 'supplier'

/** What became of one source in a run. `no_statement` is never "matched". */
export type SourceReport = {
  readonly side: Side
  readonly source: string
  readonly state: 'compared' | 'no_statement' | 'failed'
  /** Null where there is none. */
  readonly statement: StatementKind | null
  readonly lines: number
  readonly matched: number
  /** What it was asked about and could not tell: not compared. */
  readonly untold: number
  readonly error: string | null
}
