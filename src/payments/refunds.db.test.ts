import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBarrier, createPaymentsBench, refusalOf, until, withGateway, type PaymentsBench } from '../../test/support/payments.ts'
import { money } from '../kernel/money.ts'
import { inTransaction } from '../platform/postgres.ts'
import { createPayments, type Refund } from './index.ts'

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

const A_DAY = 24 * 3_600_000
const ZERO = { customer_due: 0, gateway: 0, refund_due: 0, sale: 0 }
const truthOf = (paymentId: string) => bench.mock.control.ledger().find((line) => line.reference === paymentId)!
const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))
const request = (paymentId: string, amount = 17_874, reason = 'sold_out'): Promise<Refund> =>
  inTransaction(bench.database.db, (tx) => bench.payments.requestRefund(tx, { paymentId, bookingId, amount: money(amount, 'EUR'), reason }))

async function drain(ms: number): Promise<void> {
  bench.clock.advance(ms)
  for (let round = 0; round < 20; round += 1) {
    const { checked, failures } = await bench.payments.pollRefunds()
    expect(failures).toEqual([])
    if (checked === 0) return
  }
}

describe('requesting a refund', () => {
  test('is part of what the caller does: rolled back with it, it never was', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const attempt = inTransaction(bench.database.db, async (tx) => {
      await bench.payments.requestRefund(tx, { paymentId, bookingId, amount: money(100, 'EUR'), reason: 'sold_out' })
      throw new Error('the caller thinks better of it')
    })
    await expect(attempt).rejects.toThrow('thinks better')
    expect(await bench.payments.refundsOf(bookingId)).toEqual([])
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 17_874, sale: -17_874 })
  })

  test('twice for the same reason is requesting it once', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const refunds = await times(10, () => request(paymentId))
    expect(new Set(refunds.map((refund) => refund.id)).size).toBe(1)
    expect(refunds[0]!.id).toMatch(/^rfd_/)
    expect(await bench.events('refund.requested', refunds[0]!.id)).toEqual([
      { refundId: refunds[0]!.id, paymentId, bookingId, amount: 17_874, currency: 'EUR', reason: 'sold_out' },
    ])
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 17_874, sale: 0, refund_due: -17_874 })
    expect((await refusalOf(request(paymentId, 1))).code).toBe('refund-reason-reused')
  })

  test('never gives back more than was paid, however many ask at once', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => request(paymentId, 1_787, `part_${index}`)))
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(10)
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'refund-exceeds-payment' })
    expect((await bench.balances(bookingId))['refund_due']).toBe(-17_870)
  })

  test('is refused where there is nothing to refund', async () => {
    const { paymentId } = await bench.start(bookingId)
    expect((await refusalOf(request(paymentId))).code).toBe('payment-not-refundable')
    expect((await refusalOf(request('pay_unknown'))).code).toBe('payment-unknown')
    await expect(request(paymentId, 0)).rejects.toThrow(RangeError)
    bench.mock.control.pay(paymentId)
    await bench.payments.sync(paymentId)
    const inDollars = inTransaction(bench.database.db, (tx) =>
      bench.payments.requestRefund(tx, { paymentId, bookingId, amount: money(1, 'USD'), reason: 'x' }),
    )
    expect((await refusalOf(inDollars)).code).toBe('refund-exceeds-payment')
    const foreign = inTransaction(bench.database.db, (tx) =>
      bench.payments.requestRefund(tx, { paymentId, bookingId: 'bkg_other', amount: money(1, 'EUR'), reason: 'x' }),
    )
    expect((await refusalOf(foreign)).code).toBe('payment-unknown')
  })
})

