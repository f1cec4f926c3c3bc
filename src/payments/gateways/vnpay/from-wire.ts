import type { Money } from '../../../kernel/money.ts'
import { plusMs, type Instant } from '../../../kernel/time.ts'
import type { GatewayPayment, GatewayRefund, PaymentRef, RefundRef, ToldRefund } from '../contract.ts'
import { Unanswered } from '../json-call.ts'
import { MalformedReply } from '../wire-fields.ts'
import { fromDong, fromWallClock, toShortDate, toWallClock } from '../vietnam.ts'
import { readRefundInfo, toRefundInfo } from './to-wire.ts'
import type { WireReply } from './wire.ts'

/** The longest a page of VNPay's is open for us. */
export const EXPIRY_SECONDS_MAX = 24 * 3_600
/** By how much VNPay's clock may be behind ours. */
const CLOCKS_DIFFER_MS = 60_000
/** How long a customer who came in time may take at the bank. */
const AT_THE_BANK_MS = 15 * 60_000

const PAYMENT = '01'
const REFUNDS: readonly string[] = ['02', '03']

/** VNPay's amount as money; throws {@link MalformedReply} for a fraction of a đồng. */
export function fromVnpayAmount(amount: string): Money {
  if (!/^\d{1,13}00$/.test(amount)) throw new MalformedReply('vnp_Amount')
  return fromDong(Number(amount.slice(0, -2)))
}

/** What we keep as VNPay's reference: ours, and until when its page can be entered, which VNPay itself never says again. */
export function toProviderRef(clientRef: string, expiresAt: Instant): string {
  return `${clientRef}@${toWallClock(expiresAt)}`
}

function endOf(ref: PaymentRef): Instant {
  const stated = fromWallClock(ref.providerRef?.split('@').at(-1) ?? '')
  return stated ?? plusMs(ref.createdAt, EXPIRY_SECONDS_MAX * 1_000)
}

const NOTHING = { captured: null, providerPaymentRef: null, failureCode: null }

/** What it means that VNPay knows no such payment: nobody has been to its page, which may still be open. */
export function toUnvisited(ref: PaymentRef, now: Instant): GatewayPayment {
  return { ...NOTHING, state: now > plusMs(endOf(ref), CLOCKS_DIFFER_MS) ? 'expired' : 'open' }
}

/**
 * What a signed answer of code 00 says about our payment: the code is about the question, the status about the money.
 * Throws {@link MalformedReply} when it is about another payment or says something that nobody has thought of.
 */
export function toGatewayPayment(ref: PaymentRef, reply: WireReply, now: Instant): GatewayPayment {
  if (reply.txnRef !== ref.clientRef) throw new MalformedReply('vnp_TxnRef')
  // The latest about it is a refund, so it was paid. How much, and what came before that refund, this answer does not say.
  if (REFUNDS.includes(reply.transactionType)) return { ...NOTHING, state: 'paid', refunds: { list: toldRefund(reply), isComplete: false } }
  if (reply.transactionType !== PAYMENT) throw new MalformedReply('vnp_TransactionType')
  const known = { ...NOTHING, providerPaymentRef: transactionNo(reply) }
  const failureCode = `status_${reply.transactionStatus}`
  switch (reply.transactionStatus) {
    case '00':
      if (known.providerPaymentRef === null) throw new MalformedReply('vnp_TransactionNo')
      return { ...known, state: 'paid', captured: fromVnpayAmount(reply.amount), refunds: { list: [], isComplete: true } }
    case '01':
      return { ...known, state: now > plusMs(endOf(ref), AT_THE_BANK_MS) ? 'expired' : 'open' }
    case '02':
      return { ...known, state: 'failed', failureCode }
    case '04':
      return { ...known, state: 'reversed', failureCode }
    case '07':
      return { ...known, state: 'suspicious', failureCode }
    default:
      throw new MalformedReply('vnp_TransactionStatus')
  }
}

const REFUND_STATES: Readonly<Record<string, GatewayRefund['state']>> = {
  '00': 'succeeded',
  '01': 'pending',
  '05': 'pending',
  '06': 'pending',
  '02': 'failed',
  '09': 'failed',
}

/** The refund that the answer tells of; none where it says something of it that nobody has thought of. */
function toldRefund(reply: WireReply): ToldRefund[] {
  const state = REFUND_STATES[reply.transactionStatus]
  if (!state) return []
  const clientRef = readRefundInfo(reply.orderInfo)
  return [{ state, amount: fromVnpayAmount(reply.amount), providerRefundRef: transactionNo(reply) ?? clientRef ?? '', clientRef }]
}

/** What a signed answer of code 00 to our refund says; throws {@link MalformedReply} for one about another. */
export function toGatewayRefund(refund: { clientRef: string; payment: { clientRef: string } }, reply: WireReply): GatewayRefund {
  if (reply.txnRef !== refund.payment.clientRef) throw new MalformedReply('vnp_TxnRef')
  const state = REFUND_STATES[reply.transactionStatus]
  if (!state) throw new MalformedReply('vnp_TransactionStatus')
  return {
    state,
    amount: fromVnpayAmount(reply.amount),
    providerRefundRef: transactionNo(reply) ?? refund.clientRef,
    failureCode: state === 'failed' ? `status_${reply.transactionStatus}` : null,
  }
}

/**
 * Which refund the latest transaction of a payment is. Null where the payment itself is the latest, so that there is no
 * refund, which only counts on the day the refund was decided: VNPay knows a repeated request by its id for a day, and one
 * sent again later could be a second refund. Throws {@link Unanswered} where it cannot be told.
 */
export function toFoundRefund(ref: RefundRef, reply: WireReply, now: Instant): GatewayRefund | null {
  if (reply.txnRef !== ref.payment.clientRef) throw new MalformedReply('vnp_TxnRef')
  if (REFUNDS.includes(reply.transactionType)) {
    const isOurs = reply.orderInfo === toRefundInfo(ref.clientRef) || transactionNo(reply) === ref.providerRefundRef
    if (isOurs) return toGatewayRefund(ref, reply)
    throw new Unanswered('unrecognised', 'VNPay tells of another refund of this payment')
  }
  if (reply.transactionType !== PAYMENT) throw new MalformedReply('vnp_TransactionType')
  if (toShortDate(now) === toShortDate(ref.createdAt)) return null
  throw new Unanswered('unrecognised', 'VNPay tells of no refund, but the day on which it could be sent again is over')
}

function transactionNo(reply: WireReply): string | null {
  return reply.transactionNo === '' || reply.transactionNo === '0' ? null : reply.transactionNo
}
