import { createBookings, type BookingPolicy, type BookingStore, type Bookings } from '../../src/booking/index.ts'
import type { Id } from '../../src/kernel/ids.ts'
import { instant, parseInstant, type Clock, type Instant } from '../../src/kernel/time.ts'
import { createPayments, type PaymentGateway, type Payments, type PaymentsStore } from '../../src/payments/index.ts'
import { createGatewayHealth, type GatewayHealth } from '../../src/payments/choose-gateway.ts'
import type { OutboxStore } from '../../src/platform/outbox-store.ts'
import type { OutboxDeps, PendingReaction } from '../../src/platform/outbox.ts'
import type { Records } from '../../src/platform/records.ts'
import type { Provider } from '../../src/providers/contract.ts'
import type { WorkerDeps } from '../../src/workers/index.ts'
import { react, reactionsTo } from '../../src/workers/react.ts'
import { callFaultOf, recordFaultOf, supplierFaultOf } from './faults.ts'
import { createGateway, type SimulatedGateway } from './gateway.ts'
import { createBookingStore } from './memory/booking-store.ts'
import type { MemoryDeps } from './memory/memory-deps.ts'
import { createPaymentsStore } from './memory/payments-store.ts'
import { createOutboxStore, createRecords } from './memory/records.ts'
import { createTables, emptyTables, type Tables } from './memory/tables.ts'
import { createDatabase, type Database } from './memory/transactions.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'
import { createSupplier, type SimulatedSupplier } from './supplier.ts'

/** The parts that a mutant may replace by a faulty twin. Everything else is production code. */
export type Parts = {
  readonly bookingStore: BookingStore
  readonly paymentsStore: PaymentsStore
  readonly records: Records
  readonly outboxStore: OutboxStore
  readonly gateways: readonly PaymentGateway[]
  readonly provider: Provider
}

/** What a mutant is made from. */
export type Ground = { readonly database: Database; readonly tables: Tables; readonly memory: MemoryDeps }

/** How a mutant differs from the product. */
export type Mutation = {
  readonly parts?: (parts: Parts, ground: Ground) => Partial<Parts>
  readonly bookings?: (bookings: Bookings, parts: Parts, ground: Ground) => Partial<Bookings>
  /** The webhook's sender is told that all is well before it is. */
  readonly acknowledgesFirst?: boolean
  /** Calls of the gateway go well, and a webhook comes until it is acknowledged. */
  readonly isGatewayFaultless?: boolean
  /** Sweepers that do not run. */
  readonly without?: readonly string[]
}

/** The production use cases over records in memory and partners with books of their own, in one scheduler's hand. */
export type System = {
  readonly scheduler: Scheduler
  readonly tables: Tables
  readonly gateway: SimulatedGateway
  readonly supplier: SimulatedSupplier
  readonly bookings: Bookings
  readonly payments: Payments
  readonly outbox: OutboxDeps
  readonly react: (pending: PendingReaction) => Promise<void>
  readonly mutation: Mutation
  readonly time: { now: Instant }
  /** May be changed between worlds. */
  readonly policy: { latePayment: 'reinstate' | 'refund' }
  /** What the relay hands to the queue. */
  readonly queued: PendingReaction[]
  /** True when a commit or a partner's book has changed something since it was last set to false. */
  readonly changes: { isDirty: boolean }
  readonly reset: () => void
}

const START = parseInstant('2026-11-25T08:00:00Z')
const ZEROS = '0'.repeat(26)

