import { plusMs, type Instant } from '../../../kernel/time.ts'
import type { VerifiedWebhook, WebhookAnswer, WebhookDelivery, WebhookVerdict } from '../contract.ts'
import { hmacHex, isSameText } from '../signing.ts'
import { fromWallClock } from '../vietnam.ts'
import type { VnpayConfig } from './config.ts'
import { signedQuery } from './wire.ts'

const QUERY_LENGTH_MAX = 8_000
const FUTURE_MS_MAX = 300_000

/**
 * Checks an IPN, which VNPay sends as a GET: HMAC-SHA512 over the sorted query, for our terminal. A name that comes twice
 * is refused: of two values one would be signed and the other one read. What is not VNPay's (no "vnp_") is not looked at.
 */
export function verifyVnpayIpn(config: VnpayConfig, delivery: WebhookDelivery, now: Instant): VerifiedWebhook {
  const values = parseQuery(delivery.url)
  if (!values) return { outcome: 'forged', reason: 'the query is not one that VNPay writes' }
  const signature = values['vnp_SecureHash'] ?? ''
  if (signature === '') return { outcome: 'forged', reason: 'there is no signature' }
  const isGenuine = isSameText(hmacHex('sha512', config.hashSecret, signedQuery(values)), signature.toLowerCase())
  if (!isGenuine) return { outcome: 'forged', reason: 'the signature is not ours' }
  if (values['vnp_TmnCode'] !== config.tmnCode) return { outcome: 'forged', reason: 'it is for another terminal' }

  const paidAt = fromWallClock(values['vnp_PayDate'] ?? '')
  if (paidAt !== null && paidAt > plusMs(now, FUTURE_MS_MAX)) return { outcome: 'forged', reason: 'it tells of the future' }
  const clientRef = values['vnp_TxnRef'] ?? ''
  const code = values['vnp_ResponseCode'] ?? ''
  const status = values['vnp_TransactionStatus'] ?? ''
  if (clientRef === '' || code === '') return { outcome: 'malformed', reason: 'The IPN names no payment or no result.' }
  const transactionNo = values['vnp_TransactionNo'] ?? ''
  return {
    outcome: 'genuine',
    hint: {
      dedupeKey: [clientRef, transactionNo, code, status].join(':').slice(0, 200),
      eventType: `ipn.${code}.${status}`.slice(0, 40),
      paymentId: null,
      clientRef,
      providerRef: null,
      providerPaymentRef: transactionNo === '' || transactionNo === '0' ? null : transactionNo,
    },
  }
}

const ANSWERS: Readonly<Record<WebhookVerdict, readonly [code: string, message: string]>> = {
  accepted: ['00', 'Confirm Success'],
  duplicate: ['02', 'Order already confirmed'],
  about_nothing_of_ours: ['01', 'Order not found'],
  forged: ['97', 'Invalid checksum'],
  malformed: ['99', 'Unknown error'],
  later: ['99', 'Try again later'],
}

/** VNPay reads the code in the body, not the status. It comes again for all but 00 and 02. */
export function answerVnpay(verdict: WebhookVerdict): WebhookAnswer {
  const [RspCode, Message] = ANSWERS[verdict]
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ RspCode, Message }) }
}

/** VNPay's own values in a query; null where one comes twice or is not properly encoded. */
function parseQuery(url: string): Record<string, string> | null {
  const query = url.split('#')[0]!.split('?').slice(1).join('?')
  if (query.length > QUERY_LENGTH_MAX) return null
  const values: Record<string, string> = Object.create(null) as Record<string, string>
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=')
    const name = decode(at < 0 ? pair : pair.slice(0, at))
    const value = decode(at < 0 ? '' : pair.slice(at + 1))
    if (name === null || value === null) return null
    if (!name.startsWith('vnp_')) continue
    if (!/^vnp_[A-Za-z]+$/.test(name) || name in values) return null
    values[name] = value
  }
  return values
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}
