import { randomBytes, randomUUID } from 'node:crypto'
import { bookingStore, createBookings, type BookingDeps, type Bookings } from '../../src/booking/index.ts'
import { money } from '../../src/kernel/money.ts'
import { plusMs, systemClock } from '../../src/kernel/time.ts'
import { createPayments, paymentsStore, type PaymentGateway, type Payments } from '../../src/payments/index.ts'
import type { Db } from '../../src/platform/postgres.ts'
import { postgresRecords } from '../../src/platform/records.ts'
import { createSealer } from '../../src/platform/seal.ts'
import { timerWaits } from '../../src/platform/waits.ts'
import { createFakeAirline } from '../../test/support/fake-airline.ts'
import { createFakeGateway } from '../../test/support/fake-gateway.ts'
import { adult, flightOffer } from '../../test/support/offers.ts'

/** The real use cases over a database, with a supplier and a gateway in this process that answer at once. */
export type Desk = {
  readonly bookings: Bookings
  /** One booking from the order to the ticket: its id. */
  readonly buy: () => Promise<string>
}

/** How many times a booking changes its status, from none to TICKETED. */
export const TRANSITIONS = 5

const OFFER = flightOffer({ id: 'off_bench' })
const PRICE = money(41_250, 'USD')

/** A desk that sells one offer, confirmed live, again and again to people who all have other names. */
export async function openDesk(db: Db): Promise<Desk> {
  const gateway = payingGateway()
  const ports = { db, records: postgresRecords, waits: timerWaits }
  const payments: Payments = createPayments({
    ...ports,
    store: paymentsStore,
    gateways: [gateway],
    clock: systemClock,
    publicUrl: 'https://shop.example',
  })
  const deps: BookingDeps = {
    ...ports,
    store: bookingStore,
    clock: systemClock,
    sealer: createSealer(randomBytes(32).toString('base64')),
    providers: new Map([['fake', createFakeAirline().provider]]),
    search: {
      findOffer: async () => ({
        outcome: 'found' as const,
        providerId: OFFER.provider,
        offer: OFFER,
        total: PRICE,
        checkedAt: systemClock.now(),
        resolvableUntil: plusMs(systemClock.now(), 3_600_000),
      }),
      alternativesTo: async () => [],
    },
    payments,
    shownPrice: (offer) => offer.total,
    policy: { paymentMinutes: 30, verifiedMinutes: 600, answerMinutes: 60, latePayment: 'reinstate' },
    publicUrl: 'https://shop.example',
  }
  const bookings = createBookings(deps)
  const verified = await bookings.verify(OFFER.id)
  if (verified.outcome === 'gone') throw new Error('the offer of the benchmark is gone')
  // Fresh ids for each order; the same offer for all.
  const offerId = verified.offer.offer.id
  let people = 0

  async function buy(): Promise<string> {
    people += 1
    const { id } = await bookings.place({
      offerIds: [offerId],
      expectedTotal: PRICE,
      travellers: { passengers: [adult({ familyName: `Santoso${nameOf(people)}` })], guests: [] },
      contact: { email: 'budi@example.com', phone: '+62812345678' },
      userId: null,
      placedBy: randomUUID(),
      refusesDuplicate: true,
    })
    const payment = await bookings.pay({ bookingId: id, expectedTotal: PRICE, returnPath: '/trips', attemptKey: randomUUID() })
    await payments.sync(payment!.paymentId)
    await bookings.markPaid({ bookingId: id, paymentId: payment!.paymentId, ...PRICE })
    await bookings.advance(id)
    return id
  }
  return { bookings, buy }
}

/** Letters only: digits are no part of a name. */
function nameOf(count: number): string {
  return [...count.toString(26)].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26))).join('')
}

/** A gateway where everybody has paid by the time it is asked. */
function payingGateway(): PaymentGateway {
  const fake = createFakeGateway()
  return {
    ...fake,
    create: async ({ paymentId }) => ({
      outcome: 'ok',
      value: { providerRef: `cs_${paymentId}`, redirectUrl: `https://pay.example/${paymentId}` },
    }),
    query: async ({ paymentId }) => ({
      outcome: 'ok',
      value: { state: 'paid', captured: PRICE, providerPaymentRef: `pi_${paymentId}`, failureCode: null },
    }),
  }
}
