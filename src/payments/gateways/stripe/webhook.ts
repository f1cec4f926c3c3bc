import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Instant } from '../../../kernel/time.ts'
import type { VerifiedWebhook, WebhookDelivery } from '../contract.ts'
import { toWebhookHint } from './from-wire.ts'
import { MalformedReply } from '../wire-fields.ts'
import { readEvent } from './wire.ts'

const TOLERANCE_SECONDS = 300
const SIGNATURES_MAX = 10

/**
 * Checks a delivery against each of our secrets: HMAC-SHA256 over `${t}.${raw body}`, compared in constant time, signed
 * at most five minutes ago. Our own, because the package accepts a time in the future, which would let a stolen
 * delivery be kept for later. https://docs.stripe.com/webhooks/signature
 */
export function verifyStripeWebhook(secrets: readonly string[], delivery: WebhookDelivery, now: Instant): VerifiedWebhook {
  const header = delivery.headers['stripe-signature']
  if (typeof header !== 'string') return { outcome: 'forged', reason: 'there is no signature' }
  const { timestamp, signatures } = parseHeader(header)
  if (timestamp === null || signatures.length === 0) return { outcome: 'forged', reason: 'the signature has another form' }
  if (!isGenuine(secrets, timestamp, signatures, delivery.rawBody)) return { outcome: 'forged', reason: 'no signature is ours' }
  if (Math.abs(Math.floor(now / 1_000) - Number(timestamp)) > TOLERANCE_SECONDS)
    return { outcome: 'forged', reason: 'it was not signed just now' }
  try {
    const body = new TextDecoder('utf-8', { fatal: true }).decode(delivery.rawBody)
    return { outcome: 'genuine', hint: toWebhookHint(readEvent(JSON.parse(body))) }
  } catch (error) {
    if (error instanceof MalformedReply) return { outcome: 'malformed', reason: `The event cannot be read: ${error.message}.` }
    return { outcome: 'malformed', reason: 'The event is not JSON.' }
  }
}

function parseHeader(header: string): { timestamp: string | null; signatures: Buffer[] } {
  const pairs = header.split(',', SIGNATURES_MAX + 1).map((item) => item.trim().split('='))
  const timestamps = pairs.filter(([key]) => key === 't').map(([, value]) => value ?? '')
  const [timestamp] = timestamps
  const isUsable = timestamps.length === 1 && timestamp !== undefined && /^\d{1,12}$/.test(timestamp)
  const signatures = pairs
    .filter(([key, value]) => key === 'v1' && value !== undefined && /^[0-9a-f]{64}$/.test(value))
    .map(([, value]) => Buffer.from(value!, 'hex'))
  return { timestamp: isUsable ? timestamp : null, signatures }
}

/** Compares with every secret and signature there is, so that the time it takes tells nothing. */
function isGenuine(secrets: readonly string[], timestamp: string, signatures: readonly Buffer[], rawBody: Buffer): boolean {
  let found = false
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest()
    for (const signature of signatures) found = timingSafeEqual(expected, signature) || found
  }
  return found
}
