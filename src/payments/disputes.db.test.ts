import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createBarrier,
  createPaymentsBench,
  PRICE,
  until,
  withGateway,
  withoutGuards,
  type PaymentsBench,
} from '../../test/support/payments.ts'
import { money } from '../kernel/money.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { GatewayDispute, GatewayRefund } from './gateways/contract.ts'
import { createPayments, type Payments, type Refund } from './index.ts'

let bench: PaymentsBench
let bookings = 0
let bookingId: string

beforeAll(async () => {
  bench = await createPaymentsBench({ connectionsMax: 25 })
})
afterAll(() => bench.close())
beforeEach(() => {
  bench.mock.control.clear()
  bookings += 1
  bookingId = `bkg_d${bookings}`
})

const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))
const request = (payments: Payments, paymentId: string, amount: number, reason: string): Promise<Refund> =>
  inTransaction(bench.database.db, (tx) => payments.requestRefund(tx, { paymentId, bookingId, amount: money(amount, 'EUR'), reason }))
const itemOf = async (kind: string, subjectId: string) => (await bench.workItems(kind)).filter((item) => item.subjectId === subjectId)

/** Every worker learns of the dispute before the first of them writes. */
function together(count: number): Payments['sync'] {
  const barrier = createBarrier(count)
  const slow = withGateway(bench.deps, (gateway) => ({
    query: async (ref) => {
      const reply = await gateway.query(ref)
      await barrier()
      return reply
    },
  }))
  return (paymentId) => createPayments(slow).sync(paymentId)
}

describe('F42: a payment that the customer’s bank charges back', () => {
  test('is posted once, announced, and put before a person with the time to answer, though it is told twenty times', async () => {
    const { paymentId } = await bench.capture(bookingId)
    bench.mock.control.webhooks({ duplicate: 20 })
    const disputeId = bench.mock.control.dispute(paymentId)
    await until(async () =>
      (await bench.events('payment.notified', paymentId)).some((body) => body['eventType'] === 'charge.dispute.funds_withdrawn'),
    )
    const told = (await bench.events('payment.notified', paymentId)).filter((body) =>
      String(body['eventType']).startsWith('charge.dispute'),
    )
    expect(told.map((body) => body['eventType']).toSorted()).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn'])
    const sync = together(20)
    await times(20, () => sync(paymentId))
    await bench.payments.sync(paymentId)
    expect(await bench.postings(bookingId, 'CHARGEBACK')).toBe(1)
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 0, sale: 0 })
    expect(await bench.events('payment.charged_back', paymentId)).toEqual([
      {
        paymentId,
        bookingId,
        disputeId,
        amount: 17_874,
        currency: 'EUR',
        state: 'open',
        respondBy: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/) as string,
      },
    ])
    const [item] = await bench.database.db.selectFrom('platform.work_items').selectAll().where('subject_id', '=', disputeId).execute()
    expect(item).toMatchObject({ kind: 'chargeback', state: 'open', details: { paymentId, bookingId, amount: 17_874, isWithdrawn: true } })
    expect((item!.details as { respondBy: string }).respondBy).toMatch(/^\d{4}/)
    // Nothing is cancelled and nothing is given back because of it.
    expect((await bench.payments.find(paymentId))?.status).toBe('captured')
    expect(await bench.payments.refundsOf(bookingId)).toEqual([])
  })

  test('would be posted several times without the guards', async () => {
    const { paymentId } = await bench.capture(bookingId)
    bench.mock.control.dispute(paymentId)
    const barrier = createBarrier(10)
    const slow = withGateway(bench.deps, (gateway) => ({
      query: async (ref) => {
        const reply = await gateway.query(ref)
        await barrier()
        return reply
      },
    }))
    const owner = new pg.Client({ connectionString: bench.database.url })
    await owner.connect()
    try {
      await owner.query('alter table payments.transactions drop constraint transactions_posting_id_account_key')
      await times(10, () => createPayments({ ...slow, db: slow.db.withPlugin(withoutGuards) }).sync(paymentId))
      expect(await bench.postings(bookingId, 'CHARGEBACK')).toBeGreaterThan(1)
    } finally {
      await owner.query('alter table payments.transactions disable trigger transactions_append_only')
      await owner.query('delete from payments.transactions where booking_id = $1', [bookingId])
      await owner.query('alter table payments.transactions enable trigger transactions_append_only')
      await owner.query('alter table payments.transactions add constraint transactions_posting_id_account_key unique (posting_id, account)')
      await owner.end()
    }
  })

  test('is ours again when the case is won, and its work item is done', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const disputeId = bench.mock.control.dispute(paymentId, { amount: 10_000 })
    await bench.payments.sync(paymentId)
    expect(await bench.balances(bookingId)).toMatchObject({ gateway: 7_874, sale: -7_874 })
    bench.mock.control.closeDispute(disputeId, 'won')
    const sync = together(10)
    await times(10, () => sync(paymentId))
    expect(await bench.postings(bookingId, 'CHARGEBACK')).toBe(2)
    expect(await bench.balances(bookingId)).toMatchObject({ gateway: 17_874, sale: -17_874 })
    expect(await itemOf('chargeback', disputeId)).toMatchObject([{ state: 'done' }])
    expect((await bench.events('payment.charged_back', paymentId)).map((body) => [body['state'], body['amount']])).toEqual([
      ['open', 10_000],
      ['won', 0],
    ])
  })

  test('stays gone, and a person’s, when the case is lost', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const disputeId = bench.mock.control.dispute(paymentId)
    await bench.payments.sync(paymentId)
    bench.mock.control.closeDispute(disputeId, 'lost')
    await bench.payments.sync(paymentId)
    expect(await bench.postings(bookingId, 'CHARGEBACK')).toBe(1)
    expect(await bench.balances(bookingId)).toMatchObject({ gateway: 0, sale: 0 })
    expect(await itemOf('chargeback', disputeId)).toMatchObject([{ state: 'open' }])
  })

  test('that is only announced as an inquiry moves nothing', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const disputeId = bench.mock.control.dispute(paymentId, { isInquiry: true })
    await bench.payments.sync(paymentId)
    expect(await bench.postings(bookingId, 'CHARGEBACK')).toBe(0)
    expect(await itemOf('chargeback', disputeId)).toHaveLength(1)
  })

  test('is not refunded as well: the refund waits with a person, and goes when the case is won', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const disputeId = bench.mock.control.dispute(paymentId)
    await bench.payments.sync(paymentId)
    const refund = await request(bench.payments, paymentId, 17_874, 'sold_out')
    const before = bench.mock.control.calls()['create_refund'] ?? 0
    await times(5, () => bench.payments.sendRefund(refund.id))
    expect(bench.mock.control.calls()['create_refund'] ?? 0).toBe(before)
    expect((await bench.payments.findRefund(refund.id))?.status).toBe('requested')
    expect(await itemOf('refund_of_charged_back', refund.id)).toMatchObject([{ state: 'open' }])
    bench.mock.control.closeDispute(disputeId, 'won')
    // Stripe refunds what it holds again.
    await bench.payments.sync(paymentId)
    expect(await bench.payments.sendRefund(refund.id)).toMatchObject({ outcome: 'completed' })
    expect(await itemOf('refund_of_charged_back', refund.id)).toMatchObject([{ state: 'done' }])
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 0, refund_due: 0, sale: 0 })
  })
})

