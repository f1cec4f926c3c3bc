import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startFacade, vnpay, zalopay, type RunningFacade } from '../../fixtures/gateways/index.ts'
import { gatewayOf } from '../../test/support/gateway-bench.ts'
import { createPaymentsBench, until, type PaymentsBench } from '../../test/support/payments.ts'
import { startWebhookEndpoint, type WebhookEndpoint } from '../../test/support/webhook-endpoint.ts'
import { money } from '../kernel/money.ts'
import { plusMs } from '../kernel/time.ts'
import { inTransaction } from '../platform/postgres.ts'
import { createPayments, type Payments, type PaymentsDeps, type StartedPayment } from './index.ts'

/** Payments through VNPay and ZaloPay on a real database: what their announcements, lost replies and refunds come to. */
const MINUTE = 60_000
let bench: PaymentsBench
let bookings = 0
let bookingId: string
type Side = { readonly endpoint: WebhookEndpoint; readonly mock: RunningFacade; readonly payments: Payments; readonly deps: PaymentsDeps }
let throughVnpay: Side
let throughZalopay: Side

async function open(facade: typeof vnpay | typeof zalopay): Promise<Side> {
  const built: { payments?: Payments } = {}
  const endpoint = await startWebhookEndpoint(facade.id, () => built.payments!)
  const mock = await startFacade<never>(facade as never, {
    webhookUrl: endpoint.url,
    secret: (label) => `test ${label}`,
    clock: bench.clock,
  })
  const deps = { ...bench.deps, gateways: [gatewayOf(facade.id, mock.environment, 5_000, bench.clock)] }
  const payments = createPayments(deps)
  built.payments = payments
  return { endpoint, mock, deps, payments }
}
async function close({ deps, mock, endpoint }: Side): Promise<void> {
  await deps.gateways[0]!.close()
  await mock.close()
  await endpoint.close()
}

beforeAll(async () => {
  bench = await createPaymentsBench()
  throughVnpay = await open(vnpay)
  throughZalopay = await open(zalopay)
})
afterAll(async () => {
  await close(throughVnpay)
  await close(throughZalopay)
  await bench.close()
})
beforeEach(() => {
  bookings += 1
  bookingId = `bkg_${bookings}`
})

const start = ({ payments }: Side): Promise<StartedPayment> =>
  payments.start({
    bookingId,
    amount: money(1_250_000, 'VND'),
    description: 'Hà Nội → Đà Nẵng',
    customerEmail: 'an@example.com',
    customerIp: '198.51.100.4',
    expiresAt: plusMs(bench.clock.now(), 20 * MINUTE),
    returnUrl: '/trips/1',
    cancelUrl: '/trips/1/pay',
    attemptKey: 'attempt-1',
  })
const refOf = async ({ payments }: Side, paymentId: string): Promise<string> => (await payments.find(paymentId))!.clientRef
const inbox = async (provider: string) =>
  bench.database.db.selectFrom('payments.inbox').selectAll().where('provider', '=', provider).execute()
async function capture(side: Side): Promise<string> {
  const { paymentId, redirectUrl } = await start(side)
  await fetch(redirectUrl!)
  side.mock.pay(await refOf(side, paymentId))
  await until(async () => (await bench.events('payment.notified', paymentId)).length === 1)
  expect((await side.payments.sync(paymentId)).outcome).toBe('captured')
  return paymentId
}

