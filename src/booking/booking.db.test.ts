import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBookingDesk, type BookingDesk } from '../../test/support/booking-desk.ts'
import type { FakeGateway } from '../../test/support/fake-gateway.ts'
import { createFakeAirline, type FakeAirline } from '../../test/support/fake-airline.ts'
import { adult, flightOffer } from '../../test/support/offers.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { money } from '../kernel/money.ts'
import { plusMs, toIso } from '../kernel/time.ts'
import type { Payments } from '../payments/index.ts'
import type { Bookings } from './index.ts'

let database: TestDatabase
let supplier: FakeAirline
let gateway: FakeGateway
let payments: Payments
let bookings: Bookings
let clock: BookingDesk['clock']
let offers: BookingDesk['offers']

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

beforeEach(() => {
  supplier = createFakeAirline()
  ;({ clock, gateway, payments, bookings, offers } = createBookingDesk(database, supplier.provider))
})

const expectedTotal = money(41_250, 'USD')
const paid = { amount: 41_250, currency: 'USD' }

async function place(placedBy = randomUUID()): Promise<string> {
  const offer = flightOffer({ id: `off_${randomUUID()}` })
  offers.set(offer.id, offer)
  await bookings.verify(offer.id)
  return (
    await bookings.place({
      offerIds: [offer.id],
      expectedTotal,
      travellers: { passengers: [adult()], guests: [] },
      contact: { email: 'budi@example.com', phone: '+62812345678' },
      userId: null,
      placedBy,
    })
  ).id
}

/** Places and pays a booking; the capture is applied, the ticketing is left to the test. */
async function placePaid(): Promise<string> {
  const id = await place()
  const { paymentId } = (await bookings.pay({ bookingId: id, expectedTotal, returnPath: '/trips', attemptKey: randomUUID() }))!
  gateway.pay(paymentId)
  await payments.sync(paymentId)
  await bookings.markPaid({ bookingId: id, paymentId, ...paid })
  return id
}

/** Money for a booking that was cancelled before it came; what becomes of it is left to the test. */
async function placePaidLate(): Promise<{ id: string; paymentId: string }> {
  const id = await place()
  const { paymentId } = (await bookings.pay({ bookingId: id, expectedTotal, returnPath: '/trips', attemptKey: randomUUID() }))!
  await database.db
    .updateTable('booking.bookings')
    .set({ payment_required_by: toIso(plusMs(clock.now(), -60_000)) })
    .where('id', '=', id)
    .execute()
  await bookings.expire()
  gateway.pay(paymentId)
  await payments.sync(paymentId)
  await bookings.markPaid({ bookingId: id, paymentId, ...paid })
  return { id, paymentId }
}

const statusOf = async (id: string) => (await bookings.get(id)).status

async function balances(id: string): Promise<Record<string, number>> {
  return Object.fromEntries((await payments.balanceOf(id)).map((entry) => [entry.account, entry.amount.amount]))
}

/** Has the gateway carry out whatever refunds were asked for. */
async function runRefunds(id: string): Promise<void> {
  for (const refund of await payments.refundsOf(id)) {
    await payments.sendRefund(refund.id)
    await bookings.noteRefundCompleted({ bookingId: id, paymentId: refund.paymentId, refundId: refund.id })
  }
}

async function attemptsOf(id: string) {
  return database.db.selectFrom('booking.attempts').selectAll().where('booking_id', '=', id).orderBy('sent_at').orderBy('id').execute()
}

