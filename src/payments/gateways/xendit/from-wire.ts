import { sumMoney } from '../../../kernel/money.ts'
import { parseInstant } from '../../../kernel/time.ts'
import type { GatewayPayment, GatewayRefund, PaymentRef, StatementLine } from '../contract.ts'
import { MalformedReply } from '../wire-fields.ts'
import { fromXenditAmount } from './amounts.ts'
import type { WireInvoice, WireRefund, WireTransaction } from './wire.ts'

const STATES: Readonly<Record<string, 'open' | 'paid' | 'expired'>> = { PENDING: 'open', PAID: 'paid', SETTLED: 'paid', EXPIRED: 'expired' }

/**
 * What the invoices of one reference say about our payment. There is one, unless two processes made it in the same moment:
 * Xendit does not mind. Two that were paid are all the money that came. Throws {@link MalformedReply} for another's invoice
 * and for a status nobody has thought of.
 */
export function toGatewayPayment(ref: PaymentRef, invoices: readonly WireInvoice[]): GatewayPayment {
  const states = invoices.map((invoice) => {
    if (invoice.externalId !== ref.clientRef) throw new MalformedReply('external_id')
    const state = STATES[invoice.status]
    if (!state) throw new MalformedReply('status')
    return { ...invoice, state }
  })
  const paid = states.filter(({ state }) => state === 'paid')
  if (paid.length > 0) {
    const received = paid.map(({ paidAmount, currency }) => {
      if (paidAmount === null) throw new MalformedReply('paid_amount')
      return fromXenditAmount(paidAmount, currency)
    })
    // Money of two currencies is no sum; a person looks at it.
    const isOne = received.every(({ currency }) => currency === received[0]!.currency)
    return {
      state: 'paid',
      captured: isOne ? sumMoney(received, received[0]!.currency) : null,
      providerPaymentRef: paid[0]!.id,
      failureCode: null,
    }
  }
  const state = states.some((one) => one.state === 'open') ? 'open' : 'expired'
  return { state, captured: null, providerPaymentRef: null, failureCode: null }
}

const REFUND_STATES: Readonly<Record<string, GatewayRefund['state']>> = {
  PENDING: 'pending',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  CANCELLED: 'failed',
}

/** What Xendit says about a refund; throws {@link MalformedReply} for a status nobody has thought of. */
export function toGatewayRefund(refund: WireRefund): GatewayRefund {
  const state = REFUND_STATES[refund.status]
  if (!state) throw new MalformedReply('status')
  return {
    state,
    amount: fromXenditAmount(refund.amount, refund.currency),
    providerRefundRef: refund.id,
    failureCode: state === 'failed' ? (refund.failureCode ?? refund.status) : null,
  }
}

const KINDS: Readonly<Record<string, StatementLine['kind']>> = { PAYMENT: 'payment', REFUND: 'refund', CHARGEBACK: 'chargeback' }

/** A line of the books, or undefined for what is neither paid in nor given back, such as a transfer to our bank. */
export function toStatementLine(line: WireTransaction): StatementLine | undefined {
  const kind = KINDS[line.type]
  if (!kind || line.status !== 'SUCCESS') return undefined
  return {
    kind,
    lineId: line.id,
    clientRef: line.referenceId,
    providerRef: line.productId,
    gross: fromXenditAmount(line.amount, line.currency),
    fee: line.fee === null ? null : fromXenditAmount(line.fee, line.currency),
    at: parseInstant(line.created),
  }
}
