import type { Clock, LocalDate } from '../../kernel/time.ts'

/** What the supersets of one kind of query have to know of it. */
export type QueryKind<Query> = {
  /** What its keys in the cache begin with: `flight:s:{…}`. */
  readonly name: 'flight' | 'stay'
  /** One key for equal queries; without spaces, in braces but for its beginning (Redis Cluster's hash tag). */
  readonly keyOf: (query: Query) => string
  readonly dayOf: (query: Query, clock: Clock) => QueryDay
}

/** The first day of what is asked for, and what day it is there. */
export type QueryDay = { readonly today: LocalDate; readonly first: LocalDate }

/** Whether a key is of this kind. */
export function isKeyOf(kind: Pick<QueryKind<never>, 'name'>, key: string): boolean {
  return key.startsWith(`${kind.name}:s:`)
}
