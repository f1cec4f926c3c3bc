import { getGateway, type PaymentsDeps } from './deps.ts'
import { toRefundRequest, type Refund } from './refund.ts'
import { withRefund } from './with-refund.ts'
import { putOff, settleRefund } from './settle-refund.ts'

/** `absent`: the gateway has no refund of ours by that id. `unknown`: it could not be asked. `seen`: applied. */
export type CheckedRefund = { readonly outcome: 'seen' | 'absent' | 'unknown'; readonly refund: Refund }

/** Asks the gateway what has become of a refund and makes that so here. Safe to repeat. Throws for an unknown id. */
export async function checkRefund(deps: PaymentsDeps, refundId: string): Promise<CheckedRefund> {
  const known = await deps.store.findRefund(deps.db, refundId)
  if (!known) throw new Error(`there is no refund ${refundId}`)
  const payment = await deps.store.findPayment(deps.db, known.paymentId)
  if (!payment) throw new Error(`there is no payment ${known.paymentId}`)

  const reply = await getGateway(deps, known.provider).queryRefund({
    ...toRefundRequest(known, payment),
    providerRefundRef: known.providerRef,
  })
  if (reply.outcome === 'ok' && reply.value === null && known.providerRef === null) return { outcome: 'absent', refund: known }
  return withRefund(deps, refundId, async (tx, refund) => {
    const now = deps.clock.now()
    if (reply.outcome === 'ok' && reply.value !== null)
      return { outcome: 'seen' as const, refund: await settleRefund(deps, tx, refund, reply.value, now) }
    const isUnderWay = refund.status === 'requested' || refund.status === 'pending'
    return { outcome: 'unknown' as const, refund: isUnderWay ? await putOff(deps, tx, refund, null, now) : refund }
  })
}
