import { availableParallelism } from 'node:os'
import { isUnread, type ShopReply, type StayShopReply, type UnreadShop } from '../../providers/contract.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import { createReadingPool } from './reading-pool.ts'
import type { StayQuestion } from '../stays/stay-question.ts'
import { readReply, readStayReply, type Answerer, type ReadReply } from './read-reply.ts'

export type PartReader = {
  /**
   * What a supplier's reply has become. The bytes of an unread reply must not be used afterwards. Throws ProviderError
   * for a reply that is refused, cannot be read, or cannot be read in time.
   */
  readonly read: (provider: Answerer, query: FlightQuery, reply: ShopReply | UnreadShop) => Promise<ReadReply>
  /** The same of a reply about stays. */
  readonly readStays: (provider: Answerer, question: StayQuestion, reply: StayShopReply | UnreadShop) => Promise<ReadReply>
  readonly close: () => Promise<void>
}

export type PartReaderOptions = {
  /** Threads beside the one that answers searches; 0 reads everything in that one. */
  readonly threads?: number
  readonly deadlineMs?: number
  readonly waitingMax?: number
  readonly niceness?: number
  /** Another module for the threads to run, in tests. */
  readonly thread?: URL
}

/** Below this size the way to a thread and back costs the loop as much as reading. */
const SMALL_BYTES = 32 * 1024
const DEADLINE_MS = 5_000
const WAITING_PER_THREAD = 64
const NICENESS = 10

/** Reads large replies in threads of their own, so that the event loop goes on answering; small ones at once. */
export function createPartReader(options: PartReaderOptions = {}): PartReader {
  const {
    threads = Math.max(1, availableParallelism() - 1),
    deadlineMs = DEADLINE_MS,
    waitingMax = threads * WAITING_PER_THREAD,
    niceness = NICENESS,
    thread = new URL('./reading-thread.ts', import.meta.url),
  } = options
  const pool = threads === 0 ? null : createReadingPool({ threads, deadlineMs, waitingMax, niceness, thread })
  return {
    read: (provider, query, reply) =>
      pool && isUnread(reply) && reply.unread.byteLength >= SMALL_BYTES
        ? pool.read({ provider: provider.id, query, reply })
        : readReply(provider, query, reply),
    readStays: (provider, question, reply) =>
      pool && isUnread(reply) && reply.unread.byteLength >= SMALL_BYTES
        ? pool.read({ provider: provider.id, question, reply })
        : readStayReply(provider, question, reply),
    close: async () => pool?.close(),
  }
}
