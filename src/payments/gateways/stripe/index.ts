import Stripe from 'stripe'
import { createPartner, type Send } from '../../../platform/partner.ts'
import type { GatewayOutcome, GatewayPayment, GatewayRefund, PaymentGateway, PaymentRef, RefundRef } from '../contract.ts'
import type { GatewayModule } from '../module.ts'
import { plainAnswer } from '../plain-answer.ts'
import { STRIPE_CURRENCIES, type StripeConfig } from './config.ts'
import { toFailure } from './faults.ts'
import { toGatewayDispute, toGatewayPayment, toGatewayRefund, toHostedPayment } from './from-wire.ts'
import { listBalance } from './list-settled.ts'
import { toRefundParams, toSessionParams } from './to-wire.ts'
import { verifyStripeWebhook } from './webhook.ts'
import { MalformedReply } from '../wire-fields.ts'
import { readDisputeList, readRefund, readRefundList, readSession } from './wire.ts'

export type { StripeConfig } from './config.ts'

const CONCURRENT_MAX = 20
const REPLY_BYTES_MAX = 2 * 1024 * 1024
/** Stripe's shortest session. One that must end sooner is ended by `expire`. */
const EXPIRY_SECONDS_MIN = 30 * 60
/** A day, less what two clocks may differ. */
const EXPIRY_SECONDS_MAX = 24 * 3_600 - 300

export const stripe: GatewayModule = {
  id: 'stripe',
  environment: {
    STRIPE_SECRET_KEY: { description: 'Stripe secret key' },
    STRIPE_WEBHOOK_SECRET: { description: 'Stripe webhook signing secrets, the newest first, separated by commas' },
    STRIPE_URL: { description: 'Stripe API; default: Stripe itself', example: 'https://api.stripe.com', isOptional: true },
  },
  create: ({ read, find, list }, { readTimeoutMs, writeTimeoutMs }) =>
    createStripeGateway({
      secretKey: read('STRIPE_SECRET_KEY'),
      webhookSecrets: list('STRIPE_WEBHOOK_SECRET'),
      apiUrl: find('STRIPE_URL') ?? 'https://api.stripe.com',
      readTimeoutMs,
      writeTimeoutMs,
    }),
}

/** Stripe's hosted Checkout, through its own package over our own connections. README.md tells its quirks. */
export function createStripeGateway(config: StripeConfig): PaymentGateway {
  const partner = createPartner({ name: 'Stripe', concurrentMax: CONCURRENT_MAX })
  const stripe = createClient(config, partner.send)
  const read = { timeout: config.readTimeoutMs }
  const write = (idempotencyKey: string) => ({ timeout: config.writeTimeoutMs, idempotencyKey })

  return {
    id: 'stripe',
    capabilities: {
      currencies: STRIPE_CURRENCIES,
      countries: [],
      expirySecondsMin: EXPIRY_SECONDS_MIN,
      expirySecondsMax: EXPIRY_SECONDS_MAX,
      partialRefund: true,
      refund: 'async_notify',
      refundWindowDays: null,
      canExpireEarly: true,
      amountMayDiffer: false,
      notifyIntegrity: 'body_hmac',
    },
    clientRef: ({ paymentId }) => paymentId,
    refundClientRef: ({ refundId }) => refundId,
    create: (request) =>
      attempt(async () =>
        toHostedPayment(readSession(await stripe.checkout.sessions.create(toSessionParams(request), write(request.paymentId)))),
      ),
    query: (ref) => attempt(() => queryPayment(stripe, ref, read)),
    expire: async (ref) => {
      const reply = await attempt(async () =>
        readSession(await stripe.checkout.sessions.expire(sessionOf(ref), {}, { timeout: config.writeTimeoutMs })),
      )
      if (reply.outcome === 'unknown') return reply
      if (reply.outcome === 'ok' && reply.value.status === 'expired') return { outcome: 'ok', value: 'expired' }
      // It refuses to expire a session that is not open, whichever way it ended.
      return attempt(async () =>
        readSession(await stripe.checkout.sessions.retrieve(sessionOf(ref), {}, read)).status === 'expired' ? 'expired' : 'too_late',
      )
    },
    refund: (request) =>
      attempt(async () => toGatewayRefund(readRefund(await stripe.refunds.create(toRefundParams(request), write(request.refundId))))),
    listSettled: (day) => listBalance(stripe, day, config.readTimeoutMs),
    queryRefund: (ref) => attempt(() => findRefund(stripe, ref, read)),
    verify: (delivery, now) => verifyStripeWebhook(config.webhookSecrets, delivery, now),
    answer: plainAnswer,
    health: partner.state,
    close: partner.close,
  }
}

/** Stripe finds a session by its own id only; one whose id we never heard of is opened again under the same key. */
function sessionOf(ref: PaymentRef): string {
  if (ref.providerRef === null) throw new MalformedReply('id of a session')
  return ref.providerRef
}

async function attempt<T>(work: () => Promise<T>): Promise<GatewayOutcome<T>> {
  try {
    return { outcome: 'ok', value: await work() }
  } catch (error) {
    return toFailure(error)
  }
}

/** The payment with whatever its customer's bank has contested; there is a second call only where there is something. */
async function queryPayment(stripe: Stripe, ref: PaymentRef, options: { timeout: number }): Promise<GatewayPayment> {
  const expand = { expand: ['payment_intent.latest_charge'] }
  const session = readSession(await stripe.checkout.sessions.retrieve(sessionOf(ref), expand, options))
  const payment = toGatewayPayment(ref, session)
  if (!session.intent?.isDisputed) return { ...payment, disputes: [] }
  const disputes = readDisputeList(await stripe.disputes.list({ payment_intent: session.intent.id, limit: 100 }, options))
  return { ...payment, disputes: disputes.map(toGatewayDispute) }
}

async function findRefund(stripe: Stripe, ref: RefundRef, options: { timeout: number }): Promise<GatewayRefund | null> {
  if (ref.providerRefundRef !== null) return toGatewayRefund(readRefund(await stripe.refunds.retrieve(ref.providerRefundRef, {}, options)))
  const list = readRefundList(await stripe.refunds.list({ payment_intent: ref.payment.providerPaymentRef, limit: 100 }, options))
  const ours = list.find((refund) => refund.ourId === ref.refundId)
  return ours ? toGatewayRefund(ours) : null
}

/**
 * The package with our connections below it, for a total deadline, a cap on replies and a breaker. It does not retry:
 * who calls us does, under the same key.
 */
function createClient(config: StripeConfig, send: Send): Stripe {
  const { hostname, port, protocol } = new URL(config.apiUrl)
  const isPlain = protocol === 'http:'
  return new Stripe(config.secretKey, {
    host: hostname,
    port: port || (isPlain ? 80 : 443),
    protocol: isPlain ? 'http' : 'https',
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(toFetch(send, Math.max(config.readTimeoutMs, config.writeTimeoutMs))),
  })
}

/** `send` in the shape of fetch. The package's own signal carries the deadline of the single call. */
function toFetch(send: Send, timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers))
    const body = typeof init?.body === 'string' && init.body !== '' ? init.body : undefined
    const method = init?.method === 'POST' ? 'POST' : init?.method === 'DELETE' ? 'DELETE' : 'GET'
    const reply = await send(
      { method, url: String(input), headers, ...(body !== undefined && { body }), timeoutMs, replyBytesMax: REPLY_BYTES_MAX },
      init?.signal ?? new AbortController().signal,
    )
    return new Response(reply.status === 204 ? null : reply.body, { status: reply.status, headers: reply.headers })
  }
}
