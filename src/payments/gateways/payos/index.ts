import { parseCurrency } from '../../../kernel/currency.ts'
import { createPartner } from '../../../platform/partner.ts'
import type { GatewayPayment, HostedPayment, PaymentGateway, PaymentRef, PaymentRequest } from '../contract.ts'
import { assertAnswered, attempt, Refused, Unanswered } from '../json-call.ts'
import type { GatewayModule } from '../module.ts'
import { callJson, readJson } from '../outcomes.ts'
import { plainAnswer } from '../plain-answer.ts'
import type { PayosConfig } from './config.ts'
import { assertAccepted, DUPLICATE } from './faults.ts'
import { toExistingPayment, toGatewayPayment, toHostedPayment } from './from-wire.ts'
import { toOrder, toOrderCode } from './to-wire.ts'
import { verifyPayosWebhook } from './webhook.ts'
import { readLink, readNewLink, readReply, readSignedData, type WireLink, type WireReply } from './wire.ts'

const CONCURRENT_MAX = 20
/** PayOS states no limits of a link's life; in less than five minutes nobody makes a transfer. */
const EXPIRY_SECONDS_MIN = 300
const EXPIRY_SECONDS_MAX = 24 * 3_600

export const payos: GatewayModule = {
  id: 'payos',
  environment: {
    PAYOS_CLIENT_ID: { description: 'PayOS client id of the payment channel' },
    PAYOS_API_KEY: { description: 'PayOS API key of the payment channel' },
    PAYOS_CHECKSUM_KEY: { description: 'PayOS checksum key of the payment channel, which signs everything both ways' },
    PAYOS_URL: { description: 'PayOS API; default: PayOS itself', example: 'https://api-merchant.payos.vn', isOptional: true },
    PAYOS_PAY_URL: { description: 'where customers pay; default: PayOS itself', example: 'https://pay.payos.vn', isOptional: true },
  },
  create: ({ read, find }, { readTimeoutMs, writeTimeoutMs }) =>
    createPayosGateway({
      clientId: read('PAYOS_CLIENT_ID'),
      apiKey: read('PAYOS_API_KEY'),
      checksumKey: read('PAYOS_CHECKSUM_KEY'),
      apiUrl: find('PAYOS_URL') ?? 'https://api-merchant.payos.vn',
      payUrl: find('PAYOS_PAY_URL') ?? 'https://pay.payos.vn',
      readTimeoutMs,
      writeTimeoutMs,
    }),
}

/** PayOS's links to pay by bank transfer, v2. README.md tells its quirks. */
export function createPayosGateway(config: PayosConfig): PaymentGateway {
  const partner = createPartner({ name: 'PayOS', concurrentMax: CONCURRENT_MAX })
  const headers = { 'x-client-id': config.clientId, 'x-api-key': config.apiKey }

  const call = async (method: 'GET' | 'POST', path: string, body?: object): Promise<WireReply> => {
    const timeoutMs = method === 'GET' ? config.readTimeoutMs : config.writeTimeoutMs
    const url = `${config.apiUrl}/v2/payment-requests${path}`
    const reply = await callJson(partner.send, { method, url, headers, timeoutMs, ...(body && { body }) })
    assertAnswered(reply)
    return readReply(readJson(reply))
  }
  const findLink = async (ref: PaymentRef): Promise<WireLink> => {
    const reply = await call('GET', `/${encodeURIComponent(ref.clientRef)}`)
    assertAccepted('query', reply)
    return readLink(readSignedData(config.checksumKey, reply))
  }
  const create = async (request: PaymentRequest): Promise<HostedPayment> => {
    const reply = await call('POST', '', toOrder(config.checksumKey, request))
    if (reply.code === DUPLICATE) return toExistingPayment(request, await findLink(request), config.payUrl)
    assertAccepted('create', reply)
    return toHostedPayment(request, readNewLink(readSignedData(config.checksumKey, reply)))
  }
  const expire = async (ref: PaymentRef): Promise<'expired' | 'too_late'> => {
    const reply = await call('POST', `/${encodeURIComponent(ref.clientRef)}/cancel`, { cancellationReason: 'The time to pay is over' })
    // It refuses to cancel a link that has ended, whichever way; then we look.
    const link = reply.code === '00' ? readLink(readSignedData(config.checksumKey, reply)) : await findLink(ref)
    return toEnd(toGatewayPayment(ref, link))
  }

  return {
    id: 'payos',
    capabilities: {
      currencies: [parseCurrency('VND')],
      countries: ['VN'],
      expirySecondsMin: EXPIRY_SECONDS_MIN,
      expirySecondsMax: EXPIRY_SECONDS_MAX,
      partialRefund: true,
      refund: 'manual',
      refundWindowDays: null,
      canExpireEarly: true,
      amountMayDiffer: true,
      notifyIntegrity: 'fields_hmac',
    },
    clientRef: toOrderCode,
    refundClientRef: ({ refundId }) => refundId,
    create: (request) => attempt(() => create(request)),
    query: (ref) => attempt(async () => toGatewayPayment(ref, await findLink(ref))),
    expire: (ref) => attempt(() => expire(ref)),
    refund: () => attempt(refuseRefund),
    queryRefund: () => attempt(() => null),
    verify: (delivery, now) => verifyPayosWebhook(config, delivery, now),
    answer: plainAnswer,
    health: partner.state,
    close: partner.close,
  }
}

function toEnd({ state }: GatewayPayment): 'expired' | 'too_late' {
  if (state === 'expired' || state === 'failed') return 'expired'
  if (state === 'open') throw new Unanswered('unrecognised', 'PayOS did not close the link')
  return 'too_late'
}

function refuseRefund(): never {
  throw new Refused('refund_by_hand', 'PayOS gives no money back: a person transfers it and notes that')
}
