import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { midtrans, startFacade, type RunningFacade } from '../../../../fixtures/gateways/index.ts'
import { gatewayOf } from '../../../../test/support/gateway-bench.ts'
import { money } from '../../../kernel/money.ts'
import { createStoppedClock, plusMs, systemClock, toIso } from '../../../kernel/time.ts'
import type { GatewayOutcome, PaymentGateway, PaymentRef, PaymentRequest, RefundRequest } from '../contract.ts'
import { toJakarta } from './to-wire.ts'

let mock: RunningFacade
let gateway: PaymentGateway
let number = 0
const clock = createStoppedClock(toIso(systemClock.now()))

beforeAll(async () => {
  mock = await startFacade(midtrans, { webhookUrl: 'http://127.0.0.1:9', secret: (label) => label, clock })
  gateway = gatewayOf('midtrans', mock.environment, 400, clock)
})
afterAll(async () => {
  await gateway.close()
  await mock.close()
})
beforeEach(() => mock.faults.clear())

const requestOf = (change: Partial<PaymentRequest> = {}): PaymentRequest => ({
  paymentId: `pay_${(number += 1)}`,
  clientRef: `pay_${number}`,
  createdAt: clock.now(),
  amount: money(15_000_000, 'IDR'),
  providerRef: null,
  description: 'Jakarta to Tokyo',
  customerEmail: 'budi@example.com',
  customerIp: null,
  expiresAt: plusMs(clock.now(), 1_800_000),
  returnUrl: 'https://shop.example/trips/1',
  cancelUrl: 'https://shop.example/trips/1/pay',
  ...change,
})
const open = async (): Promise<PaymentRef> => {
  const request = requestOf()
  return { ...request, providerRef: ok(await gateway.create(request)).providerRef }
}
const paidBy = async (channel: string): Promise<RefundRequest> => {
  const ref = await open()
  mock.pay(ref.clientRef, { channel })
  const { providerPaymentRef } = ok(await gateway.query(ref))
  const refundId = `rfd_${(number += 1)}`
  const payment = { ...ref, providerPaymentRef: providerPaymentRef! }
  return { refundId, clientRef: refundId, createdAt: clock.now(), amount: money(5_000_000, 'IDR'), payment }
}
function ok<T>(reply: GatewayOutcome<T>): T {
  if (reply.outcome !== 'ok') throw new Error(`${reply.outcome}: ${reply.message}`)
  return reply.value
}

test('a page that nobody has used is open until its time is over, though Midtrans knows no transaction', async () => {
  const ref = await open()
  expect(ok(await gateway.query(ref)).state).toBe('open')
  expect(ok(await gateway.expire(ref))).toBe('too_late')
  clock.advance(32 * 60_000)
  expect(ok(await gateway.query(ref)).state).toBe('expired')
  expect(ok(await gateway.expire(ref))).toBe('expired')
})

test('a page and what is begun on it end together', async () => {
  const ref = await open()
  mock.engine.begin(mock.engine.findByClientRef(ref.clientRef)[0]!)
  expect(ok(await gateway.query(ref)).state).toBe('open')
  expect(ok(await gateway.expire(ref))).toBe('expired')
  expect(ok(await gateway.query(ref)).state).toBe('expired')
})

test('a card that is denied may be followed by another while the page is open, and by none afterwards', async () => {
  const ref = await open()
  mock.engine.fail(mock.engine.findByClientRef(ref.clientRef)[0]!, 'deny')
  expect(ok(await gateway.query(ref))).toMatchObject({ state: 'open', failureCode: 'deny' })
  clock.advance(32 * 60_000)
  expect(ok(await gateway.query(ref))).toMatchObject({ state: 'failed', failureCode: 'deny' })
})

test('money held for fraud is suspicious, never paid', async () => {
  const ref = await open()
  mock.engine.setAside(mock.engine.findByClientRef(ref.clientRef)[0]!, 'suspicious')
  expect(ok(await gateway.query(ref))).toMatchObject({ state: 'suspicious', captured: null })
})

test('a key is remembered for five minutes; later the same order is refused, which proves nothing', async () => {
  const request = requestOf({ expiresAt: plusMs(clock.now(), 3_600_000) })
  const first = ok(await gateway.create(request))
  clock.advance(4 * 60_000)
  expect(ok(await gateway.create(request))).toEqual(first)
  clock.advance(2 * 60_000)
  expect(await gateway.create(request)).toMatchObject({ outcome: 'unknown', cause: 'unrecognised' })
  expect(mock.engine.findByClientRef(request.clientRef)).toHaveLength(1)
})

test('the same request under way is not carried out again', async () => {
  mock.faults.arm({ match: 'create_transaction', kind: 'in_flight' })
  expect(await gateway.create(requestOf())).toMatchObject({ outcome: 'unknown', cause: 'in_flight' })
})

test('a card is given back when the bank says so, a wallet at once, a transfer never', async () => {
  const card = await paidBy('credit_card')
  expect(ok(await gateway.refund(card)).state).toBe('pending')
  mock.clock.advance(2 * 86_400_000)
  mock.engine.sweep()
  expect(ok(await gateway.queryRefund({ ...card, providerRefundRef: null }))).toMatchObject({ state: 'succeeded' })
  expect(ok(await gateway.refund(await paidBy('shopeepay'))).state).toBe('succeeded')
  expect(await gateway.refund(await paidBy('bank_transfer'))).toMatchObject({ outcome: 'rejected', code: 'not_refundable_by_api' })
})

test.each([
  ['insufficient_funds', { outcome: 'rejected', code: '414' }],
  ['in_flight', { outcome: 'unknown', cause: 'in_flight' }],
])('a refund that is answered with %s', async (kind, expected) => {
  const refund = await paidBy('gopay')
  mock.faults.arm({ match: 'refund', kind })
  expect(await gateway.refund(refund)).toMatchObject(expected)
})

test('what was refunded is still what was captured', async () => {
  const refund = await paidBy('gopay')
  ok(await gateway.refund(refund))
  expect(ok(await gateway.query(refund.payment))).toMatchObject({ state: 'paid', captured: money(15_000_000, 'IDR') })
})

test.each([
  ['more than a billion', { amount: money(100_000_000_000, 'IDR') }, 'validation_error'],
  ['half a rupiah', { amount: money(50, 'IDR') }, 'amount_not_representable'],
  ['dollars', { amount: money(50, 'USD') }, 'amount_not_representable'],
])('%s is refused, and nothing is opened', async (_name, change, code) => {
  const request = requestOf(change)
  expect(await gateway.create(request)).toMatchObject({ outcome: 'rejected', code })
  expect(mock.engine.findByClientRef(request.clientRef)).toEqual([])
})

test('times are told as in Jakarta', () => {
  expect(toJakarta(Date.UTC(2026, 11, 31, 18, 5, 9) as never)).toBe('2027-01-01 01:05:09 +0700')
})
