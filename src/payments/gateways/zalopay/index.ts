import { parseCurrency } from '../../../kernel/currency.ts'
import type { Clock } from '../../../kernel/time.ts'
import { createPartner } from '../../../platform/partner.ts'
import type { HostedPayment, PaymentGateway, PaymentRef, PaymentRequest, RefundRequest } from '../contract.ts'
import { assertAnswered, attempt, Unanswered } from '../json-call.ts'
import type { GatewayModule } from '../module.ts'
import { callJson } from '../outcomes.ts'
import type { ZalopayConfig } from './config.ts'
import { isDuplicate, throwFault, type Operation } from './faults.ts'
import { toGatewayPayment, toGatewayRefund } from './from-wire.ts'
import { EXPIRY_SECONDS_MAX, EXPIRY_SECONDS_MIN, toOrder, toQuery, toRefund, toRefundId, toRefundQuery, toTransId } from './to-wire.ts'
import { answerZalopay, verifyZalopayCallback } from './webhook.ts'
import { parseKeepingNumber, readOrder, readStatus } from './wire.ts'

const CONCURRENT_MAX = 20

export const zalopay: GatewayModule = {
  id: 'zalopay',
  environment: {
    ZALOPAY_APP_ID: { description: 'ZaloPay application id, a number' },
    ZALOPAY_KEY1: { description: 'ZaloPay key1, which signs what we send' },
    ZALOPAY_KEY2: { description: 'ZaloPay key2s, which sign its callbacks, the newest first, separated by commas' },
    ZALOPAY_CALLBACK_URL: {
      description: 'where ZaloPay announces payments; default: the address set in its portal',
      example: 'https://shop.example/v1/webhooks/zalopay',
      isOptional: true,
    },
    ZALOPAY_URL: { description: 'ZaloPay API; default: ZaloPay itself', example: 'https://openapi.zalopay.vn', isOptional: true },
  },
  create: ({ read, find, list }, { clock, readTimeoutMs, writeTimeoutMs }) =>
    createZalopayGateway(
      {
        appId: Number(read('ZALOPAY_APP_ID')),
        requestKey: read('ZALOPAY_KEY1'),
        callbackKeys: list('ZALOPAY_KEY2'),
        callbackUrl: find('ZALOPAY_CALLBACK_URL') ?? null,
        apiUrl: find('ZALOPAY_URL') ?? 'https://openapi.zalopay.vn',
        readTimeoutMs,
        writeTimeoutMs,
      },
      clock,
    ),
}

/** ZaloPay's hosted page and its API, v2. README.md tells its quirks. */
export function createZalopayGateway(config: ZalopayConfig, clock: Clock): PaymentGateway {
  const partner = createPartner({ name: 'ZaloPay', concurrentMax: CONCURRENT_MAX })

  const call = async (operation: Operation, body: object): Promise<unknown> => {
    const timeoutMs = operation === 'create' || operation === 'refund' ? config.writeTimeoutMs : config.readTimeoutMs
    const reply = await callJson(partner.send, { method: 'POST', url: `${config.apiUrl}/v2/${operation}`, headers: {}, body, timeoutMs })
    assertAnswered(reply)
    return parseKeepingNumber(reply.body)
  }
  const find = async (ref: PaymentRef) => toGatewayPayment(await call('query', toQuery(config, ref)))

  const create = async (request: PaymentRequest): Promise<HostedPayment> => {
    const reply = await call('create', toOrder(config, request, clock.now()))
    const status = readStatus(reply)
    if (status.returnCode === 1) {
      const order = readOrder(reply)
      return { providerRef: order.token, redirectUrl: order.orderUrl }
    }
    if (!isDuplicate(status)) return throwFault('create', status)
    // The address was in the reply that we did not get, and ZaloPay tells it once. Only where nothing is left to pay is that no loss.
    const { state } = await find(request)
    if (state === 'open') throw new Unanswered('unrecognised', 'ZaloPay has this order and does not tell its address again')
    return { providerRef: request.clientRef, redirectUrl: null }
  }

  const refund = async (request: RefundRequest) => {
    const status = readStatus(await call('refund', toRefund(config, request, clock.now())))
    if (status.returnCode !== 1 && status.returnCode !== 3) return throwFault('refund', status)
    // Either says that it was taken in. What becomes of it is for `query_refund` to say.
    return { state: 'pending' as const, amount: request.amount, providerRefundRef: request.clientRef, failureCode: null }
  }

  return {
    id: 'zalopay',
    capabilities: {
      currencies: [parseCurrency('VND')],
      countries: ['VN'],
      expirySecondsMin: EXPIRY_SECONDS_MIN,
      expirySecondsMax: EXPIRY_SECONDS_MAX,
      partialRefund: true,
      refund: 'async_poll',
      refundWindowDays: null,
      canExpireEarly: false,
      amountMayDiffer: false,
      notifyIntegrity: 'body_hmac',
    },
    clientRef: toTransId,
    refundClientRef: (wanted) => toRefundId(config.appId, wanted),
    create: (request) => attempt(() => create(request)),
    query: (ref) => attempt(() => find(ref)),
    expire: (ref) =>
      attempt(async () => {
        const { state } = await find(ref)
        // Its page cannot be closed: while it is open the customer may be about to pay.
        return state === 'failed' || state === 'expired' ? 'expired' : 'too_late'
      }),
    refund: (request) => attempt(() => refund(request)),
    queryRefund: (ref) =>
      attempt(async () => toGatewayRefund(ref, await call('query_refund', toRefundQuery(config, ref.clientRef, clock.now())))),
    verify: (delivery, now) => verifyZalopayCallback(config, delivery, now),
    answer: answerZalopay,
    health: partner.state,
    close: partner.close,
  }
}
