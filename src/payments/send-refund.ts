import { compareMoney, sumMoney } from '../kernel/money.ts'
import { plusMs, toDate } from '../kernel/time.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { Tx } from '../platform/postgres.ts'
import { checkRefund } from './check-refund.ts'
import { getGateway, type PaymentsDeps } from './deps.ts'
import type { RefundRequest } from './gateways/contract.ts'
import { leaveRefundToPerson } from './leave-refund-to-person.ts'
import { checkAgainAfterMs, type Payment } from './payment.ts'
import { toRefundRequest, type Refund } from './refund.ts'
import { withRefund } from './with-refund.ts'
import { chargedBackOf } from './settle-disputes.ts'
import { failRefund, putOff, settleRefund } from './settle-refund.ts'

/** The kind of work item of a refund that waits because a bank has the money already. */
const REFUND_HELD = 'refund_of_charged_back'

/** `unknown`: no reply that settles it; it will be looked for, and only sent again where the gateway has none. */
export type SentRefund = { readonly outcome: 'pending' | 'completed' | 'failed' | 'unknown'; readonly refund: Refund }

/**
 * Has the gateway give the money back, once. That it is being sent is committed first; one that may have been sent
 * before is looked for at the gateway before it is sent again, and then under the same key. A refusal counts only when
 * the gateway also has no such refund. One that the gateway cannot make is left to a person. Safe to repeat. Throws for an unknown id.
 */
export async function sendRefund(deps: PaymentsDeps, refundId: string): Promise<SentRefund> {
  const known = await deps.store.findRefund(deps.db, refundId)
  if (!known) throw new Error(`there is no refund ${refundId}`)
  if (known.status === 'completed' || known.status === 'failed') return toSent(known)
  if (known.sendings > 0) {
    const checked = await checkRefund(deps, refundId)
    if (checked.outcome !== 'absent') return toSent(checked.refund)
  }
  const gateway = getGateway(deps, known.provider)
  if (gateway.capabilities.refund === 'manual') return toSent(await leaveRefundToPerson(deps, refundId))
  const sending = await markSending(deps, refundId)
  if (!sending.request) return toSent(sending.refund)

  const reply = await gateway.refund(sending.request)
  failpoint('refund-given')
  if (reply.outcome === 'ok')
    return toSent(await withRefund(deps, refundId, (tx, refund) => settleRefund(deps, tx, refund, reply.value, deps.clock.now())))
  if (reply.outcome === 'unknown') return { outcome: 'unknown', refund: sending.refund }

  const checked = await checkRefund(deps, refundId)
  if (checked.outcome !== 'absent') return toSent(checked.refund)
  return toSent(
    await withRefund(deps, refundId, async (tx, refund) => {
      // Another sending may have been taken as this one was refused: then the next look says what became of it.
      const isAlone = sending.isAlone && refund.sendings === sending.refund.sendings
      return refund.status === 'requested' && isAlone ? failRefund(deps, tx, refund, reply.code, deps.clock.now()) : refund
    }),
  )
}

/** Longer than any gateway is waited for: what was sent before that has been answered, or never will be. */
const ANSWERED_MS = 120_000

/** `isAlone`: nothing that was sent before can still be under way. */
type Sending = { readonly refund: Refund; readonly request: RefundRequest | null; readonly isAlone: boolean }

function markSending(deps: PaymentsDeps, refundId: string): Promise<Sending> {
  return withRefund(deps, refundId, async (tx, refund) => {
    // Locked, so that what a bank takes meanwhile is either seen here or sees this refund as sent.
    const payment = await deps.store.lockPayment(tx, refund.paymentId)
    if (!payment) throw new Error(`there is no payment ${refund.paymentId}`)
    const request = toRefundRequest(refund, payment)
    if (refund.status !== 'requested') return { refund, request: null, isAlone: false }
    if (refund.sendings === 0 && (await isTakenByBank(deps, tx, refund, payment)))
      return { refund: await hold(deps, tx, refund), request: null, isAlone: false }
    const now = deps.clock.now()
    const isAlone = refund.sendings === 0 || plusMs(refund.updatedAt, ANSWERED_MS) < now
    await deps.records.closeWorkItem(tx, REFUND_HELD, refund.id, toDate(now))
    const checkAt = plusMs(now, checkAgainAfterMs(refund.checks))
    const marked = await deps.store.updateRefund(
      tx,
      refund,
      { sendings: refund.sendings + 1, checks: refund.checks + 1, checkAt, ...(refund.sendings === 0 && { firstSentAt: now }) },
      now,
    )
    return { refund: marked, request, isAlone }
  })
}

/** True when what banks hold of the payment and what was sent back already leaves less than this refund. */
async function isTakenByBank(deps: PaymentsDeps, tx: Tx, refund: Refund, payment: Payment): Promise<boolean> {
  const chargedBack = await chargedBackOf(deps, tx, payment)
  if (chargedBack.amount <= 0) return false
  const sent = (await deps.store.listRefundsOfPayment(tx, payment.id)).filter(
    (one) => one.id !== refund.id && one.status !== 'failed' && one.sendings > 0,
  )
  const given = sumMoney([...sent.map((one) => one.amount), chargedBack, refund.amount], payment.amount.currency)
  return compareMoney(given, payment.amount) > 0
}

/** The customer's bank has the money: giving it back as well would give it twice. A person decides, and a case that is won lets it go. */
async function hold(deps: PaymentsDeps, tx: Tx, refund: Refund): Promise<Refund> {
  await deps.records.openWorkItem(tx, {
    kind: REFUND_HELD,
    subjectId: refund.id,
    summary:
      "A refund waits because the customer's bank has taken the money back already. Decide with the case: the customer gets it once, from the bank or from us.",
    details: {
      bookingId: refund.bookingId,
      paymentId: refund.paymentId,
      provider: refund.provider,
      amount: refund.amount.amount,
      currency: refund.amount.currency,
    },
  })
  return putOff(deps, tx, refund, null, deps.clock.now())
}

function toSent(refund: Refund): SentRefund {
  return { outcome: refund.status === 'requested' ? 'unknown' : refund.status, refund }
}
