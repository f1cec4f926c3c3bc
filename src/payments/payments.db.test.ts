import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { signWebhook } from '../../fixtures/stripe/index.ts'
import {
  createBarrier,
  createPaymentsBench,
  PRICE,
  refusalOf,
  until,
  WEBHOOK_SECRET,
  withGateway,
  withoutGuards,
  type PaymentsBench,
} from '../../test/support/payments.ts'
import { money } from '../kernel/money.ts'
import { plusMs } from '../kernel/time.ts'
import { createPayments } from './index.ts'

let bench: PaymentsBench
let bookings = 0
let bookingId: string

beforeAll(async () => {
  bench = await createPaymentsBench()
})
afterAll(() => bench.close())
beforeEach(() => {
  bench.mock.control.clear()
  bookings += 1
  bookingId = `bkg_${bookings}`
})

const MINUTE = 60_000
const truthOf = (paymentId: string) => bench.mock.control.ledger().filter((line) => line.reference === paymentId)
const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

describe('starting a payment', () => {
  test('commits the payment and its posting before the gateway hears of it', async () => {
    const seen: unknown[] = []
    const deps = withGateway(bench.deps, (gateway) => ({
      create: async (request) => {
        const outside = new pg.Client({ connectionString: bench.database.url })
        await outside.connect()
        const rows = await outside.query(
          'select status, event_type from payments.payments p join payments.transactions t on t.payment_id = p.id where p.id = $1',
          [request.paymentId],
        )
        await outside.end()
        seen.push(...rows.rows)
        return gateway.create(request)
      },
    }))
    const started = await createPayments(deps).start(orderOf())
    expect(seen).toEqual(Array(2).fill({ status: 'open', event_type: 'PAYMENT_INITIATED' }))
    expect(started).toMatchObject({ status: 'open', amount: PRICE })
    expect(started.paymentId).toMatch(/^pay_/)
    expect(started.redirectUrl).toContain('/c/pay/cs_test_')
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 17_874, sale: -17_874 })
  })

  test('opens one place to pay for twenty impatient clicks', async () => {
    const started = await times(20, (index) => bench.start(bookingId, { attemptKey: `click-${index}` }))
    expect(new Set(started.map((one) => one.redirectUrl)).size).toBe(1)
    expect(truthOf(started[0]!.paymentId)).toHaveLength(1)
    expect(await bench.payments.paymentsOf(bookingId)).toHaveLength(1)
    expect(await bench.postings(bookingId, 'PAYMENT_INITIATED')).toBe(1)
  })

  test('closes the old place when the price has changed, so that never two are open', async () => {
    const old = await bench.start(bookingId, { attemptKey: 'a' })
    bench.clock.advance(1_000)
    const fresh = await bench.start(bookingId, { attemptKey: 'b', amount: money(20_000, 'EUR') })
    expect(fresh.paymentId).not.toBe(old.paymentId)
    expect(truthOf(old.paymentId)).toMatchObject([{ status: 'expired' }])
    expect((await bench.payments.paymentsOf(bookingId)).map((payment) => payment.status)).toEqual(['expired', 'open'])
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 20_000, sale: -20_000 })
  })

  test('continues the same payment when the reply was lost', async () => {
    bench.mock.control.fault('create_session', 'drop_after_effect')
    const started = await bench.start(bookingId)
    expect(started.redirectUrl).toContain('/c/pay/')
    expect(truthOf(started.paymentId)).toHaveLength(1)
  })

  test('says that the gateway does not answer, and continues the same payment the next time', async () => {
    bench.mock.control.fault('create_session', 'hang_after_effect')
    const refusal = await refusalOf(bench.start(bookingId))
    expect(refusal).toMatchObject({ code: 'payment-gateway-unavailable', status: 503, facts: { moneyMoved: 'none', retryable: true } })
    const [payment] = await bench.payments.paymentsOf(bookingId)
    expect(payment).toMatchObject({ status: 'open', providerRef: null })
    expect((await bench.start(bookingId)).paymentId).toBe(payment!.id)
    expect(truthOf(payment!.id)).toHaveLength(1)
  })

  test('ends a payment that the gateway turns down, and takes its posting back', async () => {
    const refusal = await refusalOf(bench.start(bookingId, { amount: money(100_000_000, 'VND') }))
    expect(refusal).toMatchObject({
      code: 'payment-gateway-refused',
      facts: { moneyMoved: 'none', more: { gateway_code: 'amount_too_large' } },
    })
    expect(await bench.payments.paymentsOf(bookingId)).toMatchObject([{ status: 'failed', failureCode: 'amount_too_large', request: null }])
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, sale: 0 })
    expect(await bench.events('payment.failed')).toContainEqual(expect.objectContaining({ bookingId, status: 'failed' }))
  })

  test('is refused after the window, for a paid booking, for another amount under the same key, and to a foreign address', async () => {
    expect((await refusalOf(bench.start(bookingId, { expiresAt: bench.clock.now() }))).code).toBe('payment-window-closed')
    await expect(bench.start(bookingId, { returnUrl: 'https://evil.example/' })).rejects.toThrow(RangeError)
    await expect(bench.start(bookingId, { returnUrl: '//evil.example/' })).rejects.toThrow(RangeError)
    expect(await bench.payments.paymentsOf(bookingId)).toEqual([])
    const paid = await bench.capture(bookingId)
    expect((await refusalOf(bench.start(bookingId, { attemptKey: 'again' }))).code).toBe('booking-already-paid')
    expect((await refusalOf(bench.start(bookingId, { amount: money(1, 'EUR') }))).code).toBe('payment-key-reused')
    expect(await bench.start(bookingId)).toMatchObject({ paymentId: paid.paymentId, status: 'captured', redirectUrl: null })
    expect(await bench.payments.paymentsOf(bookingId)).toHaveLength(1)
  })
})

