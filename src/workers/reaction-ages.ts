import type { Instant } from '../kernel/time.ts'
import { listPendingAges } from '../platform/outbox-store.ts'
import type { Db } from '../platform/postgres.ts'
import { duties } from './duties.ts'
import { dutyOf } from './react.ts'

/** How many reactions of a duty are not done yet, and since when the oldest waits; `queue` is "reactions:ticketing". */
export type ReactionAge = { readonly queue: string; readonly waiting: number; readonly oldest: Instant | null }

/** What each duty still has to do, as the database knows it: also where its queue has lost everything. */
export async function readReactionAges(db: Db): Promise<ReactionAge[]> {
  const ages = await listPendingAges(db)
  return duties.map((duty) => {
    const own = ages.filter(({ eventName, reaction }) => dutyOf(eventName, reaction) === duty)
    const [oldest = null] = own.map((age) => age.oldest).toSorted((a, b) => a - b)
    return { queue: `reactions:${duty}`, waiting: own.reduce((sum, { waiting }) => sum + waiting, 0), oldest }
  })
}
