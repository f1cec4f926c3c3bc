import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startFacade, vnpay as facadeOfVnpay, type RunningFacade } from '../../../../fixtures/gateways/index.ts'
import { startSink, type Sink } from '../../../../fixtures/gateways/sink.ts'
import { money } from '../../../kernel/money.ts'
import { createStoppedClock, plusMs } from '../../../kernel/time.ts'
import type { GatewayOutcome, PaymentGateway, PaymentRef, PaymentRequest, RefundRequest, WebhookVerdict } from '../contract.ts'
import { createVnpayGateway } from './index.ts'

const MINUTE = 60_000
let clock: ReturnType<typeof createStoppedClock>
let facade: RunningFacade
let sink: Sink
let gateway: PaymentGateway
let verdicts: WebhookVerdict[]

beforeEach(async () => {
  clock = createStoppedClock('2026-11-25T14:30:00Z')
  verdicts = []
  sink = await startSink(({ method, url, body }) => {
    const verified = gateway.verify(
      { method: method === 'GET' ? 'GET' : 'POST', url, headers: {}, rawBody: Buffer.from(body) },
      clock.now(),
    )
    const verdict = verified.outcome === 'genuine' ? 'accepted' : verified.outcome
    verdicts.push(verdict)
    return gateway.answer(verdict)
  })
  facade = await startFacade(facadeOfVnpay, { webhookUrl: sink.url, secret: (label) => `test ${label}`, clock })
  gateway = createGateway()
})
afterEach(async () => {
  await gateway.close()
  await facade.close()
  await sink.close()
})

const createGateway = (): PaymentGateway =>
  createVnpayGateway(
    {
      tmnCode: facade.environment['VNPAY_TMN_CODE']!,
      hashSecret: facade.environment['VNPAY_HASH_SECRET']!,
      payUrl: facade.environment['VNPAY_PAY_URL']!,
      apiUrl: facade.environment['VNPAY_API_URL']!,
      serverIp: '203.0.113.7',
      readTimeoutMs: 1_000,
      writeTimeoutMs: 1_000,
    },
    clock,
  )
const order = (paymentId = 'pay_1', dong = 1_250_000): PaymentRequest => {
  const createdAt = clock.now()
  return {
    paymentId,
    clientRef: gateway.clientRef({ paymentId, number: 1, createdAt }),
    createdAt,
    amount: money(dong, 'VND'),
    providerRef: null,
    description: 'Hà Nội → Đà Nẵng',
    customerEmail: 'an@example.com',
    customerIp: '198.51.100.4',
    expiresAt: plusMs(createdAt, 20 * MINUTE),
    returnUrl: 'https://shop.example/trips/1',
    cancelUrl: 'https://shop.example/trips/1/pay',
  }
}
function ok<T>(reply: GatewayOutcome<T>): T {
  if (reply.outcome !== 'ok') throw new Error(`${reply.outcome}: ${reply.message}`)
  return reply.value
}
async function open(paymentId?: string): Promise<PaymentRef & { url: string }> {
  const request = order(paymentId)
  const { providerRef, redirectUrl } = ok(await gateway.create(request))
  return { ...request, providerRef, url: redirectUrl! }
}
async function visit(paymentId?: string): Promise<PaymentRef> {
  const ref = await open(paymentId)
  expect((await fetch(ref.url)).status).toBe(200)
  return ref
}
async function pay(paymentId?: string): Promise<PaymentRef & { providerPaymentRef: string }> {
  const ref = await visit(paymentId)
  facade.pay(ref.clientRef)
  return { ...ref, providerPaymentRef: ok(await gateway.query(ref)).providerPaymentRef! }
}
const refundOf = (payment: RefundRequest['payment'], dong: number, refundId = 'rfd_1'): RefundRequest => ({
  refundId,
  clientRef: gateway.refundClientRef({ refundId, number: 1, createdAt: clock.now() }),
  createdAt: clock.now(),
  amount: money(dong, 'VND'),
  payment,
})

