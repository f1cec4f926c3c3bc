import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBookingDesk, type BookingDesk } from '../../../test/support/booking-desk.ts'
import { createFakeAirline, type FakeAirline } from '../../../test/support/fake-airline.ts'
import { adult, flightOffer } from '../../../test/support/offers.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { money } from '../../kernel/money.ts'
import { utcDate } from '../../kernel/time.ts'
import { writeOffLedger } from '../../payments/index.ts'
import { mendBreak } from '../../workers/mend-break.ts'
import { createReconciliation, type Reconciliation } from './index.ts'
import type { SupplierLine } from './sources.ts'

let database: TestDatabase
let supplier: FakeAirline
let desk: BookingDesk
let reconciliation: Reconciliation
let statement: SupplierLine[]
let provider: string

const total = money(41_250, 'USD')

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(() => {
  supplier = createFakeAirline()
  // Each test has a supplier of its own, whose books hold nothing of another's.
  provider = `supplier-${randomUUID()}`
  desk = createBookingDesk(database, { ...supplier.provider, id: provider })
  statement = []
  reconciliation = createReconciliation({
    ...{ db: database.db, clock: desk.clock, gateways: [], ledger: writeOffLedger, isDaily: false, breakHours: 24 },
    suppliers: [
      {
        id: provider,
        statement: async function* () {
          yield* statement
        },
      },
      { id: 'silent' },
    ],
  })
})

async function ticketed(behave: FakeAirline['behave'] = {}): Promise<{ id: string; line: SupplierLine }> {
  const offer = flightOffer({ id: `off_${randomUUID()}`, provider })
  desk.offers.set(offer.id, offer)
  await desk.bookings.verify(offer.id)
  const { id } = await desk.bookings.place({
    offerIds: [offer.id],
    expectedTotal: total,
    travellers: { passengers: [adult()], guests: [] },
    contact: { email: 'budi@example.com', phone: '+62812345678' },
    userId: null,
    placedBy: randomUUID(),
  })
  const { paymentId } = (await desk.bookings.pay({ bookingId: id, expectedTotal: total, returnPath: '/', attemptKey: randomUUID() }))!
  desk.gateway.pay(paymentId)
  await desk.payments.sync(paymentId)
  await desk.bookings.markPaid({ bookingId: id, paymentId, amount: total.amount, currency: total.currency })
  supplier.behave = behave
  await desk.bookings.advance(id)
  const reference = `${(await desk.bookings.get(id)).reference}-1`
  return { id, line: { lineId: reference, status: 'live', reference, supplierRef: reference, amount: total, at: desk.clock.now() } }
}

async function run() {
  return reconciliation.run(utcDate(desk.clock.now()), 'test')
}
const open = async () => (await reconciliation.listBreaks({ state: 'open', limit: 500 })).filter((one) => one.source === provider)

async function openOf(bookingId: string | null): Promise<[string, string | null, string | null][]> {
  return (await open()).filter((one) => one.bookingId === bookingId).map((one) => [one.kind, one.ourStatus, one.theirStatus])
}

