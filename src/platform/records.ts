import { randomInt } from 'node:crypto'
import { newId, type Id } from '../kernel/ids.ts'
import type { Clock, Instant } from '../kernel/time.ts'
import { listEvents, recordEvent, type EventRecord, type PastEvent } from './events.ts'
import { databaseNow, inTransaction, type Db, type Tx } from './postgres.ts'
import { closeWorkItem, openWorkItem, type WorkItem } from './work-items.ts'

/**
 * What a use case needs of the record keeping besides its own store: transactions, the clock that decides races, the
 * outbox, work items, and names for new records. To a use case `Db` and `Tx` are handles that it passes on unopened, so that
 * everything here can also be kept in memory.
 */
export type Records = {
  /** Runs `work` in one transaction: all of it is kept, or nothing. Run again where the database gave it up for a rival. */
  readonly transact: <T>(db: Db, work: (tx: Tx) => Promise<T>) => Promise<T>
  /** The clock that decides between processes whose own clocks differ. */
  readonly now: (tx: Tx) => Promise<Instant>
  readonly recordEvent: (tx: Tx, event: EventRecord) => Promise<void>
  /** The first 200 events of a subject, oldest first. */
  readonly listEvents: (db: Db, subjectId: string) => Promise<PastEvent[]>
  /** Puts a case before a person; does nothing when the same one is already there. */
  readonly openWorkItem: (tx: Tx, item: WorkItem) => Promise<void>
  readonly closeWorkItem: (tx: Tx, kind: string, subjectId: string, closedAt: Date) => Promise<void>
  readonly newId: <Prefix extends string>(prefix: Prefix, clock: Clock) => Id<Prefix>
  /** A whole number from 0 to below `limit` that nobody can guess. */
  readonly randomInt: (limit: number) => number
}

/** The records as Postgres keeps them. */
export const postgresRecords: Records = {
  transact: inTransaction,
  now: databaseNow,
  recordEvent,
  listEvents,
  openWorkItem,
  closeWorkItem,
  newId,
  randomInt,
}
