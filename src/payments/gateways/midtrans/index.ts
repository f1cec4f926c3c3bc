import { plusMs, type Clock } from '../../../kernel/time.ts'
import { createPartner, type PartnerReply } from '../../../platform/partner.ts'
import type { GatewayOutcome, GatewayRefund, PaymentGateway, PaymentRef, RefundRef } from '../contract.ts'
import type { GatewayModule } from '../module.ts'
import { asOutcome, callJson, readJson, rejected } from '../outcomes.ts'
import { plainAnswer } from '../plain-answer.ts'
import { MIDTRANS_CURRENCIES, type MidtransConfig } from './config.ts'
import { toReplyFailure, toSnapFailure } from './faults.ts'
import { paymentTypeOf, SLOW_TO_REFUND, toGatewayPayment, toGatewayRefund, toUnusedPage } from './from-wire.ts'
import { readPageRef, writePageRef } from './page-ref.ts'
import { PAGE_MINUTES_MIN, toRefund, toSnap } from './to-wire.ts'
import { verifyMidtransWebhook } from './webhook.ts'
import { readPage, readStatus, readTransaction, type WireTransaction } from './wire.ts'

const CONCURRENT_MAX = 20
const EXPIRY_SECONDS_MAX = 7 * 86_400
/** The shortest of those of the ways to pay that can be given back at all: OVO and QRIS of other banks. */
const REFUND_WINDOW_DAYS = 7
/** What two clocks may differ, and a request may take: so much longer than we asked for a page may be open. */
const PAGE_GRACE_MS = 60_000
/** Ways to pay that are given back by the wallet itself. Cards go through the bank; transfers cannot be given back from here. */
const DIRECT: ReadonlySet<string> = new Set(['gopay', 'qris', 'shopeepay', 'dana', 'ovo', 'kredivo', 'akulaku'])

export const midtrans: GatewayModule = {
  id: 'midtrans',
  environment: {
    MIDTRANS_SERVER_KEY: { description: 'Midtrans server keys, the newest first, separated by commas' },
    MIDTRANS_SNAP_URL: { description: 'Midtrans Snap; default: Midtrans itself', example: 'https://app.midtrans.com', isOptional: true },
    MIDTRANS_API_URL: { description: 'Midtrans core API; default: Midtrans itself', example: 'https://api.midtrans.com', isOptional: true },
  },
  create: ({ find, list }, { clock, readTimeoutMs, writeTimeoutMs }) =>
    createMidtransGateway(
      {
        serverKeys: list('MIDTRANS_SERVER_KEY'),
        snapUrl: find('MIDTRANS_SNAP_URL') ?? 'https://app.midtrans.com',
        apiUrl: find('MIDTRANS_API_URL') ?? 'https://api.midtrans.com',
        readTimeoutMs,
        writeTimeoutMs,
      },
      clock,
    ),
}

