import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startStripeMock, type StripeMock } from '../../../../fixtures/stripe/index.ts'
import { money } from '../../../kernel/money.ts'
import { plusMs, systemClock } from '../../../kernel/time.ts'
import type { GatewayOutcome, PaymentGateway, PaymentRef, PaymentRequest, RefundRef, RefundRequest } from '../contract.ts'
import { createStripeGateway, type StripeConfig } from './index.ts'

const SECRET_KEY = 'sk_test_adapter'
const WEBHOOK_SECRET = 'whsec_adapter'

let mock: StripeMock
let gateway: PaymentGateway
let sink: Server

beforeEach(async () => {
  sink = createServer((_request, response) => response.end())
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve))
  mock = await startStripeMock({
    secretKey: SECRET_KEY,
    webhookSecret: WEBHOOK_SECRET,
    webhookUrl: `http://127.0.0.1:${(sink.address() as AddressInfo).port}`,
  })
  gateway = createGateway(mock.url)
})

afterEach(async () => {
  await gateway.close()
  await mock.close()
  sink.closeAllConnections()
  await new Promise((resolve) => sink.close(resolve))
})

const createGateway = (apiUrl: string, change: Partial<StripeConfig> = {}): PaymentGateway =>
  createStripeGateway({
    secretKey: SECRET_KEY,
    webhookSecrets: [WEBHOOK_SECRET],
    apiUrl,
    readTimeoutMs: 400,
    writeTimeoutMs: 400,
    ...change,
  })

const refOf = (paymentId: string, providerRef: string | null = null): PaymentRef => ({
  paymentId,
  clientRef: paymentId,
  createdAt: systemClock.now(),
  amount: money(17_874, 'EUR'),
  providerRef,
})

const refundOf = (refundId: string, providerPaymentRef: string, amount = money(5_000, 'EUR')): RefundRequest => ({
  refundId,
  clientRef: refundId,
  createdAt: systemClock.now(),
  amount,
  payment: { ...refOf('pay_1'), providerPaymentRef },
})

const refundRefOf = (refundId: string, providerPaymentRef: string, providerRefundRef: string | null): RefundRef => ({
  ...refundOf(refundId, providerPaymentRef),
  providerRefundRef,
})

const order = (paymentId = 'pay_1', change: Partial<PaymentRequest> = {}): PaymentRequest => ({
  ...refOf(paymentId),
  customerIp: null,
  description: 'Jakarta to Tokyo',
  customerEmail: 'budi@example.com',
  expiresAt: plusMs(systemClock.now(), 2_400_000),
  returnUrl: 'https://shop.example/done',
  cancelUrl: 'https://shop.example/back',
  ...change,
})

function ok<T>(reply: GatewayOutcome<T>): T {
  if (reply.outcome !== 'ok') throw new Error(`${reply.outcome}: ${reply.message}`)
  return reply.value
}

async function openAndPay(paymentId = 'pay_1', card?: string): Promise<PaymentRef & { providerRef: string; providerPaymentRef: string }> {
  const { providerRef } = ok(await gateway.create(order(paymentId)))
  mock.control.pay(paymentId, card === undefined ? {} : { card })
  const { providerPaymentRef } = ok(await gateway.query(refOf(paymentId, providerRef)))
  return { ...refOf(paymentId), providerRef, providerPaymentRef: providerPaymentRef! }
}

