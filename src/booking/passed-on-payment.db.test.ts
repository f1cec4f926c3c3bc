import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBookingDesk } from '../../test/support/booking-desk.ts'
import { createFakeAirline } from '../../test/support/fake-airline.ts'
import { createFakeGateway } from '../../test/support/fake-gateway.ts'
import { adult, flightOffer } from '../../test/support/offers.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { money } from '../kernel/money.ts'
import type { PaymentGateway } from '../payments/index.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

test('S7: money that comes to a payment which was passed on to the next gateway is given back, and the booking goes on', async () => {
  const silent = createFakeGateway('silent')
  const unanswering: PaymentGateway = {
    ...silent,
    create: async (request) => {
      await silent.create(request)
      return { outcome: 'unknown', cause: 'timeout', message: 'the reply was lost' }
    },
  }
  const { payments, bookings, offers, gateway } = createBookingDesk(database, createFakeAirline().provider, [unanswering])
  const expectedTotal = money(41_250, 'USD')
  const offer = flightOffer({ id: `off_${randomUUID()}` })
  offers.set(offer.id, offer)
  await bookings.verify(offer.id)
  const { id } = await bookings.place({
    offerIds: [offer.id],
    expectedTotal,
    travellers: { passengers: [adult()], guests: [] },
    contact: { email: 'budi@example.com', phone: '+62812345678' },
    userId: null,
    placedBy: randomUUID(),
  })
  const started = await bookings.pay({ bookingId: id, expectedTotal, returnPath: '/trips', attemptKey: randomUUID() })
  const [abandoned, second] = await payments.paymentsOf(id)
  expect([abandoned, second]).toMatchObject([
    { provider: 'silent', status: 'failed', failureCode: 'passed_on' },
    { provider: 'stripe', status: 'open' },
  ])
  expect(started?.paymentId).toBe(second!.id)

  const arrive = async (paymentId: string): Promise<void> => {
    expect(await payments.sync(paymentId)).toMatchObject({ outcome: 'captured' })
    await bookings.markPaid({ bookingId: id, paymentId, amount: 41_250, currency: 'USD' })
  }
  gateway.pay(second!.id)
  await arrive(second!.id)
  silent.reopen(abandoned!.id)
  silent.pay(abandoned!.id)
  await arrive(abandoned!.id)

  const refunds = await payments.refundsOf(id)
  expect(refunds).toMatchObject([{ paymentId: abandoned!.id, amount: expectedTotal }])
  await payments.sendRefund(refunds[0]!.id)
  expect(await bookings.get(id)).toMatchObject({ status: 'PAID', paymentId: second!.id })
  expect([silent.books(), gateway.books()]).toEqual([
    { captured: 41_250, refunded: 41_250 },
    { captured: 41_250, refunded: 0 },
  ])
  const balances = Object.fromEntries((await payments.balanceOf(id)).map((line) => [line.account, line.amount.amount]))
  expect(balances).toEqual({ customer_due: 0, gateway: 41_250, refund_due: 0, sale: -41_250 })
})