describe('VNPay', () => {
  test('hears 00 of what is new, 02 of what we have, 97 of what it did not sign; of that nothing is kept', async () => {
    const side = throughVnpay
    const ref = await refOf(side, await capture(side))
    await expect.poll(() => side.mock.notifier.delivered().at(-1)?.body).toContain('"RspCode":"00"')
    const before = (await inbox('vnpay')).length
    const again = await side.mock.notifier.resend(ref, 20, null)
    expect(again.map(({ body }) => body)).toEqual(Array.from({ length: 20 }, () => expect.stringContaining('"RspCode":"02"')))
    for (const forgery of ['edited', 'other_key', 'future'] as const)
      expect((await side.mock.notifier.resend(ref, 1, forgery))[0]!.body).toContain('"RspCode":"97"')
    expect(await inbox('vnpay')).toHaveLength(before)
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 1_250_000, sale: -1_250_000 })
  })

  test('whose page nobody came to ends when the page has, without a case for a person', async () => {
    const side = throughVnpay
    const { paymentId } = await start(side)
    bench.clock.advance(20 * MINUTE)
    expect((await side.payments.expire(paymentId)).outcome).toBe('unknown')
    bench.clock.advance(2 * MINUTE)
    expect((await side.payments.expire(paymentId)).outcome).toBe('expired')
    expect(await bench.workItems('payment_not_at_gateway')).toEqual([])
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, sale: 0 })
  })

  test.each([
    ['reversed', 'payment_reversed'],
    ['suspicious', 'payment_suspicious'],
  ] as const)('that calls a payment %s leaves it to a person and not to a ticket', async (state, kind) => {
    const side = throughVnpay
    const { paymentId, redirectUrl } = await start(side)
    await fetch(redirectUrl!)
    side.mock.engine.setAside(side.mock.engine.findByClientRef(await refOf(side, paymentId))[0]!, state)
    expect((await side.payments.sync(paymentId)).outcome).toBe('mismatched')
    expect(await bench.workItems(kind)).toContainEqual({ subjectId: paymentId, state: 'open' })
    expect(await bench.events('payment.captured', paymentId)).toEqual([])
  })
})

describe('ZaloPay', () => {
  test('hears 1 of what is new and of what we have, -1 of what it did not sign; of that nothing is kept', async () => {
    const side = throughZalopay
    const ref = await refOf(side, await capture(side))
    const before = (await inbox('zalopay')).length
    const again = await side.mock.notifier.resend(ref, 20, null)
    expect(again.map(({ body }) => body)).toEqual(Array.from({ length: 20 }, () => expect.stringContaining('"return_code":1,')))
    for (const forgery of ['edited', 'other_key', 'future'] as const)
      expect((await side.mock.notifier.resend(ref, 1, forgery))[0]!.body).toContain('"return_code":-1')
    expect(await inbox('zalopay')).toHaveLength(before)
  })

  test('whose reply to a creation was lost leaves no page behind that anybody could pay at: another is opened', async () => {
    const side = throughZalopay
    side.mock.faults.arm({ match: 'create', kind: 'drop_after_effect' })
    await expect(start(side)).rejects.toMatchObject({ code: 'payment-gateway-unavailable' })
    const [lost] = await side.payments.paymentsOf(bookingId)
    bench.clock.advance(3 * MINUTE)
    expect((await side.payments.sync(lost!.id)).payment).toMatchObject({ status: 'failed', failureCode: 'never_opened' })
    // Money that comes to it all the same is noticed.
    side.mock.pay(lost!.clientRef)
    await until(async () => (await bench.events('payment.notified', lost!.id)).length === 1)
  })
})

test.each([
  ['VNPay', () => throughVnpay],
  ['ZaloPay', () => throughZalopay],
] as const)('a refund by %s whose reply is lost is found, done in its own time, and leaves every account at zero', async (_name, side) => {
  const { mock, payments } = side()
  const paymentId = await capture(side())
  const order = { paymentId, bookingId, amount: money(1_250_000, 'VND'), reason: 'sold_out' }
  const { id } = await inTransaction(bench.database.db, (tx) => payments.requestRefund(tx, order))
  mock.faults.arm({ match: mock.id === 'vnpay' ? 'transaction' : 'refund', kind: 'drop_after_effect' })
  expect((await payments.sendRefund(id)).outcome).toBe('unknown')
  expect((await payments.sendRefund(id)).outcome).toBe('pending')
  bench.clock.advance(MINUTE)
  mock.engine.sweep()
  expect((await payments.sendRefund(id)).outcome).toBe('completed')
  expect(await payments.findRefund(id)).toMatchObject({ sendings: 1 })
  expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 0, refund_due: 0, sale: 0 })
  const ref = await refOf(side(), paymentId)
  expect(mock.engine.truth().find(({ reference }) => reference === ref)).toMatchObject({
    captured: 1_250_000,
    refunded: 1_250_000,
    refunds: [expect.anything()],
  })
})