export function createSystem(mutation: Mutation = {}): System {
  const scheduler = createScheduler()
  const tables = createTables()
  const time = { now: START }
  const changes = { isDirty: false }
  const policy: System['policy'] & BookingPolicy = { paymentMinutes: 30, verifiedMinutes: 15, answerMinutes: 60, latePayment: 'reinstate' }
  const queued: PendingReaction[] = []
  let ids = 0
  const markDirty = (): void => {
    changes.isDirty = true
  }
  const database = createDatabase({ scheduler, faultOf: recordFaultOf, onCommit: markDirty })
  const clock: Clock = { now: () => instant(time.now + (scheduler.current()?.process.skewMs ?? 0)) }
  const newId = <Prefix extends string>(prefix: Prefix): Id<Prefix> => {
    ids += 1
    const number = String(ids)
    return `${prefix}_${ZEROS.slice(number.length)}${number}` as Id<Prefix>
  }
  const memory: MemoryDeps = { database, tables, newId, now: () => time.now }
  const gateway = createGateway({ scheduler, faultOf: callFaultOf, onChange: markDirty })
  const supplier = createSupplier({ scheduler, faultOf: supplierFaultOf, now: () => time.now, onChange: markDirty })
  let random = 0
  const sound: Parts = {
    bookingStore: createBookingStore(memory),
    paymentsStore: createPaymentsStore(memory),
    // References need to differ, not to be unguessable.
    records: createRecords(memory, { randomInt: (limit) => (random = (random * 31 + 7) % 1_000_003) % limit }),
    outboxStore: createOutboxStore(memory),
    gateways: gateway.gateways,
    provider: supplier.provider,
  }
  const ground: Ground = { database, tables, memory }
  const parts: Parts = { ...sound, ...mutation.parts?.(sound, ground) }

  const ports = {
    db: database.db,
    records: parts.records,
    waits: {
      pause: (ms: number) => scheduler.call('pause', `pause ${ms} ms`, () => ({ value: undefined })),
      deadline: () => NEVER,
    },
    clock,
  }
  let known = createGatewayHealth(clock)
  const health: GatewayHealth = { note: (id, outcome) => known.note(id, outcome), isWell: (one) => known.isWell(one) }
  const publicUrl = 'https://shop.example'
  const payments = createPayments({ ...ports, store: parts.paymentsStore, gateways: parts.gateways, health, publicUrl })
  const sold = createBookings({
    ...ports,
    store: parts.bookingStore,
    sealer: { seal: (text) => ({ key: 'open', data: text }), open: (sealed) => sealed.data, fingerprint: (text) => text },
    providers: new Map([[parts.provider.id, parts.provider]]),
    search: {
      findOffer: async () => ({ outcome: 'unknown' }),
      alternativesTo: async () => [],
    },
    payments,
    shownPrice: (offer) => offer.total,
    policy,
    publicUrl,
  })
  const bookings: Bookings = { ...sold, ...mutation.bookings?.(sold, parts, ground) }
  // Reactions that mail, print or count are left out: they move no money and no seat.
  const workerDeps = { bookings, payments, clock, publicUrl, db: database.db, outbox: parts.outboxStore } as unknown as WorkerDeps &
    Parameters<typeof react>[0]

  return {
    scheduler,
    tables,
    gateway,
    supplier,
    bookings,
    payments,
    outbox: {
      db: database.db,
      store: parts.outboxStore,
      records: parts.records,
      clock,
      reactionsTo: (name) => MOVING.get(name) ?? [],
      queue: async (pending) => void queued.push(...pending),
    },
    react: (pending) => react(workerDeps, pending),
    mutation,
    time,
    policy,
    queued,
    changes,
    reset: () => {
      scheduler.reset()
      emptyTables(tables)
      gateway.reset()
      supplier.reset()
      time.now = START
      queued.length = 0
      ids = random = 0
      known = createGatewayHealth(clock)
      changes.isDirty = false
    },
  }
}

const NEVER = new AbortController().signal

/** Reactions that tell somebody something and change nothing else. */
const TELLING = /^(mail|issue|count|watch)/
const EVENTS = [
  'payment.notified',
  'payment.captured',
  'payment.failed',
  'payment.mismatched',
  'refund.requested',
  'refund.completed',
  'refund.failed',
  'booking.paid',
  'booking.cancelled',
  'booking.late_payment',
  'booking.late_payment_arrived',
  'booking.reinstated',
  'booking.refund_pending',
  'booking.ticketed',
] as const
const MOVING: ReadonlyMap<string, readonly string[]> = new Map(
  EVENTS.map((name) => [name, reactionsTo(name).filter((reaction) => !TELLING.test(reaction))]),
)
