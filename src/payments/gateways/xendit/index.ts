import type { Clock, LocalDate } from '../../../kernel/time.ts'
import { plusDays, utcDate } from '../../../kernel/time.ts'
import { createPartner, type PartnerReply } from '../../../platform/partner.ts'
import type { GatewayOutcome, PaymentGateway, PaymentRef, RefundRef, StatementLine } from '../contract.ts'
import type { GatewayModule } from '../module.ts'
import { asOutcome, callJson, readJson } from '../outcomes.ts'
import { plainAnswer } from '../plain-answer.ts'
import { MalformedReply } from '../wire-fields.ts'
import { XENDIT_DECIMALS, type XenditConfig } from './config.ts'
import { toReplyFailure } from './faults.ts'
import { toGatewayPayment, toGatewayRefund, toStatementLine } from './from-wire.ts'
import { toInvoice, toRefund } from './to-wire.ts'
import { verifyXenditWebhook } from './webhook.ts'
import { readInvoice, readInvoices, readRefund, readRefunds, readTransactions, type WireInvoice } from './wire.ts'

const CONCURRENT_MAX = 20
const EXPIRY_SECONDS_MIN = 60
const EXPIRY_SECONDS_MAX = 7 * 86_400
const REFUND_WINDOW_DAYS = 180
/** More than this many invoices of one reference there are never: two, if two processes were as fast. */
const INVOICES_MAX = 10
const PAGE = 50

export const xendit: GatewayModule = {
  id: 'xendit',
  environment: {
    XENDIT_SECRET_KEY: { description: 'Xendit secret key' },
    XENDIT_CALLBACK_TOKEN: { description: 'Xendit webhook verification tokens, the newest first, separated by commas' },
    XENDIT_URL: { description: 'Xendit API; default: Xendit itself', example: 'https://api.xendit.co', isOptional: true },
  },
  create: ({ read, find, list }, { clock, readTimeoutMs, writeTimeoutMs }) =>
    createXenditGateway(
      {
        secretKey: read('XENDIT_SECRET_KEY'),
        callbackTokens: list('XENDIT_CALLBACK_TOKEN'),
        apiUrl: find('XENDIT_URL') ?? 'https://api.xendit.co',
        readTimeoutMs,
        writeTimeoutMs,
      },
      clock,
    ),
}

