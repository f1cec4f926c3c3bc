import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPaymentsBench, refusalOf, type PaymentsBench } from '../../../test/support/payments.ts'
import { money } from '../../kernel/money.ts'
import { plusDays, utcDate, type LocalDate } from '../../kernel/time.ts'
import { writeOffLedger } from '../../payments/index.ts'
import { mendBreak } from '../../workers/mend-break.ts'
import type { ReconciliationDeps } from './deps.ts'
import { createReconciliation, type Reconciliation } from './index.ts'

let bench: PaymentsBench
let deps: ReconciliationDeps
let reconciliation: Reconciliation
let today: LocalDate
let bookingId: string

const HOUR = 3_600_000

beforeAll(async () => {
  bench = await createPaymentsBench()
})
afterAll(() => bench.close())
beforeEach(async () => {
  bench.mock.control.clear()
  bookingId = `bkg_${randomUUID()}`
  deps = {
    ...{
      db: bench.database.db,
      clock: bench.clock,
      gateways: bench.deps.gateways,
      suppliers: [],
      ledger: writeOffLedger,
      isDaily: false,
      breakHours: 24,
    },
  }
  reconciliation = createReconciliation(deps)
  today = utcDate(bench.clock.now())
})

async function open(kind?: string) {
  const breaks = await reconciliation.listBreaks({ state: 'open', limit: 100 })
  return kind === undefined ? breaks : breaks.filter((one) => one.kind === kind)
}

/** Starts from books that agree, so that a test sees what it changed and nothing else. */
async function run(by = 'test') {
  const done = await reconciliation.run(today, by)
  if (!done) throw new Error('another run is under way')
  expect(done.state, JSON.stringify(done.sources)).toBe('done')
  return done
}

const intentOf = async (paymentId: string) => (await bench.payments.find(paymentId))!.providerPaymentRef!
const itemOf = async (breakId: string) =>
  bench.database.db
    .selectFrom('platform.work_items')
    .selectAll()
    .where('kind', '=', 'reconciliation_break')
    .where('subject_id', '=', breakId)
    .executeTakeFirst()

