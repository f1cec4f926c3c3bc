import type { GatewayPayment, GatewayRefund, RefundRequest } from '../contract.ts'
import { MalformedReply } from '../wire-fields.ts'
import { fromDong } from '../vietnam.ts'
import { isNotThere, throwFault } from './faults.ts'
import { readPayment, readStatus } from './wire.ts'

const EXPIRED = -54
/** The wallet holds too little: the customer can fill it and pay while the order lives. */
const TOO_LITTLE = -63

/** What the answer to a query says about a payment. 1: paid, 3: not yet; of the 2s only those that we know of. */
export function toGatewayPayment(reply: unknown): GatewayPayment {
  const status = readStatus(reply)
  const nothing = { captured: null, providerPaymentRef: null, failureCode: null }
  if (status.returnCode === 3) return { ...nothing, state: readPayment(reply).isProcessing ? 'processing' : 'open' }
  if (status.returnCode === 2 && status.code === EXPIRED) return { ...nothing, state: 'expired' }
  if (status.returnCode === 2 && status.code === TOO_LITTLE) return { ...nothing, state: 'open' }
  if (status.returnCode !== 1) return throwFault('query', status)

  const payment = readPayment(reply)
  if (payment.isProcessing) return { ...nothing, state: 'processing' }
  if (payment.transactionId === null) throw new MalformedReply('zp_trans_id')
  if (payment.amount <= 0) throw new MalformedReply('amount')
  return { ...nothing, state: 'paid', captured: fromDong(payment.amount), providerPaymentRef: payment.transactionId }
}

/** Why a refund that was taken in failed. */
const FAILURES: Readonly<Record<number, string>> = {
  0: 'refund_failed',
  [-2]: 'refund_not_allowed',
  [-13]: 'refund_window_over',
  [-14]: 'refund_amount_invalid',
  [-32]: 'refund_not_supported',
}

/** What the answer about a refund says; null where there is none. ZaloPay does not repeat the amount: it is what was asked. */
export function toGatewayRefund(refund: RefundRequest, reply: unknown): GatewayRefund | null {
  const status = readStatus(reply)
  const known = { amount: refund.amount, providerRefundRef: refund.clientRef, failureCode: null }
  if (status.returnCode === 1) return { ...known, state: 'succeeded' }
  if (status.returnCode === 3) return { ...known, state: 'pending' }
  if (isNotThere(status)) return null
  if (status.returnCode !== 2) return throwFault('query_refund', status)
  const failureCode = FAILURES[status.code]
  return failureCode === undefined ? throwFault('query_refund', status) : { ...known, state: 'failed', failureCode }
}