/** Xendit's hosted invoices. README.md tells its quirks. */
export function createXenditGateway(config: XenditConfig, clock: Clock): PaymentGateway {
  const partner = createPartner({ name: 'Xendit', concurrentMax: CONCURRENT_MAX })
  const base = config.apiUrl.replace(/\/+$/, '')
  const authorization = `Basic ${Buffer.from(`${config.secretKey}:`).toString('base64')}`
  const get = (path: string): Promise<PartnerReply> =>
    callJson(partner.send, { method: 'GET', url: base + path, headers: { authorization }, timeoutMs: config.readTimeoutMs })
  const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<PartnerReply> =>
    callJson(partner.send, {
      method: 'POST',
      url: base + path,
      headers: { authorization, ...headers },
      body,
      timeoutMs: config.writeTimeoutMs,
    })
  /** Asked for by our reference and never by theirs, so that a second invoice of it is seen. */
  const findInvoices = async (ref: PaymentRef): Promise<GatewayOutcome<WireInvoice[]>> =>
    toOutcome(
      await get(`/v2/invoices?${new URLSearchParams({ external_id: ref.clientRef, limit: String(INVOICES_MAX) }).toString()}`),
      readInvoices,
    )

  const findRefund = async (ref: RefundRef): Promise<GatewayOutcome<ReturnType<typeof toGatewayRefund> | null>> => {
    const reply = await get(`/refunds?${new URLSearchParams({ invoice_id: ref.payment.providerPaymentRef, limit: '100' }).toString()}`)
    return toOutcome(reply, (body) => {
      const ours = readRefunds(body).find((refund) => refund.referenceId === ref.clientRef || refund.id === ref.providerRefundRef)
      return ours ? toGatewayRefund(ours) : null
    })
  }

  return {
    id: 'xendit',
    capabilities: {
      currencies: [...XENDIT_DECIMALS.keys()],
      countries: ['ID', 'PH', 'TH', 'MY'],
      expirySecondsMin: EXPIRY_SECONDS_MIN,
      expirySecondsMax: EXPIRY_SECONDS_MAX,
      partialRefund: true,
      refund: 'async_notify',
      refundWindowDays: REFUND_WINDOW_DAYS,
      canExpireEarly: true,
      amountMayDiffer: false,
      notifyIntegrity: 'static_token',
    },
    clientRef: ({ paymentId }) => paymentId,
    refundClientRef: ({ refundId }) => refundId,
    create: (request) =>
      asOutcome(async () => {
        const invoice = toInvoice(request, clock.now())
        // An invoice is not made under a key, and a second one of the same reference is not refused: it is looked for first.
        const known = await findInvoices(request)
        if (known.outcome !== 'ok') return known
        const first = known.value.at(-1)
        if (first) return { outcome: 'ok', value: toHosted(first, request) }
        return toOutcome(await post('/v2/invoices/', invoice), (body) => toHosted(readInvoice(body), request))
      }),
    query: (ref) =>
      asOutcome(async () => {
        const found = await findInvoices(ref)
        if (found.outcome !== 'ok') return found
        if (found.value.length === 0)
          return { outcome: 'rejected', code: 'invoice_not_found', message: 'there is no invoice of this reference' }
        return { outcome: 'ok', value: toGatewayPayment(ref, found.value) }
      }),
    expire: (ref) =>
      asOutcome(async () => {
        const found = await findInvoices(ref)
        if (found.outcome !== 'ok') return found
        // Whatever it says to each: it refuses to end one that is not pending, whichever way it ended. Then we look.
        for (const { id, status } of found.value) if (status === 'PENDING') await post(`/invoices/${encodeURIComponent(id)}/expire!`, {})
        const after = await findInvoices(ref)
        if (after.outcome !== 'ok') return after
        if (after.value.length === 0)
          return { outcome: 'rejected', code: 'invoice_not_found', message: 'there is no invoice of this reference' }
        return { outcome: 'ok', value: toGatewayPayment(ref, after.value).state === 'expired' ? 'expired' : 'too_late' }
      }),
    refund: (request) =>
      asOutcome(async () =>
        toOutcome(await post('/refunds', toRefund(request), { 'idempotency-key': request.clientRef }), (body) =>
          toGatewayRefund(readRefund(body)),
        ),
      ),
    queryRefund: (ref) => asOutcome(() => findRefund(ref)),
    verify: (delivery) => verifyXenditWebhook(config.callbackTokens, delivery),
    answer: plainAnswer,
    listSettled: (day) => listTransactions(get, day),
    health: partner.state,
    close: partner.close,
  }
}

function toHosted(invoice: WireInvoice, request: PaymentRef): { providerRef: string; redirectUrl: string | null } {
  if (invoice.externalId !== request.clientRef) throw new MalformedReply('external_id')
  return { providerRef: invoice.id, redirectUrl: invoice.status === 'PENDING' ? invoice.url : null }
}

/** Reads a success with `read`; anything else is what faults.ts says. */
function toOutcome<T>(reply: PartnerReply, read: (body: unknown) => T): GatewayOutcome<T> {
  if (reply.status >= 200 && reply.status < 300) return { outcome: 'ok', value: read(readJson(reply)) }
  let body: unknown
  try {
    body = readJson(reply)
  } catch {
    body = undefined
  }
  return toReplyFailure(reply, body)
}

async function* listTransactions(get: (path: string) => Promise<PartnerReply>, day: LocalDate): AsyncGenerator<StatementLine> {
  const range = { 'created[gte]': `${day}T00:00:00Z`, 'created[lte]': `${plusDays(day, 1)}T00:00:00Z`, limit: String(PAGE) }
  for (let after: string | undefined; ;) {
    const reply = await get(
      `/transactions?${new URLSearchParams({ ...range, ...(after !== undefined && { after_id: after }) }).toString()}`,
    )
    const page = toOutcome(reply, readTransactions)
    if (page.outcome !== 'ok') throw new Error(`Xendit's books of ${day} cannot be read: ${page.message}`)
    for (const line of page.value.lines) {
      const known = toStatementLine(line)
      // The filter includes the first moment of the next day.
      if (known && utcDate(known.at) === day) yield known
    }
    after = page.value.lines.at(-1)?.id
    if (!page.value.hasMore || after === undefined) return
  }
}
