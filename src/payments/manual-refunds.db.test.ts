import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { payos, startFacade, type RunningFacade } from '../../fixtures/gateways/index.ts'
import { gatewayOf } from '../../test/support/gateway-bench.ts'
import { createBarrier, createPaymentsBench, refusalOf, until, withoutGuards, type PaymentsBench } from '../../test/support/payments.ts'
import { startWebhookEndpoint, type WebhookEndpoint } from '../../test/support/webhook-endpoint.ts'
import { money } from '../kernel/money.ts'
import { plusMs } from '../kernel/time.ts'
import { inTransaction } from '../platform/postgres.ts'
import { createPayments, type Payments, type PaymentsDeps, type Refund } from './index.ts'

/** Payments by bank transfer through PayOS, which cannot give money back, on a real database. */
const PRICE = money(1_250_000, 'VND')
const A_DAY = 24 * 3_600_000

let bench: PaymentsBench
let endpoint: WebhookEndpoint
let mock: RunningFacade
let deps: PaymentsDeps
let payments: Payments
let bookings = 0
let bookingId: string

beforeAll(async () => {
  bench = await createPaymentsBench()
  endpoint = await startWebhookEndpoint('payos', () => payments)
  mock = await startFacade(payos, { webhookUrl: endpoint.url, secret: (label) => `test ${label}`, clock: bench.clock })
  const gateway = gatewayOf('payos', mock.environment, 5_000, bench.clock)
  deps = { ...bench.deps, gateways: [gateway] }
  payments = createPayments(deps)
})
afterAll(async () => {
  await deps.gateways[0]!.close()
  await mock.close()
  await endpoint.close()
  await bench.close()
})
beforeEach(() => {
  bookings += 1
  bookingId = `bkg_${bookings}`
})

const start = () =>
  payments.start({
    bookingId,
    amount: PRICE,
    description: 'Hà Nội → Đà Nẵng',
    customerEmail: 'an@example.com',
    expiresAt: plusMs(bench.clock.now(), 1_800_000),
    returnUrl: '/trips/1',
    cancelUrl: '/trips/1/pay',
    attemptKey: 'attempt-1',
  })
const refOf = async (paymentId: string): Promise<string> => (await payments.find(paymentId))!.clientRef
const capture = async (): Promise<string> => {
  const { paymentId } = await start()
  mock.pay(await refOf(paymentId))
  expect((await payments.sync(paymentId)).outcome).toBe('captured')
  return paymentId
}
const request = (paymentId: string, dong = 1_250_000, reason = 'sold_out'): Promise<Refund> =>
  inTransaction(bench.database.db, (tx) => payments.requestRefund(tx, { paymentId, bookingId, amount: money(dong, 'VND'), reason }))
const note = (refundId: string, bankReference: string, by = 'usr_an') => payments.noteManualRefund(refundId, { bankReference, by })
const itemOf = async (subjectId: string) =>
  bench.database.db.selectFrom('platform.work_items').selectAll().where('subject_id', '=', subjectId).executeTakeFirstOrThrow()

describe('a refund the provider cannot make', () => {
  test('goes to a person with amount and term, stays pending, and is done once when the person says so', async () => {
    const paymentId = await capture()
    const { id, createdAt } = await request(paymentId)
    expect((await payments.sendRefund(id)).outcome).toBe('pending')
    expect((await payments.sendRefund(id)).outcome).toBe('pending')
    expect(await itemOf(id)).toMatchObject({
      kind: 'refund_manual',
      state: 'open',
      details: {
        providerPaymentRef: (await payments.find(paymentId))!.providerPaymentRef,
        bookingId,
        paymentId,
        provider: 'payos',
        amount: 1_250_000,
        currency: 'VND',
        by: new Date(createdAt + 3 * A_DAY).toISOString(),
      },
    })
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 1_250_000, refund_due: -1_250_000, sale: 0 })

    expect(await note(id, ' FT26330 ')).toMatchObject({ status: 'completed', providerRef: 'FT26330' })
    expect(await note(id, 'FT26331', 'usr_binh')).toMatchObject({ status: 'completed', providerRef: 'FT26330' })
    expect((await itemOf(id)).state).toBe('done')
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 0, refund_due: 0, sale: 0 })
    expect(await bench.postings(bookingId, 'REFUND_COMPLETED')).toBe(1)
    expect(await bench.events('refund.completed', id)).toHaveLength(1)
    const posted = await bench.database.db
      .selectFrom('payments.transactions')
      .select(['payload', 'external_ref_id'])
      .where('posting_id', '=', `${id}:completed`)
      .executeTakeFirstOrThrow()
    expect(posted).toEqual({ payload: { refundId: id, notedBy: 'usr_an' }, external_ref_id: 'FT26330' })
  })

  test('asks nothing of the provider, however long it takes, and is not called stuck', async () => {
    const paymentId = await capture()
    const { id } = await request(paymentId)
    await payments.sendRefund(id)
    const calls = mock.faults.calls()
    bench.clock.advance(30 * A_DAY)
    for (let round = 0; round < 5; round += 1) expect((await payments.pollRefunds()).failures).toEqual([])
    expect(mock.faults.calls()).toEqual(calls)
    expect(await payments.findRefund(id)).toMatchObject({ status: 'pending', sendings: 0 })
    expect(await bench.workItems('refund_stuck')).toEqual([])
    expect(await note(id, 'FT26340')).toMatchObject({ status: 'completed' })
  })

  test('is found by the poller when nobody else did anything about it', async () => {
    const { id } = await request(await capture())
    bench.clock.advance(16_000)
    await payments.pollRefunds()
    expect((await itemOf(id)).kind).toBe('refund_manual')
  })

  test('of a part, and then of the rest, is two transfers, which one transfer cannot pay', async () => {
    const paymentId = await capture()
    const part = await request(paymentId, 250_000, 'part')
    const rest = await request(paymentId, 1_000_000, 'rest')
    await note(part.id, 'FT26350')
    expect((await refusalOf(note(rest.id, 'FT26350'))).code).toBe('refund-transfer-reused')
    expect(await payments.findRefund(rest.id)).toMatchObject({ status: 'requested' })
    await note(rest.id, 'FT26351')
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 0, refund_due: 0, sale: 0 })
  })

  test('noted by twenty people at once is done once, with the guards', async () => {
    const { id } = await request(await capture())
    const noted = await Promise.all(Array.from({ length: 20 }, (_, i) => note(id, `FT${bookings}-${i}`)))
    expect(new Set(noted.map((refund) => refund.providerRef)).size).toBe(1)
    expect(await bench.events('refund.completed', id)).toHaveLength(1)
    expect(await bench.postings(bookingId, 'REFUND_COMPLETED')).toBe(1)
  })

  test('noted at once without the guards is done more than once, so that it is they who prevent it', async () => {
    const { id } = await request(await capture())
    const barrier = createBarrier(5)
    const db = bench.database.db.withPlugin(withoutGuards)
    const unguarded = createPayments({
      ...deps,
      db,
      store: {
        ...deps.store,
        lockRefund: async (tx, refundId) => {
          const refund = await deps.store.lockRefund(tx, refundId)
          await barrier()
          return refund
        },
      },
    })
    await Promise.all(
      Array.from({ length: 5 }, (_, i) => unguarded.noteManualRefund(id, { bankReference: `FT${bookings}-${i}`, by: 'usr_an' })),
    )
    expect((await bench.events('refund.completed', id)).length).toBeGreaterThan(1)
  })
})