/** A payment that the gateway took for somebody who is not in our books. */
async function payByAStranger(): Promise<string> {
  const form = new URLSearchParams({
    mode: 'payment',
    'line_items[0][quantity]': '1',
    'line_items[0][price_data][currency]': 'eur',
    'line_items[0][price_data][unit_amount]': '4321',
    'line_items[0][price_data][product_data][name]': 'A trip nobody sold',
    success_url: 'https://shop.example/',
  })
  const reply = await fetch(`${bench.mock.url}/v1/checkout/sessions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_bench', 'content-type': 'application/x-www-form-urlencoded' },
    body: form,
  })
  const { id } = (await reply.json()) as { id: string }
  bench.mock.control.pay(id)
  return bench.mock.control.ledger().find((line) => line.session === id)!.payment_intent!
}

describe('F43: ledger and gateway', () => {
  test('that agree are matched line by line, refunds too, and again without anything new', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const refund = await bench.database.db
      .transaction()
      .execute((tx) => bench.payments.requestRefund(tx, { paymentId, bookingId, amount: money(5_000, 'EUR'), reason: 'sold_out' }))
    await bench.payments.sendRefund(refund.id)
    const first = await run()
    expect(first.sources).toMatchObject([{ side: 'gateway', source: 'stripe', state: 'compared', lines: 2, matched: 2 }])
    expect(await open()).toEqual([])
    expect(await run()).toMatchObject({ opened: 0, settled: 0 })
    expect((await bench.database.db.selectFrom('reporting.statement_lines').select('line_id').execute()).length).toBe(2)
  })

  test('a payment that we know nothing of goes before a person at once', async () => {
    const intent = await payByAStranger()
    expect(await run()).toMatchObject({ opened: 1 })
    const [found] = await open('missing_with_us')
    expect(found).toMatchObject({ theirRef: intent, theirs: money(4_321, 'EUR'), ours: null })
    expect(await itemOf(found!.id)).toMatchObject({ state: 'open', severity: 'high' })
    bench.mock.control.editBalance({ remove: intent })
    expect(await run()).toMatchObject({ opened: 0, settled: 1 })
    expect(await itemOf(found!.id)).toMatchObject({ state: 'done', closed_by: null })
  })

  test('a payment that the gateway does not show has a day to turn up, and is settled when it does', async () => {
    const { paymentId } = await bench.capture(bookingId)
    const intent = await intentOf(paymentId)
    bench.mock.control.editBalance({ repeat: intent })
    bench.mock.control.editBalance({ remove: intent })
    bench.mock.control.editBalance({ remove: intent })
    await run()
    const [found] = await open('missing_at_gateway')
    expect(found).toMatchObject({ paymentId, bookingId, ours: money(17_874, 'EUR'), theirs: null })
    expect(await itemOf(found!.id), 'not yet').toBeUndefined()
    bench.clock.advance(25 * HOUR)
    await reconciliation.runDue()
    expect(await itemOf(found!.id)).toMatchObject({ state: 'open' })
    // The gateway books it a day late: the run of that day settles the break of this one.
    today = utcDate(bench.clock.now())
    const late = {
      kind: 'payment',
      lineId: `txn_${intent}`,
      clientRef: null,
      providerRef: intent,
      gross: money(17_874, 'EUR'),
      fee: null,
      at: bench.clock.now(),
    } as const
    const { listSettled } = bench.deps.gateways[0]!
    const settling = createReconciliation({
      ...deps,
      gateways: [
        {
          id: 'stripe',
          listSettled: async function* (day) {
            yield* listSettled!(day)
            yield late
          },
        },
      ],
    })
    expect(await settling.run(today, 'test')).toMatchObject({ state: 'done', settled: 1 })
    expect(await itemOf(found!.id)).toMatchObject({ state: 'done' })
    expect(await open()).toEqual([])
  })

  test('money that we have not noticed is asked for, and the difference settles', async () => {
    const started = await bench.start(bookingId)
    bench.mock.control.pay(started.paymentId)
    await run()
    const [found] = await open('status_differs')
    expect(found).toMatchObject({ paymentId: started.paymentId, ourStatus: 'open', theirStatus: 'payment' })
    const told = (await bench.events('reconciliation.break_opened', found!.id))[0]
    await mendBreak({ payments: bench.payments, bookings: {} } as unknown as Parameters<typeof mendBreak>[0], told as never)
    expect((await bench.payments.find(started.paymentId))!.status).toBe('captured')
    expect(await run()).toMatchObject({ settled: 1, opened: 0 })
  })

  test('a line that is there twice is a duplicate, and a refund that came back is followed', async () => {
    const { paymentId } = await bench.capture(bookingId)
    bench.mock.control.editBalance({ repeat: await intentOf(paymentId) })
    const refund = await bench.database.db
      .transaction()
      .execute((tx) => bench.payments.requestRefund(tx, { paymentId, bookingId, amount: money(17_874, 'EUR'), reason: 'sold_out' }))
    await bench.payments.sendRefund(refund.id)
    bench.mock.control.settleRefund((await bench.payments.findRefund(refund.id))!.providerRef!, 'failed')
    await run()
    expect((await open()).map((one) => `${one.kind}: ${one.theirStatus}`).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'duplicate: payment',
      'status_differs: refund returned',
    ])
    await bench.payments.sync(paymentId)
    await run()
    expect((await open()).map((one) => one.kind)).toEqual(['duplicate'])
    bench.mock.control.editBalance({ remove: await intentOf(paymentId) })
    await run()
  })

  test('a statement that breaks off changes nothing, and the day is compared again', async () => {
    const intent = await payByAStranger()
    await run()
    const [before] = await open()
    const { listSettled } = bench.deps.gateways[0]!
    const failing = createReconciliation({
      ...deps,
      gateways: [
        {
          id: 'stripe',
          listSettled: async function* (day) {
            for await (const line of listSettled!(day)) yield line
            throw new Error('the connection was lost')
          },
        },
        { id: 'silent' },
      ],
    })
    bench.mock.control.editBalance({ remove: intent })
    const broken = await failing.run(today, 'test')
    expect(broken).toMatchObject({ state: 'incomplete', opened: 0, settled: 0 })
    expect(broken!.sources).toMatchObject([
      { source: 'stripe', state: 'failed', error: 'the connection was lost' },
      { source: 'silent', state: 'no_statement', matched: 0 },
    ])
    expect((await open()).map((one) => one.id)).toEqual([before!.id])
    expect(await run()).toMatchObject({ settled: 1 })
  })
})

describe('running', () => {
  test('of ten at the same time one compares, and a runner that died is followed', async () => {
    const runs = await Promise.all(Array.from({ length: 10 }, () => reconciliation.run(today, 'test')))
    const states = runs.filter((one) => one !== null)
    // Those that begin after the first has ended run again; never two at once.
    const overlaps = states.some((one, index) =>
      states.some((other, at) => at > index && one.requestedAt < (other.finishedAt ?? 0) && other.requestedAt < (one.finishedAt ?? 0)),
    )
    expect(states.length).toBeGreaterThan(0)
    expect(overlaps).toBe(false)

    const hung = createReconciliation({
      ...deps,
      gateways: [
        { id: 'stripe', listSettled: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) }) },
      ],
    })
    bench.clock.advance(1_000)
    void hung.run(today, 'hung')
    await expect.poll(async () => (await reconciliation.runs({ limit: 1 }))[0]!.askedBy).toBe('hung')
    expect(await reconciliation.run(today, 'test')).toBeNull()
    bench.clock.advance(6 * 60_000)
    today = utcDate(bench.clock.now())
    expect(await reconciliation.run(today, 'test')).toMatchObject({ state: 'done' })
    expect((await reconciliation.runs({ limit: 10 })).find((one) => one.askedBy === 'hung')).toMatchObject({
      state: 'failed',
      error: 'its process died',
    })
  })

  test('what was asked for is begun by a worker, once, and a day to come is refused', async () => {
    const [first, second] = await Promise.all([reconciliation.request(today, 'mina'), reconciliation.request(today, 'raj')])
    expect(first.id).toBe(second.id)
    expect(await reconciliation.runDue()).toMatchObject({ id: first.id, state: 'done', askedBy: first.askedBy })
    expect(await reconciliation.runDue()).toBeNull()
    expect(await refusalOf(reconciliation.request(plusDays(today, 1), 'mina'))).toMatchObject({ code: 'day-not-over' })
  })

  test('yesterday is compared by itself, once, when it has been over for two hours', async () => {
    const daily = createReconciliation({ ...deps, isDaily: true })
    bench.clock.advance(24 * HOUR - (bench.clock.now() % (24 * HOUR)) + HOUR)
    expect(await daily.runDue()).toBeNull()
    bench.clock.advance(2 * HOUR)
    const done = await daily.runDue()
    expect(done).toMatchObject({ day: plusDays(utcDate(bench.clock.now()), -1), askedBy: 'schedule' })
    expect(await daily.runDue()).toBeNull()
  })
})