describe('a webhook', () => {
  test('is kept, announced and answered once, though it comes twenty times at once; and its capture is posted once', async () => {
    const { paymentId } = await bench.start(bookingId)
    bench.mock.control.webhooks({ duplicate: 20 })
    const before = bench.answers.length
    bench.mock.control.pay(paymentId)
    await until(() => bench.answers.length >= before + 60)
    expect(bench.answers.slice(before)).toEqual(Array(60).fill(200))
    const kept = await bench.database.db
      .selectFrom('payments.inbox')
      .select(['event_type', 'body'])
      .where('payment_id', '=', paymentId)
      .execute()
    expect(kept.map((row) => row.event_type).sort()).toEqual(['charge.succeeded', 'checkout.session.completed', 'payment_intent.succeeded'])
    expect(JSON.parse(kept[0]!.body.toString('utf8'))).toMatchObject({ object: 'event' })
    expect(await bench.events('payment.notified', paymentId)).toHaveLength(3)
    expect(await bench.postings(bookingId, 'PAYMENT_SUCCESS')).toBe(0)

    const outcomes = await times(20, () => bench.payments.sync(paymentId))
    expect(outcomes.filter((one) => one.outcome === 'captured')).toHaveLength(1)
    expect(await bench.postings(bookingId, 'PAYMENT_SUCCESS')).toBe(1)
    expect(await bench.events('payment.captured', paymentId)).toEqual([
      { paymentId, bookingId, amount: 17_874, currency: 'EUR', late: false },
    ])
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 17_874, sale: -17_874 })
  })

  test('that is forged is refused and leaves nothing, not even for the genuine one to stumble over', async () => {
    const { paymentId } = await bench.start(bookingId)
    const body = JSON.stringify({
      id: `evt_${bookingId}`,
      type: 'checkout.session.completed',
      data: { object: { id: 'cs_x', object: 'checkout.session', client_reference_id: paymentId } },
    })
    const now = Math.floor(bench.clock.now() / 1_000)
    const deliver = (signature: string | undefined) =>
      bench.payments.acceptWebhook('stripe', {
        method: 'POST',
        url: '/v1/webhooks/stripe',
        headers: { 'stripe-signature': signature },
        rawBody: Buffer.from(body),
      })
    for (const signature of [
      undefined,
      signWebhook(body, 'whsec_guess', now),
      signWebhook(body, WEBHOOK_SECRET, now - 301),
      signWebhook(body, WEBHOOK_SECRET, now + 301),
      signWebhook(`${body} `, WEBHOOK_SECRET, now),
    ]) {
      expect((await deliver(signature)).outcome).toBe('forged')
    }
    expect(
      await bench.database.db.selectFrom('payments.inbox').select('id').where('dedupe_key', '=', `evt_${bookingId}`).execute(),
    ).toEqual([])
    expect(await bench.events('payment.notified', paymentId)).toEqual([])
    expect((await deliver(signWebhook(body, WEBHOOK_SECRET, now))).outcome).toBe('accepted')
    expect((await deliver(signWebhook(body, WEBHOOK_SECRET, now))).outcome).toBe('duplicate')
    expect(await bench.events('payment.notified', paymentId)).toHaveLength(1)
  })

  test('is a hint: one that claims a payment that was not made changes nothing', async () => {
    const { paymentId } = await bench.start(bookingId)
    const [truth] = truthOf(paymentId)
    const body = JSON.stringify({
      id: `evt_${bookingId}`,
      type: 'checkout.session.completed',
      data: {
        object: {
          id: truth!.session,
          object: 'checkout.session',
          client_reference_id: paymentId,
          payment_status: 'paid',
          status: 'complete',
          amount_total: 17_874,
          currency: 'eur',
        },
      },
    })
    const signature = signWebhook(body, WEBHOOK_SECRET, Math.floor(bench.clock.now() / 1_000))
    await bench.payments.acceptWebhook('stripe', {
      method: 'POST',
      url: '/v1/webhooks/stripe',
      headers: { 'stripe-signature': signature },
      rawBody: Buffer.from(body),
    })
    expect((await bench.payments.sync(paymentId)).outcome).toBe('unchanged')
    expect(await bench.postings(bookingId, 'PAYMENT_SUCCESS')).toBe(0)
  })

  test('about nothing of ours is kept and announced to nobody', async () => {
    const body = JSON.stringify({
      id: `evt_${bookingId}`,
      type: 'payment_intent.succeeded',
      data: { object: { id: 'pi_other', object: 'payment_intent', metadata: { payment_id: 'pay_other' } } },
    })
    const notified = (await bench.events('payment.notified')).length
    const signature = signWebhook(body, WEBHOOK_SECRET, Math.floor(bench.clock.now() / 1_000))
    expect(
      await bench.payments.acceptWebhook('stripe', {
        method: 'POST',
        url: '/v1/webhooks/stripe',
        headers: { 'stripe-signature': signature },
        rawBody: Buffer.from(body),
      }),
    ).toMatchObject({ outcome: 'about_nothing_of_ours' })
    expect((await bench.events('payment.notified')).length).toBe(notified)
  })

  test('that overtakes the reply to the creation tells where to look', async () => {
    bench.mock.control.fault('create_session', 'hang_after_effect')
    await refusalOf(bench.start(bookingId))
    const [payment] = await bench.payments.paymentsOf(bookingId)
    bench.mock.control.pay(payment!.id)
    await until(async () => (await bench.events('payment.notified', payment!.id)).length === 3)
    bench.mock.control.fault('create_session', 'server_error', { count: 5 })
    expect(await bench.payments.sync(payment!.id)).toMatchObject({ outcome: 'captured', payment: { status: 'captured' } })
  })
})

