import { describe } from 'vitest'
import type { Id } from '../../../src/kernel/ids.ts'
import type { Instant } from '../../../src/kernel/time.ts'
import { createScheduler } from '../scheduler.ts'
import { createBookingStore } from './booking-store.ts'
import type { MemoryDeps } from './memory-deps.ts'
import { createPaymentsStore } from './payments-store.ts'
import { createOutboxStore, createRecords } from './records.ts'
import { testStorePromises, type Stores } from './store-promises.ts'
import { createTables } from './tables.ts'
import { createDatabase } from './transactions.ts'

function openMemory(): Stores {
  const scheduler = createScheduler()
  const database = createDatabase({ scheduler, faultOf: () => 'none', onCommit: () => undefined })
  let ids = 0
  const memory: MemoryDeps = {
    database,
    tables: createTables(),
    newId: (prefix) => `${prefix}_${String((ids += 1)).padStart(26, '0')}` as Id<typeof prefix>,
    now: () => 0 as Instant,
  }
  return {
    db: database.db,
    booking: createBookingStore(memory),
    payments: createPaymentsStore(memory),
    outbox: createOutboxStore(memory),
    records: createRecords(memory, { randomInt: () => 0 }),
    createMeeting: () => {
      let arrived = 0
      return () => {
        arrived += 1
        return scheduler.call('pause', 'meet', () => (arrived < 2 ? 'again' : { value: undefined }))
      }
    },
    run: async (...works) => {
      const results = Promise.allSettled(
        works.map((work, index) => {
          const process = { name: `process ${index}`, skewMs: 0 }
          let result: ReturnType<typeof work>
          scheduler.start({ name: 'work', process, subject: -1, onEnd: () => undefined }, () => (result = work()))
          return result!
        }),
      )
      // In turns, so that the works meet in the middle.
      for (let quiet = 0; scheduler.tasks.length > 0 && quiet < 100; quiet += 1) {
        if (scheduler.ready.length === 0) await new Promise(setImmediate)
        else {
          scheduler.resume(0, 0)
          quiet = 0
        }
        await scheduler.settle()
      }
      return results
    },
  }
}

describe('the records in memory keep what Postgres keeps:', () => {
  const stores = openMemory()
  testStorePromises(() => stores)
})