describe('bookings and a supplier', () => {
  test('that agree differ in nothing, whichever case our reference is in; one without a statement is not called matched', async () => {
    const { line } = await ticketed()
    statement = [{ ...line, reference: line.reference!.toLowerCase() }]
    const done = await run()
    expect(done).toMatchObject({ state: 'done', opened: 0 })
    expect(done!.sources.filter(({ side }) => side === 'supplier')).toMatchObject([
      { side: 'supplier', source: provider, state: 'compared', lines: 1, matched: 1 },
      { side: 'supplier', source: 'silent', state: 'no_statement', matched: 0 },
    ])
  })

  test('a ticket that the supplier does not show, shows as cancelled, at another price or twice is a difference', async () => {
    const [absent, cancelled, dearer, twice] = [await ticketed(), await ticketed(), await ticketed(), await ticketed()]
    statement = [
      { ...cancelled.line, status: 'cancelled' },
      { ...dearer.line, amount: money(41_300, 'USD') },
      twice.line,
      { ...twice.line, lineId: 'another', supplierRef: 'another' },
      { ...twice.line, lineId: 'stranger', supplierRef: 'stranger', reference: 'NOBODY-1' },
    ]
    await run()
    expect(await openOf(absent.id)).toMatchObject([['missing_at_supplier', 'TICKETED', null]])
    expect(await openOf(cancelled.id)).toEqual([['status_differs', 'ticketed, ok', 'cancelled']])
    expect(await openOf(dearer.id)).toMatchObject([['amount_differs', 'ticketed, ok', 'live']])
    expect(await openOf(twice.id)).toMatchObject([['duplicate', 'TICKETED', 'live']])
    expect(await openOf(null)).toMatchObject([['missing_with_us', null, 'live']])
    statement = [absent, cancelled, dearer, twice].map(({ line }) => line)
    await run()
    expect(await open()).toEqual([])
  })

  test('S4: a reservation that a refunded booking still has is found, and cancelled by the sweep', async () => {
    const { id, line } = await ticketed({ book: { outcome: 'rejected', reason: 'sold_out', code: 'SOLD', message: 'sold out' } })
    expect((await desk.bookings.get(id)).status).toBe('REFUND_PENDING')
    // It had taken effect all the same, under our reference: the "no" was wrong.
    supplier.behave = {}
    await supplier.provider.flights!.book(
      {
        reference: line.reference!,
        offer: flightOffer({ provider }),
        passengers: [adult()],
        contact: { email: 'b@example.com', phone: '+62' },
      },
      { signal: AbortSignal.timeout(1_000) },
    )
    statement = [line]
    await run()
    expect(await openOf(id)).toEqual([['live_at_supplier_but_refunded', 'refused, rejected', 'live']])
    const events = await database.db
      .selectFrom('platform.events')
      .select('body')
      .where('name', '=', 'reconciliation.break_opened')
      .orderBy('position', 'desc')
      .limit(1)
      .execute()
    await mendBreak({ bookings: desk.bookings, payments: desk.payments }, events[0]!.body as never)
    expect(await desk.bookings.sweepOrphans()).toBe(1)
    expect(supplier.calls.cancel).toBe(1)
    statement = [{ ...line, status: 'cancelled' }]
    await run()
    expect(await openOf(id)).toEqual([])
  })

  test('S13: what was written off is what the supplier is owed beyond the booking, and is found no more', async () => {
    const { id, line } = await ticketed()
    const nobodys = { ...line, lineId: 'stranger', supplierRef: 'stranger', reference: 'NOBODY-1' }
    statement = [{ ...line, amount: money(41_300, 'USD') }, nobodys]
    await run()
    const found = await open()
    for (const one of found) {
      const order = { breakId: one.id, orderId: randomUUID(), reason: 'their invoice is right', by: 'mina, raj', agreed: one.difference }
      await reconciliation.breaks.writeOff(order)
    }
    const entries = async () =>
      (await reconciliation.entriesOf(found))
        .map((entry) => `${entry.eventType} ${entry.account} ${entry.amount.amount}`)
        .toSorted((a, b) => a.localeCompare(b))
    const posted = ['supplier_due -41250', 'supplier_due -50', 'suspense 41250', 'written_off 50'].map((entry) => `WRITE_OFF ${entry}`)
    expect(await entries()).toEqual(posted)
    expect((await desk.payments.balanceOf(id)).map(({ account, amount }) => [account, amount.amount])).toContainEqual(['written_off', 50])
    expect(await run()).toMatchObject({ opened: 0, settled: 0 })
    // The supplier sends another invoice: what was accepted is no more.
    statement = [line]
    expect(await run()).toMatchObject({ opened: 0, settled: 2 })
    expect(await entries()).toHaveLength(8)
    expect((await desk.payments.balanceOf(id)).map(({ account, amount }) => [account, amount.amount])).toContainEqual(['written_off', 0])
  })

  test('what is still in doubt on our side is no difference', async () => {
    const { id, line } = await ticketed({ book: 'lost' })
    statement = [line]
    await run()
    expect(await openOf(id)).toEqual([])
  })
})
