import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBookingDesk, type BookingDesk } from '../../test/support/booking-desk.ts'
import { createFakeAirline, type FakeAirline } from '../../test/support/fake-airline.ts'
import { adult, flightOffer } from '../../test/support/offers.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { money } from '../kernel/money.ts'
import type { WriteOutcome } from '../providers/contract.ts'
import type { Reservation } from '../travel/reservation.ts'

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

const both = money(82_500, 'USD')
const soldOut: WriteOutcome<Reservation> = { outcome: 'rejected', reason: 'sold_out', code: 'X', message: 'no seats' }

async function verified(): Promise<string> {
  const offer = flightOffer({ id: `off_${randomUUID()}` })
  desk.offers.set(offer.id, offer)
  await desk.bookings.verify(offer.id)
  return offer.id
}

const order = (offerIds: readonly string[], expectedTotal = both) => ({
  offerIds,
  expectedTotal,
  travellers: { passengers: [adult()], guests: [] },
  contact: { email: 'budi@example.com', phone: '+62812345678' },
  userId: null,
  placedBy: randomUUID(),
})

async function placePaid(): Promise<string> {
  const { id } = await desk.bookings.place(order([await verified(), await verified()]))
  const { paymentId } = (await desk.bookings.pay({ bookingId: id, expectedTotal: both, returnPath: '/trips', attemptKey: randomUUID() }))!
  desk.gateway.pay(paymentId)
  await desk.payments.sync(paymentId)
  await desk.bookings.markPaid({ bookingId: id, paymentId, amount: 82_500, currency: 'USD' })
  return id
}

/** The supplier says no to the second reservation of a booking. */
function refuseSecond(): void {
  const { provider } = supplier
  const { book } = provider.flights!
  const flights = {
    ...provider.flights!,
    book: ((wanted, call) => (wanted.reference.endsWith('-3') ? Promise.resolve(soldOut) : book(wanted, call))) as typeof book,
  }
  desk = createBookingDesk(database, { ...provider, flights })
}

describe('a booking of two flights', () => {
  test('S12: is one payment, two reservations under references of their own, and tickets for both', async () => {
    const id = await placePaid()
    await Promise.all(Array.from({ length: 5 }, () => desk.bookings.advance(id)))
    await desk.bookings.advance(id)
    const view = await desk.bookings.view(id)
    expect(view).toMatchObject({
      status: 'TICKETED',
      total: { amount: '825.00' },
      items: [
        { payment: 'paid', ticketing: 'ticketed', refund: 'none', offer: { total: { amount: '412.50' } } },
        { payment: 'paid', ticketing: 'ticketed', refund: 'none' },
      ],
    })
    expect(new Set(view.items.flatMap((item) => item.tickets.map((ticket) => ticket.number))).size).toBe(2)
    expect(supplier.calls).toMatchObject({ book: 2, ticket: 2, cancel: 0 })
    const attempts = await database.db
      .selectFrom('booking.attempts')
      .select(['operation', 'reference'])
      .where('booking_id', '=', id)
      .orderBy('sent_at')
      .orderBy('id')
      .execute()
    expect(attempts.map((one) => one.operation)).toEqual(['book', 'book', 'ticket', 'ticket'])
    expect(new Set(attempts.map((one) => one.reference)).size).toBe(2)
  })

  test('S12: gives back the first when the second is sold out, tickets nothing, and refunds all of it once', async () => {
    refuseSecond()
    const id = await placePaid()
    await desk.bookings.advance(id)
    expect(await desk.bookings.view(id)).toMatchObject({
      status: 'REFUND_PENDING',
      items: [
        { ticketing: 'not_ticketed', refund: 'requested' },
        { ticketing: 'not_ticketed', refund: 'requested' },
      ],
    })
    expect(supplier.calls).toMatchObject({ book: 1, ticket: 0, cancel: 1 })
    for (const refund of await desk.payments.refundsOf(id)) {
      await desk.payments.sendRefund(refund.id)
      await desk.bookings.noteRefundCompleted({ bookingId: id, paymentId: refund.paymentId, refundId: refund.id })
    }
    expect((await desk.bookings.get(id)).status).toBe('REFUNDED')
    expect(desk.gateway.books()).toEqual({ captured: 82_500, refunded: 82_500 })
    expect((await desk.payments.balanceOf(id)).every((entry) => entry.amount.amount === 0)).toBe(true)
  })

  test('S4: waits for the lost answer of one before it sends anything for the other', async () => {
    supplier.behave = { book: 'lost' }
    const id = await placePaid()
    await desk.bookings.advance(id)
    await desk.bookings.advance(id)
    expect(supplier.calls.book).toBe(1)
    expect(await desk.bookings.view(id)).toMatchObject({ items: [{ ticketing: 'in_doubt' }, { ticketing: 'waiting' }] })
    supplier.behave = {}
    desk.clock.advance(6_000)
    await desk.bookings.settleInDoubt()
    expect((await desk.bookings.get(id)).status).toBe('TICKETED')
    expect(supplier.calls.book).toBe(2)
  })

  test('costs what its offers cost together, each named once', async () => {
    const ids = [await verified(), await verified()]
    await expect(desk.bookings.place(order(ids, money(41_250, 'USD')))).rejects.toMatchObject({
      code: 'price-changed',
      facts: { more: { total: { amount: '825.00' } } },
    })
    await expect(desk.bookings.place(order([ids[0]!, ids[0]!]))).rejects.toMatchObject({ code: 'offers-not-combinable' })
  })
})

test('the database itself refuses a ticket that nobody paid for, and a refund of what was not paid', async () => {
  const { id } = await desk.bookings.place(order([await verified()], money(41_250, 'USD')))
  const set = (change: object) => database.db.updateTable('booking.items').set(change).where('booking_id', '=', id).execute()
  await expect(set({ ticketing_status: 'ticketed' })).rejects.toMatchObject({ code: '23514' })
  await expect(set({ refund_status: 'requested' })).rejects.toMatchObject({ code: '23514' })
})
