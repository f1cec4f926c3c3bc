import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createBookingDesk, type BookingDesk } from '../../test/support/booking-desk.ts'
import { createFakeAirline, type FakeAirline } from '../../test/support/fake-airline.ts'
import { adult, flightOffer, reservation, ticket } from '../../test/support/offers.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { money, multiplyMoney } from '../kernel/money.ts'

// What `npm run simulate` found, told once more against the database.

let database: TestDatabase
let supplier: FakeAirline
let desk: BookingDesk

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(() => {
  supplier = createFakeAirline()
  desk = createBookingDesk(database, supplier.provider)
})

const FARE = money(41_250, 'USD')

/** A paid booking for so many adults, not yet sent to its supplier, and what it was paid with. */
async function placePaid(adults: number): Promise<{ id: string; paymentId: string }> {
  const total = multiplyMoney(FARE, adults)
  const passengers = [{ type: 'adult' as const, count: adults, total, base: null, taxes: null, fees: null, baggage: null }]
  const offer = flightOffer({ id: `off_${randomUUID()}`, total, passengers })
  desk.offers.set(offer.id, offer)
  await desk.bookings.verify(offer.id)
  const { id } = await desk.bookings.place({
    offerIds: [offer.id],
    expectedTotal: total,
    travellers: { passengers: Array.from({ length: adults }, (_, i) => adult({ givenName: i === 0 ? 'Budi' : 'Siti' })), guests: [] },
    contact: { email: 'budi@example.com', phone: '+62812345678' },
    userId: null,
    placedBy: randomUUID(),
  })
  const { paymentId } = (await desk.bookings.pay({ bookingId: id, expectedTotal: total, returnPath: '/trips', attemptKey: randomUUID() }))!
  desk.gateway.pay(paymentId)
  await desk.payments.sync(paymentId)
  await desk.bookings.markPaid({ bookingId: id, paymentId, amount: total.amount, currency: total.currency })
  return { id, paymentId }
}

test('the last attempt is the last, though the process that made it has a clock that is behind', async () => {
  const { id } = await placePaid(1)
  supplier.behave = {
    book: { outcome: 'rejected', reason: 'price_changed', code: 'X', message: 'dearer' },
    price: (offer) => {
      supplier.behave = {}
      desk.clock.advance(-120_000)
      return { outcome: 'priced', offer }
    },
  }
  await desk.bookings.advance(id)
  expect((await desk.bookings.get(id)).status).toBe('TICKETED')
  expect(supplier.calls).toMatchObject({ book: 2, ticket: 1, cancel: 0 })
})

test('a supplier that issues tickets for some when it books is not asked to issue them again', async () => {
  const { id } = await placePaid(2)
  supplier.behave = { book: { outcome: 'ok', value: reservation({ tickets: [ticket()] }) } }
  await desk.bookings.advance(id)
  expect((await desk.bookings.get(id)).status).toBe('REFUND_PENDING')
  expect(supplier.calls).toMatchObject({ book: 1, ticket: 0, cancel: 1 })
})

test('S9: news of a completed refund that comes after the news that it failed does not make the booking REFUNDED', async () => {
  const { id, paymentId } = await placePaid(1)
  supplier.behave = { book: { outcome: 'rejected', reason: 'sold_out', code: 'X', message: 'no seats' } }
  await desk.bookings.advance(id)
  const [refund] = await desk.payments.refundsOf(id)
  expect((await desk.payments.sendRefund(refund!.id)).outcome).toBe('completed')
  vi.spyOn(desk.gateway, 'queryRefund').mockResolvedValue({
    outcome: 'ok',
    value: { state: 'failed', amount: FARE, providerRefundRef: `re_${refund!.id}`, failureCode: 'account_closed' },
  })
  await desk.payments.sync(paymentId)
  const news = { bookingId: id, paymentId, refundId: refund!.id }
  await desk.bookings.noteRefundFailed(news)
  await desk.bookings.noteRefundCompleted(news)
  expect((await desk.bookings.get(id)).status).toBe('REFUND_PENDING')
})
