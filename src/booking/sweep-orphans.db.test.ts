import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBookingDesk, type BookingDesk } from '../../test/support/booking-desk.ts'
import { createFakeAirline, type FakeAirline } from '../../test/support/fake-airline.ts'
import { adult, flightOffer } from '../../test/support/offers.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { money } from '../kernel/money.ts'

let database: TestDatabase
let supplier: FakeAirline
let desk: BookingDesk

const total = money(41_250, 'USD')
const HOUR = 3_600_000

beforeAll(async () => {
  database = await createTestDatabase({ connectionsMax: 20 })
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.db.updateTable('booking.orphans').set({ next_look_at: null }).execute()
  supplier = createFakeAirline()
  desk = createBookingDesk(database, supplier.provider)
})

/** Paid, sent to a supplier that takes effect and is not heard of again, and refunded at the promised time. */
async function refundedInTheDark(): Promise<string> {
  const offer = flightOffer({ id: `off_${randomUUID()}` })
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
  const { paymentId } = (await desk.bookings.pay({
    bookingId: id,
    expectedTotal: total,
    returnPath: '/trips',
    attemptKey: randomUUID(),
  }))!
  desk.gateway.pay(paymentId)
  await desk.payments.sync(paymentId)
  await desk.bookings.markPaid({ bookingId: id, paymentId, amount: total.amount, currency: total.currency })
  supplier.behave = { book: 'lost', dark: true }
  await desk.bookings.advance(id)
  desk.clock.advance(61 * 60_000)
  await desk.bookings.settleInDoubt()
  expect((await desk.bookings.get(id)).status).toBe('REFUND_PENDING')
  return id
}

const orphanOf = (id: string) =>
  database.db.selectFrom('booking.orphans').selectAll().where('booking_id', '=', id).executeTakeFirstOrThrow()
const caseOf = async (id: string) =>
  (
    await database.db
      .selectFrom('platform.work_items')
      .selectAll()
      .where('subject_id', '=', id)
      .where('kind', '=', 'orphan_reservation')
      .execute()
  )[0]

describe('S4: a reservation found after its booking was refunded', () => {
  test('is looked for until the supplier answers, cancelled once, and its case closes', async () => {
    const id = await refundedInTheDark()
    expect(await desk.bookings.sweepOrphans(), 'not before the supplier has had a moment').toBe(0)
    desk.clock.advance(60_000)
    expect(await desk.bookings.sweepOrphans()).toBe(1)
    expect(await orphanOf(id)).toMatchObject({ state: 'looking', looks: 1 })
    expect(supplier.calls.cancel).toBe(0)
    supplier.behave = {}
    desk.clock.advance(5 * 60_000)
    await desk.bookings.sweepOrphans()
    expect(await orphanOf(id)).toMatchObject({ state: 'cancelled', next_look_at: null })
    expect(await caseOf(id)).toMatchObject({ state: 'done', closed_by: null })
    desk.clock.advance(48 * HOUR)
    await desk.bookings.sweepOrphans()
    expect(supplier.calls.cancel).toBe(1)
  })

  test('is cancelled once by ten sweepers at the same time; without their claims they all try', async () => {
    const claimed = await refundedInTheDark()
    supplier.behave = {}
    desk.clock.advance(60_000)
    const counts = await Promise.all(Array.from({ length: 10 }, () => desk.bookings.sweepOrphans()))
    expect(counts.reduce((sum, count) => sum + count)).toBe(1)
    expect([supplier.calls.cancel, (await orphanOf(claimed)).state]).toEqual([1, 'cancelled'])

    // Whoever asks by hand claims nothing: the looks are many, and only the version keeps it to one cancellation.
    const asked = await refundedInTheDark()
    supplier.behave = {}
    const looksBefore = supplier.calls.find
    await Promise.all(Array.from({ length: 10 }, () => desk.bookings.cancelOrphan({ bookingId: asked, supplierRef: null })))
    expect(supplier.calls.find - looksBefore, 'without a claim several look').toBeGreaterThan(1)
    expect([supplier.calls.cancel, (await orphanOf(asked)).state]).toEqual([2, 'cancelled'])
  })

  test('that the supplier will not cancel goes before a person, and is tried again', async () => {
    const id = await refundedInTheDark()
    supplier.behave = {}
    const { cancel } = supplier.provider.flights!
    const refuse = async () => ({ outcome: 'rejected', reason: 'not_allowed', code: 'X', message: 'call the airline' }) as const
    Object.assign(supplier.provider.flights!, { cancel: refuse })
    await database.db.updateTable('platform.work_items').set({ state: 'done' }).where('subject_id', '=', id).execute()
    desk.clock.advance(60_000)
    await desk.bookings.sweepOrphans()
    expect(await caseOf(id)).toMatchObject({ state: 'open', severity: 'high', details: { said: 'call the airline' } })
    Object.assign(supplier.provider.flights!, { cancel })
    desk.clock.advance(HOUR)
    await desk.bookings.sweepOrphans()
    expect(await orphanOf(id)).toMatchObject({ state: 'cancelled' })
    expect(await caseOf(id)).toMatchObject({ state: 'done' })
  })

  test('never is taken for one while the booking lives', async () => {
    const id = await refundedInTheDark()
    await database.db.updateTable('booking.bookings').set({ status: 'TICKETED' }).where('id', '=', id).execute()
    await database.db
      .updateTable('booking.items')
      .set({ ticketing_status: 'ticketed', refund_status: 'none' })
      .where('booking_id', '=', id)
      .execute()
    supplier.behave = {}
    desk.clock.advance(HOUR)
    await desk.bookings.sweepOrphans()
    await desk.bookings.noteOrphan({ bookingId: id, reference: (await orphanOf(id)).reference, supplierRef: null })
    await desk.bookings.sweepOrphans()
    expect(supplier.calls.cancel).toBe(0)
  })
})