describe('sending a refund', () => {
  test('gives all of it back once, though twenty workers send it at once, and leaves every account at zero', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    const barrier = createBarrier(20)
    const slow = createPayments(
      withGateway(bench.deps, (gateway) => ({
        refund: async (wanted) => {
          await barrier()
          return gateway.refund(wanted)
        },
        queryRefund: async (ref) => {
          void barrier()
          return gateway.queryRefund(ref)
        },
      })),
    )
    await times(20, () => slow.sendRefund(id))
    expect((await bench.payments.sendRefund(id)).outcome).toBe('completed')
    expect(truthOf(paymentId)).toMatchObject({ captured: 17_874, refunded: 17_874, refunds: [{ reference: id }] })
    expect(await bench.balances(bookingId)).toEqual(ZERO)
    expect(await bench.postings(bookingId, 'REFUND_COMPLETED')).toBe(1)
    expect(await bench.events('refund.completed', id)).toEqual([{ refundId: id, paymentId, bookingId, amount: 17_874, currency: 'EUR' }])
  })

  test('whose reply is lost is looked for, and not sent again', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    bench.mock.control.fault('create_refund', 'drop_after_effect')
    expect(await bench.payments.sendRefund(id)).toMatchObject({ outcome: 'unknown', refund: { status: 'requested', sendings: 1 } })
    await drain(60_000)
    expect(await bench.payments.findRefund(id)).toMatchObject({ status: 'completed', sendings: 1 })
    expect(truthOf(paymentId).refunds).toHaveLength(1)
    expect(await bench.balances(bookingId)).toEqual(ZERO)
  })

  test('that never arrived is sent again', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    bench.mock.control.fault('create_refund', 'server_error')
    expect((await bench.payments.sendRefund(id)).outcome).toBe('unknown')
    bench.mock.control.fault('list_refunds', 'server_error')
    expect((await bench.payments.sendRefund(id)).outcome).toBe('unknown')
    expect((await bench.payments.findRefund(id))?.sendings).toBe(1)
    expect((await bench.payments.sendRefund(id)).outcome).toBe('completed')
    expect(truthOf(paymentId).refunds).toHaveLength(1)
  })

  test('that nobody sent is sent by the poller', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    await drain(16_000)
    expect((await bench.payments.findRefund(id))?.status).toBe('completed')
  })

  test('that is refused fails, goes to a person, and is ours again', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    bench.mock.control.refunds('rejected')
    expect((await bench.payments.sendRefund(id)).outcome).toBe('failed')
    expect((await bench.payments.sendRefund(id)).outcome).toBe('failed')
    expect(await bench.events('refund.failed', id)).toMatchObject([{ code: 'charge_not_refundable', afterCompletion: false }])
    expect(await bench.workItems('refund_failed')).toContainEqual({ subjectId: id, state: 'open' })
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 17_874, refund_due: 0, sale: -17_874 })
    const again = await request(paymentId, 17_874, 'sold_out:again')
    expect((await bench.payments.sendRefund(again.id)).outcome).toBe('completed')
    expect(await bench.balances(bookingId)).toEqual(ZERO)
  })

  test('refused because it has been made already is found and completed, not failed', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    bench.mock.control.fault('create_refund', 'drop_after_effect')
    await bench.payments.sendRefund(id)
    // As after a day, when the gateway has forgotten the key: found missing, sent again, turned down.
    let looks = 0
    const forgetful = createPayments(
      withGateway(bench.deps, (gateway) => ({
        queryRefund: (ref) => ((looks += 1) === 1 ? Promise.resolve({ outcome: 'ok', value: null }) : gateway.queryRefund(ref)),
        refund: () => Promise.resolve({ outcome: 'rejected', code: 'charge_already_refunded', message: '' }),
      })),
    )
    expect((await forgetful.sendRefund(id)).outcome).toBe('completed')
    expect(await bench.events('refund.failed', id)).toEqual([])
    expect(await bench.balances(bookingId)).toEqual(ZERO)
  })
})

describe('two sendings of one refund, one refused and one taken', () => {
  /** Sends, and stands still before the gateway has it until `letGo`. */
  function sendSlowly(id: string) {
    let letGo = (): void => undefined
    const isFree = new Promise<void>((resolve) => {
      letGo = resolve
    })
    let isUnderWay = false
    const slow = createPayments(
      withGateway(bench.deps, (gateway) => ({
        refund: async (wanted) => {
          isUnderWay = true
          await isFree
          return gateway.refund(wanted)
        },
      })),
    )
    const sent = slow.sendRefund(id)
    return { underWay: until(async () => isUnderWay), letGo, sent }
  }
  const refusing = (onLook?: () => Promise<unknown>, deps = bench.deps) =>
    createPayments(
      withGateway(deps, () => ({
        refund: () => Promise.resolve({ outcome: 'rejected', code: 'insufficient_balance', message: '' }),
        queryRefund: async () => {
          await onLook?.()
          return { outcome: 'ok', value: null }
        },
      })),
    )

  /** Refused and not there; and before that counts, another worker has it under way. */
  async function refusedThenTaken(id: string, deps = bench.deps) {
    let slow: ReturnType<typeof sendSlowly> | undefined
    const first = await refusing(async () => {
      slow = sendSlowly(id)
      await slow.underWay
    }, deps).sendRefund(id)
    slow!.letGo()
    await slow!.sent
    return first
  }

  test('do not fail it: a refusal says nothing of what was sent after it', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    expect((await refusedThenTaken(id)).outcome).toBe('unknown')
    expect(await bench.payments.findRefund(id)).toMatchObject({ status: 'completed', sendings: 2 })
    expect(await bench.events('refund.failed', id)).toEqual([])
    expect(await bench.balances(bookingId)).toEqual(ZERO)
  })

  test('would fail it for a while if sendings were not counted: the negative control', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    const { store } = bench.deps
    const uncounted = {
      ...bench.deps,
      store: { ...store, lockRefund: async (...args: Parameters<typeof store.lockRefund>) => uncount(await store.lockRefund(...args)) },
    }
    expect((await refusedThenTaken(id, uncounted)).outcome).toBe('failed')
  })
  const uncount = (refund: Refund | undefined): Refund | undefined => refund && { ...refund, sendings: Math.min(refund.sendings, 1) }

  test('nor of what was sent before it and may still be under way', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    const { underWay, letGo, sent } = sendSlowly(id)
    await underWay
    expect((await refusing().sendRefund(id)).outcome).toBe('unknown')
    letGo()
    expect((await sent).outcome).toBe('completed')
    expect(await bench.events('refund.failed', id)).toEqual([])
    expect(await bench.balances(bookingId)).toEqual(ZERO)
  })

  test('after two minutes nothing can be under way: it fails, and money that goes all the same is not lost from the books', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    const { underWay, letGo, sent } = sendSlowly(id)
    await underWay
    bench.clock.advance(121_000)
    expect((await refusing().sendRefund(id)).outcome).toBe('failed')
    expect(await bench.workItems('refund_failed')).toContainEqual({ subjectId: id, state: 'open' })
    letGo()
    expect((await sent).outcome).toBe('completed')
    expect(truthOf(paymentId).refunded).toBe(17_874)
    expect(await bench.workItems('refund_failed')).toContainEqual({ subjectId: id, state: 'done' })
    expect(await bench.events('refund.completed', id)).toHaveLength(1)
    expect(await bench.balances(bookingId)).toEqual(ZERO)
  })
})

