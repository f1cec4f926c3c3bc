import { createHmac } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { bookingStore, createBookings, scheduleChangeStore, type BookingDeps, type Bookings } from '../booking/index.ts'
import { createFulfilment, type Fulfilment } from '../fulfilment/index.ts'
import { money } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import { createNotifications, type Notifications } from '../notifications/index.ts'
import { createOps, type Ops } from '../ops/index.ts'
import {
  createPayments,
  createGateways,
  createStatements,
  paymentsStore,
  writeOffLedger,
  type Payments,
  type PaymentsDeps,
} from '../payments/index.ts'
import { createChangeFeed, type ChangeFeed } from '../platform/change-feed.ts'
import { createDatabaseClock } from '../platform/database-clock.ts'
import { createLogger } from '../platform/logger.ts'
import { createPostgres, type Db, type Postgres } from '../platform/postgres.ts'
import { postgresRecords } from '../platform/records.ts'
import { createTestClock, type TestClock } from '../platform/test-clock.ts'
import { createRequestRedis, createWorkerRedis } from '../platform/redis.ts'
import { createSealer } from '../platform/seal.ts'
import { timerWaits } from '../platform/waits.ts'
import { createFileStorage } from '../platform/storage.ts'
import { createPricing, DEFAULT_RATES, priceContextOf } from '../pricing/index.ts'
import { createProviders } from '../providers/index.ts'
import { createReconciliation, readQueueAges, type QueueAge, type Reconciliation } from '../reporting/index.ts'
import { createJobCounts, readReactionAges, reissueDocuments, type JobCounts } from '../workers/index.ts'
import { createSearch, createStayContent, SEARCH_DEFAULTS, type Search, type StayContent } from '../search/index.ts'
import type { Config } from './config.ts'
import type { ReadinessChecks } from './health-routes.ts'

/** Everything a role is built from. */
export type Services = {
  readonly clock: Clock
  /** Resolves when the clock is right, or the database has not said what is. */
  readonly clockReady: Promise<void>
  /** The same clock where it can be put forward: in a sandbox. */
  readonly testClock: TestClock | null
  readonly logger: Logger
  readonly db: Db
  /** What workers act through: the same use cases over connections of their own, which requests cannot take from them. */
  readonly work: { readonly db: Db; readonly payments: Payments; readonly bookings: Bookings }
  /** For queues, which wait for Redis. Nothing that a request waits for may use it. */
  readonly stateRedis: Redis
  readonly changes: ChangeFeed
  readonly search: Search
  readonly stayContent: StayContent
  readonly payments: Payments
  readonly bookings: Bookings
  readonly fulfilment: Fulfilment
  readonly notifications: Notifications
  readonly reconciliation: Reconciliation
  readonly ops: Ops
  readonly queueAges: () => Promise<QueueAge[]>
  readonly jobCounts: () => Promise<JobCounts | null>
  readonly publicUrl: string
  readonly readiness: ReadinessChecks
  /** Ends everything, in the reverse order of its making. */
  readonly close: () => Promise<void>
}

/** How long a live confirmation of an offer may be booked. */
const VERIFIED_MINUTES = 15
/** A traveller is told to come back rather than kept waiting; a job may wait longer. */
const REQUEST_LIMITS = { waitMs: 3_000, statementMs: 6_000 }
const WORKER_LIMITS = { waitMs: 10_000, statementMs: 15_000 }
const GATEWAY_READ_TIMEOUT_MS = 5_000
const GATEWAY_WRITE_TIMEOUT_MS = 8_000

