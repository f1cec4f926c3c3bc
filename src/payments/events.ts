import type { Tx } from '../platform/postgres.ts'
import type { PaymentsDeps } from './deps.ts'

/** What payments announces. Amounts are minor units. The subject of payment events is the payment, of refund events the refund. */
export type PaymentEvents = {
  /** A gateway has told us something about the payment; ask it what. */
  'payment.notified': { paymentId: string; bookingId: string; inboxId: string; eventType: string }
  /** The gateway holds the money. `late`: the payment had already ended, so nothing may be waiting for it. */
  'payment.captured': { paymentId: string; bookingId: string; amount: number; currency: string; late: boolean }
  /** No money came and none will: refused, or out of time. */
  'payment.failed': { paymentId: string; bookingId: string; status: 'failed' | 'expired'; code: string }
  /** The gateway holds another amount than was asked for. A work item is open; nothing may be delivered for it. */
  'payment.mismatched': {
    paymentId: string
    bookingId: string
    expected: number
    expectedCurrency: string
    captured: number | null
    capturedCurrency: string | null
  }
  /** What a customer's bank holds of the payment has changed: `amount` is what it holds now for this case. A work item is open. */
  'payment.charged_back': {
    paymentId: string
    bookingId: string
    disputeId: string
    amount: number
    currency: string
    state: 'open' | 'won' | 'lost'
    respondBy: string | null
  }
  'refund.requested': { refundId: string; paymentId: string; bookingId: string; amount: number; currency: string; reason: string }
  'refund.completed': { refundId: string; paymentId: string; bookingId: string; amount: number; currency: string }
  /** The money is still, or again, with us. `afterCompletion`: it had been reported as given back. A work item is open. */
  'refund.failed': {
    refundId: string
    paymentId: string
    bookingId: string
    amount: number
    currency: string
    code: string
    afterCompletion: boolean
  }
}

/** Records an event of a payment or refund inside the transaction that makes it true. */
export function announce<Name extends keyof PaymentEvents>(
  deps: Pick<PaymentsDeps, 'records'>,
  tx: Tx,
  name: Name,
  subjectId: string,
  body: PaymentEvents[Name],
  actor: string,
): Promise<void> {
  return deps.records.recordEvent(tx, { name, subjectId, body, actor })
}
