import type { ReportingEvents } from '../reporting/index.ts'
import type { WorkerDeps } from './deps.ts'

/**
 * Does what software may about a difference in the books: asks the gateway about a payment that it tells otherwise, and has a
 * reservation cancelled that an ended booking still has. The next comparison says whether that helped.
 */
export async function mendBreak(
  deps: Pick<WorkerDeps, 'bookings' | 'payments'>,
  found: ReportingEvents['reconciliation.break_opened'],
): Promise<void> {
  const { kind, side, paymentId, bookingId, ourRef, theirRef } = found
  if (side === 'gateway' && paymentId !== null && (kind === 'status_differs' || kind === 'missing_at_gateway'))
    await deps.payments.sync(paymentId)
  if (kind === 'live_at_supplier_but_refunded' && bookingId !== null && ourRef !== null)
    await deps.bookings.noteOrphan({ bookingId, reference: ourRef, supplierRef: theirRef })
}