describe('asking the gateway', () => {
  test('would post the capture many times over without the guards', async () => {
    const { paymentId } = await bench.start(bookingId)
    bench.mock.control.pay(paymentId)
    const owner = new pg.Client({ connectionString: bench.database.url })
    await owner.connect()
    const barrier = createBarrier(10)
    const slow = withGateway(bench.deps, (gateway) => ({
      query: async (ref) => {
        const reply = await gateway.query(ref)
        await barrier()
        return reply
      },
    }))
    try {
      await owner.query('alter table payments.transactions drop constraint transactions_posting_id_account_key')
      await times(10, () => createPayments({ ...slow, db: slow.db.withPlugin(withoutGuards) }).sync(paymentId))
      expect(await bench.postings(bookingId, 'PAYMENT_SUCCESS')).toBeGreaterThan(1)
      expect((await bench.events('payment.captured', paymentId)).length).toBeGreaterThan(1)
    } finally {
      await owner.query('alter table payments.transactions disable trigger transactions_append_only')
      await owner.query('delete from payments.transactions where booking_id = $1', [bookingId])
      await owner.query('alter table payments.transactions enable trigger transactions_append_only')
      await owner.query('alter table payments.transactions add constraint transactions_posting_id_account_key unique (posting_id, account)')
      await owner.end()
    }
  })

  test('at the same moment from everywhere captures once, with the guards', async () => {
    const { paymentId } = await bench.start(bookingId)
    bench.mock.control.pay(paymentId)
    const barrier = createBarrier(20)
    const slow = withGateway(bench.deps, (gateway) => ({
      query: async (ref) => {
        const reply = await gateway.query(ref)
        await barrier()
        return reply
      },
    }))
    const outcomes = await times(20, () => createPayments(slow).sync(paymentId))
    expect(outcomes.map((one) => one.outcome).sort()).toEqual(['captured', ...Array(19).fill('unchanged')])
    expect(await bench.postings(bookingId, 'PAYMENT_SUCCESS')).toBe(1)
    expect(await bench.events('payment.captured', paymentId)).toHaveLength(1)
  })

  test('records money that comes after the end as late, without undoing the end in the books', async () => {
    const { paymentId } = await bench.start(bookingId)
    expect((await bench.payments.expire(paymentId)).outcome).toBe('expired')
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, sale: 0 })
    bench.mock.control.pay(paymentId, { isLate: true })
    expect((await times(5, () => bench.payments.sync(paymentId))).filter((one) => one.outcome === 'captured')).toHaveLength(1)
    expect(await bench.payments.find(paymentId)).toMatchObject({ status: 'captured', capturedLate: true })
    expect(await bench.events('payment.captured', paymentId)).toMatchObject([{ late: true }])
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 17_874, sale: -17_874 })
  })

  test('sets aside another amount than was asked: a work item, no capture, no second payment', async () => {
    const { paymentId } = await bench.start(bookingId)
    bench.mock.control.pay(paymentId, { amount: 17_873 })
    expect((await bench.payments.sync(paymentId)).outcome).toBe('mismatched')
    expect((await bench.payments.sync(paymentId)).outcome).toBe('unchanged')
    expect(await bench.events('payment.mismatched', paymentId)).toMatchObject([
      { expected: 17_874, captured: 17_873, capturedCurrency: 'EUR' },
    ])
    expect(await bench.events('payment.captured', paymentId)).toEqual([])
    expect(await bench.postings(bookingId, 'PAYMENT_SUCCESS')).toBe(0)
    expect(await bench.workItems('payment_mismatched')).toContainEqual({ subjectId: paymentId, state: 'open' })
    expect((await refusalOf(bench.start(bookingId, { attemptKey: 'again' }))).code).toBe('payment-under-review')
    expect((await bench.payments.expire(paymentId)).outcome).toBe('already_paid')
  })

  test('that does not answer changes nothing, and is done again later', async () => {
    const { paymentId } = await bench.start(bookingId)
    bench.mock.control.pay(paymentId)
    for (const kind of ['server_error', 'drop', 'garbage', 'html', 'throttled'] as const) {
      bench.mock.control.fault('retrieve_session', kind)
      expect((await bench.payments.sync(paymentId)).outcome).toBe('unknown')
    }
    expect(await bench.payments.find(paymentId)).toMatchObject({ status: 'open', checks: 5 })
    expect((await bench.payments.sync(paymentId)).outcome).toBe('captured')
  })

  test('about an unknown payment is refused', async () => {
    expect((await refusalOf(bench.payments.sync('pay_unknown'))).code).toBe('payment-unknown')
    expect((await refusalOf(bench.payments.expire('pay_unknown'))).code).toBe('payment-unknown')
  })
})

