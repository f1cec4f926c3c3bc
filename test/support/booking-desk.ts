import { randomBytes } from 'node:crypto'
import { bookingStore, createBookings, scheduleChangeStore, type Bookings } from '../../src/booking/index.ts'
import { createStoppedClock, plusMs } from '../../src/kernel/time.ts'
import { createPayments, paymentsStore, type PaymentGateway, type Payments } from '../../src/payments/index.ts'
import { postgresRecords } from '../../src/platform/records.ts'
import { createSealer } from '../../src/platform/seal.ts'
import { timerWaits } from '../../src/platform/waits.ts'
import type { Provider } from '../../src/providers/contract.ts'
import type { Offer } from '../../src/travel/offer.ts'
import { createFakeGateway, type FakeGateway } from './fake-gateway.ts'
import type { TestDatabase } from './postgres.ts'

/** Booking over a real database, with a gateway in memory and offers that are whatever a test puts there. */
export type BookingDesk = {
  readonly clock: ReturnType<typeof createStoppedClock>
  readonly gateway: FakeGateway
  readonly payments: Payments
  readonly bookings: Bookings
  readonly offers: Map<string, Offer>
}

/** `gatewaysBefore` are tried before the one in memory. Prices are shown as the supplier's; "off_old" has expired, and what is not in `offers` is unknown. */
export function createBookingDesk(database: TestDatabase, provider: Provider, gatewaysBefore: readonly PaymentGateway[] = []): BookingDesk {
  const clock = createStoppedClock(new Date().toISOString())
  const gateway = createFakeGateway()
  const offers = new Map<string, Offer>()
  const publicUrl = 'https://shop.example'
  const ports = { db: database.db, records: postgresRecords, waits: timerWaits }
  const payments = createPayments({ ...ports, store: paymentsStore, gateways: [...gatewaysBefore, gateway], clock, publicUrl })
  const bookings = createBookings({
    ...ports,
    store: bookingStore,
    changes: scheduleChangeStore,
    clock,
    sealer: createSealer(randomBytes(32).toString('base64')),
    providers: new Map([[provider.id, provider]]),
    search: {
      findOffer: async (id) => {
        const offer = offers.get(id)
        return offer
          ? { outcome: 'found', offer, total: offer.total, checkedAt: clock.now(), resolvableUntil: plusMs(clock.now(), 60_000) }
          : { outcome: id === 'off_old' ? 'expired' : 'unknown' }
      },
      alternativesTo: async () => [],
    } as Parameters<typeof createBookings>[0]['search'],
    payments,
    shownPrice: (offer) => offer.total,
    policy: { paymentMinutes: 30, verifiedMinutes: 15, answerMinutes: 60, latePayment: 'reinstate' },
    publicUrl,
  })
  return { clock, gateway, payments, bookings, offers }
}
