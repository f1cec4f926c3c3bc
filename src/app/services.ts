import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { bookingStore, createBookings, scheduleChangeStore, type Bookings } from '../booking/index.ts'
import { createFulfilment, type Fulfilment } from '../fulfilment/index.ts'
import { money } from '../kernel/money.ts'
import { systemClock, type Clock } from '../kernel/time.ts'
import { createNotifications, type Notifications } from '../notifications/index.ts'
import { createOps, type Ops } from '../ops/index.ts'
import { createPayments, createGateways, paymentsStore, type Payments } from '../payments/index.ts'
import { createChangeFeed, type ChangeFeed } from '../platform/change-feed.ts'
import { createLogger } from '../platform/logger.ts'
import { createPostgres, type Db } from '../platform/postgres.ts'
import { postgresRecords } from '../platform/records.ts'
import { createTestClock, type TestClock } from '../platform/test-clock.ts'
import { createRequestRedis, createWorkerRedis } from '../platform/redis.ts'
import { createSealer } from '../platform/seal.ts'
import { timerWaits } from '../platform/waits.ts'
import { createFileStorage } from '../platform/storage.ts'
import { createPricing, DEFAULT_RATES, priceContextOf } from '../pricing/index.ts'
import { createProviders } from '../providers/index.ts'
import { createReconciliation, readQueueAges, type QueueAge, type Reconciliation } from '../reporting/index.ts'
import { createJobCounts, reissueDocuments } from '../workers/index.ts'
import { createSearch, createStayContent, SEARCH_DEFAULTS, type Search, type StayContent } from '../search/index.ts'
import type { Config } from './config.ts'
import type { ReadinessChecks } from './health-routes.ts'

/** Everything a role is built from. */
export type Services = {
  readonly clock: Clock
  /** The same clock where it can be put forward: in a sandbox. */
  readonly testClock: TestClock | null
  readonly logger: Logger
  readonly db: Db
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
  readonly jobCounts: () => Promise<Readonly<Record<string, number>> | null>
  readonly publicUrl: string
  readonly readiness: ReadinessChecks
  /** Ends everything, in the reverse order of its making. */
  readonly close: () => Promise<void>
}

/** How long a live confirmation of an offer may be booked. */
const VERIFIED_MINUTES = 15
const GATEWAY_READ_TIMEOUT_MS = 5_000
const GATEWAY_WRITE_TIMEOUT_MS = 8_000

/** Builds everything once, bottom up: this function, read from top to bottom, is the architecture. */
export function createServices(config: Config): Services {
  const logger = createLogger(config.logLevel)
  const publicUrl = config.http.publicUrl ?? `http://${config.http.host}:${config.http.port}`

  const postgres = createPostgres({
    url: config.database.url.reveal(),
    connectionsMax: config.database.connectionsMax,
    onConnectionLost: (err) => logger.warn({ err }, 'a database connection was lost'),
  })
  const { db } = postgres
  const cacheRedis = createRequestRedis(config.redis.clusterNodes ?? config.redis.cacheUrl.reveal())
  const stateRedis = createWorkerRedis(config.redis.stateUrl.reveal())
  const changes = createChangeFeed(stateRedis)
  const testClock = config.isSandbox ? createTestClock({ db, redis: stateRedis }) : null
  const clock = testClock ?? systemClock
  const sealer = createSealer(config.sealKey.reveal())
  const storage = createFileStorage(config.storageDirectory)

  const { providers, close: closeProviders } = createProviders(config.providers, {
    clock,
    currency: config.displayCurrency,
    redis: stateRedis,
    recordings: config.partnerRecordings === null ? null : { directory: config.partnerRecordings },
  })
  const pricing = createPricing({
    version: '2026-11-21',
    displayCurrency: config.displayCurrency,
    rates: DEFAULT_RATES,
    // What we live on: three percent of the supplier's price.
    markups: [{ provider: null, basisPoints: 300, fee: null }],
  })
  const searchLogger = logger.child({ part: 'search' })
  const stayContent = createStayContent({ db, clock, providers, logger: searchLogger })
  const search = createSearch({
    providers,
    houses: stayContent.houses,
    cacheRedis,
    // What suppliers are owed bookings for must outlive a full cache.
    looksRedis: stateRedis,
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
  const payments = createPayments({ db, store: paymentsStore, ...ports, gateways, gatewayOrder: config.gatewayOrder, clock, publicUrl })
  const bookings = createBookings({
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
  })
  const fulfilment = createFulfilment({ storage })
  const reconciliation = createReconciliation({
    ...{ db, clock, gateways, suppliers: providers },
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
    testClock,
    logger,
    db,
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
    queueAges: () => readQueueAges(db),
    jobCounts: jobs.read,
    publicUrl,
    readiness: {
      database: () => sql`select 1`.execute(db),
      cache: () => cacheRedis.ping(),
      queues: () => stateRedis.ping(),
    },
    close: async () => {
      await jobs.close()
      await search.close()
      await Promise.all(gateways.map((gateway) => gateway.close()))
      await closeProviders()
      changes.close()
      testClock?.close()
      stateRedis.disconnect()
      cacheRedis.disconnect()
      await postgres.close()
    },
  }
}

/** A key for one purpose, so that no secret serves two. */
function deriveKey(secret: string, purpose: string): string {
  return createHmac('sha256', secret).update(purpose).digest('base64')
}
