import type { Bookings } from '../booking/index.ts'
import type { Money } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import type { Payments } from '../payments/index.ts'
import type { Db } from '../platform/postgres.ts'
import type { Breaks } from '../reporting/index.ts'

/** What people act through: faces of other contexts. Nothing here changes a booking or money by itself. */
export type OpsDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly bookings: Pick<Bookings, 'get' | 'probe' | 'attachReservation' | 'giveUp' | 'cancelOrphan' | 'requestRefundAgain'>
  readonly payments: Pick<Payments, 'find' | 'findRefund' | 'sync' | 'sendRefund' | 'attachReference' | 'noteManualRefund'>
  readonly breaks: Breaks
  /** Writes the documents of a booking once more. */
  readonly reissueDocuments: (bookingId: string) => Promise<void>
  /** What one person may move alone, in the display currency. */
  readonly approvalLimit: Money
  /** The amount in the display currency; null where there is no rate, which then takes two people. */
  readonly toDisplayCurrency: (amount: Money) => Money | null
}
