import { getGateway, type PaymentsDeps } from './deps.ts'
import { withPayment } from './with-payment.ts'
import { toPaymentRef } from './payment.ts'
import { paymentUnknown, referenceNotOurs } from './problems.ts'
import { syncPayment, type Synced } from './sync-payment.ts'

/**
 * Takes a gateway's reference that a person has found for a payment, once the gateway itself says that it is this payment,
 * and makes what it says true here. Throws payment-unknown and reference-not-ours.
 */
export async function attachReference(deps: PaymentsDeps, input: { paymentId: string; providerRef: string }): Promise<Synced> {
  const known = await deps.store.findPayment(deps.db, input.paymentId)
  if (!known) throw paymentUnknown()
  if (known.status === 'captured') throw referenceNotOurs({ detail: 'This payment has been captured already.' })
  const reply = await getGateway(deps, known.provider).query({ ...toPaymentRef(known), providerRef: input.providerRef })
  if (reply.outcome !== 'ok') throw referenceNotOurs({ detail: `The gateway does not show it as this payment: ${reply.message}` })
  await withPayment(deps, known.id, async (tx, payment) => {
    if (payment.providerRef === input.providerRef) return
    await deps.store.updatePayment(tx, payment, { providerRef: input.providerRef }, deps.clock.now())
  })
  return syncPayment(deps, known.id)
}