/** Midtrans's hosted page, Snap. README.md tells its quirks. */
export function createMidtransGateway(config: MidtransConfig, clock: Clock): PaymentGateway {
  const partner = createPartner({ name: 'Midtrans', concurrentMax: CONCURRENT_MAX })
  const authorization = `Basic ${Buffer.from(`${config.serverKeys[0] ?? ''}:`).toString('base64')}`
  const api = config.apiUrl.replace(/\/+$/, '')
  const order = (ref: PaymentRef): string => `${api}/v2/${encodeURIComponent(ref.clientRef)}`
  const post = (url: string, body: object, key?: string): Promise<PartnerReply> => {
    const headers = { authorization, ...(key !== undefined && { 'idempotency-key': key }) }
    return callJson(partner.send, { method: 'POST', url, headers, body, timeoutMs: config.writeTimeoutMs })
  }
  /** Null: there is no transaction, which says nothing about a page. */
  const findTransaction = async (ref: PaymentRef): Promise<GatewayOutcome<WireTransaction | null>> => {
    const reply = await callJson(partner.send, {
      method: 'GET',
      url: `${order(ref)}/status`,
      headers: { authorization },
      timeoutMs: config.readTimeoutMs,
    })
    const found = toTransaction(reply)
    return found.outcome === 'rejected' && found.code === '404' ? { outcome: 'ok', value: null } : found
  }
  const query = async (ref: PaymentRef) => {
    const now = clock.now()
    const found = await findTransaction(ref)
    if (found.outcome !== 'ok') return found
    const pageEndsAt = ref.providerRef === null ? null : readPageRef(ref.providerRef).endsAt
    if (found.value) return { outcome: 'ok' as const, value: toGatewayPayment(ref, found.value, pageEndsAt, now) }
    if (pageEndsAt === null) return rejected('404', 'there is no transaction, and no page that we know of')
    return { outcome: 'ok' as const, value: toUnusedPage(pageEndsAt, now) }
  }
  const findRefund = async (ref: RefundRef): Promise<GatewayOutcome<GatewayRefund | null>> => {
    const found = await findTransaction(ref.payment)
    if (found.outcome !== 'ok') return found
    if (!found.value) return rejected('404', 'there is no transaction of this order')
    const ours = found.value.refunds.find(({ key }) => key === ref.clientRef)
    return { outcome: 'ok', value: ours ? toGatewayRefund(ours, found.value.paymentType) : null }
  }

  return {
    id: 'midtrans',
    capabilities: {
      currencies: MIDTRANS_CURRENCIES,
      countries: ['ID'],
      expirySecondsMin: PAGE_MINUTES_MIN * 60,
      expirySecondsMax: EXPIRY_SECONDS_MAX,
      partialRefund: true,
      refund: 'async_poll',
      refundWindowDays: REFUND_WINDOW_DAYS,
      canExpireEarly: false,
      amountMayDiffer: false,
      notifyIntegrity: 'fields_hash',
    },
    clientRef: ({ paymentId }) => paymentId,
    refundClientRef: ({ refundId }) => refundId,
    create: (request) =>
      asOutcome(async () => {
        const now = clock.now()
        const reply = await post(`${config.snapUrl.replace(/\/+$/, '')}/snap/v1/transactions`, toSnap(request, now), request.clientRef)
        if (reply.status !== 200 && reply.status !== 201) return toSnapFailure(reply, tryJson(reply))
        const { token, redirectUrl } = readPage(readJson(reply))
        const providerRef = writePageRef({ token, endsAt: plusMs(request.expiresAt, PAGE_GRACE_MS) })
        return { outcome: 'ok', value: { providerRef, redirectUrl } }
      }),
    query: (ref) => asOutcome(() => query(ref)),
    expire: (ref) =>
      asOutcome(async () => {
        const reply = toTransaction(await post(`${order(ref)}/expire`, {}))
        if (reply.outcome === 'unknown') return reply
        // It refuses to end what is not pending, whichever way it ended, and knows nothing of an unused page. Then we look.
        const now = await query(ref)
        if (now.outcome !== 'ok') return now
        return { outcome: 'ok', value: now.value.state === 'expired' || now.value.state === 'failed' ? 'expired' : 'too_late' }
      }),
    refund: (request) =>
      asOutcome(async () => {
        const type = paymentTypeOf(request.payment.providerPaymentRef)
        if (type !== SLOW_TO_REFUND && !DIRECT.has(type))
          return rejected('not_refundable_by_api', `payments by ${type} are not given back by Midtrans`)
        const url = `${order(request.payment)}/refund${DIRECT.has(type) ? '/online/direct' : ''}`
        const reply = toTransaction(await post(url, toRefund(request)))
        if (reply.outcome !== 'ok') return reply
        // The reply tells of the transaction; what has become of this refund stands in its list.
        const found = await findRefund({ ...request, providerRefundRef: null })
        if (found.outcome === 'ok' && found.value === null)
          return { outcome: 'unknown', cause: 'unrecognised', message: 'the refund is not in the list yet' }
        return found as GatewayOutcome<GatewayRefund>
      }),
    queryRefund: (ref) => asOutcome(() => findRefund(ref)),
    verify: (delivery) => verifyMidtransWebhook(config.serverKeys, delivery),
    answer: plainAnswer,
    health: partner.state,
    close: partner.close,
  }
}

function tryJson(reply: PartnerReply): unknown {
  try {
    return readJson(reply)
  } catch {
    return undefined
  }
}

/** Statuses in the body of a transaction: paid, pending, denied, expired. */
const SUCCESSES: ReadonlySet<string> = new Set(['200', '201', '202', '407'])

/** A transaction, or what the reply means. A denied transaction's status is 202, as is that of a request under way. */
function toTransaction(reply: PartnerReply): GatewayOutcome<WireTransaction> {
  const body = tryJson(reply)
  const status = readStatus(body)
  const isTransaction = typeof body === 'object' && body !== null && 'transaction_status' in body
  const isSuccess = reply.status < 300 || status?.code === '407'
  return isSuccess && isTransaction && status && SUCCESSES.has(status.code)
    ? { outcome: 'ok', value: readTransaction(body) }
    : toReplyFailure(reply, body)
}