describe('placing', () => {
  test('S5: twenty identical requests at once place one booking', async () => {
    const offer = flightOffer({ id: `off_${randomUUID()}` })
    offers.set(offer.id, offer)
    await bookings.verify(offer.id)
    const order = {
      offerIds: [offer.id],
      expectedTotal,
      travellers: { passengers: [adult()], guests: [] },
      contact: { email: 'a@example.com', phone: '+62812345678' },
      userId: null,
      placedBy: randomUUID(),
    }
    const placed = await Promise.all(Array.from({ length: 20 }, () => bookings.place(order)))
    expect(new Set(placed.map((booking) => booking.id)).size).toBe(1)
    const others = await Promise.all(Array.from({ length: 5 }, () => bookings.place({ ...order, placedBy: randomUUID() })))
    expect(new Set(others.map((booking) => booking.id)).size, 'with another name each time, the guard is off').toBe(5)
  })

  test('S2: an offer that was not verified, has expired or costs something else is refused, and nothing is placed', async () => {
    const offer = flightOffer({ id: `off_${randomUUID()}` })
    offers.set(offer.id, offer)
    const order = {
      offerIds: [offer.id],
      expectedTotal,
      travellers: { passengers: [adult()], guests: [] },
      contact: { email: 'a@example.com', phone: '+62812345678' },
      userId: null,
      placedBy: randomUUID(),
    }
    await expect(bookings.place(order)).rejects.toMatchObject({ code: 'offer-not-verified' })
    await expect(bookings.place({ ...order, offerIds: ['off_old'] })).rejects.toMatchObject({ code: 'offer-expired', status: 410 })
    await expect(bookings.place({ ...order, offerIds: ['off_none'] })).rejects.toMatchObject({ code: 'offer-unknown', status: 404 })
    await bookings.verify(offer.id)
    await expect(bookings.place({ ...order, expectedTotal: money(41_249, 'USD') })).rejects.toMatchObject({
      code: 'price-changed',
      facts: { more: { total: { amount: '412.50' } } },
    })
    clock.advance(16 * 60_000)
    await expect(bookings.place(order)).rejects.toMatchObject({ code: 'offer-expired' })
    expect(await database.db.selectFrom('booking.bookings').select('id').where('placed_by', '=', order.placedBy).execute()).toEqual([])
  })

  test('S16: birth dates and passport numbers are not readable in the database', async () => {
    const id = await place()
    const { rows } = await sql`select b::text as row from booking.bookings b where id = ${id}`.execute(database.db)
    expect(JSON.stringify(rows)).not.toMatch(/C1234567|1990-04-18/)
  })
})

