import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBookingDesk } from '../../test/support/booking-desk.ts'
import { createFakeAirline } from '../../test/support/fake-airline.ts'
import { adult, flightOffer } from '../../test/support/offers.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { money } from '../kernel/money.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

test('F42: a ticketed booking that is charged back stays ticketed, and only staff see it', async () => {
  const airline = createFakeAirline()
  const desk = createBookingDesk(database, airline.provider)
  const offer = flightOffer({ id: `off_${randomUUID()}` })
  desk.offers.set(offer.id, offer)
  await desk.bookings.verify(offer.id)
  const expectedTotal = money(41_250, 'USD')
  const { id } = await desk.bookings.place({
    offerIds: [offer.id],
    expectedTotal,
    travellers: { passengers: [adult()], guests: [] },
    contact: { email: 'budi@example.com', phone: '+62812345678' },
    userId: null,
    placedBy: randomUUID(),
  })
  const { paymentId } = (await desk.bookings.pay({ bookingId: id, expectedTotal, returnPath: '/trips', attemptKey: randomUUID() }))!
  desk.gateway.pay(paymentId)
  await desk.payments.sync(paymentId)
  await desk.bookings.markPaid({ bookingId: id, paymentId, amount: 41_250, currency: 'USD' })
  await desk.bookings.advance(id)
  const before = await desk.bookings.view(id)
  expect(before).toMatchObject({ status: 'TICKETED', money_moved: 'captured' })

  const { query } = desk.gateway
  const dispute = {
    id: `du_${id}`,
    amount: expectedTotal,
    isWithdrawn: true,
    state: 'open',
    reason: 'fraudulent',
    respondBy: null,
  } as const
  Object.assign(desk.gateway, {
    query: async (ref: Parameters<typeof query>[0]) => {
      const reply = await query(ref)
      return reply.outcome === 'ok' ? { ...reply, value: { ...reply.value, disputes: [dispute] } } : reply
    },
  })
  await desk.payments.sync(paymentId)

  expect(await desk.bookings.view(id)).toEqual(before)
  expect(airline.calls.cancel).toBe(0)
  expect((await desk.payments.ledgerOf(id)).filter((entry) => entry.eventType === 'CHARGEBACK')).toHaveLength(2)
  const items = await database.db.selectFrom('platform.work_items').selectAll().where('subject_id', '=', dispute.id).execute()
  expect(items).toMatchObject([{ kind: 'chargeback', details: { bookingId: id, paymentId: paymentId } }])
})