describe('the poller', () => {
  test('finds a payment whose webhooks were all lost', async () => {
    bench.mock.control.webhooks({ drop: true })
    const { paymentId } = await bench.start(bookingId)
    bench.mock.control.pay(paymentId)
    expect((await bench.payments.find(paymentId))?.status).toBe('open')
    bench.clock.advance(16_000)
    await times(3, () => bench.payments.syncOpen())
    expect((await bench.payments.find(paymentId))?.status).toBe('captured')
    expect(await bench.events('payment.notified', paymentId)).toEqual([])
    expect(await bench.postings(bookingId, 'PAYMENT_SUCCESS')).toBe(1)
  })

  test('comes back to money that arrived late while the gateway could not be asked', async () => {
    const { paymentId } = await bench.start(bookingId)
    await bench.payments.expire(paymentId)
    bench.mock.control.pay(paymentId, { isLate: true })
    bench.mock.control.fault('retrieve_session', 'server_error')
    expect((await bench.payments.sync(paymentId)).outcome).toBe('unknown')
    expect((await bench.payments.find(paymentId))?.status).toBe('expired')
    await drain(16_000)
    expect(await bench.payments.find(paymentId)).toMatchObject({ status: 'captured', capturedLate: true, nextCheckAt: null })
  })

  test('closes a payment whose time is over, and one that could never be opened', async () => {
    const { paymentId } = await bench.start(bookingId)
    bench.mock.control.fault('create_session', 'server_error', { count: 100 })
    await refusalOf(bench.start(`${bookingId}-lost`))
    await drain(31 * MINUTE)
    bench.mock.control.clear()
    expect(await bench.payments.paymentsOf(bookingId)).toMatchObject([{ status: 'expired' }])
    expect(truthOf(paymentId)).toMatchObject([{ status: 'expired' }])
    expect(await bench.payments.paymentsOf(`${bookingId}-lost`)).toMatchObject([{ status: 'failed', failureCode: 'never_opened' }])
    expect(await bench.balances(`${bookingId}-lost`)).toEqual({ customer_due: 0, sale: 0 })
    expect((await bench.start(`${bookingId}-lost`, { attemptKey: 'again' })).status).toBe('open')
  })

  test('opens a work item for a payment that the gateway has forgotten', async () => {
    const { paymentId } = await bench.start(bookingId)
    const db = bench.database.db
    await sql`update payments.payments set provider_ref = ${`cs_gone_${bookingId}`} where id = ${paymentId}`.execute(db)
    expect((await bench.payments.sync(paymentId)).outcome).toBe('unknown')
    expect(await bench.workItems('payment_not_at_gateway')).toContainEqual({ subjectId: paymentId, state: 'open' })
  })

  async function drain(ms: number): Promise<void> {
    bench.clock.advance(ms)
    for (let round = 0; round < 20; round += 1) {
      const { checked, failures } = await bench.payments.syncOpen()
      expect(failures).toEqual([])
      if (checked === 0) return
    }
  }
})