describe('a payment', () => {
  test('is opened once however often it is asked for', async () => {
    const request = order()
    const first = ok(await gateway.create(request))
    expect(ok(await gateway.create(request))).toEqual(first)
    expect(first.redirectUrl).toContain(`${mock.url}/c/pay/`)
    expect(mock.control.ledger()).toHaveLength(1)
  })

  test('is opened once when the reply is lost, and found by asking again', async () => {
    const request = order()
    mock.control.fault('create_session', 'drop_after_effect')
    expect(await gateway.create(request)).toMatchObject({ outcome: 'unknown', cause: 'unreachable' })
    mock.control.fault('create_session', 'hang_after_effect')
    expect(await gateway.create(request)).toMatchObject({ outcome: 'unknown', cause: 'timeout' })
    expect(ok(await gateway.create(request)).providerRef).toBe(mock.control.ledger()[0]?.session)
    expect(mock.control.ledger()).toHaveLength(1)
  })

  test('is open, then paid with what was taken', async () => {
    const ref = refOf('pay_1', ok(await gateway.create(order())).providerRef)
    expect(ok(await gateway.query(ref))).toEqual({
      state: 'open',
      captured: null,
      providerPaymentRef: null,
      failureCode: null,
      disputes: [],
    })
    mock.control.pay('pay_1', { amount: 17_000, currency: 'usd' })
    expect(ok(await gateway.query(ref))).toMatchObject({ state: 'paid', captured: money(17_000, 'USD') })
  })

  test('says what the customer’s bank contests, and what of it is gone', async () => {
    const ref = await openAndPay()
    const disputesOf = async () => ok(await gateway.query(ref)).disputes
    expect(await disputesOf()).toEqual([])
    const inquiry = mock.control.dispute('pay_1', { isInquiry: true, amount: 1_000 })
    expect(await disputesOf()).toMatchObject([{ id: inquiry, isWithdrawn: false, state: 'open' }])
    const dispute = mock.control.dispute('pay_1', { amount: 7_874, reason: 'product_not_received' })
    const [taken] = (await disputesOf())!
    expect(taken).toMatchObject({
      id: dispute,
      amount: money(7_874, 'EUR'),
      isWithdrawn: true,
      state: 'open',
      reason: 'product_not_received',
    })
    expect(taken!.respondBy).toBeGreaterThan(systemClock.now())
    mock.control.closeDispute(dispute, 'lost')
    expect((await disputesOf())![0]).toMatchObject({ isWithdrawn: true, state: 'lost', respondBy: null })
    const won = mock.control.dispute('pay_1')
    mock.control.closeDispute(won, 'won')
    expect((await disputesOf())![0]).toMatchObject({ isWithdrawn: false, state: 'won' })
    mock.control.fault('list_disputes', 'server_error')
    expect(await gateway.query(ref)).toMatchObject({ outcome: 'unknown' })
  })

  test('stays open after a declined card', async () => {
    const ref = refOf('pay_1', ok(await gateway.create(order())).providerRef)
    mock.control.pay('pay_1', { card: '4000000000000002' })
    expect(ok(await gateway.query(ref))).toMatchObject({ state: 'open', failureCode: 'card_declined' })
  })

  test('of somebody else is not taken for ours', async () => {
    const { providerRef } = await openAndPay('pay_other')
    expect(await gateway.query(refOf('pay_1', providerRef))).toMatchObject({ outcome: 'unknown', cause: 'malformed' })
  })

  test('is expired, and is too late to expire once it is paid', async () => {
    const first = refOf('pay_1', ok(await gateway.create(order())).providerRef)
    expect(ok(await gateway.expire(first))).toBe('expired')
    expect(ok(await gateway.expire(first))).toBe('expired')
    expect(ok(await gateway.query(first)).state).toBe('expired')
    expect(ok(await gateway.expire(await openAndPay('pay_2')))).toBe('too_late')
  })

  test('that Stripe turns down is rejected, with its code', async () => {
    expect(await gateway.create(order('pay_1', { amount: money(100_000_000, 'VND') }))).toMatchObject({
      outcome: 'rejected',
      code: 'amount_too_large',
    })
    expect(await gateway.create(order('pay_2', { customerEmail: 'budi' }))).toMatchObject({ outcome: 'rejected', code: 'email_invalid' })
    expect(await gateway.create(order('pay_3', { amount: money(5_124, 'KWD') }))).toMatchObject({
      outcome: 'rejected',
      code: 'amount_not_representable',
    })
    expect(await gateway.query(refOf('pay_1', 'cs_unknown'))).toMatchObject({
      outcome: 'rejected',
      code: 'resource_missing',
    })
    expect(mock.control.ledger()).toEqual([])
  })
})

