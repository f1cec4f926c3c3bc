import type { SearchLogger } from '../logger.ts'
import type { PriceFact, PricePlace } from './price-fact.ts'
import type { PriceStore } from './price-store.ts'

/** Facts on their way to the store: nobody waits for them, and there are never more than a fixed number. */
export type NoteQueue = {
  readonly add: (place: PricePlace, fact: PriceFact) => void
  /** Settles when all that was added has been written or given up. */
  readonly idle: () => Promise<void>
}

/** About a megabyte. A store slower than this makes us forget prices, never run out of memory. */
const WAITING_MAX = 5_000
/** Facts of one route in one command. */
const BATCH_MAX = 200

/** A queue that writes one route at a time, all its waiting facts in one command. */
export function createNoteQueue(deps: { store: PriceStore; logger: SearchLogger; waitingMax?: number }): NoteQueue {
  const { store, logger, waitingMax = WAITING_MAX } = deps
  const waiting = new Map<string, Map<string, PriceFact>>()
  let size = 0
  let dropped = 0
  let draining: Promise<void> | null = null

  function take(): [string, Map<string, PriceFact>] | undefined {
    const next = waiting.entries().next().value
    if (next === undefined) return undefined
    const [key, facts] = next
    waiting.delete(key)
    const batch = new Map([...facts].slice(0, BATCH_MAX))
    for (const field of batch.keys()) facts.delete(field)
    if (facts.size > 0) waiting.set(key, facts) // behind the other routes
    size -= batch.size
    return [key, batch]
  }

  async function drain(): Promise<void> {
    await Promise.resolve() // what is noted in the same turn travels together
    for (let next = take(); next !== undefined; next = take()) {
      try {
        await store.write(...next)
      } catch (error) {
        logger.warn({ key: next[0], error: (error as Error).message }, 'prices could not be noted')
      }
    }
    if (dropped > 0) logger.warn({ dropped }, 'more prices were found than could be noted')
    dropped = 0
    draining = null
  }

  return {
    add(place, fact) {
      const facts = waiting.get(place.key) ?? new Map<string, PriceFact>()
      const held = facts.get(place.field)
      if (held !== undefined && held.checkedAt > fact.checkedAt) return
      if (held === undefined) {
        if (size >= waitingMax) {
          dropped += 1
          return
        }
        size += 1
      }
      facts.set(place.field, fact)
      waiting.set(place.key, facts)
      draining ??= drain()
    },
    idle: async () => {
      await draining
    },
  }
}