describe('verifying', () => {
  test('an offer that the supplier made for one traveller alone has an id of its own and is booked once', async () => {
    const offer = flightOffer({ id: `off_${randomUUID()}` })
    offers.set(offer.id, offer)
    supplier.behave = { price: (known) => ({ outcome: 'priced', offer: { ...known, supplierToken: randomUUID() } }) }
    const [first, second] = [await bookings.verify(offer.id), await bookings.verify(offer.id)]
    if (first.outcome !== 'same' || second.outcome !== 'same') throw new Error('expected the same offer twice')
    expect(new Set([offer.id, first.offer.offer.id, second.offer.offer.id]).size).toBe(3)
    const order = {
      expectedTotal,
      travellers: { passengers: [adult()], guests: [] },
      contact: { email: 'a@example.com', phone: '+62812345678' },
      userId: null,
    }
    const placed = await Promise.allSettled(
      [1, 2, 3].map(() => bookings.place({ ...order, offerIds: [first.offer.offer.id], placedBy: randomUUID() })),
    )
    expect(placed.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(placed.find((result) => result.status === 'rejected')).toMatchObject({ reason: { code: 'offer-already-booked' } })
    await expect(bookings.place({ ...order, offerIds: [second.offer.offer.id], placedBy: randomUUID() })).resolves.toBeDefined()
  })

  test('S2: a dearer price is a new offer that needs consent; the old one cannot be booked at the old price', async () => {
    const offer = flightOffer({ id: `off_${randomUUID()}` })
    offers.set(offer.id, offer)
    supplier.behave = { price: (known) => ({ outcome: 'priced', offer: { ...known, total: money(43_000, 'USD') } }) }
    const verified = await bookings.verify(offer.id)
    expect(verified).toMatchObject({ outcome: 'changed', reason: 'price', delta: { amount: 1_750 }, previousTotal: { amount: 41_250 } })
    if (verified.outcome !== 'changed') throw new Error('expected a change')
    expect(verified.offer.offer.id).not.toBe(offer.id)
    expect(await bookings.verify(verified.offer.offer.id)).toMatchObject({ outcome: 'same' })
  })

  test('a supplier that does not answer is not "gone"', async () => {
    const offer = flightOffer({ id: `off_${randomUUID()}` })
    offers.set(offer.id, offer)
    supplier.behave = { dark: true }
    await expect(bookings.verify(offer.id)).rejects.toMatchObject({ code: 'supplier-unavailable', status: 502 })
  })
})

describe('a paid booking', () => {
  test('is reserved and ticketed once, however many workers take it up at the same time', async () => {
    const id = await placePaid()
    await Promise.all(Array.from({ length: 10 }, () => bookings.advance(id)))
    await bookings.advance(id)
    expect(await bookings.view(id)).toMatchObject({ status: 'TICKETED', pnr: 'ABC123', tickets: [{ number: '1260000000001' }] })
    expect(supplier.calls).toMatchObject({ book: 1, ticket: 1 })
    expect(await balances(id)).toMatchObject({ gateway: 41_250 })
  })

  test('has at most one undecided write, by a database index; without the index a second one would get in', async () => {
    const other = await createTestDatabase()
    const owner = new pg.Client({ connectionString: other.url })
    await owner.connect()
    try {
      await owner.query('alter table booking.attempts drop constraint attempts_booking_id_fkey, drop constraint attempts_item_id_fkey')
      const insert = (number: number) =>
        owner.query(
          `insert into booking.attempts (id, booking_id, item_id, operation, provider, reference, offer, state, horizon_at) values ($1, 'bkg_x', 'itm_x', 'book', 'fake', $2, '{}', 'sent', now())`,
          [`att_${number}`, `FW-X-${number}`],
        )
      await insert(1)
      await expect(insert(2)).rejects.toMatchObject({ constraint: 'attempts_undecided' })
      await owner.query('drop index booking.attempts_undecided')
      await expect(insert(2)).resolves.toBeDefined()
    } finally {
      await owner.end()
      await other.close()
    }
  })

  test.each(['sold_out', 'declined'] as const)('is refunded in full when the supplier says %s', async (reason) => {
    const id = await placePaid()
    supplier.behave = { book: { outcome: 'rejected', reason, code: 'X', message: 'no' } }
    await bookings.advance(id)
    expect(await bookings.get(id)).toMatchObject({
      status: 'REFUND_PENDING',
      failureReason: reason === 'sold_out' ? 'sold_out' : 'rejected',
    })
    await runRefunds(id)
    expect(await statusOf(id)).toBe('REFUNDED')
    expect(Object.values(await balances(id)).every((amount) => amount === 0)).toBe(true)
    expect(gateway.books()).toEqual({ captured: 41_250, refunded: 41_250 })
  })

  test('S2: whose price changed is asked for once more and booked again if it still costs no more', async () => {
    const id = await placePaid()
    supplier.behave = { book: { outcome: 'rejected', reason: 'price_changed', code: 'X', message: 'changed' } }
    const advancing = bookings.advance(id)
    supplier.behave.price = (offer) => {
      supplier.behave = {}
      return { outcome: 'priced', offer: { ...offer, total: money(41_000, 'USD') } }
    }
    await advancing
    expect(await statusOf(id)).toBe('TICKETED')
    expect((await attemptsOf(id)).map((attempt) => attempt.reference.slice(-2))).toEqual(['-1', '-2', '-2'])
  })

  test('S2: whose price changed twice is refunded, not tried for ever', async () => {
    const id = await placePaid()
    supplier.behave = { book: { outcome: 'rejected', reason: 'price_changed', code: 'X', message: 'changed' } }
    await bookings.advance(id)
    expect(await bookings.get(id)).toMatchObject({ status: 'REFUND_PENDING', failureReason: 'price_changed' })
    expect(supplier.calls.book).toBe(2)
  })

  test('whose price rose after payment is refunded; nobody is charged more', async () => {
    const id = await placePaid()
    supplier.behave = {
      book: { outcome: 'rejected', reason: 'price_changed', code: 'X', message: 'changed' },
      price: (offer) => ({ outcome: 'priced', offer: { ...offer, total: money(41_251, 'USD') } }),
    }
    await bookings.advance(id)
    expect(await statusOf(id)).toBe('REFUND_PENDING')
    expect(supplier.calls.book).toBe(1)
  })

  test('whose ticket is refused gives the reservation back before the refund', async () => {
    const id = await placePaid()
    supplier.behave = { ticket: { outcome: 'rejected', reason: 'declined', code: 'X', message: 'no' } }
    await bookings.advance(id)
    expect(supplier.calls.cancel).toBe(1)
    expect(await statusOf(id)).toBe('REFUND_PENDING')
  })
})

describe('a supplier that cannot be reached', () => {
  test.each(['book', 'ticket'] as const)(
    'never got the "%s": the same is sent again under the same reference until it gets through',
    async (operation) => {
      const id = await placePaid()
      supplier.behave = { [operation]: { outcome: 'rejected', reason: 'not_sent', code: 'not_sent', message: 'connection refused' } }
      await bookings.advance(id)
      expect(await statusOf(id)).toBe('PENDING_TICKET')
      supplier.behave = {}
      await bookings.advance(id)
      expect(await statusOf(id), 'it is not tried again at once').toBe('PENDING_TICKET')
      clock.advance(31_000)
      await Promise.all([bookings.resume(), bookings.advance(id), bookings.advance(id)])
      expect(await statusOf(id)).toBe('TICKETED')
      expect(supplier.calls[operation]).toBe(2)
      expect(new Set((await attemptsOf(id)).map((attempt) => attempt.reference)).size).toBe(1)
    },
  )

  test('for minutes is given up, and the money goes back', async () => {
    const id = await placePaid()
    supplier.behave = { book: { outcome: 'rejected', reason: 'not_sent', code: 'not_sent', message: 'connection refused' } }
    for (let i = 0; i < 7; i += 1) {
      await bookings.advance(id)
      clock.advance(31_000)
    }
    expect(await statusOf(id)).toBe('REFUND_PENDING')
    expect(supplier.calls.book).toBe(6)
  })
})

describe('S4: a lost reply', () => {
  test.each(['book', 'ticket'] as const)(
    'to "%s" is looked up by our reference, never sent twice, and ends in one ticket',
    async (operation) => {
      const id = await placePaid()
      supplier.behave = { [operation]: 'lost' }
      await bookings.advance(id)
      expect(await statusOf(id)).toBe('PENDING_TICKET')
      expect((await bookings.view(id)).promise?.text).toContain("hasn't answered yet")
      supplier.behave = {}
      await bookings.settleInDoubt()
      expect(await statusOf(id), 'it is not asked for before its time').toBe('PENDING_TICKET')
      clock.advance(5_000)
      await bookings.settleInDoubt()
      expect(await statusOf(id)).toBe('TICKETED')
      expect(supplier.calls).toMatchObject({ book: 1, ticket: 1 })
    },
  )

  test('while it is unknown nothing else is tried: no second reservation and no refund', async () => {
    const id = await placePaid()
    supplier.behave = { book: 'lost_without_effect' }
    await bookings.advance(id)
    for (const seconds of [5, 15, 60, 300, 300]) {
      clock.advance(seconds * 1_000)
      await Promise.all([bookings.settleInDoubt(), bookings.settleInDoubt(), bookings.advance(id)])
    }
    expect(await statusOf(id)).toBe('PENDING_TICKET')
    expect(supplier.calls.book).toBe(1)
    expect(await payments.refundsOf(id)).toEqual([])
  })

  test('of a reservation that never was: after the horizon "not found" counts, and the money goes back', async () => {
    const id = await placePaid()
    supplier.behave = { book: 'lost_without_effect' }
    await bookings.advance(id)
    for (let minute = 0; minute < 40; minute += 5) {
      clock.advance(5 * 60_000)
      await bookings.settleInDoubt()
    }
    expect(await bookings.get(id)).toMatchObject({ status: 'REFUND_PENDING', failureReason: 'no_answer' })
    expect(supplier.calls.book).toBe(1)
  })

  test('of a supplier that stays dark: a person is asked at the horizon, and the promise is kept at its time', async () => {
    const id = await placePaid()
    supplier.behave = { book: 'lost', dark: true }
    await bookings.advance(id)
    for (let minute = 0; minute < 45; minute += 5) {
      clock.advance(5 * 60_000)
      await bookings.settleInDoubt()
    }
    expect(await statusOf(id)).toBe('PENDING_TICKET')
    const kinds = async () =>
      (
        await database.db
          .selectFrom('platform.work_items')
          .select('kind')
          .where('subject_id', '=', id)
          .where('state', '=', 'open')
          .execute()
      )
        .map((row) => row.kind)
        .toSorted()
    expect(await kinds()).toEqual(['unknown_outcome'])
    clock.advance(20 * 60_000)
    await bookings.settleInDoubt()
    expect(await statusOf(id)).toBe('REFUND_PENDING')
    expect(await kinds(), 'the question is settled; what may be left at the supplier is not').toEqual(['orphan_reservation'])
  })

  test('of a worker that died after sending: the write is overdue, looked up, and not sent again', async () => {
    const id = await placePaid()
    supplier.behave = { book: 'lost' }
    await bookings.advance(id)
    // As the dead worker left it: noted as sent, and no answer stored.
    await database.db
      .updateTable('booking.attempts')
      .set({ state: 'sent', next_probe_at: toIso(plusMs(clock.now(), 11_000)) })
      .where('booking_id', '=', id)
      .execute()
    supplier.behave = {}
    await bookings.advance(id)
    expect(supplier.calls.book).toBe(1)
    clock.advance(12_000)
    await bookings.settleInDoubt()
    expect(await statusOf(id)).toBe('TICKETED')
    expect(supplier.calls.book).toBe(1)
  })
})

describe('S6: the time to pay', () => {
  test('is over when the database says so, whatever the clock of the process shows', async () => {
    const id = await place()
    await database.db
      .updateTable('booking.bookings')
      .set({ payment_required_by: new Date(Date.now() - 1_000) })
      .where('id', '=', id)
      .execute()
    clock.advance(-60 * 60_000)
    const paying = bookings.pay({ bookingId: id, expectedTotal, returnPath: '/trips', attemptKey: randomUUID() })
    await expect(paying).rejects.toMatchObject({ code: 'booking-not-payable', facts: { moneyMoved: 'none' } })
    expect(await payments.paymentsOf(id)).toEqual([])
  })
})

describe('S7: late money', () => {
  test('for a booking that expired is given back, and the booking stays cancelled', async () => {
    const id = await place()
    const { paymentId } = (await bookings.pay({ bookingId: id, expectedTotal, returnPath: '/trips', attemptKey: randomUUID() }))!
    await database.db
      .updateTable('booking.bookings')
      .set({ payment_required_by: toIso(plusMs(clock.now(), -60_000)) })
      .where('id', '=', id)
      .execute()
    await bookings.expire()
    expect(await statusOf(id)).toBe('CANCELLED')
    gateway.pay(paymentId)
    await payments.sync(paymentId)
    supplier.behave = { price: () => ({ outcome: 'gone', code: 'SOLD', message: 'sold' }) }
    await Promise.all([bookings.markPaid({ bookingId: id, paymentId, ...paid }), bookings.markPaid({ bookingId: id, paymentId, ...paid })])
    await Promise.all([bookings.judgeLatePayment(id), bookings.judgeLatePayment(id)])
    await bookings.markPaid({ bookingId: id, paymentId, ...paid })
    await runRefunds(id)
    expect(await statusOf(id)).toBe('CANCELLED')
    expect(gateway.books()).toEqual({ captured: 41_250, refunded: 41_250 })
    expect(supplier.calls.book).toBe(0)
  })

  test('S7: buys the trip after all where it is still sold at that price, once however many judge it', async () => {
    const { id, paymentId } = await placePaidLate()
    expect(await bookings.get(id)).toMatchObject({ status: 'CANCELLED', latePaymentId: paymentId })
    expect(await payments.refundsOf(id)).toEqual([])
    await Promise.all([bookings.judgeLatePayment(id), bookings.judgeLatePayment(id), bookings.resume()])
    await bookings.advance(id)
    await bookings.advance(id)
    expect(await bookings.get(id)).toMatchObject({ status: 'TICKETED', paymentId, latePaymentId: null })
    expect(supplier.calls).toMatchObject({ book: 1, ticket: 1 })
    expect(await payments.refundsOf(id)).toEqual([])
  })

  test('S7: goes back in full where the trip has become dearer, and is not used twice', async () => {
    const { id, paymentId } = await placePaidLate()
    supplier.behave = { price: (offer) => ({ outcome: 'priced', offer: { ...offer, total: money(41_251, 'USD') } }) }
    await Promise.all([bookings.judgeLatePayment(id), bookings.judgeLatePayment(id)])
    await bookings.markPaid({ bookingId: id, paymentId, ...paid })
    await bookings.judgeLatePayment(id)
    await runRefunds(id)
    expect(await statusOf(id)).toBe('CANCELLED')
    expect(gateway.books()).toEqual({ captured: 41_250, refunded: 41_250 })
  })

  test('S7: waits for a supplier that does not answer, ten minutes and no longer', async () => {
    const { id } = await placePaidLate()
    supplier.behave = { dark: true }
    await expect(bookings.judgeLatePayment(id)).rejects.toThrow('no answer')
    expect(await payments.refundsOf(id)).toEqual([])
    clock.advance(10 * 60_000)
    await bookings.resume()
    expect(await payments.refundsOf(id)).toMatchObject([{ reason: 'late_payment', amount: expectedTotal }])
  })

  test('that is faster than the expiry wins: the booking is paid, not cancelled', async () => {
    const id = await place()
    const { paymentId } = (await bookings.pay({ bookingId: id, expectedTotal, returnPath: '/trips', attemptKey: randomUUID() }))!
    gateway.pay(paymentId)
    await database.db
      .updateTable('booking.bookings')
      .set({ payment_required_by: toIso(plusMs(clock.now(), -60_000)) })
      .where('id', '=', id)
      .execute()
    await bookings.expire()
    expect(await statusOf(id)).toBe('PENDING_PAYMENT')
    await bookings.markPaid({ bookingId: id, paymentId, ...paid })
    expect(await statusOf(id)).toBe('PAID')
  })
})

test('every change adds one to the version, and the application may not rewrite events', async () => {
  const id = await placePaid()
  await bookings.advance(id)
  const { version } = await bookings.get(id)
  expect(version).toBeGreaterThanOrEqual(5)
  await expect(database.db.updateTable('platform.events').set({ name: 'x' }).where('subject_id', '=', id).execute()).rejects.toThrow(
    'permission denied',
  )
  await expect(database.db.deleteFrom('platform.events').where('subject_id', '=', id).execute()).rejects.toThrow('permission denied')
})
