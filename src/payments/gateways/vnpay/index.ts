import { randomBytes } from 'node:crypto'
import { parseCurrency } from '../../../kernel/currency.ts'
import type { Clock } from '../../../kernel/time.ts'
import { createPartner } from '../../../platform/partner.ts'
import type { GatewayPayment, PaymentGateway, PaymentRef } from '../contract.ts'
import { assertAnswered, attempt } from '../json-call.ts'
import type { GatewayModule } from '../module.ts'
import { callJson, readJson } from '../outcomes.ts'
import type { VnpayConfig } from './config.ts'
import { assertAccepted } from './faults.ts'
import { EXPIRY_SECONDS_MAX, toFoundRefund, toGatewayPayment, toGatewayRefund, toProviderRef, toUnvisited } from './from-wire.ts'
import { toPayUrl, toQuery, toRefund } from './to-wire.ts'
import { answerVnpay, verifyVnpayIpn } from './webhook.ts'
import { readReply, type WireReply } from './wire.ts'

const CONCURRENT_MAX = 20
/** VNPay states no shortest; in less a customer cannot pay at a bank. */
const EXPIRY_SECONDS_MIN = 300
const REFERENCE_LENGTH_MAX = 100
const REQUEST_ID_LENGTH_MAX = 32

export const vnpay: GatewayModule = {
  id: 'vnpay',
  environment: {
    VNPAY_TMN_CODE: { description: 'VNPay terminal code' },
    VNPAY_HASH_SECRET: { description: 'VNPay hash secret of the terminal, which signs everything both ways' },
    VNPAY_PAY_URL: { description: "VNPay's page; default: VNPay itself", example: 'https://pay.vnpay.vn/vpcpay.html', isOptional: true },
    VNPAY_API_URL: {
      description: "VNPay's address for questions and refunds; default: VNPay itself",
      example: 'https://merchant.vnpay.vn/merchant_webapi/api/transaction',
      isOptional: true,
    },
    VNPAY_SERVER_IP: { description: 'the address that VNPay knows this server by', example: '203.0.113.7', isOptional: true },
  },
  create: ({ read, find }, { clock, readTimeoutMs, writeTimeoutMs }) =>
    createVnpayGateway(
      {
        tmnCode: read('VNPAY_TMN_CODE'),
        hashSecret: read('VNPAY_HASH_SECRET'),
        payUrl: find('VNPAY_PAY_URL') ?? 'https://pay.vnpay.vn/vpcpay.html',
        apiUrl: find('VNPAY_API_URL') ?? 'https://merchant.vnpay.vn/merchant_webapi/api/transaction',
        serverIp: find('VNPAY_SERVER_IP') ?? '127.0.0.1',
        readTimeoutMs,
        writeTimeoutMs,
      },
      clock,
    ),
}

/** VNPay's hosted page and its API for questions and refunds. README.md tells its quirks. */
export function createVnpayGateway(config: VnpayConfig, clock: Clock): PaymentGateway {
  const partner = createPartner({ name: 'VNPay', concurrentMax: CONCURRENT_MAX })

  const call = async (command: 'querydr' | 'refund', body: object): Promise<WireReply> => {
    const timeoutMs = command === 'refund' ? config.writeTimeoutMs : config.readTimeoutMs
    const reply = await callJson(partner.send, { method: 'POST', url: config.apiUrl, headers: {}, body, timeoutMs })
    assertAnswered(reply)
    return readReply(readJson(reply), command, config)
  }
  const ask = (ref: PaymentRef): Promise<WireReply> =>
    call('querydr', toQuery(config, ref, randomBytes(REQUEST_ID_LENGTH_MAX / 2).toString('hex'), clock.now()))
  const find = async (ref: PaymentRef): Promise<GatewayPayment> => {
    const reply = await ask(ref)
    if (reply.code === '91') return toUnvisited(ref, clock.now())
    assertAccepted(reply, 'querydr')
    return toGatewayPayment(ref, reply, clock.now())
  }

  return {
    id: 'vnpay',
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
      notifyIntegrity: 'fields_hmac',
    },
    clientRef: ({ paymentId }) => toLettersAndDigits(paymentId, REFERENCE_LENGTH_MAX),
    refundClientRef: ({ refundId }) => toLettersAndDigits(refundId, REQUEST_ID_LENGTH_MAX),
    create: (request) =>
      attempt(() => ({ providerRef: toProviderRef(request.clientRef, request.expiresAt), redirectUrl: toPayUrl(config, request) })),
    query: (ref) => attempt(() => find(ref)),
    expire: (ref) =>
      attempt(async () => {
        const { state } = await find(ref)
        // Its page cannot be closed: while it is open the customer may be about to pay.
        return state === 'failed' || state === 'expired' ? 'expired' : 'too_late'
      }),
    refund: (request) =>
      attempt(async () => {
        const reply = await call('refund', toRefund(config, request, clock.now()))
        assertAccepted(reply, 'refund')
        return toGatewayRefund(request, reply)
      }),
    queryRefund: (ref) =>
      attempt(async () => {
        const reply = await ask(ref.payment)
        assertAccepted(reply, 'querydr')
        return toFoundRefund(ref, reply, clock.now())
      }),
    verify: (delivery, now) => verifyVnpayIpn(config, delivery, now),
    answer: answerVnpay,
    health: partner.state,
    close: partner.close,
  }
}

/** VNPay takes letters and digits only. Ours differ in those, so that what is left still names one. */
function toLettersAndDigits(id: string, lengthMax: number): string {
  return id.replace(/[^A-Za-z0-9]/g, '').slice(-lengthMax)
}
