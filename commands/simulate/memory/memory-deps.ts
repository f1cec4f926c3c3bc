import type { Id } from '../../../src/kernel/ids.ts'
import type { Instant } from '../../../src/kernel/time.ts'
import type { Tables } from './tables.ts'
import type { Database } from './transactions.ts'

/** What the stores in memory are built from. */
export type MemoryDeps = {
  readonly database: Database
  readonly tables: Tables
  /** A new id that sorts behind all before. */
  readonly newId: <Prefix extends string>(prefix: Prefix) => Id<Prefix>
  readonly now: () => Instant
}
