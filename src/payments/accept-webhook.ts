import type { Instant } from '../kernel/time.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { Tx } from '../platform/postgres.ts'
import type { PaymentsDeps } from './deps.ts'
import { announce } from './events.ts'
import type { WebhookDelivery, WebhookHint, WebhookVerdict } from './gateways/contract.ts'
import type { Payment } from './payment.ts'
import { gatewayUnknown } from './problems.ts'

/** What became of a delivery. `reason`: what is wrong with one that was not kept. */
export type AcceptedWebhook = { readonly outcome: Exclude<WebhookVerdict, 'later'>; readonly reason: string | null }

/**
 * Takes in a gateway's announcement: checks the signature, keeps the raw message once, and records that somebody should
 * ask the gateway. Nothing in it is believed (semantics S8). A genuine one about nothing of ours is kept and left at
 * that; of a forged or malformed one nothing is kept. Throws the problem gateway-unknown.
 */
export async function acceptWebhook(deps: PaymentsDeps, provider: string, delivery: WebhookDelivery): Promise<AcceptedWebhook> {
  const now = deps.clock.now()
  const gateway = deps.gateways.find((one) => one.id === provider)
  if (!gateway) throw gatewayUnknown({ retryable: false })
  const verified = gateway.verify(delivery, now)
  if (verified.outcome !== 'genuine') return verified

  const { hint } = verified
  const accepted = await deps.records.transact(deps.db, async (tx) => {
    const payment = await findSubject(deps, tx, provider, hint)
    const inboxId = deps.records.newId('inb', deps.clock)
    const isNew = await deps.store.keepDelivery(tx, {
      id: inboxId,
      provider,
      dedupeKey: hint.dedupeKey,
      eventType: hint.eventType,
      paymentId: payment?.id ?? null,
      // A notification by GET says everything in its address.
      body: delivery.method === 'GET' ? Buffer.from(delivery.url) : delivery.rawBody,
      receivedAt: now,
    })
    if (!payment) return { outcome: 'about_nothing_of_ours' as const, reason: null }
    if (!isNew) return { outcome: 'duplicate' as const, reason: null }
    await learnReference(deps, tx, payment, hint, now)
    await announce(
      deps,
      tx,
      'payment.notified',
      payment.id,
      { paymentId: payment.id, bookingId: payment.bookingId, inboxId, eventType: hint.eventType },
      provider,
    )
    return { outcome: 'accepted' as const, reason: null }
  })
  failpoint('announcement-kept')
  return accepted
}

/**
 * Announcements are often faster than the reply to the call that caused them, and outlive it when that is lost. Where
 * the payment is to be looked up is worth keeping; what is found there must name our payment to count.
 */
async function learnReference(deps: PaymentsDeps, tx: Tx, found: Payment, hint: WebhookHint, now: Instant): Promise<void> {
  if (hint.providerRef === null || (hint.paymentId !== found.id && hint.clientRef !== found.clientRef)) return
  const payment = await deps.store.lockPayment(tx, found.id)
  if (payment?.providerRef === null) await deps.store.updatePayment(tx, payment, { providerRef: hint.providerRef }, now)
}

async function findSubject(deps: PaymentsDeps, tx: Tx, provider: string, hint: WebhookHint): Promise<Payment | undefined> {
  const byId = hint.paymentId === null ? undefined : await deps.store.findPayment(tx, hint.paymentId)
  if (byId) return byId.provider === provider ? byId : undefined
  const names = [
    ['client_ref', hint.clientRef],
    ['provider_ref', hint.providerRef],
    ['provider_payment_ref', hint.providerPaymentRef],
  ] as const
  for (const [name, ref] of names) {
    const found = ref === null ? undefined : await deps.store.findPaymentByRef(tx, provider, name, ref)
    if (found) return found
  }
  return undefined
}