describe('a payment', () => {
  test('is an address and no call; nobody has it before the customer comes', async () => {
    const ref = await open()
    expect(facade.engine.truth()).toEqual([])
    expect(facade.faults.calls()).toEqual({})
    expect(ok(await gateway.query(ref))).toMatchObject({ state: 'open', captured: null })
    expect((await fetch(ref.url)).status).toBe(200)
    expect(facade.engine.truth()).toMatchObject([{ reference: 'pay1', amount: 1_250_000 }])
  })

  test('is found paid, with what was paid', async () => {
    const ref = await pay()
    expect(ok(await gateway.query(ref))).toEqual({
      state: 'paid',
      captured: money(1_250_000, 'VND'),
      providerPaymentRef: facade.engine.findByClientRef('pay1')[0]!.receipts[0]!.id,
      failureCode: null,
      refunds: { list: [], isComplete: true },
    })
  })

  test('is found without the reference that its creation gave', async () => {
    const ref = await pay()
    expect(ok(await gateway.query({ ...ref, providerRef: null })).state).toBe('paid')
  })

  test('created at another time is another payment to VNPay', async () => {
    const ref = await pay()
    expect(ok(await gateway.query({ ...ref, createdAt: plusMs(ref.createdAt, 1_000) })).state).toBe('open')
  })

  test.each([
    ['reversed', 'reversed', 'status_04'],
    ['suspicious', 'suspicious', 'status_07'],
  ] as const)('%s at VNPay is not paid, but a matter for a person', async (set, state, failureCode) => {
    const ref = await visit()
    facade.engine.setAside(facade.engine.findByClientRef('pay1')[0]!, set)
    expect(ok(await gateway.query(ref))).toMatchObject({ state, captured: null, failureCode })
    expect(ok(await gateway.expire(ref))).toBe('too_late')
  })

  test('that the customer gave up has failed', async () => {
    const ref = await visit()
    facade.engine.fail(facade.engine.findByClientRef('pay1')[0]!, 'given_up')
    expect(ok(await gateway.query(ref))).toMatchObject({ state: 'failed', failureCode: 'status_02' })
    expect(ok(await gateway.expire(ref))).toBe('expired')
  })

  test('of a page that nobody came to is over a minute after the page is', async () => {
    const ref = await open()
    clock.advance(20 * MINUTE + MINUTE)
    expect(ok(await gateway.query(ref)).state).toBe('open')
    expect(ok(await gateway.expire(ref))).toBe('too_late')
    clock.advance(1)
    expect(ok(await gateway.query(ref)).state).toBe('expired')
    expect(ok(await gateway.expire(ref))).toBe('expired')
    // Whoever lost what the creation said only knows that no page is open for longer than a day.
    expect(ok(await gateway.query({ ...ref, providerRef: null })).state).toBe('open')
    clock.advance(24 * 60 * MINUTE)
    expect(ok(await gateway.query({ ...ref, providerRef: null })).state).toBe('expired')
  })

  test('that somebody is at cannot be closed', async () => {
    const ref = await visit()
    expect(ok(await gateway.expire(ref))).toBe('too_late')
    facade.pay(ref.clientRef)
    expect(ok(await gateway.expire(ref))).toBe('too_late')
  })

  test('in another currency, or of more than VNPay takes, is refused before anybody is sent there', async () => {
    expect(await gateway.create({ ...order(), amount: money(100, 'USD') })).toMatchObject({
      outcome: 'rejected',
      code: 'amount_not_representable',
    })
    expect(await gateway.create({ ...order(), amount: money(10_000_000_000, 'VND') })).toMatchObject({
      outcome: 'rejected',
      code: 'amount_not_representable',
    })
  })
})

describe('an IPN', () => {
  test('is announced, verified and answered as VNPay wants', async () => {
    const ref = await visit()
    facade.pay(ref.clientRef)
    await expect.poll(() => verdicts).toEqual(['accepted'])
    await expect.poll(() => facade.notifier.delivered()).toMatchObject([{ status: 200, body: expect.stringContaining('"RspCode":"00"') }])
  })

  test.each(['edited', 'other_key', 'future'] as const)('that is not genuine (%s) is answered with 97', async (forgery) => {
    const ref = await visit()
    facade.pay(ref.clientRef)
    await expect.poll(() => verdicts).toHaveLength(1)
    const [answer] = await facade.notifier.resend(ref.clientRef, 1, forgery)
    expect(answer!.body).toContain('"RspCode":"97"')
  })
})

describe('a refund', () => {
  test('of a part is under way, then done, and found by its text', async () => {
    const payment = await pay()
    // Later than the payment, by whose time it is found.
    clock.advance(90_000)
    const request = refundOf(payment, 250_000)
    const made = ok(await gateway.refund(request))
    expect(made).toMatchObject({ state: 'pending', amount: money(250_000, 'VND') })
    facade.clock.advance(3_000)
    facade.engine.sweep()
    const done = { ...made, state: 'succeeded' }
    expect(ok(await gateway.queryRefund({ ...request, providerRefundRef: null }))).toEqual(done)
    expect(ok(await gateway.queryRefund({ ...request, providerRefundRef: made.providerRefundRef }))).toEqual(done)
    expect(facade.engine.truth()[0]).toMatchObject({ captured: 1_250_000, refunded: 250_000 })
    // The payment stays paid; how much, VNPay no longer says.
    expect(ok(await gateway.query(payment))).toMatchObject({ state: 'paid', captured: null })
  })

  test('that never arrived is absent on the day it was decided, and unknown later: a repeated one would be a second one', async () => {
    const payment = await pay()
    const request = refundOf(payment, 1_250_000)
    expect(ok(await gateway.queryRefund({ ...request, providerRefundRef: null }))).toBeNull()
    clock.advance(24 * 60 * MINUTE)
    expect(await gateway.queryRefund({ ...request, providerRefundRef: null })).toMatchObject({ outcome: 'unknown', cause: 'unrecognised' })
  })

  test('is not taken for another one of the same payment', async () => {
    const payment = await pay()
    ok(await gateway.refund(refundOf(payment, 250_000, 'rfd_1')))
    expect(await gateway.queryRefund({ ...refundOf(payment, 250_000, 'rfd_2'), providerRefundRef: null })).toMatchObject({
      outcome: 'unknown',
      cause: 'unrecognised',
    })
  })

  test('that VNPay or a bank turns down says so', async () => {
    const payment = await pay()
    facade.engine.setRefundMode({ mode: 'failed', code: null }, 1)
    expect(ok(await gateway.refund(refundOf(payment, 250_000, 'rfd_1')))).toMatchObject({ state: 'failed', failureCode: 'status_09' })
    expect(await gateway.refund(refundOf(payment, 1_250_001, 'rfd_2'))).toMatchObject({ outcome: 'rejected' })
    const other = await visit('pay_2')
    expect(await gateway.refund(refundOf({ ...other, providerPaymentRef: '1' }, 1_250_000, 'rfd_3'))).toMatchObject({
      outcome: 'rejected',
      code: 'invalid_request',
    })
  })
})
