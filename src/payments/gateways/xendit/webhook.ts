import { createHash, timingSafeEqual } from 'node:crypto'
import type { VerifiedWebhook, WebhookDelivery } from '../contract.ts'
import { MalformedReply } from '../wire-fields.ts'
import { readCallback } from './wire.ts'

/**
 * Xendit signs nothing: it sends a token that is always the same, compared here in constant time with each of ours. Who
 * has seen one delivery can write others, so what is in one is a hint and no more, and its key is of all of its bytes: a
 * made-up one cannot take the place of a genuine one. https://docs.xendit.co/docs/handling-webhooks
 */
export function verifyXenditWebhook(tokens: readonly string[], delivery: WebhookDelivery): VerifiedWebhook {
  const given = delivery.headers['x-callback-token']
  if (typeof given !== 'string' || !isOurs(tokens, given)) return { outcome: 'forged', reason: 'the token is not ours' }
  try {
    const body = new TextDecoder('utf-8', { fatal: true }).decode(delivery.rawBody)
    const { event, invoiceId, externalId } = readCallback(JSON.parse(body))
    const print = createHash('sha256').update(delivery.rawBody).digest('hex').slice(0, 32)
    return {
      outcome: 'genuine',
      hint: {
        dedupeKey: `${event}:${invoiceId ?? ''}:${print}`,
        eventType: event,
        paymentId: null,
        clientRef: externalId,
        providerRef: invoiceId,
        providerPaymentRef: invoiceId,
      },
    }
  } catch (error) {
    if (error instanceof MalformedReply) return { outcome: 'malformed', reason: `The callback cannot be read: ${error.message}.` }
    return { outcome: 'malformed', reason: 'The callback is not JSON.' }
  }
}

/** Hashed first, so that neither the length nor the first difference shows; all tokens are always looked at. */
function isOurs(tokens: readonly string[], given: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  let found = false
  for (const token of tokens) found = timingSafeEqual(digest(token), digest(given)) || found
  return found
}
