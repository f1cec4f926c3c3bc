import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/postgres.ts'
import type { MoneySource, SupplierSource } from './sources.ts'
import type { WriteOffLedger } from './write-off.ts'

export type ReconciliationDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly gateways: readonly MoneySource[]
  readonly suppliers: readonly SupplierSource[]
  /** Where accepted differences are posted. */
  readonly ledger: WriteOffLedger
  /** Whether yesterday is compared by itself. */
  readonly isDaily: boolean
  /** After how long a difference that may settle by itself becomes a work item; money that is not ours to know does at once. */
  readonly breakHours: number
}