describe('a note', () => {
  test('is refused for a refund that does not exist, and for one that its provider makes itself', async () => {
    expect((await refusalOf(note('rfd_0', 'FT1'))).code).toBe('refund-unknown')
    const { paymentId, amount } = await bench.capture(bookingId)
    const { id } = await inTransaction(bench.database.db, (tx) =>
      bench.payments.requestRefund(tx, { paymentId, bookingId, amount, reason: 'sold_out' }),
    )
    const both = createPayments({ ...deps, gateways: [...deps.gateways, ...bench.deps.gateways] })
    expect((await refusalOf(both.noteManualRefund(id, { bankReference: 'FT1', by: 'usr_an' }))).code).toBe('refund-not-manual')
    expect(await bench.postings(bookingId, 'REFUND_COMPLETED')).toBe(0)
  })

  test('needs a reference and somebody who says so', async () => {
    const { id } = await request(await capture())
    await expect(note(id, '  ')).rejects.toThrow(RangeError)
    await expect(note(id, 'FT1', '')).rejects.toThrow(RangeError)
  })
})

describe('money that comes by transfer', () => {
  test('is told of, and captured when it is what was asked, whether in one transfer or in two', async () => {
    const { paymentId } = await start()
    const ref = await refOf(paymentId)
    mock.pay(ref, { amount: 1_000_000 })
    await until(async () => (await bench.events('payment.notified', paymentId)).length === 1)
    expect((await payments.sync(paymentId)).outcome).toBe('mismatched')
    expect(await itemOf(paymentId)).toMatchObject({ kind: 'payment_mismatched', state: 'open', details: { captured: 1_000_000 } })
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 1_250_000, sale: -1_250_000 })
    mock.pay(ref, { amount: 250_000, again: true })
    await until(async () => (await bench.events('payment.notified', paymentId)).length === 2)
    expect((await payments.sync(paymentId)).outcome).toBe('captured')
    expect((await itemOf(paymentId)).state).toBe('done')
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 1_250_000, sale: -1_250_000 })
  })

  test('too much is a matter for a person', async () => {
    const { paymentId } = await start()
    mock.pay(await refOf(paymentId), { amount: 1_250_001 })
    expect((await payments.sync(paymentId)).outcome).toBe('mismatched')
  })

  test('announced with a signature that is not genuine leaves nothing behind', async () => {
    const { paymentId } = await start()
    const ref = await refOf(paymentId)
    mock.pay(ref)
    await until(async () => (await bench.events('payment.notified', paymentId)).length === 1)
    const kept = () => bench.database.db.selectFrom('payments.inbox').selectAll().execute()
    const before = (await kept()).length
    for (const forgery of ['edited', 'other_key', 'future'] as const)
      expect(await mock.notifier.resend(ref, 1, forgery)).toMatchObject([{ status: 401 }])
    expect(await mock.notifier.resend(ref, 3, 'replay')).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }])
    expect(await kept()).toHaveLength(before)
    expect(await bench.events('payment.notified', paymentId)).toHaveLength(1)
  })

  test('is told of at an address that PayOS has tried with a payment of nobody’s', async () => {
    const { PAYOS_CLIENT_ID: clientId, PAYOS_API_KEY: apiKey } = mock.environment
    const answered = await fetch(`${mock.url}/confirm-webhook`, {
      method: 'POST',
      headers: { 'x-client-id': clientId!, 'x-api-key': apiKey!, 'content-type': 'application/json' },
      body: JSON.stringify({ webhookUrl: endpoint.url }),
    })
    expect(await answered.json()).toMatchObject({ code: '00' })
    expect(endpoint.outcomes.at(-1)).toBe('about_nothing_of_ours')
  })
})