/** A gateway that gives back and loses whatever it is asked to: nothing but our own care keeps it within what was paid. */
function carelessGateway() {
  const disputes = new Map<string, GatewayDispute>()
  const refunds = new Map<string, GatewayRefund>()
  const deps = withGateway(bench.deps, (gateway) => ({
    query: async (ref) => {
      const reply = await gateway.query(ref)
      return reply.outcome === 'ok' ? { ...reply, value: { ...reply.value, disputes: [...disputes.values()] } } : reply
    },
    refund: async ({ refundId, amount }) => {
      const made: GatewayRefund = { state: 'succeeded', amount, providerRefundRef: `re_${refundId}`, failureCode: null }
      refunds.set(refundId, made)
      return { outcome: 'ok', value: made }
    },
    queryRefund: async ({ refundId }) => ({ outcome: 'ok', value: refunds.get(refundId) ?? null }),
  }))
  const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)
  return {
    payments: createPayments(deps),
    disputes,
    refunded: () => sum([...refunds.values()].map((refund) => refund.amount.amount)),
    taken: () => sum([...disputes.values()].filter((one) => one.isWithdrawn).map((one) => one.amount.amount)),
  }
}

const anyMove = fc.oneof(
  fc.record({ do: fc.constant('refund' as const), amount: fc.integer({ min: 1, max: PRICE.amount }) }),
  fc.record({ do: fc.constant('send' as const) }),
  fc.record({ do: fc.constant('sync' as const) }),
  fc.record({ do: fc.constant('dispute' as const), amount: fc.integer({ min: 1, max: PRICE.amount }) }),
  fc.record({ do: fc.constant('close' as const), isWon: fc.boolean() }),
)

test('I12: refunds and chargebacks together never give back more than was paid, and the books say what the gateway holds', async () => {
  let held = 0
  await fc.assert(
    fc.asyncProperty(fc.array(anyMove, { minLength: 3, maxLength: 12 }), async (moves) => {
      bookings += 1
      bookingId = `bkg_d${bookings}`
      const { paymentId } = await bench.capture(bookingId)
      const careless = carelessGateway()
      for (const [index, move] of moves.entries()) {
        const left = PRICE.amount - careless.refunded() - careless.taken()
        if (move.do === 'refund') await request(careless.payments, paymentId, move.amount, `reason_${index}`).catch(() => undefined)
        if (move.do === 'send')
          for (const refund of await careless.payments.refundsOf(bookingId)) await careless.payments.sendRefund(refund.id)
        // Banks take at most what the customer has not got back; we learn of it before we send anything more.
        if (move.do === 'dispute' && left > 0) {
          const amount = money(Math.min(move.amount, left), 'EUR')
          careless.disputes.set(`du_${index}`, {
            id: `du_${bookings}_${index}`,
            amount,
            isWithdrawn: true,
            state: 'open',
            reason: 'general',
            respondBy: null,
          })
        }
        const open = [...careless.disputes].find(([, dispute]) => dispute.state === 'open')
        if (move.do === 'close' && open)
          careless.disputes.set(open[0], { ...open[1], state: move.isWon ? 'won' : 'lost', isWithdrawn: !move.isWon })
        if (move.do !== 'refund' && move.do !== 'send') await careless.payments.sync(paymentId)
        expect(careless.refunded() + careless.taken()).toBeLessThanOrEqual(PRICE.amount)
      }
      await careless.payments.sync(paymentId)
      const { gateway = 0 } = await bench.balances(bookingId)
      expect(gateway).toBe(PRICE.amount - careless.refunded() - careless.taken())
      for (const refund of await careless.payments.refundsOf(bookingId)) held += (await itemOf('refund_of_charged_back', refund.id)).length
    }),
    { numRuns: 40 },
  )
  expect(held).toBeGreaterThan(0)
}, 60_000)
