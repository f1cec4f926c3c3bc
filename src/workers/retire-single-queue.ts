import type { Redis } from 'ioredis'
import type { Db } from '../platform/postgres.ts'
import { createQueue } from '../platform/queue.ts'
import { noteDeadLetters } from './dead-letters.ts'

/** The one queue that all reactions went through until 2026-11-26. */
const NAME = 'reactions'

/**
 * Removes the queue of the release before once nobody works it any more. What it held is pending in the database and has been,
 * or will be, queued again where it belongs; a failure that nobody was told of is told first. True where it was removed.
 */
export async function retireSingleQueue(db: Db, stateRedis: Redis): Promise<boolean> {
  if ((await stateRedis.exists(`{farewire:${NAME}}:${NAME}:meta`)) === 0) return false
  const old = createQueue(NAME, stateRedis)
  try {
    if ((await old.queue.getWorkersCount()) > 0) return false
    await noteDeadLetters(db, old)
    await old.queue.obliterate({ force: true })
    return true
  } finally {
    await old.close()
  }
}
