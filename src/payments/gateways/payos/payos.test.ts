import { PayOS } from '@payos/node'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { payos as facadeOfPayos, startFacade, type RunningFacade } from '../../../../fixtures/gateways/index.ts'
import { startSink, type Sink } from '../../../../fixtures/gateways/sink.ts'
import { money } from '../../../kernel/money.ts'
import { createStoppedClock, plusMs, systemClock, toIso } from '../../../kernel/time.ts'
import type { GatewayOutcome, PaymentGateway, PaymentRef, PaymentRequest, VerifiedWebhook } from '../contract.ts'
import { createPayosGateway } from './index.ts'

const MINUTE = 60_000
let clock: ReturnType<typeof createStoppedClock>
let facade: RunningFacade
let sink: Sink
let gateway: PaymentGateway
let verified: VerifiedWebhook[]
let payments = 0

beforeEach(async () => {
  clock = createStoppedClock(toIso(systemClock.now()))
  verified = []
  sink = await startSink(({ url, body }) => {
    const one = gateway.verify({ method: 'POST', url, headers: {}, rawBody: Buffer.from(body) }, clock.now())
    verified.push(one)
    return gateway.answer(one.outcome === 'genuine' ? 'accepted' : one.outcome)
  })
  facade = await startFacade(facadeOfPayos, { webhookUrl: sink.url, secret: (label) => `test ${label}`, clock })
  gateway = createGateway()
})
afterEach(async () => {
  await gateway.close()
  await facade.close()
  await sink.close()
})

const createGateway = (): PaymentGateway =>
  createPayosGateway({
    clientId: facade.environment['PAYOS_CLIENT_ID']!,
    apiKey: facade.environment['PAYOS_API_KEY']!,
    checksumKey: facade.environment['PAYOS_CHECKSUM_KEY']!,
    apiUrl: facade.url,
    payUrl: facade.url,
    readTimeoutMs: 1_000,
    writeTimeoutMs: 1_000,
  })
const order = (): PaymentRequest => {
  payments += 1
  const paymentId = `pay_${payments}`
  const createdAt = clock.now()
  return {
    paymentId,
    clientRef: gateway.clientRef({ paymentId, number: payments, createdAt }),
    createdAt,
    amount: money(1_250_000, 'VND'),
    providerRef: null,
    description: 'Hà Nội → Đà Nẵng',
    customerEmail: 'an@example.com',
    customerIp: null,
    expiresAt: plusMs(createdAt, 20 * MINUTE),
    returnUrl: 'https://shop.example/trips/1?a=b&c=d',
    cancelUrl: 'https://shop.example/trips/1/pay',
  }
}
function ok<T>(reply: GatewayOutcome<T>): T {
  if (reply.outcome !== 'ok') throw new Error(`${reply.outcome}: ${reply.message}`)
  return reply.value
}
async function open(): Promise<PaymentRef & { url: string | null }> {
  const request = order()
  const { providerRef, redirectUrl } = ok(await gateway.create(request))
  return { ...request, providerRef, url: redirectUrl }
}
const findPayment = async (ref: PaymentRef) => ok(await gateway.query(ref))