describe('a refund under way', () => {
  test('is completed when the gateway says so, by its webhook', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    bench.mock.control.refunds('pending')
    expect((await bench.payments.sendRefund(id)).outcome).toBe('pending')
    expect((await bench.balances(bookingId))['refund_due']).toBe(-17_874)
    const notified = (await bench.events('payment.notified', paymentId)).length
    bench.mock.control.settleRefund(truthOf(paymentId).refunds[0]!.id, 'succeeded')
    await until(async () => (await bench.events('payment.notified', paymentId)).length > notified)
    await bench.payments.sync(paymentId)
    expect((await bench.payments.findRefund(id))?.status).toBe('completed')
    expect(await bench.balances(bookingId)).toEqual(ZERO)
  })

  test('becomes a work item after a day, and stops being one when it is completed', async () => {
    bench.mock.control.webhooks({ drop: true })
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    bench.mock.control.refunds('pending')
    await bench.payments.sendRefund(id)
    await drain(60_000)
    expect((await bench.workItems('refund_stuck')).some((item) => item.subjectId === id)).toBe(false)
    await drain(A_DAY)
    expect(await bench.workItems('refund_stuck')).toContainEqual({ subjectId: id, state: 'open' })
    bench.mock.control.settleRefund(truthOf(paymentId).refunds[0]!.id, 'succeeded')
    await drain(3_600_000)
    expect(await bench.workItems('refund_stuck')).toContainEqual({ subjectId: id, state: 'done' })
    expect(await bench.balances(bookingId)).toEqual(ZERO)
  })

  test('that was completed can still fail: the books follow the money back', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    expect((await bench.payments.sendRefund(id)).outcome).toBe('completed')
    bench.mock.control.settleRefund(truthOf(paymentId).refunds[0]!.id, 'failed', 'expired_or_canceled_card')
    bench.mock.control.fault('retrieve_refund', 'server_error')
    await bench.payments.sync(paymentId)
    expect((await bench.payments.findRefund(id))?.status).toBe('completed')
    bench.clock.advance(16_000)
    expect((await bench.payments.syncOpen()).failures).toEqual([])
    await times(5, () => bench.payments.sync(paymentId))
    expect(await bench.events('refund.failed', id)).toHaveLength(1)
    expect(await bench.payments.findRefund(id)).toMatchObject({ status: 'failed', failureCode: 'expired_or_canceled_card' })
    expect(await bench.events('refund.failed', id)).toMatchObject([{ afterCompletion: true }])
    expect(await bench.balances(bookingId)).toEqual({ customer_due: 0, gateway: 17_874, refund_due: 0, sale: -17_874 })
    expect(truthOf(paymentId)).toMatchObject({ captured: 17_874, refunded: 0 })
  })

  test('that failed after it was completed is found though whoever looked for it died on the way', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const { id } = await request(paymentId)
    expect((await bench.payments.sendRefund(id)).outcome).toBe('completed')
    bench.mock.control.settleRefund(truthOf(paymentId).refunds[0]!.id, 'failed', 'expired_or_canceled_card')
    bench.mock.control.fault('retrieve_session', 'server_error')
    await bench.payments.sync(paymentId)
    bench.clock.advance(16_000)
    const dies = withGateway(bench.deps, () => ({ queryRefund: () => Promise.reject(new Error('killed')) }))
    expect((await createPayments(dies).syncOpen()).failures).toHaveLength(1)
    bench.clock.advance(61_000)
    expect((await bench.payments.syncOpen()).failures).toEqual([])
    expect((await bench.payments.findRefund(id))?.status).toBe('failed')
  })
})
