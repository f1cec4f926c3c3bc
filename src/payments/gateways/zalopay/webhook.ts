import { plusMs, type Instant } from '../../../kernel/time.ts'
import type { VerifiedWebhook, WebhookAnswer, WebhookDelivery, WebhookVerdict } from '../contract.ts'
import { fields, MalformedReply, text } from '../wire-fields.ts'
import { hmacHex, isSameText } from '../signing.ts'
import type { ZalopayConfig } from './config.ts'
import { readCallback, type WireCallback } from './wire.ts'

const FUTURE_MS_MAX = 300_000

/**
 * Checks a callback: HMAC-SHA256 over the text in `data`, exactly as it stands there, under each of our callback keys.
 * Only then is that text read. The `type` beside it is signed by nobody and not looked at.
 */
export function verifyZalopayCallback(config: ZalopayConfig, delivery: WebhookDelivery, now: Instant): VerifiedWebhook {
  const signed = readEnvelope(delivery.rawBody)
  if (!signed) return { outcome: 'forged', reason: 'there is no signature' }
  if (!isGenuine(config.callbackKeys, signed.data, signed.mac)) return { outcome: 'forged', reason: 'the signature is not ours' }

  let callback: WireCallback
  try {
    callback = readCallback(signed.data)
  } catch (error) {
    if (error instanceof MalformedReply) return { outcome: 'malformed', reason: `The callback cannot be read: ${error.message}.` }
    throw error
  }
  if (callback.appId !== config.appId) return { outcome: 'forged', reason: 'it is for another application' }
  if (callback.serverTime > plusMs(now, FUTURE_MS_MAX)) return { outcome: 'forged', reason: 'it tells of the future' }
  return {
    outcome: 'genuine',
    hint: {
      dedupeKey: `${callback.appTransId}:${callback.transactionId}`,
      eventType: 'order.paid',
      paymentId: callback.appUser,
      clientRef: callback.appTransId,
      providerRef: null,
      providerPaymentRef: callback.transactionId,
    },
  }
}

/** 1: we have it. 0: come again, which ZaloPay does three times. Any other: do not. */
const ANSWERS: Readonly<Record<WebhookVerdict, readonly [code: number, message: string]>> = {
  accepted: [1, 'success'],
  duplicate: [1, 'success'],
  about_nothing_of_ours: [2, 'order not found'],
  forged: [-1, 'mac not equal'],
  malformed: [-1, 'data not understood'],
  later: [0, 'try again later'],
}

/** ZaloPay reads the code in the body, not the status. */
export function answerZalopay(verdict: WebhookVerdict): WebhookAnswer {
  const [return_code, return_message] = ANSWERS[verdict]
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ return_code, return_message }) }
}

function readEnvelope(rawBody: Buffer): { data: string; mac: string } | null {
  try {
    const body = fields(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody)), 'body')
    return { data: text(body, 'data'), mac: text(body, 'mac').toLowerCase() }
  } catch {
    return null
  }
}

/** Compares with every key there is, so that the time it takes tells nothing. */
function isGenuine(keys: readonly string[], data: string, mac: string): boolean {
  let found = false
  for (const key of keys) found = isSameText(hmacHex('sha256', key, data), mac) || found
  return found
}