describe('paying against the clock', () => {
  test('ends either paid or expired, and both sides agree which', async () => {
    const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
    const races = await times(40, async (index) => {
      const booking = `${bookingId}-${index}`
      const { paymentId } = await bench.start(booking)
      // The first customer is just faster than the closing, the second just slower, the others as chance will have it.
      let paying: Promise<unknown> = Promise.resolve()
      const deps = withGateway(bench.deps, (gateway) => ({
        expire: async (ref) => {
          if (index === 0) bench.mock.control.pay(paymentId)
          else if (index > 1) paying = pause(index % 10).then(() => bench.mock.control.pay(paymentId))
          const reply = await gateway.expire(ref)
          if (index === 1) bench.mock.control.pay(paymentId)
          return reply
        },
      }))
      const expired = await createPayments(deps).expire(paymentId)
      await paying
      await bench.payments.sync(paymentId)
      return { paymentId, expired: expired.outcome, booking }
    })
    expect(new Set(races.map((race) => race.expired))).toEqual(new Set(['already_paid', 'expired']))
    for (const { paymentId, expired, booking } of races) {
      const [truth] = truthOf(paymentId)
      const payment = await bench.payments.find(paymentId)
      expect([payment?.status, expired]).toEqual(truth!.captured > 0 ? ['captured', 'already_paid'] : ['expired', 'expired'])
      expect((await bench.balances(booking))['gateway'] ?? 0).toBe(truth!.captured)
    }
  })
})

function orderOf(): Parameters<PaymentsBench['payments']['start']>[0] {
  return {
    bookingId,
    amount: PRICE,
    description: 'Jakarta to Tokyo',
    customerEmail: 'budi@example.com',
    expiresAt: plusMs(bench.clock.now(), 30 * MINUTE),
    returnUrl: '/trips/1',
    cancelUrl: '/trips/1/pay',
    attemptKey: 'attempt-1',
  }
}
