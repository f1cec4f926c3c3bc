import { plusMs } from '../kernel/time.ts'
import { failpoint } from '../platform/failpoint.ts'
import { checkRefund } from './check-refund.ts'
import { getGateway, type PaymentsDeps } from './deps.ts'
import type { RefundRequest } from './gateways/contract.ts'
import { leaveRefundToPerson } from './leave-refund-to-person.ts'
import { checkAgainAfterMs } from './payment.ts'
import { toRefundRequest, type Refund } from './refund.ts'
import { withRefund } from './with-refund.ts'
import { failRefund, settleRefund } from './settle-refund.ts'

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
    await withRefund(deps, refundId, async (tx, refund) =>
      refund.status === 'requested' ? failRefund(deps, tx, refund, reply.code, deps.clock.now()) : refund,
    ),
  )
}

function markSending(deps: PaymentsDeps, refundId: string): Promise<{ refund: Refund; request: RefundRequest | null }> {
  return withRefund(deps, refundId, async (tx, refund) => {
    const payment = await deps.store.findPayment(tx, refund.paymentId)
    if (!payment) throw new Error(`there is no payment ${refund.paymentId}`)
    const request = toRefundRequest(refund, payment)
    if (refund.status !== 'requested') return { refund, request: null }
    const now = deps.clock.now()
    const checkAt = plusMs(now, checkAgainAfterMs(refund.checks))
    const marked = await deps.store.updateRefund(
      tx,
      refund,
      { sendings: refund.sendings + 1, checks: refund.checks + 1, checkAt, ...(refund.sendings === 0 && { firstSentAt: now }) },
      now,
    )
    return { refund: marked, request }
  })
}

function toSent(refund: Refund): SentRefund {
  return { outcome: refund.status === 'requested' ? 'unknown' : refund.status, refund }
}
