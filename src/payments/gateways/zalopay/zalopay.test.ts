import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startFacade, zalopay as facadeOfZalopay, type RunningFacade } from '../../../../fixtures/gateways/index.ts'
import { startSink, type Sink } from '../../../../fixtures/gateways/sink.ts'
import { money } from '../../../kernel/money.ts'
import { createStoppedClock, plusMs } from '../../../kernel/time.ts'
import type { GatewayOutcome, PaymentGateway, PaymentRef, PaymentRequest, RefundRequest, WebhookVerdict } from '../contract.ts'
import { createZalopayGateway } from './index.ts'

const MINUTE = 60_000
let clock: ReturnType<typeof createStoppedClock>
let facade: RunningFacade
let sink: Sink
let gateway: PaymentGateway
let verdicts: WebhookVerdict[]

beforeEach(async () => {
  // One minute before midnight in Vietnam, where the next day begins first.
  clock = createStoppedClock('2026-11-25T16:59:00Z')
  verdicts = []
  sink = await startSink(({ url, body }) => {
    const verified = gateway.verify({ method: 'POST', url, headers: {}, rawBody: Buffer.from(body) }, clock.now())
    const verdict = verified.outcome === 'genuine' ? 'accepted' : verified.outcome
    verdicts.push(verdict)
    return gateway.answer(verdict)
  })
  facade = await startFacade(facadeOfZalopay, { webhookUrl: sink.url, secret: (label) => `test ${label}`, clock })
  gateway = createGateway()
})
afterEach(async () => {
  await gateway.close()
  await facade.close()
  await sink.close()
})

const createGateway = (): PaymentGateway =>
  createZalopayGateway(
    {
      appId: Number(facade.environment['ZALOPAY_APP_ID']),
      requestKey: facade.environment['ZALOPAY_KEY1']!,
      callbackKeys: [facade.environment['ZALOPAY_KEY2']!],
      callbackUrl: sink.url,
      apiUrl: facade.url,
      readTimeoutMs: 1_000,
      writeTimeoutMs: 1_000,
    },
    clock,
  )
const order = (paymentId = 'pay_1'): PaymentRequest => {
  const createdAt = clock.now()
  return {
    paymentId,
    clientRef: gateway.clientRef({ paymentId, number: 1, createdAt }),
    createdAt,
    amount: money(1_250_000, 'VND'),
    providerRef: null,
    description: 'Hà Nội → Đà Nẵng',
    customerEmail: 'an@example.com',
    customerIp: null,
    expiresAt: plusMs(createdAt, 20 * MINUTE),
    returnUrl: 'https://shop.example/trips/1',
    cancelUrl: 'https://shop.example/trips/1/pay',
  }
}
function ok<T>(reply: GatewayOutcome<T>): T {
  if (reply.outcome !== 'ok') throw new Error(`${reply.outcome}: ${reply.message}`)
  return reply.value
}
async function open(paymentId?: string): Promise<PaymentRef & { url: string | null }> {
  const request = order(paymentId)
  const { providerRef, redirectUrl } = ok(await gateway.create(request))
  return { ...request, providerRef, url: redirectUrl }
}
async function pay(): Promise<PaymentRef & { providerPaymentRef: string }> {
  const ref = await open()
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
  test('is opened, paid at the page and found, by a reference of the day in Vietnam', async () => {
    const ref = await open()
    expect(ref.clientRef).toBe('261125_pay1')
    expect((await fetch(ref.url!)).status).toBe(200)
    expect(ok(await gateway.query(ref))).toMatchObject({ state: 'open', captured: null })
    facade.pay(ref.clientRef)
    expect(ok(await gateway.query({ ...ref, providerRef: null }))).toEqual({
      state: 'paid',
      captured: money(1_250_000, 'VND'),
      providerPaymentRef: expect.stringMatching(/^261125\d{9}$/),
      failureCode: null,
    })
  })

  test('under way is neither open nor paid', async () => {
    const ref = await open()
    facade.engine.begin(facade.engine.findByClientRef(ref.clientRef)[0]!)
    expect(ok(await gateway.query(ref)).state).toBe('processing')
    expect(ok(await gateway.expire(ref))).toBe('too_late')
  })

  test('whose creation was lost is there, but not its address: unknown while it is open, found once it is paid', async () => {
    const request = order()
    facade.faults.arm({ match: 'create', kind: 'drop_after_effect' })
    expect(await gateway.create(request)).toMatchObject({ outcome: 'unknown', cause: 'unreachable' })
    expect(await gateway.create(request)).toMatchObject({ outcome: 'unknown', cause: 'unrecognised' })
    expect(facade.engine.truth()).toHaveLength(1)
    facade.pay(request.clientRef)
    expect(ok(await gateway.create(request))).toEqual({ providerRef: request.clientRef, redirectUrl: null })
  })

  test('ends by itself and cannot be ended', async () => {
    const ref = await open()
    expect(ok(await gateway.expire(ref))).toBe('too_late')
    clock.advance(20 * MINUTE)
    expect(ok(await gateway.query(ref)).state).toBe('expired')
    expect(ok(await gateway.expire(ref))).toBe('expired')
  })

  test('that a card failed for stays open while the order lives', async () => {
    const ref = await open()
    facade.engine.fail(facade.engine.findByClientRef(ref.clientRef)[0]!, 'declined')
    expect(ok(await gateway.query(ref)).state).toBe('open')
  })

  test('that ZaloPay does not know is said to be none', async () => {
    expect(await gateway.query(order('pay_9'))).toMatchObject({ outcome: 'rejected', code: 'payment_not_found' })
  })

  test('in another currency is refused before ZaloPay hears of it', async () => {
    expect(await gateway.create({ ...order(), amount: money(100, 'IDR') })).toMatchObject({
      outcome: 'rejected',
      code: 'amount_not_representable',
    })
    expect(facade.faults.calls()).toEqual({})
  })
})

