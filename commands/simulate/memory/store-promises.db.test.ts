import { afterAll, beforeAll, describe } from 'vitest'
import { bookingStore } from '../../../src/booking/index.ts'
import { paymentsStore } from '../../../src/payments/index.ts'
import { outboxStore } from '../../../src/platform/outbox-store.ts'
import { postgresRecords } from '../../../src/platform/records.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { testStorePromises } from './store-promises.ts'

describe('Postgres keeps:', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.close())
  testStorePromises(() => ({
    db: database.db,
    booking: bookingStore,
    payments: paymentsStore,
    outbox: outboxStore,
    records: postgresRecords,
    createMeeting: () => {
      const waiting: (() => void)[] = []
      return () =>
        new Promise((resolve) => {
          waiting.push(resolve)
          if (waiting.length === 2) for (const go of waiting) go()
        })
    },
    run: (...works) => Promise.allSettled(works.map((work) => work())),
  }))
})
