import { createHash, timingSafeEqual } from 'node:crypto'
import type { VerifiedWebhook, WebhookDelivery } from '../contract.ts'
import { MalformedReply } from '../wire-fields.ts'
import { readNotification, type WireNotification } from './wire.ts'

/**
 * Midtrans signs with SHA-512 over order, status code, amount and server key, the amount as it is written. Nothing else of
 * a notification is covered, its transaction status and time included: a captured one can be edited and sent again years
 * later. So it is a hint and no more, and its key is of all of its bytes. https://docs.midtrans.com/docs/https-notification-webhooks
 */
export function verifyMidtransWebhook(serverKeys: readonly string[], delivery: WebhookDelivery): VerifiedWebhook {
  let notification: WireNotification
  try {
    const body = new TextDecoder('utf-8', { fatal: true }).decode(delivery.rawBody)
    notification = readNotification(JSON.parse(body))
  } catch (error) {
    // Where the signature is inside, what cannot be read is not signed either.
    return { outcome: 'forged', reason: error instanceof MalformedReply ? error.message : 'it is not JSON' }
  }
  const { orderId, statusCode, grossAmount, signature } = notification
  if (!isGenuine(serverKeys, `${orderId}${statusCode}${grossAmount}`, signature))
    return { outcome: 'forged', reason: 'the signature is not ours' }
  const print = createHash('sha256').update(delivery.rawBody).digest('hex').slice(0, 32)
  return {
    outcome: 'genuine',
    hint: {
      dedupeKey: `${orderId}:${statusCode}:${print}`,
      eventType: `transaction.${statusCode}`,
      paymentId: null,
      clientRef: orderId,
      providerRef: null,
      providerPaymentRef: null,
    },
  }
}

/** Compares with every key there is, so that the time it takes tells nothing. */
function isGenuine(serverKeys: readonly string[], signed: string, signature: string): boolean {
  if (!/^[0-9a-f]{128}$/.test(signature)) return false
  const given = Buffer.from(signature, 'hex')
  let found = false
  for (const key of serverKeys) found = timingSafeEqual(createHash('sha512').update(signed).update(key).digest(), given) || found
  return found
}