describe('a callback', () => {
  test('is verified and answered as ZaloPay wants; one that is not genuine is turned away', async () => {
    const ref = await open()
    facade.pay(ref.clientRef)
    await expect.poll(() => verdicts).toEqual(['accepted'])
    await expect.poll(() => facade.notifier.delivered()).toMatchObject([{ status: 200, body: expect.stringContaining('"return_code":1') }])
    for (const forgery of ['edited', 'other_key', 'future'] as const) {
      const [answer] = await facade.notifier.resend(ref.clientRef, 1, forgery)
      expect(answer!.body).toContain('"return_code":-1')
    }
    expect(verdicts.slice(1)).toEqual(['forged', 'forged', 'forged'])
  })
})

describe('a refund', () => {
  test('is pending until ZaloPay says otherwise', async () => {
    const payment = await pay()
    const request = refundOf(payment, 250_000)
    expect(request.clientRef).toBe(`261125_${facade.environment['ZALOPAY_APP_ID']}_rfd1`)
    const made = ok(await gateway.refund(request))
    expect(made).toEqual({ state: 'pending', amount: money(250_000, 'VND'), providerRefundRef: request.clientRef, failureCode: null })
    const ref = { ...request, providerRefundRef: made.providerRefundRef }
    expect(ok(await gateway.queryRefund(ref))?.state).toBe('pending')
    facade.clock.advance(3_000)
    facade.engine.sweep()
    expect(ok(await gateway.queryRefund(ref))?.state).toBe('succeeded')
    expect(facade.engine.truth()[0]).toMatchObject({ captured: 1_250_000, refunded: 250_000 })
  })

  test('that fails says why', async () => {
    const payment = await pay()
    facade.engine.setRefundMode({ mode: 'failed', code: '-13' }, 1)
    const request = refundOf(payment, 250_000)
    ok(await gateway.refund(request))
    expect(ok(await gateway.queryRefund({ ...request, providerRefundRef: null }))).toMatchObject({
      state: 'failed',
      failureCode: 'refund_window_over',
    })
  })

  test('that is refused was not made', async () => {
    const payment = await pay()
    expect(await gateway.refund(refundOf(payment, 1_250_001))).toMatchObject({ outcome: 'rejected', code: 'refund_amount_invalid' })
    expect(await gateway.refund(refundOf({ ...payment, providerPaymentRef: '1' }, 1))).toMatchObject({
      outcome: 'rejected',
      code: 'payment_not_found',
    })
    const ofToday = refundOf(payment, 1)
    clock.advance(MINUTE)
    expect(await gateway.refund(ofToday)).toMatchObject({ outcome: 'rejected', code: 'refund_id_of_another_day' })
    expect(facade.engine.truth()[0]!.refunds).toEqual([])
  })
})