describe('a refund', () => {
  test('is made once however often it is asked for, and found by our id', async () => {
    const { providerPaymentRef } = await openAndPay()
    const request = refundOf('rfd_1', providerPaymentRef)
    expect(ok(await gateway.queryRefund(refundRefOf('rfd_1', providerPaymentRef, null)))).toBeNull()
    mock.control.fault('create_refund', 'drop_after_effect')
    expect(await gateway.refund(request)).toMatchObject({ outcome: 'unknown' })
    const made = ok(await gateway.refund(request))
    expect(made).toMatchObject({ state: 'succeeded', amount: money(5_000, 'EUR') })
    expect(ok(await gateway.queryRefund(refundRefOf('rfd_1', providerPaymentRef, null)))).toEqual(made)
    expect(ok(await gateway.queryRefund(refundRefOf('rfd_1', providerPaymentRef, made.providerRefundRef)))).toEqual(made)
    expect(mock.control.ledger()[0]).toMatchObject({ refunded: 5_000, refunds: [{ reference: 'rfd_1' }] })
  })

  test('may be pending, and may fail with a reason', async () => {
    const { providerPaymentRef } = await openAndPay()
    mock.control.refunds('pending')
    const pending = ok(await gateway.refund(refundOf('rfd_1', providerPaymentRef, money(100, 'EUR'))))
    expect(pending.state).toBe('pending')
    mock.control.settleRefund(pending.providerRefundRef, 'failed', 'lost_or_stolen_card')
    expect(ok(await gateway.queryRefund(refundRefOf('rfd_1', providerPaymentRef, pending.providerRefundRef)))).toMatchObject({
      state: 'failed',
      failureCode: 'lost_or_stolen_card',
    })
    mock.control.refunds('rejected')
    expect(await gateway.refund(refundOf('rfd_2', providerPaymentRef, money(100, 'EUR')))).toMatchObject({
      outcome: 'rejected',
      code: 'charge_not_refundable',
    })
  })
})

describe('a reply that says neither yes nor no', () => {
  test.each([
    ['timeout', 'timeout'],
    ['drop', 'unreachable'],
    ['server_error', 'malformed'],
    ['garbage', 'malformed'],
    ['html', 'malformed'],
    ['bomb', 'malformed'],
    ['huge', 'malformed'],
    ['throttled', 'throttled'],
    ['unknown_code', 'unrecognised'],
  ] as const)('(%s) leaves a payment unknown, never rejected', async (kind, cause) => {
    mock.control.fault('create_session', kind)
    expect(await gateway.create(order())).toMatchObject({ outcome: 'unknown', cause })
    mock.control.fault('create_refund', kind)
    expect(await gateway.refund(refundOf('rfd_1', 'pi_1', money(1, 'EUR')))).toMatchObject({ outcome: 'unknown', cause })
  })

  test('leaves it unknown when our own key is wrong, or nobody is there', async () => {
    const stranger = createGateway(mock.url, { secretKey: 'sk_test_stranger' })
    expect(await stranger.create(order())).toMatchObject({ outcome: 'unknown', cause: 'unauthorised' })
    await stranger.close()
    const nobody = createGateway('http://127.0.0.1:9')
    expect(await nobody.create(order())).toMatchObject({ outcome: 'unknown', cause: 'unreachable' })
    await nobody.close()
  })

  test('leaves it unknown when the key was used for another request', async () => {
    ok(await gateway.create(order()))
    expect(await gateway.create(order('pay_1', { description: 'another' }))).toMatchObject({ outcome: 'unknown', cause: 'unrecognised' })
  })

  test('keeps to the total deadline while the reply drips', async () => {
    const dripping = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const drip = setInterval(() => response.write(' '), 50)
      response.on('close', () => clearInterval(drip))
    })
    await new Promise<void>((resolve) => dripping.listen(0, '127.0.0.1', resolve))
    const slow = createGateway(`http://127.0.0.1:${(dripping.address() as AddressInfo).port}`)
    const started = performance.now()
    expect(await slow.create(order())).toMatchObject({ outcome: 'unknown', cause: 'timeout' })
    expect(performance.now() - started).toBeLessThan(5_000)
    await slow.close()
    dripping.closeAllConnections()
    await new Promise((resolve) => dripping.close(resolve))
  })
})