describe('a payment', () => {
  test('is opened, paid at its page and found', async () => {
    const ref = await open()
    expect((await fetch(ref.url!)).status).toBe(200)
    expect(await findPayment(ref)).toMatchObject({ state: 'open', captured: null })
    facade.pay(ref.clientRef)
    expect(await findPayment({ ...ref, providerRef: null })).toEqual({
      state: 'paid',
      captured: money(1_250_000, 'VND'),
      providerPaymentRef: ref.providerRef,
      failureCode: null,
    })
  })

  test('is opened once: the same code, which PayOS refuses with a status of 200, is the same page', async () => {
    const request = order()
    const first = ok(await gateway.create(request))
    expect(ok(await gateway.create(request))).toEqual(first)
    facade.faults.arm({ match: 'create', kind: 'drop_after_effect' })
    const lost = order()
    expect(await gateway.create(lost)).toMatchObject({ outcome: 'unknown', cause: 'unreachable' })
    const found = ok(await gateway.create(lost))
    expect((await fetch(found.redirectUrl!)).status).toBe(200)
    expect(facade.engine.truth()).toHaveLength(2)
    facade.pay(lost.clientRef)
    expect(ok(await gateway.create(lost))).toEqual({ ...found, redirectUrl: null })
  })

  test('of a code that belongs to another amount is nobody’s we know', async () => {
    const request = order()
    ok(await gateway.create(request))
    expect(await gateway.create({ ...request, amount: money(1, 'VND') })).toMatchObject({ outcome: 'unknown', cause: 'malformed' })
  })

  test('is what came: too little, the rest, too much, after the end', async () => {
    const ref = await open()
    facade.pay(ref.clientRef, { amount: 1_000_000 })
    expect(await findPayment(ref)).toMatchObject({ state: 'paid', captured: money(1_000_000, 'VND') })
    facade.pay(ref.clientRef, { amount: 250_000, again: true })
    expect(await findPayment(ref)).toMatchObject({ state: 'paid', captured: money(1_250_000, 'VND') })
    facade.pay(ref.clientRef, { amount: 1, again: true })
    expect(await findPayment(ref)).toMatchObject({ state: 'paid', captured: money(1_250_001, 'VND') })

    const late = await open()
    clock.advance(20 * MINUTE)
    expect(await findPayment(late)).toMatchObject({ state: 'expired', captured: null })
    facade.pay(late.clientRef, { late: true })
    expect(await findPayment(late)).toMatchObject({ state: 'paid', captured: money(1_250_000, 'VND') })
  })

  test('is closed early, unless the money was faster', async () => {
    const ref = await open()
    expect(ok(await gateway.expire(ref))).toBe('expired')
    expect(ok(await gateway.expire(ref))).toBe('expired')
    expect(await findPayment(ref)).toMatchObject({ state: 'expired' })
    const paid = await open()
    facade.pay(paid.clientRef, { amount: 1 })
    expect(ok(await gateway.expire(paid))).toBe('too_late')
  })

  test('that PayOS does not know is said to be none', async () => {
    expect(await gateway.query(order())).toMatchObject({ outcome: 'rejected', code: 'payment_not_found' })
  })
})

describe('a delivery', () => {
  test('is verified for each transfer there was', async () => {
    const ref = await open()
    facade.pay(ref.clientRef, { amount: 1 })
    facade.pay(ref.clientRef, { amount: 2, again: true })
    await expect.poll(() => verified).toHaveLength(2)
    const hints = verified.map((one) => (one.outcome === 'genuine' ? one.hint : null))
    expect(hints).toMatchObject([{ clientRef: ref.clientRef }, { clientRef: ref.clientRef }])
    expect(new Set(hints.map((hint) => hint?.dedupeKey)).size).toBe(2)
  })

  test('that is not genuine is turned away', async () => {
    const ref = await open()
    facade.pay(ref.clientRef)
    await expect.poll(() => verified).toHaveLength(1)
    for (const forgery of ['edited', 'other_key', 'future'] as const)
      expect(await facade.notifier.resend(ref.clientRef, 1, forgery)).toMatchObject([{ status: 401 }])
    expect(verified.slice(1).map((one) => one.outcome)).toEqual(['forged', 'forged', 'forged'])
  })

  test('by which PayOS tries our address is accepted, though it is about no payment of ours', async () => {
    const { PAYOS_CLIENT_ID: clientId, PAYOS_API_KEY: apiKey, PAYOS_CHECKSUM_KEY: checksumKey } = facade.environment
    const client = new PayOS({ clientId: clientId!, apiKey: apiKey!, checksumKey: checksumKey!, baseURL: facade.url, maxRetries: 0 })
    expect(await client.webhooks.confirm(sink.url)).toMatchObject({ webhookUrl: sink.url })
    expect(verified).toMatchObject([{ outcome: 'genuine', hint: { clientRef: '123' } }])
    expect(gateway.answer('about_nothing_of_ours').status).toBe(200)
  })
})

test('money goes back by hand, and nobody is asked for it', async () => {
  expect(gateway.capabilities).toMatchObject({ refund: 'manual', amountMayDiffer: true, canExpireEarly: true })
  const ref = { ...(await open()), providerPaymentRef: 'l' }
  const refund = { refundId: 'rfd_1', clientRef: 'rfd_1', createdAt: clock.now(), amount: money(1, 'VND'), payment: ref }
  expect(await gateway.refund(refund)).toMatchObject({ outcome: 'rejected', code: 'refund_by_hand' })
  expect(ok(await gateway.queryRefund({ ...refund, providerRefundRef: null }))).toBeNull()
})
