import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBookingDesk, type BookingDesk } from '../../test/support/booking-desk.ts'
import { createFakeAirline } from '../../test/support/fake-airline.ts'
import { adult, flightOffer } from '../../test/support/offers.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { startTcpProxy, type TcpProxy } from '../../test/support/tcp-proxy.ts'
import { money } from '../kernel/money.ts'
import { createPostgres, type Postgres } from '../platform/postgres.ts'
import { CommitUnknown } from '../platform/postgres-faults.ts'

let database: TestDatabase
let proxy: TcpProxy
let through: Postgres
let desk: BookingDesk

beforeAll(async () => {
  database = await createTestDatabase()
  const url = new URL(database.url)
  proxy = await startTcpProxy(Number(url.port))
  url.port = String(proxy.port)
  through = createPostgres({ url: url.href, connectionsMax: 5 })
  desk = createBookingDesk({ ...database, db: through.db }, createFakeAirline().provider)
})
afterAll(async () => {
  await through?.close()
  await proxy?.close()
  await database?.close()
})
beforeEach(() => proxy.heal())

const expectedTotal = money(41_250, 'USD')

async function anOrder(isPrivate: boolean) {
  const offer = flightOffer({ id: `off_${randomUUID()}` })
  desk.offers.set(offer.id, offer)
  await desk.bookings.verify(offer.id)
  await database.db.updateTable('booking.verified_offers').set({ is_private: isPrivate }).where('offer_id', '=', offer.id).execute()
  const people = {
    travellers: { passengers: [adult()], guests: [] },
    contact: { email: 'a@example.com', phone: '+62812345678' },
    userId: null,
  }
  return { offerIds: [offer.id], expectedTotal, ...people, placedBy: randomUUID() }
}

async function bookingsOf(offerId: string): Promise<number> {
  const { rows } = await sql`select 1 from booking.items where offer->>'id' = ${offerId}`.execute(database.db)
  return rows.length
}

describe.each(['replied', 'sent'] as const)('F27: when the connection ends with the COMMIT %s', (when) => {
  test.each([true, false])('placing places one booking and says which (private offer: %s)', async (isPrivate) => {
    const order = await anOrder(isPrivate)
    proxy.cutCommits(1, when)
    const booking = await desk.bookings.place(order)
    expect(await bookingsOf(order.offerIds[0]!)).toBe(1)
    expect((await desk.bookings.place(order)).id).toBe(booking.id)
  })

  test('paying, capturing, reserving and ticketing have one effect each', async () => {
    const { id } = await desk.bookings.place(await anOrder(true))
    const cut = async <T>(work: () => Promise<T>): Promise<T> => {
      proxy.cutCommits(1, when)
      return work()
    }
    const pay = { bookingId: id, expectedTotal, returnPath: '/trips', attemptKey: randomUUID() }
    const payment = (await cut(() => desk.bookings.pay(pay)))!
    expect((await desk.bookings.pay({ ...pay, attemptKey: randomUUID() }))!.paymentId).toBe(payment.paymentId)
    desk.gateway.pay(payment.paymentId)
    await cut(() => desk.payments.sync(payment.paymentId))
    await cut(() => desk.bookings.markPaid({ bookingId: id, paymentId: payment.paymentId, ...expectedTotal }))
    await cut(() => desk.bookings.advance(id))
    expect(await desk.bookings.get(id)).toMatchObject({ status: 'TICKETED' })
    const ledger = await desk.payments.ledgerOf(id)
    expect(ledger.map((entry) => entry.eventType)).toEqual(['PAYMENT_INITIATED', 'PAYMENT_INITIATED', 'PAYMENT_SUCCESS', 'PAYMENT_SUCCESS'])
    const events = await database.db.selectFrom('platform.events').select('name').where('subject_id', '=', id).orderBy('position').execute()
    const names = events.map(({ name }) => name)
    expect(names.filter((name) => name === 'booking.paid')).toHaveLength(1)
    expect(names.filter((name) => name === 'booking.ticketed')).toHaveLength(1)
  })
})

test('F27: when nobody can say what became of it, the same order later gets the booking that was placed', { timeout: 20_000 }, async () => {
  const order = await anOrder(true)
  proxy.cutCommits(1, 'replied')
  const placing = desk.bookings.place(order)
  const isPlaced = async (): Promise<boolean> => (await bookingsOf(order.offerIds[0]!)) === 1
  while (!(await isPlaced())) await new Promise((resolve) => setTimeout(resolve, 1))
  proxy.down()
  // Where the answer came before the database went, there is nothing unknown about it.
  await placing.catch((error: unknown) => expect(error).toBeInstanceOf(CommitUnknown))
  proxy.heal()
  expect(await desk.bookings.place(order)).toMatchObject({ status: 'INIT' })
  expect(await bookingsOf(order.offerIds[0]!)).toBe(1)
})
