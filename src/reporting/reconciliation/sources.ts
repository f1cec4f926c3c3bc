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

/** A gateway whose books of a day (UTC) may be asked for. */
export type MoneySource = { readonly id: string; readonly listSettled?: (day: LocalDate) => AsyncIterable<MoneyLine> }

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
  readonly lines: number
  readonly matched: number
  readonly error: string | null
}
