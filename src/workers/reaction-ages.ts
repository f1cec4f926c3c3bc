import { listPendingAges } from '../platform/outbox-store.ts'
import type { Db } from '../platform/postgres.ts'
import type { QueueAge } from '../reporting/index.ts'
import { duties } from './duties.ts'
import { dutyOf } from './react.ts'

/**
 * What each duty still has to do and since when the oldest of it waits, as the database knows it: also where its queue has lost
 * everything. Named like "reactions:ticketing".
 */
export async function readReactionAges(db: Db): Promise<QueueAge[]> {
  const ages = await listPendingAges(db)
  return duties.map((duty) => {
    const own = ages.filter(({ eventName, reaction }) => dutyOf(eventName, reaction) === duty)
    const [oldest = null] = own.map((age) => age.oldest).toSorted((a, b) => a - b)
    return { queue: `reactions:${duty}`, waiting: own.reduce((sum, { waiting }) => sum + waiting, 0), oldest }
  })
}
