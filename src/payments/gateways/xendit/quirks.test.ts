import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startFacade, xendit, type RunningFacade } from '../../../../fixtures/gateways/index.ts'
import { gatewayOf } from '../../../../test/support/gateway-bench.ts'
import { money } from '../../../kernel/money.ts'
import { plusMs, systemClock, utcDate } from '../../../kernel/time.ts'
import type { GatewayOutcome, PaymentGateway, PaymentRequest, RefundRequest, StatementLine } from '../contract.ts'

let mock: RunningFacade
let gateway: PaymentGateway
let number = 0

beforeAll(async () => {
  mock = await startFacade(xendit, { webhookUrl: 'http://127.0.0.1:9', secret: (label) => label })
  gateway = gatewayOf('xendit', mock.environment)
})
afterAll(async () => {
  await gateway.close()
  await mock.close()
})
beforeEach(() => mock.faults.clear())

const requestOf = (change: Partial<PaymentRequest> = {}): PaymentRequest => ({
  paymentId: `pay_${(number += 1)}`,
  clientRef: `pay_${number}`,
  createdAt: systemClock.now(),
  amount: money(15_000_000, 'IDR'),
  providerRef: null,
  description: 'Jakarta to Tokyo',
  customerEmail: 'budi@example.com',
  customerIp: null,
  expiresAt: plusMs(systemClock.now(), 1_800_000),
  returnUrl: 'https://shop.example/trips/1',
  cancelUrl: 'https://shop.example/trips/1/pay',
  ...change,
})
const refundOf = (request: PaymentRequest, providerPaymentRef: string, amount = money(100, 'IDR')): RefundRequest => {
  const refundId = `rfd_${(number += 1)}`
  return { refundId, clientRef: refundId, createdAt: systemClock.now(), amount, payment: { ...request, providerPaymentRef } }
}
function ok<T>(reply: GatewayOutcome<T>): T {
  if (reply.outcome !== 'ok') throw new Error(`${reply.outcome}: ${reply.message}`)
  return reply.value
}

test('two invoices that two processes made in the same moment are one payment: all their money counts, both are closed', async () => {
  const request = requestOf()
  await Promise.all([gateway.create(request), gateway.create(request)])
  mock.engine.open({ ...request, id: 'second', data: {} }) // however the race went, there are two now
  expect(mock.engine.findByClientRef(request.clientRef).length).toBeGreaterThan(1)
  expect(ok(await gateway.query(request)).state).toBe('open')
  mock.pay('second')
  expect(ok(await gateway.query(request))).toMatchObject({ state: 'paid', captured: request.amount })
  expect(ok(await gateway.expire(request))).toBe('too_late')
  expect(mock.engine.findByClientRef(request.clientRef).every(({ state }) => state !== 'open')).toBe(true)
  for (const { id } of mock.engine.findByClientRef(request.clientRef)) mock.pay(id, { late: true })
  expect(ok(await gateway.query(request)).captured!.amount).toBeGreaterThan(request.amount.amount)
})

test.each([
  ['an amount of half a rupiah', { amount: money(50, 'IDR') }, 'amount_not_representable'],
  ['more than Xendit takes', { amount: money(100_000_000_00, 'IDR') }, 'MAXIMUM_TRANSFER_AMOUNT_ERROR'],
  ['a currency it has no invoices in', { amount: money(100, 'EUR') }, 'amount_not_representable'],
])('%s is refused, and nothing is opened', async (_name, change, code) => {
  const request = requestOf(change)
  expect(await gateway.create(request)).toMatchObject({ outcome: 'rejected', code })
  expect(mock.engine.findByClientRef(request.clientRef)).toEqual([])
})

test.each([
  ['refund_in_progress', { outcome: 'unknown', cause: 'in_flight' }],
  ['refund_not_supported', { outcome: 'rejected', code: 'REFUND_NOT_SUPPORTED' }],
  ['insufficient_balance', { outcome: 'rejected', code: 'INSUFFICIENT_BALANCE' }],
  ['unknown_code', { outcome: 'unknown', cause: 'unrecognised' }],
])('a refund that is answered with %s', async (kind, expected) => {
  const request = requestOf()
  const { providerRef } = ok(await gateway.create(request))
  mock.pay(request.clientRef)
  mock.faults.arm({ match: 'create_refund', kind })
  expect(await gateway.refund(refundOf(request, providerRef))).toMatchObject(expected)
})

test('a refund may fail after it was pending, with a reason', async () => {
  const request = requestOf()
  const { providerRef } = ok(await gateway.create(request))
  mock.pay(request.clientRef)
  const refund = refundOf(request, providerRef)
  expect(ok(await gateway.refund(refund)).state).toBe('pending')
  mock.engine.settleRefund(mock.engine.findRefundByClientRef(refund.clientRef)!, 'failed', 'ACCOUNT_NOT_FOUND')
  expect(ok(await gateway.queryRefund({ ...refund, providerRefundRef: null }))).toMatchObject({
    state: 'failed',
    failureCode: 'ACCOUNT_NOT_FOUND',
  })
})

test('the books of a day are read to the last page, with fees, and those of no other day', async () => {
  for (let i = 0; i < 60; i += 1) {
    const intent = mock.engine.open({ ...requestOf(), id: `book_${i}`, data: {} })
    mock.engine.pay(intent)
  }
  const today = utcDate(mock.clock.now())
  const lines: StatementLine[] = []
  for await (const line of gateway.listSettled!(today)) lines.push(line)
  expect(lines.map(({ lineId }) => lineId)).toEqual(mock.engine.statement(today).map(({ lineId }) => `txn_${lineId}`))
  expect(lines.find(({ providerRef }) => providerRef === 'book_7')).toMatchObject({
    kind: 'payment',
    gross: money(15_000_000, 'IDR'),
    fee: money(435_000, 'IDR'),
  })
  const tomorrow: StatementLine[] = []
  for await (const line of gateway.listSettled!('2031-01-01' as never)) tomorrow.push(line)
  expect(tomorrow).toEqual([])
  mock.faults.arm({ match: 'list_transactions', kind: 'server_error' })
  await expect(gateway.listSettled!(today)[Symbol.asyncIterator]().next()).rejects.toThrow(/cannot be read/)
})
