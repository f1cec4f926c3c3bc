import { addMoney, compareMoney, isSameMoney, sumMoney, type Money } from '../kernel/money.ts'
import { plusMs } from '../kernel/time.ts'
import type { Tx } from '../platform/postgres.ts'
import { getGateway, type PaymentsDeps } from './deps.ts'
import { announce } from './events.ts'
import { refundRequested } from './ledger.ts'
import { checkAgainAfterMs, type Payment } from './payment.ts'
import { paymentNotRefundable, paymentUnknown, refundExceedsPayment, refundReasonReused } from './problems.ts'
import type { Refund } from './refund.ts'

/** `reason` is a code such as "sold_out"; with the payment it names the refund. */
export type RefundOrder = { readonly paymentId: string; readonly bookingId: string; readonly amount: Money; readonly reason: string }

/**
 * Decides, in the caller's transaction, that money is given back: refund, ledger posting and event, so that the decision
 * and what it follows from are one. Asked again for the same reason it returns the refund there is. Throws problems:
 * unknown payment, nothing captured, more than was paid, or the same reason with another amount.
 */
export async function requestRefund(
  deps: Pick<PaymentsDeps, 'clock' | 'store' | 'records' | 'gateways'>,
  tx: Tx,
  order: RefundOrder,
): Promise<Refund> {
  if (order.amount.amount <= 0) throw new RangeError('a refund is of an amount above zero')
  const payment = await deps.store.lockPayment(tx, order.paymentId)
  if (!payment || payment.bookingId !== order.bookingId) throw paymentUnknown()
  const existing = await deps.store.findRefundByReason(tx, payment.id, order.reason)
  if (existing) {
    if (!isSameMoney(existing.amount, order.amount)) throw refundReasonReused()
    return existing
  }
  if (payment.status !== 'captured') throw paymentNotRefundable()
  if (order.amount.currency !== payment.amount.currency)
    throw refundExceedsPayment({ detail: 'A refund is made in the currency of its payment.' })
  const refunded = await sumOfRefunds(deps, tx, payment)
  if (compareMoney(addMoney(refunded, order.amount), payment.amount) > 0) throw refundExceedsPayment()

  const now = deps.clock.now()
  const id = deps.records.newId('rfd', deps.clock)
  const gateway = getGateway(deps, payment.provider)
  const refund = await deps.store.insertRefund(tx, {
    id,
    clientRefOf: (number) => gateway.refundClientRef({ refundId: id, number, createdAt: now }),
    paymentId: payment.id,
    bookingId: payment.bookingId,
    provider: payment.provider,
    reason: order.reason,
    amount: order.amount,
    createdAt: now,
    nextCheckAt: plusMs(now, checkAgainAfterMs(0)),
  })
  await deps.store.enterPosting(tx, refundRequested(refund.id, refund.amount), {
    bookingId: refund.bookingId,
    paymentId: refund.paymentId,
    provider: refund.provider,
    externalRef: null,
    payload: { refundId: refund.id, reason: refund.reason },
  })
  const { amount, currency } = refund.amount
  const body = { refundId: refund.id, paymentId: payment.id, bookingId: payment.bookingId, amount, currency, reason: refund.reason }
  await announce(deps, tx, 'refund.requested', refund.id, body, 'farewire')
  return refund
}

/** What has been, or is being, given back of a payment that the caller has locked. */
async function sumOfRefunds(deps: Pick<PaymentsDeps, 'store'>, tx: Tx, payment: Payment): Promise<Money> {
  const refunds = await deps.store.listRefundsOfPayment(tx, payment.id)
  return sumMoney(
    refunds.filter((refund) => refund.status !== 'failed').map((refund) => refund.amount),
    payment.amount.currency,
  )
}
