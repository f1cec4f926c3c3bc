import { plusMs, type Instant } from '../../../kernel/time.ts'
import type { VerifiedWebhook, WebhookDelivery } from '../contract.ts'
import { fields, MalformedReply, text, type Fields } from '../wire-fields.ts'
import { fromWallClock } from '../vietnam.ts'
import type { PayosConfig } from './config.ts'
import { isSigned, readTransfer } from './wire.ts'

const FUTURE_MS_MAX = 300_000

/**
 * Checks a delivery: HMAC-SHA256 over the sorted fields of `data`. `code`, `desc` and `success` beside it are signed by
 * nobody and not looked at. PayOS's test of our address is signed as well, and about no payment of ours.
 */
export function verifyPayosWebhook(config: PayosConfig, delivery: WebhookDelivery, now: Instant): VerifiedWebhook {
  const data = readSigned(config.checksumKey, delivery.rawBody)
  if (!data) return { outcome: 'forged', reason: 'the signature is not ours' }
  try {
    const transfer = readTransfer(data)
    const at = fromWallClock(transfer.at)
    if (at !== null && at > plusMs(now, FUTURE_MS_MAX)) return { outcome: 'forged', reason: 'it tells of the future' }
    return {
      outcome: 'genuine',
      hint: {
        dedupeKey: `${transfer.orderCode}:${transfer.reference}`.slice(0, 200),
        eventType: `transfer.${transfer.code}`.slice(0, 40),
        paymentId: null,
        clientRef: String(transfer.orderCode),
        providerRef: transfer.linkId,
        providerPaymentRef: transfer.linkId,
      },
    }
  } catch (error) {
    if (error instanceof MalformedReply) return { outcome: 'malformed', reason: `The delivery cannot be read: ${error.message}.` }
    throw error
  }
}

/** The data of a body that is signed by our key, or null. */
function readSigned(key: string, rawBody: Buffer): Fields | null {
  try {
    const body = fields(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody)), 'body')
    const data = fields(body['data'], 'data')
    return isSigned(key, data, text(body, 'signature')) ? data : null
  } catch {
    return null
  }
}
