import { plusMs, toIso, type Instant } from '../kernel/time.ts'
import type { PaymentsDeps } from './deps.ts'
import type { Refund } from './refund.ts'
import { withRefund } from './with-refund.ts'

/** How long a person has, from when the refund was decided: the customer was promised the money within days, as by card. */
const BY_HAND_WITHIN_MS = 3 * 24 * 3_600_000

/**
 * Puts a refund that its provider cannot make before a person, who transfers the money and notes it (`noteManualRefund`).
 * Until then it is pending, and the customer is still owed the money. Nothing is asked of the provider, now or later.
 * Safe to repeat.
 */
export function leaveRefundToPerson(deps: PaymentsDeps, refundId: string): Promise<Refund> {
  return withRefund(deps, refundId, async (tx, refund) => {
    if (refund.status !== 'requested') return refund
    const payment = await deps.store.findPayment(tx, refund.paymentId)
    await deps.records.openWorkItem(tx, {
      kind: 'refund_manual',
      severity: 'high',
      subjectId: refund.id,
      summary: 'This provider cannot give money back. Transfer the amount to the customer, then note the transfer here.',
      details: {
        bookingId: refund.bookingId,
        paymentId: refund.paymentId,
        provider: refund.provider,
        // The provider's record of the payment says whose account it came from. No copy of that is kept here.
        providerPaymentRef: payment?.providerPaymentRef ?? null,
        amount: refund.amount.amount,
        currency: refund.amount.currency,
        reason: refund.reason,
        by: toIso(dueAt(refund)),
      },
    })
    return deps.store.updateRefund(tx, refund, { status: 'pending', checkAt: null }, deps.clock.now())
  })
}

function dueAt(refund: Refund): Instant {
  return plusMs(refund.createdAt, BY_HAND_WITHIN_MS)
}