/** Builds everything once, bottom up: this function, read from top to bottom, is the architecture. */
export function createServices(config: Config): Services {
  const logger = createLogger(config.logLevel)
  const publicUrl = config.http.publicUrl ?? `http://${config.http.host}:${config.http.port}`

  const databaseOf = (name: string, connectionsMax: number, limits: { waitMs: number; statementMs: number }): Postgres =>
    createPostgres({
      url: config.database.url.reveal(),
      connectionsMax,
      ...limits,
      name: `farewire ${name}`,
      onConnectionLost: (err) => logger.warn({ err }, 'a database connection was lost'),
    })
  const postgres = databaseOf('requests', config.database.connectionsMax, REQUEST_LIMITS)
  const workPostgres = databaseOf('workers', config.database.workerConnectionsMax, WORKER_LIMITS)
  const { db } = postgres
  const cacheRedis = createRequestRedis(config.redis.clusterNodes ?? config.redis.cacheUrl.reveal())
  const stateRedis = createWorkerRedis(config.redis.stateUrl.reveal())
  const stateRequestRedis = createRequestRedis(config.redis.stateUrl.reveal())
  const changes = createChangeFeed(stateRequestRedis)
  const databaseClock = createDatabaseClock({ db })
  const testClock = config.isSandbox ? createTestClock({ db, redis: stateRequestRedis, base: databaseClock }) : null
  const clock = testClock ?? databaseClock
  const sealer = createSealer(config.sealKey.reveal())
  const storage = createFileStorage(config.storageDirectory)

  const { providers, close: closeProviders } = createProviders(config.providers, {
    clock,
    currency: config.displayCurrency,
    redis: stateRequestRedis,
    recordings: config.partnerRecordings === null ? null : { directory: config.partnerRecordings },
  })
  const pricing = createPricing({
    version: '2026-11-25',
    displayCurrency: config.displayCurrency,
    rates: DEFAULT_RATES,
    // What we live on: three percent of the supplier's price.
    markups: [{ provider: null, basisPoints: 300, fee: null }],
  })
  const searchLogger = logger.child({ part: 'search' })
  const stayContent = createStayContent({ db: workPostgres.db, clock, providers, logger: searchLogger })
  const search = createSearch({
    providers,
    houses: stayContent.houses,
    cacheRedis,
    // What suppliers are owed bookings for must outlive a full cache.
    looksRedis: stateRequestRedis,
    clock,
    pricing,
    config: {
      ...SEARCH_DEFAULTS,
      deadlineMs: config.searchDeadlineMs,
      readingNiceness: config.readingNiceness,
      guestCountry: config.guestCountry,
      cursorSecret: deriveKey(config.sealKey.reveal(), 'search cursors'),
    },
    logger: searchLogger,
  })
  const gateways = createGateways(config.gateways, {
    clock,
    readTimeoutMs: GATEWAY_READ_TIMEOUT_MS,
    writeTimeoutMs: GATEWAY_WRITE_TIMEOUT_MS,
  })
  const ports = { records: postgresRecords, waits: timerWaits }
  const paymentsDeps: PaymentsDeps = { db, store: paymentsStore, ...ports, gateways, gatewayOrder: config.gatewayOrder, clock, publicUrl }
  const payments = createPayments(paymentsDeps)
  const bookingDeps: BookingDeps = {
    db,
    store: bookingStore,
    changes: scheduleChangeStore,
    ...ports,
    clock,
    sealer,
    providers: new Map(providers.map((provider) => [provider.id, provider])),
    search,
    payments,
    shownPrice: (offer) => {
      const shown = pricing.shownPrice(offer.total, priceContextOf(offer))
      if (shown.outcome === 'unpriced')
        throw new Error(`a price of ${offer.provider} in ${offer.total.currency} cannot be shown: ${shown.reason}`)
      return shown.total
    },
    guestCountry: config.guestCountry,
    policy: { ...config.policy, verifiedMinutes: VERIFIED_MINUTES, latePayment: 'reinstate' },
    publicUrl,
  }
  const bookings = createBookings(bookingDeps)
  const workPayments = createPayments({ ...paymentsDeps, db: workPostgres.db })
  const workBookings = createBookings({ ...bookingDeps, db: workPostgres.db, payments: workPayments })
  const fulfilment = createFulfilment({ storage })
  const reconciliation = createReconciliation({
    ...{ db: workPostgres.db, clock, suppliers: providers, ledger: writeOffLedger },
    gateways: createStatements({ db: workPostgres.db, gateways }),
    ...{ isDaily: config.reconciliation.isDaily, breakHours: config.reconciliation.breakHours },
  })
  const ops = createOps({
    ...{ db, clock, bookings, payments, breaks: reconciliation.breaks },
    reissueDocuments: (bookingId) => reissueDocuments({ bookings, fulfilment, search, publicUrl }, bookingId),
    approvalLimit: money(config.approvalLimit, config.displayCurrency),
    toDisplayCurrency: (amount) => {
      const shown = pricing.shownPrice(amount, { provider: '', isPaidToSeller: true })
      return shown.outcome === 'priced' ? shown.total : null
    },
  })
  const jobs = createJobCounts(stateRedis)
  const notifications = createNotifications({ smtpUrl: config.mail.smtpUrl.reveal(), from: config.mail.from, publicUrl, clock })

  return {
    clock,
    clockReady: databaseClock.ready,
    testClock,
    logger,
    db,
    work: { db: workPostgres.db, payments: workPayments, bookings: workBookings },
    stateRedis,
    changes,
    search,
    stayContent,
    payments,
    bookings,
    fulfilment,
    notifications,
    reconciliation,
    ops,
    queueAges: async () => [...(await readQueueAges(db)), ...(await readReactionAges(db))],
    jobCounts: jobs.read,
    publicUrl,
    readiness: {
      needed: { database: postgres.check },
      // Without them a search is slower and news come later; there is no better process to send travellers to.
      useful: { cache: () => cacheRedis.ping(), queues: () => stateRequestRedis.ping() },
    },
    close: async () => {
      await jobs.close()
      await search.close()
      await Promise.all(gateways.map((gateway) => gateway.close()))
      await closeProviders()
      changes.close()
      testClock?.close()
      databaseClock.close()
      stateRedis.disconnect()
      stateRequestRedis.disconnect()
      cacheRedis.disconnect()
      await Promise.all([postgres.close(), workPostgres.close()])
    },
  }
}

/** A key for one purpose, so that no secret serves two. */
function deriveKey(secret: string, purpose: string): string {
  return createHmac('sha256', secret).update(purpose).digest('base64')
}
