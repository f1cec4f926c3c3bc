import type { Instant } from '../kernel/time.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { Tx } from '../platform/postgres.ts'
import { getGateway, type PaymentsDeps } from './deps.ts'
import { announce } from './events.ts'
import type { WebhookDelivery, WebhookHint } from './gateways/contract.ts'
import type { Payment } from './payment.ts'
import { webhookMalformed, webhookSignatureInvalid } from './problems.ts'

/** `duplicate`: we have it already, and the gateway should be told that all is well. */
export type AcceptedWebhook = { readonly outcome: 'accepted' | 'duplicate' }

/**
 * Takes in a gateway's announcement: checks the signature, keeps the raw message once, and records that somebody should
 * ask the gateway. Nothing in it is believed (semantics S8). A genuine one about nothing of ours is kept and left at
 * that. Throws the problems webhook-signature-invalid and webhook-malformed, having kept nothing.
 */
export async function acceptWebhook(deps: PaymentsDeps, provider: string, delivery: WebhookDelivery): Promise<AcceptedWebhook> {
  const now = deps.clock.now()
  const verified = getGateway(deps, provider).verify(delivery, now)
  if (verified.outcome !== 'genuine') {
    throw verified.outcome === 'forged'
      ? webhookSignatureInvalid({ retryable: false })
      : webhookMalformed({ detail: verified.reason, retryable: false })
  }

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
      body: delivery.rawBody,
      receivedAt: now,
    })
    if (!isNew) return { outcome: 'duplicate' as const }
    if (payment) {
      await learnReference(deps, tx, payment.id, hint, now)
      await announce(
        deps,
        tx,
        'payment.notified',
        payment.id,
        { paymentId: payment.id, bookingId: payment.bookingId, inboxId, eventType: hint.eventType },
        provider,
      )
    }
    return { outcome: 'accepted' as const }
  })
  failpoint('announcement-kept')
  return accepted
}

/**
 * Announcements are often faster than the reply to the call that caused them, and outlive it when that is lost. Where
 * the payment is to be looked up is worth keeping; what is found there must name our payment to count.
 */
async function learnReference(deps: PaymentsDeps, tx: Tx, paymentId: string, hint: WebhookHint, now: Instant): Promise<void> {
  if (hint.providerRef === null || hint.paymentId !== paymentId) return
  const payment = await deps.store.lockPayment(tx, paymentId)
  if (payment?.providerRef === null) await deps.store.updatePayment(tx, payment, { providerRef: hint.providerRef }, now)
}

async function findSubject(deps: PaymentsDeps, tx: Tx, provider: string, hint: WebhookHint): Promise<Payment | undefined> {
  const byId = hint.paymentId === null ? undefined : await deps.store.findPayment(tx, hint.paymentId)
  if (byId) return byId.provider === provider ? byId : undefined
  return hint.providerPaymentRef === null ? undefined : deps.store.findPaymentByProviderPaymentRef(tx, provider, hint.providerPaymentRef)
}
